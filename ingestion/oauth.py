"""Access tokens that live for hours and are renewed with a refresh token (OAuth 2.0)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ingestion.errors import CredentialsError
from ingestion.http import VendorHttp

RENEW_BEFORE = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Grant:
    """What a token endpoint gave.

    Attributes:
        token: The access token.
        seconds: How long it lives.
    """

    token: str
    seconds: float


def grant_of(answer: Any, *, where: str, remedy: str) -> Grant:
    """The grant in the answer of a token endpoint.

    Args:
        answer: The decoded body.
        where: Source and account.
        remedy: What the reader can do where there is no token in it.

    Raises:
        CredentialsError: There is none.
    """
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not token:
        what = "The refresh token gives no access token"
        raise CredentialsError(what, where=where, remedy=remedy)
    return Grant(str(token), float(answer.get("expires_in") or 0))


class AccessToken:
    """Keeps a good token in a session's headers.

    Args:
        http: The session.
        fetch: Asks the token endpoint.
        clock: The time now, UTC.
    """

    def __init__(
        self, http: VendorHttp, fetch: Callable[[], Grant], clock: Callable[[], dt.datetime]
    ) -> None:
        self._http = http
        self._fetch = fetch
        self._clock = clock
        self._renew_at: dt.datetime | None = None
        self._was_accepted = True

    def ensure(self) -> None:
        """Puts a token into the headers that is good for the next request."""
        if self._renew_at is None or self._clock() >= self._renew_at:
            self._renew()

    def accepted(self) -> None:
        """The vendor took the token."""
        self._was_accepted = True

    def replace_refused(self) -> bool:
        """Gets another token for one that was refused.

        Returns:
            Whether to ask again: a token that was refused from its first use on would be so again.
        """
        if not self._was_accepted:
            return False
        self._renew()
        return True

    def _renew(self) -> None:
        grant = self._fetch()
        self._http.headers["Authorization"] = f"Bearer {grant.token}"
        lifetime = dt.timedelta(seconds=grant.seconds)
        self._renew_at = self._clock() + max(lifetime - RENEW_BEFORE, dt.timedelta(0))
        self._was_accepted = False
