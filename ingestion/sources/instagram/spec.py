"""The facts of Instagram: tables, keys, what is observed and what is restated."""

from __future__ import annotations

import datetime as dt

from ingestion.columns import typed_columns
from ingestion.settings import Settings, load_section
from ingestion.sources.instagram.settings import API_VERSION, RESTATEMENT_DAYS, InstagramSettings
from ingestion.spec import RateLimit, SourceSpec, Table

DAY, OBSERVED = "metric_date", "observed_on"
# Followers won are told for the last 30 days, whatever the run asks for.
FOLLOWER_DAYS_KNOWN = 29


ACCOUNTS = Table(
    "accounts",
    "One row per account and day observed.",
    typed_columns(
        text="id username name", bigint="followers_count follows_count media_count", date=OBSERVED
    ),
    primary_key=("id",),
    cursor=OBSERVED,
    kind="observation",
)

MEDIA = Table(
    "media",
    "One row per post.",
    typed_columns(
        text="id caption media_type media_product_type permalink shortcode username",
        bigint="like_count comments_count",
        timestamp="published_at",
    ),
    primary_key=("id",),
    replaces_account=True,
)

MEDIA_INSIGHTS = Table(
    "media_insights",
    "One row per post and day observed: its totals to that day.",
    typed_columns(
        text="media_id",
        bigint="views reach likes comments shares saved total_interactions",
        date=OBSERVED,
    ),
    primary_key=("media_id",),
    cursor=OBSERVED,
    kind="observation",
)

FOLLOWER_DAYS = Table(
    "follower_days",
    "One row per account and day of which the followers won are known.",
    typed_columns(date=DAY, bigint="new_followers"),
    primary_key=(DAY,),
    cursor=DAY,
    overlap=dt.timedelta(days=FOLLOWER_DAYS_KNOWN + 1),
)


def tables(restatement_days: int = RESTATEMENT_DAYS) -> tuple[Table, ...]:
    """The tables; the account's days are replaced whole.

    Args:
        restatement_days: So many days up to the newest are asked again by each run.
    """
    account_days = Table(
        "account_days",
        "One row per account and day, as Meta cuts it (Pacific time).",
        typed_columns(date=DAY, bigint="views reach"),
        primary_key=(DAY,),
        cursor=DAY,
        restatement_days=restatement_days,
        replace_by=(DAY,),
    )
    return ACCOUNTS, MEDIA, MEDIA_INSIGHTS, account_days, FOLLOWER_DAYS


def _tables_of(_: Settings) -> tuple[Table, ...]:
    return tables(load_section(InstagramSettings).restatement_days)


SPEC = SourceSpec(
    name="instagram",
    description="Posts of Instagram accounts and what they reached, observed day by day.",
    settings=InstagramSettings,
    tables=_tables_of,
    setup_hint="Set INSTAGRAM__ACCOUNTS__0__NAME, INSTAGRAM__ACCOUNTS__0__USER_ID and"
    " INSTAGRAM__ACCOUNTS__0__ACCESS_TOKEN in .env",
    api_version=API_VERSION,
    rate_limit=RateLimit(10),
)
