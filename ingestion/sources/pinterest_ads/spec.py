"""The facts of Pinterest ads: tables, keys, and the days that analytics restate."""

from __future__ import annotations

from ingestion.columns import typed_columns
from ingestion.settings import Settings, load_section
from ingestion.sources.pinterest_ads.settings import (
    API_VERSION,
    RESTATEMENT_DAYS,
    PinterestAdsSettings,
)
from ingestion.spec import RateLimit, SourceSpec, Table

DAY = "date"
METRICS = (
    "SPEND_IN_MICRO_DOLLAR",
    "IMPRESSION_1",
    "TOTAL_IMPRESSION",
    "CLICKTHROUGH_1",
    "TOTAL_CLICKTHROUGH",
    "TOTAL_CHECKOUT",
    "TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR",
)

IDS = {"campaign": ("CAMPAIGN_ID",), "ad": ("AD_ID", "AD_GROUP_ID", "CAMPAIGN_ID")}


ACCOUNTS = Table(
    "accounts",
    "One row per ad account.",
    typed_columns(
        text="id name country currency attribution_window", timestamp="created_time updated_time"
    ),
    primary_key=("id",),
    replaces_account=True,
)

CAMPAIGNS = Table(
    "campaigns",
    "One row per campaign of an ad account, archived ones included.",
    typed_columns(
        text="id name status summary_status objective_type",
        bigint="daily_spend_cap lifetime_spend_cap",
        timestamp="start_time end_time created_time updated_time",
    ),
    primary_key=("id",),
    replaces_account=True,
)

AD_GROUPS = Table(
    "ad_groups",
    "One row per ad group of an ad account, archived ones included.",
    typed_columns(
        text="id campaign_id name status summary_status budget_type billable_event",
        bigint="budget_in_micro_currency",
        timestamp="start_time end_time created_time updated_time",
    ),
    primary_key=("id",),
    replaces_account=True,
)

ADS = Table(
    "ads",
    "One row per ad of an ad account, archived ones included.",
    typed_columns(
        text="id ad_group_id campaign_id pin_id name status summary_status creative_type",
        timestamp="created_time updated_time",
    ),
    primary_key=("id",),
    replaces_account=True,
)


def _analytics(level: str, restatement_days: int) -> Table:
    return Table(
        f"{level}_analytics",
        f"One row per {level} and UTC day with delivery or conversions.",
        typed_columns(
            text=" ".join(IDS[level]).lower(), date=DAY, bigint=" ".join(METRICS).lower()
        ),
        primary_key=(f"{level}_id", DAY),
        cursor=DAY,
        restatement_days=restatement_days,
        replace_by=(DAY,),
    )


def tables(restatement_days: int = RESTATEMENT_DAYS) -> tuple[Table, ...]:
    """The tables; analytics are replaced by whole days.

    Args:
        restatement_days: So many days up to the newest are asked again by each run.
    """
    analytics = (_analytics(level, restatement_days) for level in ("campaign", "ad"))
    return (ACCOUNTS, CAMPAIGNS, AD_GROUPS, ADS, *analytics)


def _tables_of(_: Settings) -> tuple[Table, ...]:
    return tables(load_section(PinterestAdsSettings).restatement_days)


SPEC = SourceSpec(
    name="pinterest_ads",
    description="Spend, delivery and claimed conversions of Pinterest ads.",
    settings=PinterestAdsSettings,
    tables=_tables_of,
    setup_hint="Set PINTEREST_ADS__ACCOUNTS__0__ACCOUNT_ID, PINTEREST_ADS__APP_ID,"
    " PINTEREST_ADS__APP_SECRET and PINTEREST_ADS__REFRESH_TOKEN in .env",
    api_version=API_VERSION,
    # Pinterest has told no day on which v5 ends.
    api_version_expires=None,
    # Analytics: 300 a minute.
    rate_limit=RateLimit(300, 60),
)
