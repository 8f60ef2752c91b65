"""Reads one Recharge store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ingestion.columns import Rows
from ingestion.errors import CredentialsError, RequestRefusedError
from ingestion.http import VendorHttp
from ingestion.page_turns import PageTurns
from ingestion.sources.recharge.rows import row_of
from ingestion.sources.recharge.settings import RechargeAccountSettings, RechargeSettings
from ingestion.sources.recharge.spec import SPEC
from ingestion.spec import ClientContext, Removed, Table
from ingestion.windows import Window

PAGE_ROWS = 250
# Every change of a subscription; of charges only that they are gone, which no list tells.
EVENTS_ASKED: tuple[dict[str, Any], ...] = (
    {"object_type": "subscription"},
    {"object_type": "charge", "verbs": "deleted"},
)


def connect(account: RechargeAccountSettings, context: ClientContext) -> RechargeClient:
    """Makes the client of one store; asks nothing yet."""
    return RechargeClient(account, context)


class RechargeClient:
    """One store.

    Args:
        account: Its settings.
        context: The section of the settings, clock and notes.
    """

    def __init__(self, account: RechargeAccountSettings, context: ClientContext) -> None:
        section = context.section
        self._section = section if isinstance(section, RechargeSettings) else RechargeSettings()
        self._where = f"{context.source} {account.account_id}"
        self._tables: dict[str, Table] = {t.name: t for t in SPEC.tables_for(context.settings)}
        self._http = VendorHttp(
            context,
            base_url=account.base_url,
            account=account.account_id,
            headers={
                "X-Recharge-Access-Token": account.access_token.get_secret_value(),
                "X-Recharge-Version": self._section.api_version,
                "Accept": "application/json",
            },
            limit=SPEC.rate_limit,
        )

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads what changed, or happened, since the window's start.

        Args:
            stream: customers, subscriptions, charges or events.
            window: What is asked for.

        Yields:
            Rows by table.
        """
        cursor = str(self._tables[stream].cursor)
        query = {"limit": PAGE_ROWS, "sort_by": f"{cursor}-asc", **_bounds(cursor, window)}
        for more in EVENTS_ASKED if stream == "events" else ({},):
            for page in self._pages(stream, query | more):
                yield stream, [row_of(self._tables[stream], one) for one in page]

    def check(self) -> None:
        """Tests the token with one cheap call."""
        self._ask("subscriptions", {"limit": 1})

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _pages(self, path: str, query: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        """Reads a list to its last page; a cursor carries the filters with it."""
        asked, turns = query, PageTurns(self._where)
        while True:
            answer = self._ask(path, asked)
            yield answer.get(path) or []
            cursor = answer.get("next_cursor")
            if not cursor:
                return
            asked = {"limit": PAGE_ROWS, "cursor": turns.go_on(cursor)}

    def _ask(self, path: str, query: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self._http.get(path, params=query, throttled=self._judge)
        return answer

    def _judge(self, status: int, body: Any) -> float | None:
        """Raises Recharge's refusals in its words; everything else is left to the session."""
        if not 400 <= status < 500:
            return None
        words = _words(body)
        if status in (401, 403):
            raise CredentialsError(
                f"Recharge refuses the credentials (status {status}){words}",
                where=self._where,
                remedy="Put a token with the scopes read_subscriptions, read_customers,"
                " read_orders and read_events into RECHARGE__ACCOUNTS__…__ACCESS_TOKEN",
            )
        raise RequestRefusedError(
            f"Recharge refuses the request (status {status}){words}",
            where=self._where,
            remedy="Check RECHARGE__API_VERSION and the account's address in .env",
        )


def _bounds(cursor: str, window: Window) -> dict[str, str]:
    found = {}
    if window.since:
        found[f"{cursor}_min"] = _text(window.since)
    if window.until:
        found[f"{cursor}_max"] = _text(window.until)
    return found


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _words(body: Any) -> str:
    """Recharge's reason: `error` as text, or `errors` as text or by field."""
    if not isinstance(body, dict):
        return ""
    found = body.get("error") or body.get("errors") or body.get("warning")
    if isinstance(found, dict):
        found = "; ".join(f"{name} {text}" for name, text in found.items())
    return f": {str(found)[:200]}" if found else ""
