"""Reads one ad account: what there is, and what it did day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from ingestion.columns import Rows
from ingestion.http import VendorHttp
from ingestion.report_days import DateRange, day_ranges, months_before, refuse_forgotten_days
from ingestion.sources.meta_ads.graph import GraphApi, TooMuchDataError
from ingestion.sources.meta_ads.rows import action_rows, insight_row
from ingestion.sources.meta_ads.settings import (
    KNOWN_EXPIRIES,
    AdAccountSettings,
    MetaAdsSettings,
)
from ingestion.sources.meta_ads.spec import AD_SETS, ADS, CAMPAIGNS, DAY, LEVEL_IDS, SPEC
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

EXPIRY_NOTICE = dt.timedelta(days=60)
REPORT_DAYS = 90
KEPT_MONTHS = 37
# Without a filter Meta leaves out what is archived or deleted, and its rows would lose their names.
ALL_STATUSES = [
    "ACTIVE",
    "PAUSED",
    "ARCHIVED",
    "DELETED",
    "IN_PROCESS",
    "WITH_ISSUES",
    "CAMPAIGN_PAUSED",
    "ADSET_PAUSED",
    "DISAPPROVED",
    "PENDING_REVIEW",
    "PREAPPROVED",
    "PENDING_BILLING_INFO",
]
LISTS = {"campaigns": ("campaigns", CAMPAIGNS), "ad_sets": ("adsets", AD_SETS), "ads": ("ads", ADS)}
METRICS = (
    "account_currency,objective,attribution_setting,impressions,clicks,inline_link_clicks,reach,"
    "spend,actions,action_values"
)
NAMES = {
    "campaign": "campaign_id,campaign_name",
    "ad": "campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name",
}


@dataclass(frozen=True)
class Ask:
    """Insights of some days.

    Attributes:
        level: campaign or ad.
        dates: First and last day.
        report: Number of the report that is being made; empty where they are asked for at once.
    """

    level: str
    dates: DateRange
    report: str = ""

    @property
    def days(self) -> int:
        """How many days."""
        return (self.dates[1] - self.dates[0]).days + 1

    def halves(self) -> tuple[DateRange, DateRange]:
        """The days in two parts."""
        first, last = self.dates
        middle = first + (last - first) // 2
        return (first, middle), (middle + dt.timedelta(days=1), last)


def connect(account: AdAccountSettings, context: ClientContext) -> MetaAdsClient:
    """Makes the client of one ad account; asks nothing yet."""
    return MetaAdsClient(account, context)


class MetaAdsClient:
    """One ad account.

    Args:
        account: Its settings.
        context: The section of the settings, clock and notes.
    """

    def __init__(self, account: AdAccountSettings, context: ClientContext) -> None:
        section = context.section
        self._section = section if isinstance(section, MetaAdsSettings) else MetaAdsSettings()
        self._account = account
        self._now = context.now
        self._http = VendorHttp(
            context,
            base_url=account.base_url,
            account=account.account_id,
            headers={"Authorization": f"Bearer {account.access_token.get_secret_value()}"},
            credentials_hint="META_ADS__ACCOUNTS__…__ACCESS_TOKEN",
            limit=SPEC.rate_limit,
        )
        self._graph = GraphApi(
            self._http,
            context,
            account_id=account.account_id,
            api_version=self._section.api_version,
        )
        self._facts: dict[str, Any] | None = None
        self._note_expiry(context)

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads a list whole, or insights of the days asked for.

        Args:
            stream: accounts, campaigns, ad_sets, ads, campaign_insights or ad_insights.
            window: The days, for insights.

        Yields:
            Rows by table.
        """
        if stream == "accounts":
            yield "accounts", [self._account_row()]
        elif stream in LISTS:
            edge, table = LISTS[stream]
            fields = ",".join(table.columns)
            for page in self._graph.pages(
                self._edge(edge), fields=fields, effective_status=ALL_STATUSES
            ):
                yield stream, page
        else:
            level = stream.removesuffix("_insights")
            for ask in [self._ask(level, dates) for dates in self._ranges(window)]:
                yield from self._insights(ask)

    def check(self) -> None:
        """Tests the token with one cheap call."""
        self._graph.node(f"act_{self._account.account_id}", fields="id")

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _edge(self, name: str) -> str:
        return f"act_{self._account.account_id}/{name}"

    def _account_facts(self) -> dict[str, Any]:
        """Currency, zone and age of the account; asked once."""
        if self._facts is None:
            self._facts = self._graph.node(
                f"act_{self._account.account_id}",
                fields="account_id,name,currency,timezone_name,account_status,created_time",
            )
        return self._facts

    def _account_row(self) -> dict[str, Any]:
        facts = self._account_facts()
        names = ("name", "currency", "timezone_name", "account_status", "created_time")
        return {
            "id": self._account.account_id,
            **{name: facts.get(name) for name in names},
            "conversion_action_type": self._account.conversion_action_type,
            "attribution_window": ",".join(self._account.attribution_windows),
        }

    def _ranges(self, window: Window) -> Iterator[DateRange]:
        """The days asked for, within what Meta keeps, in reports of a bearable size."""
        facts = self._account_facts()
        today = self._now.astimezone(ZoneInfo(facts.get("timezone_name") or "UTC")).date()
        first = window.first_day or months_before(today, self._section.history_months)
        refuse_forgotten_days(
            first,
            months_before(today, KEPT_MONTHS),
            vendor="Meta",
            where=f"meta_ads {self._account.account_id}",
        )
        if created := facts.get("created_time"):
            born = dt.datetime.fromisoformat(str(created)).date()
            first = max(first, born - dt.timedelta(days=1))
        return day_ranges(first, min(window.last_day, today), REPORT_DAYS)

    def _ask(self, level: str, dates: DateRange) -> Ask:
        """Orders the report of a long range, so that Meta makes all of them at the same time."""
        ask = Ask(level, dates)
        if ask.days < self._section.async_from_days:
            return ask
        number = self._graph.order_report(self._edge("insights"), **self._question(ask))
        return replace(ask, report=number)

    def _insights(self, ask: Ask) -> Iterator[tuple[str, Rows]]:
        try:
            pages = list(self._insight_pages(ask))
        except TooMuchDataError:
            if ask.days == 1:
                raise
            for half in ask.halves():
                yield from self._insights(self._ask(ask.level, half))
            return
        for page in pages:
            yield f"{ask.level}_insights", [insight_row(insight) for insight in page]
            actions = [
                row
                for insight in page
                for row in action_rows(insight, id_column=LEVEL_IDS[ask.level], day=DAY)
            ]
            yield f"{ask.level}_insight_actions", actions

    def _insight_pages(self, ask: Ask) -> Iterator[list[dict[str, Any]]]:
        if ask.report:
            return self._graph.read_report(ask.report)
        return self._graph.pages(self._edge("insights"), **self._question(ask))

    def _question(self, ask: Ask) -> dict[str, Any]:
        first, last = ask.dates
        return {
            "level": ask.level,
            "fields": f"{NAMES[ask.level]},{METRICS}",
            "time_range": {"since": first.isoformat(), "until": last.isoformat()},
            "time_increment": 1,
            "action_attribution_windows": list(self._account.attribution_windows),
        }

    def _note_expiry(self, context: ClientContext) -> None:
        version = self._section.api_version
        expires = KNOWN_EXPIRIES.get(version)
        if expires and context.now.date() >= expires - EXPIRY_NOTICE:
            context.note(
                f"Meta's API version {version} may end from {expires} on:"
                " set META_ADS__API_VERSION to a newer one"
            )
