"""The facts of Yotpo: tables, keys, and how far back each run reads again."""

from __future__ import annotations

import datetime as dt

from ingestion.columns import typed_columns
from ingestion.sources.yotpo.settings import YotpoSettings
from ingestion.spec import RateLimit, SourceSpec, Table

# Some answers count only the day of `since_updated_at`.
OVERLAP = dt.timedelta(days=1)


REVIEWS = Table(
    "reviews",
    "One row per review, deleted ones included.",
    typed_columns(
        bigint="id score votes_up votes_down",
        text="sku email name reviewer_type user_reference title content",
        double="sentiment",
        bool="deleted archived escalated is_incentivized",
        timestamp="created_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
    overlap=OVERLAP,
)

REVIEW_MEDIA = Table(
    "review_media",
    "One row per photo or video of a review.",
    typed_columns(
        bigint="review_id position",
        text="media_type url thumbnail_url",
        timestamp="review_updated_at",
    ),
    primary_key=("review_id", "position"),
    stream="reviews",
    cursor="review_updated_at",
    overlap=OVERLAP,
    replace_by=("review_id",),
    parent="reviews",
)

QUESTIONS = Table(
    "questions",
    "One row per question about a product.",
    typed_columns(
        bigint="id answer_count",
        text="product_id content user_type asker__display_name",
        timestamp="created_at first_answered_at",
    ),
    primary_key=("id",),
    replaces_account=True,
)

LOYALTY_MEMBERS = Table(
    "loyalty_members",
    "One row per member of the loyalty programme and observed version.",
    typed_columns(
        text="member_id third_party_id pos_account_id email first_name last_name vip_tier_name"
        " referral_code",
        bigint="total_purchases total_spend_cents perks_redeemed referral_total_clicks"
        " referral_unique_clicks referral_orders referral_amount_cents",
        decimal="points_balance points_earned",
        bool="opt_in has_store_account",
        timestamp="opted_in_at last_purchase_at points_expire_at vip_tier_entry_date"
        " vip_tier_expiration observed_at",
    ),
    primary_key=("member_id",),
    stream="loyalty",
    cursor="observed_at",
    kind="observation",
)

LOYALTY_EVENTS = Table(
    "loyalty_events",
    "One row per entry of a member's points history.",
    typed_columns(
        text="event_id member_id third_party_id email action action_name status order_id",
        decimal="points",
        timestamp="created_at completed_at",
    ),
    primary_key=("event_id",),
    stream="loyalty",
    replace_by=("member_id",),
)

REFERRAL_CLICKS = Table(
    "referral_clicks",
    "One row per click on a member's referral link, as they were counted.",
    typed_columns(
        text="click_id member_id third_party_id email",
        bigint="click_number",
        timestamp="counted_at",
    ),
    primary_key=("member_id", "click_number"),
    stream="loyalty",
)

REFERRED_FRIENDS = Table(
    "referred_friends",
    "One row per friend who bought after a member's referral.",
    typed_columns(
        text="member_id friend_email order_id", bigint="position", timestamp="completed_at"
    ),
    primary_key=("member_id", "position"),
    stream="loyalty",
    replace_by=("member_id",),
)

SPEC = SourceSpec(
    name="yotpo",
    description="Reviews, photos, videos and questions, loyalty and referrals of Yotpo.",
    settings=YotpoSettings,
    tables=(
        REVIEWS,
        REVIEW_MEDIA,
        QUESTIONS,
        LOYALTY_MEMBERS,
        LOYALTY_EVENTS,
        REFERRAL_CLICKS,
        REFERRED_FRIENDS,
    ),
    setup_hint="Set YOTPO__STORES__0__NAME, and YOTPO__STORES__0__STORE_ID with …__SECRET or"
    " …__LOYALTY_GUID with …__LOYALTY_API_KEY in .env",
    # Of the reviews, as published: 5,000 a minute.
    rate_limit=RateLimit(80),
)
