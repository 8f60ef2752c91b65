"""Reads one ad account: what there is, and what it did day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from ingestion.columns import Rows
from ingestion.errors import RequestRefusedError
from ingestion.report_days import DateRange, day_ranges, months_before
from ingestion.sources.tiktok_ads.api import TikTokApi
from ingestion.sources.tiktok_ads.rows import object_row, report_row
from ingestion.sources.tiktok_ads.settings import AdvertiserSettings, TikTokAdsSettings
from ingestion.sources.tiktok_ads.spec import (
    ACCOUNTS,
    AD_GROUPS,
    ADS,
    CAMPAIGNS,
    DAY,
    LEVELS,
    METRICS,
    NAMES,
)
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

# What the API allows in one call with days.
REPORT_DAYS = 30
LISTS = {
    "campaigns": ("campaign/get", CAMPAIGNS),
    "ad_groups": ("adgroup/get", AD_GROUPS),
    "ads": ("ad/get", ADS),
}
# Without it TikTok leaves out what was deleted, and its rows would lose their names.
ALL_STATUSES = {"primary_status": "STATUS_ALL"}


def connect(account: AdvertiserSettings, context: ClientContext) -> TikTokAdsClient:
    """Makes the client of one ad account; asks nothing yet."""
    return TikTokAdsClient(account, context)


class TikTokAdsClient:
    """One ad account.

    Args:
        account: Its settings.
        context: The section of the settings, clock and notes.
    """

    def __init__(self, account: AdvertiserSettings, context: ClientContext) -> None:
        section = context.section
        self._section = section if isinstance(section, TikTokAdsSettings) else TikTokAdsSettings()
        self._account = account
        self._where = f"{context.source} {account.account_id}"
        self._now = context.now
        self._api = TikTokApi(self._section, account, context)
        self._facts: dict[str, Any] | None = None

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads a list whole, or reports of the days asked for.

        Args:
            stream: A table's name.
            window: The days, for reports.

        Yields:
            Rows by table.
        """
        own = {"advertiser_id": self._account.account_id}
        if stream == ACCOUNTS.name:
            yield stream, [self._account_row()]
        elif stream in LISTS:
            path, table = LISTS[stream]
            for page in self._api.pages(path, **own, filtering=ALL_STATUSES):
                yield stream, [object_row(item, table) for item in page]
        else:
            for first, last in self._ranges(window):
                days = {"start_date": first.isoformat(), "end_date": last.isoformat()}
                question = {**own, **_question(stream), **days}
                for page in self._api.pages("report/integrated/get", **question):
                    yield stream, [report_row(entry) for entry in page]

    def check(self) -> None:
        """Tests the credentials with one small question."""
        self._advertiser()

    def close(self) -> None:
        """Closes the connections."""
        self._api.close()

    def _advertiser(self) -> dict[str, Any]:
        """Currency, zone and age of the account; asked once."""
        if self._facts is None:
            number = self._account.account_id
            found = self._api.data("advertiser/info", advertiser_ids=[number]).get("list")
            if not found:
                raise RequestRefusedError(
                    "TikTok knows no such advertiser",
                    where=self._where,
                    remedy="Check TIKTOK_ADS__ACCOUNTS__…__ACCOUNT_ID in .env",
                )
            self._facts = found[0]
        return self._facts

    def _account_row(self) -> dict[str, Any]:
        return object_row(self._advertiser(), ACCOUNTS) | {
            "conversion_metric": self._account.conversion_metric,
            "attribution_window": self._section.attribution_window,
        }

    def _ranges(self, window: Window) -> Iterator[DateRange]:
        """The days asked for, from the account's first on."""
        facts = self._advertiser()
        zone = facts.get("display_timezone") or facts.get("timezone") or "UTC"
        today = self._now.astimezone(ZoneInfo(zone)).date()
        first = window.first_day or months_before(today, self._section.history_months)
        if created := facts.get("create_time"):
            born = dt.datetime.fromtimestamp(int(created), dt.UTC).date()
            first = max(first, born - dt.timedelta(days=1))
        return day_ranges(first, min(window.last_day, today), REPORT_DAYS)


def _question(stream: str) -> dict[str, Any]:
    level, key = LEVELS[stream]
    metrics = " ".join((NAMES[stream], *METRICS.values())).split()
    return {
        "report_type": "BASIC",
        "service_type": "AUCTION",
        "data_level": level,
        "dimensions": [key, DAY],
        "metrics": metrics,
    }
