"""The facts of Meta ads: tables, keys, and the days that insights restate."""

from __future__ import annotations

from ingestion.columns import typed_columns
from ingestion.settings import Settings, load_section
from ingestion.sources.meta_ads.settings import (
    API_VERSION,
    KNOWN_EXPIRIES,
    RESTATEMENT_DAYS,
    MetaAdsSettings,
)
from ingestion.spec import RateLimit, SourceSpec, Table

DAY = "date_start"


ACCOUNTS = Table(
    "accounts",
    "One row per ad account.",
    typed_columns(
        text="id name currency timezone_name conversion_action_type attribution_window",
        bigint="account_status",
        timestamp="created_time",
    ),
    primary_key=("id",),
    replaces_account=True,
)

CAMPAIGNS = Table(
    "campaigns",
    "One row per campaign of an ad account, archived ones included.",
    typed_columns(
        text="id name status effective_status objective buying_type",
        decimal="daily_budget lifetime_budget",
        timestamp="start_time stop_time created_time updated_time",
    ),
    primary_key=("id",),
    replaces_account=True,
)

AD_SETS = Table(
    "ad_sets",
    "One row per ad set of an ad account, archived ones included.",
    typed_columns(
        text="id campaign_id name status effective_status optimization_goal billing_event",
        decimal="daily_budget lifetime_budget",
        timestamp="start_time end_time created_time updated_time",
    ),
    primary_key=("id",),
    replaces_account=True,
)

ADS = Table(
    "ads",
    "One row per ad of an ad account, archived ones included.",
    typed_columns(
        text="id campaign_id adset_id name status effective_status",
        timestamp="created_time updated_time",
    ),
    primary_key=("id",),
    replaces_account=True,
)

LEVEL_IDS = {"campaign": "campaign_id", "ad": "ad_id"}
_NAMES = {
    "campaign": "campaign_id campaign_name",
    "ad": "campaign_id campaign_name adset_id adset_name ad_id ad_name",
}


def _insights(level: str, restatement_days: int) -> tuple[Table, Table]:
    """The insights of a level, and what people did after them."""
    insights = Table(
        f"{level}_insights",
        f"One row per {level} and day with delivery, in the account's zone.",
        typed_columns(
            text=f"{_NAMES[level]} objective attribution_setting account_currency",
            bigint="impressions clicks inline_link_clicks reach",
            decimal="spend",
            date=f"{DAY} date_stop",
        ),
        primary_key=(LEVEL_IDS[level], DAY),
        cursor=DAY,
        restatement_days=restatement_days,
        replace_by=(DAY,),
    )
    actions = Table(
        f"{level}_insight_actions",
        f"One row per {level}, day and action type that Meta claims; types overlap.",
        typed_columns(
            text=f"{LEVEL_IDS[level]} action_type",
            date=DAY,
            decimal="action_count count_1d_click count_7d_click count_28d_click count_1d_view"
            " action_value value_1d_click value_7d_click value_28d_click value_1d_view",
        ),
        primary_key=(LEVEL_IDS[level], DAY, "action_type"),
        stream=f"{level}_insights",
        cursor=DAY,
        restatement_days=restatement_days,
        replace_by=(DAY,),
    )
    return insights, actions


def tables(restatement_days: int = RESTATEMENT_DAYS) -> tuple[Table, ...]:
    """The tables; insights are replaced by whole days.

    Args:
        restatement_days: So many days up to the newest are asked again by each run.
    """
    return (
        ACCOUNTS,
        CAMPAIGNS,
        AD_SETS,
        ADS,
        *_insights("campaign", restatement_days),
        *_insights("ad", restatement_days),
    )


def _tables_of(_: Settings) -> tuple[Table, ...]:
    return tables(load_section(MetaAdsSettings).restatement_days)


SPEC = SourceSpec(
    name="meta_ads",
    description="Spend, delivery and claimed conversions of Meta ads (Facebook, Instagram).",
    settings=MetaAdsSettings,
    tables=_tables_of,
    setup_hint="Set META_ADS__ACCOUNTS__0__ACCOUNT_ID and META_ADS__ACCOUNTS__0__ACCESS_TOKEN in"
    " .env",
    api_version=API_VERSION,
    api_version_expires=KNOWN_EXPIRIES[API_VERSION],
    rate_limit=RateLimit(10),
)
