"""Reads one account: what there is, and what it did day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from ingestion.columns import Rows
from ingestion.report_days import DateRange, day_ranges, months_before, refuse_forgotten_days
from ingestion.sources.google_ads.api import GoogleAdsApi
from ingestion.sources.google_ads.rows import query_of, row_of
from ingestion.sources.google_ads.settings import (
    KEPT_MONTHS,
    KNOWN_EXPIRIES,
    CustomerSettings,
    GoogleAdsSettings,
)
from ingestion.sources.google_ads.spec import ACCOUNTS, RESOURCES, tables
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

EXPIRY_NOTICE = dt.timedelta(days=60)
# A query counts once against the quota, however many days it has; pages hold 10,000 rows.
QUERY_DAYS = 366
TABLES = {table.name: table for table in tables()}


def connect(account: CustomerSettings, context: ClientContext) -> GoogleAdsClient:
    """Makes the client of one account; asks nothing yet."""
    return GoogleAdsClient(account, context)


class GoogleAdsClient:
    """One account.

    Args:
        account: Its settings.
        context: The section of the settings, clock and notes.
    """

    def __init__(self, account: CustomerSettings, context: ClientContext) -> None:
        section = context.section
        self._section = section if isinstance(section, GoogleAdsSettings) else GoogleAdsSettings()
        self._where = f"{context.source} {account.account_id}"
        self._now = context.now
        self._api = GoogleAdsApi(self._section, account, context)
        self._facts: dict[str, Any] | None = None
        self._note_expiry(context)

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads a list whole, or the performance of the days asked for.

        Args:
            stream: A table's name.
            window: The days, for performance.

        Yields:
            Rows by table.
        """
        table = TABLES[stream]
        if stream == ACCOUNTS.name:
            yield stream, [self._account()]
            return
        for days in self._ranges(window) if table.is_partitioned else [None]:
            for page in self._api.pages(query_of(table, RESOURCES[stream], days)):
                yield stream, [row_of(result, table) for result in page]

    def check(self) -> None:
        """Tests the credentials with one small question."""
        self._account()

    def close(self) -> None:
        """Closes the connections."""
        self._api.close()

    def _account(self) -> dict[str, Any]:
        """Currency and zone of the account; asked once."""
        if self._facts is None:
            query = query_of(ACCOUNTS, RESOURCES[ACCOUNTS.name])
            found = [result for page in self._api.pages(query) for result in page]
            self._facts = row_of(found[0], ACCOUNTS)
        return self._facts

    def _ranges(self, window: Window) -> Iterator[DateRange]:
        """The days asked for, within what Google keeps."""
        zone = ZoneInfo(self._account()["customer__time_zone"] or "UTC")
        today = self._now.astimezone(zone).date()
        first = window.first_day or months_before(today, self._section.history_months)
        oldest = months_before(today, KEPT_MONTHS)
        refuse_forgotten_days(first, oldest, vendor="Google Ads", where=self._where)
        return day_ranges(first, min(window.last_day, today), QUERY_DAYS)

    def _note_expiry(self, context: ClientContext) -> None:
        version = self._section.api_version
        expires = KNOWN_EXPIRIES.get(version)
        if expires and context.now.date() >= expires - EXPIRY_NOTICE:
            context.note(
                f"Google Ads' API version {version} may end from {expires} on:"
                " set GOOGLE_ADS__API_VERSION to a newer one"
            )
