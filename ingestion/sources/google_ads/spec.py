"""The facts of Google Ads: tables, keys, and the days that performance restates.

A column is a field of Google's query language with `__` for its dots, so that the tables are the
queries: `campaign__advertising_channel_type` is asked for as `campaign.advertising_channel_type`.
"""

from __future__ import annotations

from ingestion.columns import typed_columns
from ingestion.settings import Settings, load_section
from ingestion.sources.google_ads.settings import (
    API_VERSION,
    KNOWN_EXPIRIES,
    RESTATEMENT_DAYS,
    WEEKLY_RESTATEMENT_DAYS,
    GoogleAdsSettings,
)
from ingestion.spec import RateLimit, SourceSpec, Table

DAY = "segments__date"
RESOURCES = {
    "accounts": "customer",
    "conversion_actions": "conversion_action",
    "campaigns": "campaign",
    "ad_groups": "ad_group",
    "ads": "ad_group_ad",
    "campaign_performance": "campaign",
    "ad_performance": "ad_group_ad",
}


ACCOUNTS = Table(
    "accounts",
    "One row per account.",
    typed_columns(
        text="customer__id customer__descriptive_name customer__currency_code customer__time_zone"
        " customer__status",
        bool="customer__auto_tagging_enabled",
    ),
    primary_key=("customer__id",),
    replaces_account=True,
)

CONVERSION_ACTIONS = Table(
    "conversion_actions",
    "One row per kind of conversion that an account counts.",
    typed_columns(
        text="conversion_action__id conversion_action__name conversion_action__status"
        " conversion_action__category",
        bool="conversion_action__primary_for_goal",
        bigint="conversion_action__click_through_lookback_window_days"
        " conversion_action__view_through_lookback_window_days",
    ),
    primary_key=("conversion_action__id",),
    replaces_account=True,
)

CAMPAIGNS = Table(
    "campaigns",
    "One row per campaign of an account, removed ones included.",
    typed_columns(
        text="campaign__id campaign__name campaign__status campaign__serving_status"
        " campaign__advertising_channel_type campaign__advertising_channel_sub_type"
        " campaign__bidding_strategy_type campaign__start_date_time campaign__end_date_time",
    ),
    primary_key=("campaign__id",),
    replaces_account=True,
)

AD_GROUPS = Table(
    "ad_groups",
    "One row per ad group of an account, removed ones included.",
    typed_columns(
        text="ad_group__id campaign__id ad_group__name ad_group__status ad_group__type",
    ),
    primary_key=("ad_group__id",),
    replaces_account=True,
)

ADS = Table(
    "ads",
    "One row per ad of an ad group, removed ones included.",
    typed_columns(
        text="ad_group_ad__ad__id ad_group__id campaign__id ad_group_ad__ad__name"
        " ad_group_ad__ad__type ad_group_ad__status",
    ),
    primary_key=("ad_group__id", "ad_group_ad__ad__id"),
    replaces_account=True,
)

_METRICS = {
    "bigint": "metrics__impressions metrics__clicks metrics__interactions metrics__cost_micros"
    " metrics__view_through_conversions",
    "double": "metrics__conversions metrics__all_conversions",
    "decimal": "metrics__conversions_value metrics__all_conversions_value",
}


def _performance(
    level: str, names: str, key: tuple[str, ...], days: int, weekly_days: int
) -> Table:
    return Table(
        f"{level}_performance",
        f"One row per {level} and day with delivery or conversions, in the account's zone.",
        typed_columns(text=names, date=DAY, **_METRICS),
        primary_key=(*key, DAY),
        cursor=DAY,
        restatement_days=days,
        weekly_restatement_days=weekly_days,
        replace_by=(DAY,),
    )


def tables(
    restatement_days: int = RESTATEMENT_DAYS, weekly_days: int = WEEKLY_RESTATEMENT_DAYS
) -> tuple[Table, ...]:
    """The tables; performance is replaced by whole days.

    Args:
        restatement_days: So many days up to the newest are asked again by each run.
        weekly_days: So many on Sundays.
    """
    campaign = "campaign__id campaign__name campaign__advertising_channel_type"
    ad = f"{campaign} ad_group__id ad_group__name ad_group_ad__ad__id ad_group_ad__ad__name"
    return (
        ACCOUNTS,
        CONVERSION_ACTIONS,
        CAMPAIGNS,
        AD_GROUPS,
        ADS,
        _performance("campaign", campaign, ("campaign__id",), restatement_days, weekly_days),
        # An ad may serve in several groups.
        _performance(
            "ad", ad, ("ad_group__id", "ad_group_ad__ad__id"), restatement_days, weekly_days
        ),
    )


def _tables_of(_: Settings) -> tuple[Table, ...]:
    section = load_section(GoogleAdsSettings)
    return tables(section.restatement_days, section.weekly_restatement_days)


SPEC = SourceSpec(
    name="google_ads",
    description="Spend, delivery and claimed conversions of Google Ads.",
    settings=GoogleAdsSettings,
    tables=_tables_of,
    setup_hint="Set GOOGLE_ADS__ACCOUNTS__0__ACCOUNT_ID, GOOGLE_ADS__DEVELOPER_TOKEN,"
    " GOOGLE_ADS__CLIENT_ID, GOOGLE_ADS__CLIENT_SECRET and GOOGLE_ADS__REFRESH_TOKEN in .env",
    api_version=API_VERSION,
    api_version_expires=KNOWN_EXPIRIES[API_VERSION],
    rate_limit=RateLimit(10),
)
