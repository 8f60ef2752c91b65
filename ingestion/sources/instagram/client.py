"""Reads one account: its posts and their totals, itself day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ingestion.columns import Rows
from ingestion.http import VendorHttp
from ingestion.report_days import day_ranges, refuse_forgotten_days
from ingestion.sources.instagram.graph import InstagramGraph, NoInsightsError
from ingestion.sources.instagram.rows import DAYS_ZONE, by_day, post_row, start_of, totals
from ingestion.sources.instagram.settings import InstagramAccountSettings, InstagramSettings
from ingestion.sources.instagram.spec import (
    DAY,
    FOLLOWER_DAYS_KNOWN,
    MEDIA,
    MEDIA_INSIGHTS,
    OBSERVED,
)
from ingestion.spec import ClientContext, RateLimit, Removed
from ingestion.windows import Window

RANGE_DAYS = 30
KEPT_DAYS = 730
ACCOUNT_FIELDS = "id,username,name,followers_count,follows_count,media_count"
METRICS = ",".join(name for name in MEDIA_INSIGHTS.columns if name not in ("media_id", OBSERVED))
MEDIA_FIELDS = ",".join("timestamp" if name == "published_at" else name for name in MEDIA.columns)
ONE_DAY = dt.timedelta(days=1)


def connect(account: InstagramAccountSettings, context: ClientContext) -> InstagramClient:
    """Makes the client of one account; asks nothing yet."""
    return InstagramClient(account, context)


class InstagramClient:
    """One account.

    Args:
        account: Its settings.
        context: The section of the settings, clock and notes.
    """

    def __init__(self, account: InstagramAccountSettings, context: ClientContext) -> None:
        section = context.section
        assert isinstance(section, InstagramSettings)
        self._section = section
        self._account = account
        self._now = context.now
        self._yesterday = context.now.astimezone(DAYS_ZONE).date() - ONE_DAY
        self._http = VendorHttp(
            context,
            base_url=account.base_url,
            account=account.account_id,
            headers={"Authorization": f"Bearer {account.access_token.get_secret_value()}"},
            credentials_hint="INSTAGRAM__ACCOUNTS__…__ACCESS_TOKEN",
            limit=RateLimit(section.requests_per_second),
        )
        self._graph = InstagramGraph(
            self._http, context, account_id=account.account_id, api_version=section.api_version
        )
        self._media: list[dict[str, Any]] | None = None

    def check(self) -> None:
        """Asks for the account itself."""
        self._graph.node(self._account.user_id, fields="id")

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads one of the tables.

        Args:
            stream: accounts, media, media_insights, account_days or follower_days.
            window: The days, for account_days; a first load also observes old posts.

        Yields:
            Rows by table.
        """
        if stream == "accounts":
            facts = self._graph.node(self._account.user_id, fields=ACCOUNT_FIELDS)
            yield stream, [facts | {OBSERVED: self._now.date()}]
        elif stream == "media":
            yield stream, self._posts()
        elif stream == "media_insights":
            yield stream, list(self._observed(is_first=window.is_first_load))
        elif stream == "account_days":
            for first, last in self._ranges(window):
                yield stream, self._days(first, last)
        else:
            yield stream, self._followers()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _posts(self) -> list[dict[str, Any]]:
        """Every post; asked once."""
        if self._media is None:
            pages = self._graph.pages(f"{self._account.user_id}/media", fields=MEDIA_FIELDS)
            self._media = [post_row(post) for page in pages for post in page]
        return self._media

    def _observed(self, *, is_first: bool) -> Iterator[dict[str, Any]]:
        """Totals of posts that are young enough to change."""
        oldest = self._now - dt.timedelta(days=self._section.observe_days)
        for post in self._posts():
            if not is_first and dt.datetime.fromisoformat(post["published_at"]) < oldest:
                continue
            try:
                answer = self._graph.node(f"{post['id']}/insights", metric=METRICS)
            except NoInsightsError:
                continue
            if found := totals(answer.get("data") or []):
                yield found | {"media_id": post["id"], OBSERVED: self._now.date()}

    def _ranges(self, window: Window) -> Iterator[tuple[dt.date, dt.date]]:
        """The days asked for that are over, in ranges of a size that Meta answers."""
        oldest = self._yesterday - dt.timedelta(days=KEPT_DAYS - 1)
        history = self._yesterday - dt.timedelta(days=self._section.history_days - 1)
        first = window.first_day or history
        refuse_forgotten_days(
            first, oldest, vendor="Meta", where=f"instagram {self._account.account_id}"
        )
        return day_ranges(first, min(window.last_day, self._yesterday), RANGE_DAYS)

    def _days(self, first: dt.date, last: dt.date) -> list[dict[str, Any]]:
        """Reach comes as a series, views only as the total of the time asked for."""
        rows: dict[dt.date, dict[str, Any]] = {}
        series = self._insights(first, last, metric="reach", metric_type="time_series")
        for day, name, value in by_day(series):
            rows.setdefault(day, {DAY: day})[name] = value
        for day, _ in day_ranges(first, last, 1):
            found = totals(self._insights(day, day, metric="views", metric_type="total_value"))
            if found.get("views") is not None:
                rows.setdefault(day, {DAY: day})["views"] = found["views"]
        return [rows[day] for day in sorted(rows) if first <= day <= last]

    def _followers(self) -> list[dict[str, Any]]:
        first = self._yesterday - dt.timedelta(days=FOLLOWER_DAYS_KNOWN - 1)
        series = self._insights(first, self._yesterday, metric="follower_count")
        return [{DAY: day, "new_followers": value} for day, _, value in by_day(series)]

    def _insights(self, first: dt.date, last: dt.date, **query: Any) -> list[dict[str, Any]]:
        answer = self._graph.node(
            f"{self._account.user_id}/insights",
            period="day",
            since=start_of(first),
            until=start_of(last + ONE_DAY),
            **query,
        )
        return answer.get("data") or []
