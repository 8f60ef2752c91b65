"""A store's access token: given, or fetched with the client-credentials grant and renewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ingestion.errors import CredentialsError
from ingestion.http import VendorHttp
from ingestion.sources.shopify.settings import StoreSettings

TOKEN_HEADER = "X-Shopify-Access-Token"
RENEW_BEFORE = dt.timedelta(minutes=5)


class TokenKeeper:
    """Keeps a session's token good.

    Args:
        store: The store and its credentials.
        http: The session whose headers carry the token.
        clock: The time now, UTC.
    """

    def __init__(
        self, store: StoreSettings, http: VendorHttp, clock: Callable[[], dt.datetime]
    ) -> None:
        self._store = store
        self._http = http
        self._clock = clock
        self._renew_at: dt.datetime | None = None

    def ensure(self) -> None:
        """Puts a token into the headers that is good for the next request.

        Raises:
            CredentialsError: The app's id and secret give no token.
        """
        if self._store.access_token:
            self._http.headers[TOKEN_HEADER] = self._store.access_token.get_secret_value()
        elif self._renew_at is None or self._clock() >= self._renew_at:
            self._fetch()

    def forget(self) -> bool:
        """Drops a token that was refused; tells whether another can be had."""
        self._renew_at = None
        return self._store.access_token is None

    def _fetch(self) -> None:
        secret = self._store.client_secret
        answer = self._http.post(
            "admin/oauth/access_token",
            data={
                "grant_type": "client_credentials",
                "client_id": self._store.client_id or "",
                "client_secret": secret.get_secret_value() if secret else "",
            },
        )
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not token:
            raise CredentialsError(
                "The client-credentials grant gave no token",
                where=f"shopify {self._store.shop}",
                remedy="Check CLIENT_ID and CLIENT_SECRET in .env, and that the app is installed",
            )
        self._http.headers[TOKEN_HEADER] = token
        lifetime = dt.timedelta(seconds=float(answer.get("expires_in") or 0))
        self._renew_at = self._clock() + max(lifetime - RENEW_BEFORE, dt.timedelta(0))
