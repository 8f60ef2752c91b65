"""Asks the Graph API: pages, background reports, Meta's errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ingestion.errors import (
    CredentialsError,
    IngestionError,
    RequestRefusedError,
    VendorUnavailableError,
)
from ingestion.http import VendorHttp
from ingestion.spec import ClientContext

PAGE_ROWS = 500
# Too many calls: by app, by user, by account, and by the account's business (80000 to 80014).
THROTTLE_CODES = frozenset({4, 17, 32, 613, *range(80000, 80015)})
# Meta's own faults: unknown, service, temporary block.
PASSING_CODES = frozenset({1, 2, 368})
TOKEN_CODES = frozenset({102, 190})
PERMISSION_CODES = frozenset({3, 10, *range(200, 300)})
TOO_MUCH_DATA = 1487534
THROTTLE_SECONDS = 60.0
PASSING_SECONDS = 5.0
REPORT_SECONDS = 3600.0
FIRST_POLL_SECONDS, LONGEST_POLL_SECONDS = 0.2, 30.0


class TooMuchDataError(RequestRefusedError):
    """One report asks for more rows than Meta puts into one."""


class GraphApi:
    """One ad account's API.

    Args:
        http: The session; the token is in its headers, so that no address carries it.
        context: Clock and sleep.
        account_id: The ad account, for messages.
        api_version: The version that is spoken.
    """

    def __init__(
        self, http: VendorHttp, context: ClientContext, *, account_id: str, api_version: str
    ) -> None:
        self._http = http
        self._context = context
        self._where = f"{context.source} {account_id}"
        self._version = api_version

    def node(self, path: str, **params: Any) -> dict[str, Any]:
        """Reads one object."""
        answer: dict[str, Any] = self._http.get(
            f"{self._version}/{path}", params=_encoded(params), throttled=self._judge
        )
        return answer

    def pages(self, path: str, **params: Any) -> Iterator[list[dict[str, Any]]]:
        """Reads a list to its last page, which has no `next`."""
        after: dict[str, Any] = {}
        while True:
            page = self.node(path, **params, limit=PAGE_ROWS, **after)
            yield page.get("data") or []
            paging = page.get("paging") or {}
            cursor = (paging.get("cursors") or {}).get("after")
            if not paging.get("next") or not cursor or cursor == after.get("after"):
                return
            after = {"after": cursor}

    def order_report(self, path: str, **params: Any) -> str:
        """Has a report made in the background; returns its number.

        Args:
            path: Of the insights.
            **params: What the report is to tell.
        """
        answer = self._http.post(
            f"{self._version}/{path}", data=_encoded(params), throttled=self._judge
        )
        return str(answer["report_run_id"])

    def read_report(self, number: str) -> Iterator[list[dict[str, Any]]]:
        """Waits for a report and reads it.

        Args:
            number: As `order_report` gave it.

        Raises:
            TooMuchDataError: Meta gave the report up, which is what it does to large ones.
        """
        self._wait_for(number)
        yield from self.pages(f"{number}/insights")

    def _wait_for(self, run_id: str) -> None:
        waited, pause = 0.0, FIRST_POLL_SECONDS
        while waited < REPORT_SECONDS:
            run = self.node(run_id, fields="async_status,async_percent_completion")
            status = str(run.get("async_status"))
            if status == "Job Completed":
                return
            if status in ("Job Failed", "Job Skipped"):
                raise TooMuchDataError(
                    f"the report was given up by Meta ({status})",
                    where=self._where,
                    remedy="Start again; if it stays, ask for fewer days with --from and --to",
                )
            self._context.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, LONGEST_POLL_SECONDS)
        raise VendorUnavailableError(
            "a report was not ready after an hour",
            where=self._where,
            remedy="Start again later",
        )

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

    def _refusal(self, code: int, subcode: int, error: Mapping[str, Any]) -> IngestionError:
        words = str(error.get("message") or "no reason given")[:200]
        if subcode == TOO_MUCH_DATA:
            return TooMuchDataError(words, where=self._where, remedy="Ask for fewer days")
        if code in TOKEN_CODES or code in PERMISSION_CODES:
            reason = "the token is not valid" if code in TOKEN_CODES else "a permission is missing"
            return CredentialsError(
                f"Meta refuses the credentials: {reason} (code {code})",
                where=self._where,
                remedy="Put a token with the permission ads_read of this account into"
                " META_ADS__ACCOUNTS__…__ACCESS_TOKEN",
            )
        return RequestRefusedError(
            f"Meta refuses the request (code {code}): {words}",
            where=self._where,
            remedy="Check the account's number and META_ADS__API_VERSION in .env",
        )


def _encoded(params: Mapping[str, Any]) -> dict[str, Any]:
    """Lists and objects go as JSON."""
    return {
        name: orjson.dumps(value).decode() if isinstance(value, list | dict | tuple) else value
        for name, value in params.items()
    }
