"""Asks Meta's Graph API: objects, pages, Meta's errors by their code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ingestion.errors import CredentialsError, IngestionError, RequestRefusedError
from ingestion.http import VendorHttp
from ingestion.page_turns import PageTurns
from ingestion.spec import ClientContext

# Too many calls: by app, by user, by account, and by the account's business (80000 to 80014).
THROTTLE_CODES = frozenset({4, 17, 32, 613, *range(80000, 80015)})
# Meta's own faults: unknown, service, temporary block.
PASSING_CODES = frozenset({1, 2, 368})
TOKEN_CODES = frozenset({102, 190})
PERMISSION_CODES = frozenset({3, 10, *range(200, 300)})
THROTTLE_SECONDS = 60.0
PASSING_SECONDS = 5.0


class MetaGraph:
    """One account's Graph API.

    Args:
        http: The session; the token is in its headers, so that no address carries it.
        context: The source's name.
        account_id: The account, for messages.
        api_version: The version that is spoken.
        permission: What the token has to be allowed.
        prefix: Of the source's variables in `.env`.
        page_rows: Rows of a page.
    """

    def __init__(
        self,
        http: VendorHttp,
        context: ClientContext,
        *,
        account_id: str,
        api_version: str,
        permission: str,
        prefix: str,
        page_rows: int,
    ) -> None:
        self._http = http
        self._where = f"{context.source} {account_id}"
        self._version = api_version
        self._permission = permission
        self._prefix = prefix
        self._page_rows = page_rows

    def node(self, path: str, **params: Any) -> dict[str, Any]:
        """Reads one object."""
        answer: dict[str, Any] = self._http.get(
            f"{self._version}/{path}", params=encoded(params), throttled=self._judge
        )
        return answer

    def pages(self, path: str, **params: Any) -> Iterator[list[dict[str, Any]]]:
        """Reads a list to its last page, which has no `next`."""
        after: dict[str, Any] = {}
        turns = PageTurns(self._where)
        while True:
            page = self.node(path, **params, limit=self._page_rows, **after)
            yield page.get("data") or []
            paging = page.get("paging") or {}
            cursor = (paging.get("cursors") or {}).get("after")
            if not paging.get("next") or not cursor:
                return
            after = {"after": turns.go_on(cursor)}

    def _judge(self, status: int, body: Any) -> float | None:
        """Seconds to wait where Meta says "later"; its final refusals are raised by their code."""
        error = body.get("error") if isinstance(body, dict) else None
        if not isinstance(error, dict):
            return None
        code = int(error.get("code") or 0)
        if code in THROTTLE_CODES:
            return THROTTLE_SECONDS
        if code in PASSING_CODES or error.get("is_transient") or status >= 500:
            return PASSING_SECONDS
        raise self._refusal(code, int(error.get("error_subcode") or 0), error)

    def _refusal(self, code: int, _subcode: int, error: Mapping[str, Any]) -> IngestionError:
        """The error of a code that waiting does not mend."""
        if code in TOKEN_CODES or code in PERMISSION_CODES:
            reason = "the token is not valid" if code in TOKEN_CODES else "a permission is missing"
            return CredentialsError(
                f"Meta refuses the credentials: {reason} (code {code})",
                where=self._where,
                remedy=f"Put a token with the permission {self._permission} of this account into"
                f" {self._prefix}ACCOUNTS__…__ACCESS_TOKEN",
            )
        return RequestRefusedError(
            f"Meta refuses the request (code {code}): {words_of(error)}",
            where=self._where,
            remedy=f"Check the account's number and {self._prefix}API_VERSION in .env",
        )


def words_of(error: Mapping[str, Any]) -> str:
    """Meta's own words."""
    return str(error.get("message") or "no reason given")[:200]


def encoded(params: Mapping[str, Any]) -> dict[str, Any]:
    """Lists and objects go as JSON."""
    return {
        name: orjson.dumps(value).decode() if isinstance(value, list | dict | tuple) else value
        for name, value in params.items()
    }
