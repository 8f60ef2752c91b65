"""Sums of the ledger as insights: a post's whole life, an account's days or span of days."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sandbox.vendors.meta_ads.errors import GraphError, bad_parameter
from sandbox.world.ledger import Ledger

Row = dict[str, Any]
MEDIA_METRICS = {"views": "views", "reach": "reach", "likes": "likes", "comments": "comments",
                 "shares": "shares", "saved": "saves"}  # fmt: skip
INTERACTIONS = ("likes", "comments", "shares", "saves")
SERIES = {"reach": "reach", "follower_count": "new_followers"}
TOTALS = {"views": "views", "reach": "reach"}
ZONE = "America/Los_Angeles"
MOST_DAYS, FOLLOWER_DAYS = pd.Timedelta(days=30), pd.Timedelta(days=30)


def media(view: Ledger, post_id: str, metrics: list[str]) -> list[Row]:
    """What a post has gathered so far; nothing where nothing was reported yet.

    Args:
        view: The ledger as of the clock.
        post_id: The post.
        metrics: What is asked for.
    """
    known = (*MEDIA_METRICS, "total_interactions")
    for name in metrics:
        if name not in known:
            raise bad_parameter(
                f"metric[0] must be one of the following values: {', '.join(known)}"
            )
    own = view.social_entries[view.social_entries["post_id"] == post_id]
    if own.empty:
        return []
    sums = own.sum(numeric_only=True)
    values = {name: int(sums[column]) for name, column in MEDIA_METRICS.items()}
    values["total_interactions"] = int(sum(sums[name] for name in INTERACTIONS))
    return [
        _named(name, post_id, "lifetime") | {"values": [{"value": values[name]}]}
        for name in metrics
    ]


def account(view: Ledger, user_id: str, asked: dict[str, str], now: pd.Timestamp) -> list[Row]:
    """The account's insights by day.

    Args:
        view: The ledger as of the clock.
        user_id: The account.
        asked: The query.
        now: The clock.
    """
    metrics = [name for name in asked.get("metric", "").split(",") if name]
    if asked.get("period") != "day" or not metrics:
        raise bad_parameter("(period) is required and must be day for these metrics")
    is_total = asked.get("metric_type") == "total_value"
    known = TOTALS if is_total else SERIES
    for name in metrics:
        if name not in known:
            raise bad_parameter(
                f"The following metrics ({name}) should be specified with parameter"
                f" metric_type={'time_series' if is_total else 'total_value'}"
            )
    since, until = _span(asked, now)
    if "follower_count" in metrics and since < now - FOLLOWER_DAYS:
        raise bad_parameter(
            "(follower_count) metric only supports querying data for the last 30 days"
            " excluding the current day"
        )
    own = view.social_account_days[view.social_account_days["account_id"] == user_id]
    ends = _ends(own["day"])
    rows = own.assign(end=ends)[(ends > since) & (ends <= until)].sort_values("end")
    if rows.empty:
        return []
    return [_insight(name, known[name], rows, user_id, is_total=is_total) for name in metrics]


def _insight(name: str, column: str, rows: pd.DataFrame, owner: str, *, is_total: bool) -> Row:
    if is_total:
        return _named(name, owner, "day") | {"total_value": {"value": int(rows[column].sum())}}
    values = [
        {"value": int(value), "end_time": end.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%S+0000")}
        for value, end in zip(rows[column], rows["end"], strict=True)
    ]
    return _named(name, owner, "day") | {"values": values}


def _named(name: str, owner: str, period: str) -> Row:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name,
        "period": period,
        "title": title,
        "description": f"{title}.",
        "id": f"{owner}/insights/{name}/{period}",
    }


def _ends(days: pd.Series) -> pd.Series:
    """When each day ends, as Meta cuts days."""
    return (days + pd.Timedelta(days=1)).dt.tz_localize(ZONE)


def _span(asked: dict[str, str], now: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The time asked for; without one, the day before."""
    try:
        until = _moment(asked["until"]) if "until" in asked else now
        since = _moment(asked["since"]) if "since" in asked else until - pd.Timedelta(days=1)
    except ValueError as error:
        raise bad_parameter("since and until must be Unix timestamps") from error
    # An hour more, where the clocks change between the two.
    if until - since > MOST_DAYS + pd.Timedelta(hours=1):
        raise GraphError(
            "(#100) There cannot be more than 30 days (2592000 s) between since and until", 100
        )
    return since, until


def _moment(text: str) -> pd.Timestamp:
    return pd.Timestamp(int(text), unit="s", tz="UTC")
