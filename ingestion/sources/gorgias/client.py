"""Reads one Gorgias account: every list newest first, until it gets to what is known."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ingestion.columns import Rows
from ingestion.http import VendorHttp
from ingestion.page_turns import PageTurns
from ingestion.sources.gorgias.rows import Row, customer_row, message_row, survey_row, ticket_row
from ingestion.sources.gorgias.settings import GorgiasAccountSettings, GorgiasSettings
from ingestion.sources.gorgias.spec import CHANGED, CREATED
from ingestion.spec import ClientContext, RateLimit, Removed
from ingestion.windows import Window

PAGE_ROWS = 100
ORDERS = {
    "tickets": CHANGED,
    "messages": CREATED,
    "customers": CHANGED,
    "satisfaction_surveys": CREATED,
}


def connect(account: GorgiasAccountSettings, context: ClientContext) -> GorgiasClient:
    """Makes the client of one account; asks nothing yet."""
    return GorgiasClient(account, context)


class GorgiasClient:
    """One Gorgias account.

    Args:
        account: Its settings.
        context: Clock, sleep and notes.
    """

    def __init__(self, account: GorgiasAccountSettings, context: ClientContext) -> None:
        section = context.section
        assert isinstance(section, GorgiasSettings)
        key = f"{account.email}:{account.api_key.get_secret_value()}".encode()
        self._where = f"gorgias {account.account_id}"
        self._http = VendorHttp(
            context,
            base_url=f"{account.address}/api",
            account=account.account_id,
            headers={"Authorization": f"Basic {base64.b64encode(key).decode()}"},
            credentials_hint="GORGIAS__ACCOUNTS__…__EMAIL and …__API_KEY",
            limit=RateLimit(section.requests_per_20_seconds, 20),
        )
        self._shapes: Mapping[str, Callable[[Any], Row]] = {
            "tickets": partial(ticket_row, order_meta_key=account.order_meta_key),
            "messages": message_row,
            "customers": customer_row,
            "satisfaction_surveys": survey_row,
        }

    def check(self) -> None:
        """Asks for the account itself, which costs next to nothing."""
        self._http.get("account")

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads a list as far back as the window asks for.

        Args:
            stream: tickets, messages, customers or satisfaction_surveys.
            window: The moments asked for; no list can be filtered by them.

        Yields:
            Rows of the table of that name.
        """
        shape = self._shapes[stream]
        for page in self._newest_first(stream.replace("_", "-"), ORDERS[stream], window):
            yield stream, [shape(found) for found in page]

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _newest_first(
        self, path: str, order: str, window: Window
    ) -> Iterator[list[Mapping[str, Any]]]:
        """Pages, until one ends before the window begins; what lies outside is left out."""
        cursor: str | None = None
        turns = PageTurns(self._where)
        while True:
            query = {"limit": PAGE_ROWS, "order_by": f"{order}:desc"}
            page = self._http.get(path, params=query | ({"cursor": cursor} if cursor else {}))
            found = page.get("data") or []
            yield [one for one in found if _is_asked(_moment(one.get(order)), window)]
            following = (page.get("meta") or {}).get("next_cursor")
            if not following or _ends_before(found, order, window):
                return
            cursor = turns.go_on(following)


def _ends_before(found: list[Mapping[str, Any]], order: str, window: Window) -> bool:
    """Whether the last row of a page is older than what is asked for."""
    last = _moment(found[-1].get(order)) if found else None
    return last is not None and window.since is not None and last < window.since


def _is_asked(at: dt.datetime | None, window: Window) -> bool:
    """Whether a row is within the window; one without a time is, since it cannot be told."""
    if at is None:
        return True
    is_late = window.until is not None and at >= window.until
    return not is_late and (window.since is None or at >= window.since)


def _moment(text: str | None) -> dt.datetime | None:
    """A time in either of Gorgias' forms, with a zone or, in UTC, without one."""
    if not text:
        return None
    moment = dt.datetime.fromisoformat(text)
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
