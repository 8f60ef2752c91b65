"""The truth of advocacy: reviews, content, points, referrals, recommendations and posts."""

from __future__ import annotations

import pandas as pd

from sandbox.world.ledger import Ledger
from sandbox.world.truth_web import with_dates

REVIEW_DAYS = 60
REFERRAL_DAYS = 30
PROMOTER, DETRACTOR = 9, 6


def frames(view: Ledger) -> dict[str, pd.DataFrame]:
    """Every table of this truth, by name."""
    parts = (reviews_daily, reviewed_lines_daily, ugc_daily, loyalty_daily, loyalty_members,
             referrals_daily, nps_daily, social_posts)  # fmt: skip
    return {part.__name__: part(view) for part in parts}


def reviews_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop and local day: reviews written then, those deleted by now apart."""
    reviews = with_dates(view, view.reviews, "created_at")
    kept = ~reviews["is_deleted"]
    rows = reviews.assign(
        kept=kept, published=kept & reviews["is_published"], stars=reviews["rating"].where(kept, 0)
    )
    return rows.groupby(["shop", "date"], as_index=False).agg(
        reviews=("kept", "sum"),
        published=("published", "sum"),
        stars=("stars", "sum"),
        deleted=("is_deleted", "sum"),
    )


def reviewed_lines_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop and local day: lines whose first parcel arrived then, and those reviewed.

    Reviewed: by a review, not deleted by now, up to 60 times 24 hours after the arrival.
    """
    arrived = view.fulfillments.dropna(subset="delivered_at")[["fulfillment_id", "delivered_at"]]
    parts = view.fulfillment_lines.merge(arrived, on="fulfillment_id")
    lines = parts.groupby(["shop", "line_id"], as_index=False)["delivered_at"].min()
    reviews = view.reviews[~view.reviews["is_deleted"]].dropna(subset="line_id")
    first = reviews.groupby("line_id")["created_at"].min()
    wrote = first.reindex(lines["line_id"]).array - lines["delivered_at"].array
    soon = (wrote >= pd.Timedelta(0)) & (wrote <= pd.Timedelta(days=REVIEW_DAYS))
    days = with_dates(view, lines.assign(reviewed=soon), "delivered_at")
    return days.groupby(["shop", "date"], as_index=False).agg(
        lines=("line_id", "size"), reviewed=("reviewed", "sum")
    )


def ugc_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop, local day and kind of content."""
    rows = with_dates(view, view.ugc, "created_at")
    return rows.groupby(["shop", "date", "kind"], as_index=False).agg(
        items=("ugc_id", "size"), answered=("answer", lambda text: (text != "").sum())
    )


def loyalty_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop and local day: points by kind of entry (signed), members who joined."""
    entries = with_dates(view, view.loyalty_entries, "happened_at")
    points = entries.pivot_table(
        index=["shop", "date"], columns="kind", values="points", aggfunc="sum", fill_value=0
    )
    points = points.reindex(columns=["earn", "redeem", "adjust", "expire"], fill_value=0)
    joined = with_dates(view, view.loyalty_members, "enrolled_at").groupby(["shop", "date"]).size()
    days = points.join(joined.rename("enrolled"), how="outer").fillna(0).astype("int64")
    return days.reset_index().rename_axis(columns=None)


def loyalty_members(view: Ledger) -> pd.DataFrame:
    """One row per shop and tier now: members who have not left, and their points."""
    members = view.loyalty_members[view.loyalty_members["opted_out_at"].isna()]
    return members.groupby(["shop", "tier"], as_index=False).agg(
        members=("member_id", "size"), points=("points_balance", "sum")
    )


def referrals_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop and local day of the click: clicks, and those that bought within 30 days."""
    rows = with_dates(view, view.referral_clicks, "clicked_at")
    waited = rows["converted_at"] - rows["clicked_at"]
    rows = rows.assign(
        with_consent=rows["user_pseudo_id"] != "", bought=waited <= pd.Timedelta(days=REFERRAL_DAYS)
    )
    return rows.groupby(["shop", "date"], as_index=False).agg(
        clicks=("referral_id", "size"),
        with_consent=("with_consent", "sum"),
        bought=("bought", "sum"),
    )


def nps_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop and local day of the answer."""
    rows = with_dates(view, view.survey_responses, "submitted_at")
    rows = rows.assign(promoter=rows["score"] >= PROMOTER, detractor=rows["score"] <= DETRACTOR)
    return rows.groupby(["shop", "date"], as_index=False).agg(
        responses=("response_id", "size"),
        promoters=("promoter", "sum"),
        detractors=("detractor", "sum"),
        score=("score", "sum"),
    )


def social_posts(view: Ledger) -> pd.DataFrame:
    """One row per post: what is known of it to date."""
    measures = ["views", "reach", "likes", "comments", "shares", "saves"]
    sums = view.social_entries.groupby("post_id")[measures].sum()
    posts = view.social_posts[["post_id", "account_id", "shop", "media_type", "published_at"]]
    return (
        posts.join(sums, on="post_id")
        .fillna(dict.fromkeys(measures, 0))
        .astype(dict.fromkeys(measures, "int64"))
    )
