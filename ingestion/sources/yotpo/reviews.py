"""Asks the API of reviews and questions: a token that expires, pages by number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingestion.errors import CredentialsError
from ingestion.http import VendorHttp
from ingestion.sources.yotpo.settings import YotpoStoreSettings
from ingestion.sources.yotpo.spec import SPEC
from ingestion.spec import ClientContext

PAGE_ROWS = 100
CREDENTIALS = "YOTPO__STORES__…__STORE_ID and …__SECRET"


class ReviewsApi:
    """Reviews of one store.

    Args:
        store: Its settings.
        context: Clock and sleep.
    """

    def __init__(self, store: YotpoStoreSettings, context: ClientContext) -> None:
        self._store = store
        self._token: str | None = None
        self._http = VendorHttp(
            context,
            base_url=store.base_url,
            account=store.account_id,
            credentials_hint=CREDENTIALS,
            limit=SPEC.rate_limit,
        )

    def pages(self, path: str, field: str, **params: Any) -> Iterator[list[dict[str, Any]]]:
        """Reads a list that needs the token, to the first page that is not full.

        Args:
            path: After `/v1/apps/<store id>/`.
            field: Where the rows stand in the answer.
            **params: The query.
        """
        number = 1
        while True:
            answer = self._ask(path, count=PAGE_ROWS, page=number, **params)
            rows: list[dict[str, Any]] = answer.get(field) or []
            yield rows
            if len(rows) < PAGE_ROWS:
                return
            number += 1

    def questions(self, product_id: str) -> Iterator[list[dict[str, Any]]]:
        """Reads the questions about a product; they are public.

        Args:
            product_id: The shop's id of the product.
        """
        number = 1
        while True:
            path = f"products/{self._store.store_id}/{product_id}/questions"
            answer = self._http.get(path, params={"page": number, "per_page": PAGE_ROWS})
            response = answer.get("response") or {}
            rows: list[dict[str, Any]] = response.get("questions") or []
            yield rows
            pagination = response.get("pagination") or response
            size = int(pagination.get("per_page") or PAGE_ROWS)
            if len(rows) < size:
                return
            number += 1

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def check(self) -> None:
        """Gets a token."""
        self._token = self._new_token()

    def _ask(self, path: str, **params: Any) -> dict[str, Any]:
        """Asks with the token; one that is refused may have expired, a new one has not."""
        is_new = self._token is None
        self._token = self._token or self._new_token()
        whole = f"v1/apps/{self._store.store_id}/{path}"
        try:
            answer = self._http.get(whole, params={**params, "utoken": self._token})
        except CredentialsError:
            if is_new:
                raise
            self._token = self._new_token()
            answer = self._http.get(whole, params={**params, "utoken": self._token})
        return dict(answer)

    def _new_token(self) -> str:
        answer = self._http.post(
            "oauth/token",
            json={
                "client_id": self._store.store_id,
                "client_secret": self._store.secret.get_secret_value(),
                "grant_type": "client_credentials",
            },
        )
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not token:
            raise CredentialsError(
                "Yotpo gives no token for the store id and its secret",
                where=f"yotpo {self._store.account_id}",
                remedy=f"Check {CREDENTIALS} in .env",
            )
        return str(token)
