"""The facts of TikTok ads: tables, keys, and the days that reports restate."""

from __future__ import annotations

from ingestion.columns import typed_columns
from ingestion.settings import Settings, load_section
from ingestion.sources.tiktok_ads.settings import (
    API_VERSION,
    RESTATEMENT_DAYS,
    TikTokAdsSettings,
)
from ingestion.spec import RateLimit, SourceSpec, Table

DAY = "stat_time_day"
METRICS = {
    "bigint": "impressions clicks reach",
    "decimal": "spend conversion complete_payment total_complete_payment_rate",
}


ACCOUNTS = Table(
    "accounts",
    "One row per ad account.",
    typed_columns(
        text="advertiser_id name status currency country timezone display_timezone"
        " conversion_metric attribution_window",
        timestamp="create_time",
    ),
    primary_key=("advertiser_id",),
    replaces_account=True,
)

# The whole list each time: `secondary_status` changes without `modify_time`, so that rows of an
# unchanged `modify_time` are not unchanged.
CAMPAIGNS = Table(
    "campaigns",
    "One row per campaign of an ad account, deleted ones included.",
    typed_columns(
        text="campaign_id campaign_name objective_type campaign_type operation_status"
        " secondary_status budget_mode",
        decimal="budget",
        timestamp="create_time modify_time",
    ),
    primary_key=("campaign_id",),
    replaces_account=True,
)

AD_GROUPS = Table(
    "ad_groups",
    "One row per ad group of an ad account, deleted ones included.",
    typed_columns(
        text="adgroup_id campaign_id adgroup_name operation_status secondary_status"
        " optimization_goal billing_event budget_mode",
        decimal="budget",
        timestamp="schedule_start_time schedule_end_time create_time modify_time",
    ),
    primary_key=("adgroup_id",),
    replaces_account=True,
)

ADS = Table(
    "ads",
    "One row per ad of an ad account, deleted ones included.",
    typed_columns(
        text="ad_id adgroup_id campaign_id ad_name operation_status secondary_status",
        timestamp="create_time modify_time",
    ),
    primary_key=("ad_id",),
    replaces_account=True,
)

LEVELS = {
    "campaign_reports": ("AUCTION_CAMPAIGN", "campaign_id"),
    "ad_reports": ("AUCTION_AD", "ad_id"),
}
NAMES = {
    "campaign_reports": "campaign_name objective_type",
    "ad_reports": "campaign_id campaign_name objective_type adgroup_id adgroup_name ad_name",
}


def _reports(name: str, restatement_days: int) -> Table:
    _, key = LEVELS[name]
    return Table(
        name,
        f"One row per {key.removesuffix('_id')} and day with delivery, in the account's zone.",
        typed_columns(text=f"{key} {NAMES[name]}", date=DAY, **METRICS),
        primary_key=(key, DAY),
        cursor=DAY,
        restatement_days=restatement_days,
        replace_by=(DAY,),
    )


def tables(restatement_days: int = RESTATEMENT_DAYS) -> tuple[Table, ...]:
    """The tables; reports are replaced by whole days.

    Args:
        restatement_days: So many days up to the newest are asked again by each run.
    """
    reports = (_reports(name, restatement_days) for name in LEVELS)
    return (ACCOUNTS, CAMPAIGNS, AD_GROUPS, ADS, *reports)


def _tables_of(_: Settings) -> tuple[Table, ...]:
    return tables(load_section(TikTokAdsSettings).restatement_days)


SPEC = SourceSpec(
    name="tiktok_ads",
    description="Spend, delivery and claimed conversions of TikTok ads.",
    settings=TikTokAdsSettings,
    tables=_tables_of,
    setup_hint="Set TIKTOK_ADS__ACCOUNTS__0__ACCOUNT_ID and"
    " TIKTOK_ADS__ACCOUNTS__0__ACCESS_TOKEN in .env",
    api_version=API_VERSION,
    # TikTok has told no day on which v1.3 ends.
    api_version_expires=None,
    rate_limit=RateLimit(10),
)
