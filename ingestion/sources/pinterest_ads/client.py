"""Reads one ad account: what there is, and what it did day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ingestion.columns import Rows
from ingestion.report_days import DateRange, day_ranges, refuse_forgotten_days
from ingestion.sources.pinterest_ads.api import PinterestApi
from ingestion.sources.pinterest_ads.rows import analytics_row, object_row
from ingestion.sources.pinterest_ads.settings import (
    KEPT_DAYS,
    AdAccountSettings,
    PinterestAdsSettings,
)
from ingestion.sources.pinterest_ads.spec import ACCOUNTS, AD_GROUPS, ADS, CAMPAIGNS, IDS, METRICS
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

# Without them Pinterest leaves out what is archived, and its rows would lose their names.
ALL_STATUSES = ["ACTIVE", "PAUSED", "ARCHIVED", "DRAFT", "DELETED_DRAFT"]
LISTS = {"campaigns": CAMPAIGNS, "ad_groups": AD_GROUPS, "ads": ADS}
LEVELS = {"campaign_analytics": "campaign", "ad_analytics": "ad"}
REPORT_LEVELS = {"campaign": "CAMPAIGN", "ad": "PIN_PROMOTION"}
IDS_A_CALL = 250
# The question that is answered at once goes this far back; older days come by report.
DIRECT_DAYS = 90
REPORT_DAYS = 186


def connect(account: AdAccountSettings, context: ClientContext) -> PinterestAdsClient:
    """Makes the client of one ad account; asks nothing yet."""
    return PinterestAdsClient(account, context)


class PinterestAdsClient:
    """One ad account.

    Args:
        account: Its settings.
        context: The section of the settings, clock and notes.
    """

    def __init__(self, account: AdAccountSettings, context: ClientContext) -> None:
        section = context.section
        self._section = (
            section if isinstance(section, PinterestAdsSettings) else PinterestAdsSettings()
        )
        self._where = f"{context.source} {account.account_id}"
        # Pinterest's days are UTC days.
        self._today = context.now.astimezone(dt.UTC).date()
        self._api = PinterestApi(self._section, account, context)
        self._ids: dict[str, list[str]] = {}

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads a list whole, or analytics of the days asked for.

        Args:
            stream: A table's name.
            window: The days, for analytics.

        Yields:
            Rows by table.
        """
        if stream == ACCOUNTS.name:
            yield stream, [self._account_row()]
        elif stream in LISTS:
            for page in self._api.pages(stream, entity_statuses=ALL_STATUSES):
                yield stream, [object_row(item, LISTS[stream]) for item in page]
        else:
            level = LEVELS[stream]
            for entries in self._analytics(level, window):
                yield stream, [analytics_row(entry, level) for entry in entries]

    def check(self) -> None:
        """Tests the credentials with one small question."""
        self._api.get()

    def close(self) -> None:
        """Closes the connections."""
        self._api.close()

    def _account_row(self) -> dict[str, Any]:
        section = self._section
        windows = (
            f"{section.click_window_days}d_click,{section.engagement_window_days}d_engagement,"
            f"{section.view_window_days}d_view"
        )
        return object_row(self._api.get(), ACCOUNTS) | {"attribution_window": windows}

    def _analytics(self, level: str, window: Window) -> Iterator[list[dict[str, Any]]]:
        """Old days by report, the newer ones directly."""
        first = window.first_day or self._days_ago(self._section.history_days)
        oldest = self._days_ago(KEPT_DAYS)
        refuse_forgotten_days(first, oldest, vendor="Pinterest", where=self._where)
        last = min(window.last_day, self._today)
        direct_from = max(first, self._days_ago(DIRECT_DAYS))
        until = min(last, direct_from - dt.timedelta(days=1))
        for days in day_ranges(first, until, REPORT_DAYS):
            yield list(self._api.report(self._question(days) | _report_of(level)))
        if direct_from <= last:
            yield from self._direct(level, (direct_from, last))

    def _direct(self, level: str, days: DateRange) -> Iterator[list[dict[str, Any]]]:
        ids = self._ids_of(level)
        for start in range(0, len(ids), IDS_A_CALL):
            some = ids[start : start + IDS_A_CALL]
            question = {**self._question(days), "columns": ",".join((*IDS[level], *METRICS))}
            yield self._api.get(f"{level}s/analytics", **question, **{f"{level}_ids": some})

    def _ids_of(self, level: str) -> list[str]:
        """Of everything that may have delivered; asked once."""
        if level not in self._ids:
            pages = self._api.pages(f"{level}s", entity_statuses=ALL_STATUSES)
            self._ids[level] = [str(item["id"]) for page in pages for item in page]
        return self._ids[level]

    def _question(self, days: DateRange) -> dict[str, Any]:
        section = self._section
        return {
            "start_date": days[0].isoformat(),
            "end_date": days[1].isoformat(),
            "granularity": "DAY",
            "click_window_days": section.click_window_days,
            "engagement_window_days": section.engagement_window_days,
            "view_window_days": section.view_window_days,
            "conversion_report_time": "TIME_OF_AD_ACTION",
        }

    def _days_ago(self, days: int) -> dt.date:
        return self._today - dt.timedelta(days=days)


def _report_of(level: str) -> dict[str, Any]:
    """What a report is asked beside the days."""
    return {
        "level": REPORT_LEVELS[level],
        "columns": [*IDS[level], *METRICS],
        "report_format": "JSON",
    }
