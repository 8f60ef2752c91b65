"""Makes rows of Instagram's insights, and days of the moments at which Meta ends them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
# Meta's days end at midnight in California, wherever the account is.
DAYS_ZONE = ZoneInfo("America/Los_Angeles")


def post_row(post: Mapping[str, Any]) -> Row:
    """A post; `timestamp` is a word of SQL."""
    row = dict(post)
    return {"published_at": row.pop("timestamp", None), **row}


def day_of(end_time: str) -> dt.date:
    """The day that ends at a moment.

    Args:
        end_time: As Meta writes it: `2018-01-11T08:00:00+0000` ends 10 January.
    """
    ended = dt.datetime.fromisoformat(end_time).astimezone(DAYS_ZONE)
    return (ended - dt.timedelta(hours=1)).date()


def start_of(day: dt.date) -> int:
    """The moment at which a day begins, in seconds of Unix time."""
    return int(dt.datetime.combine(day, dt.time(), tzinfo=DAYS_ZONE).timestamp())


def totals(insights: Sequence[Mapping[str, Any]]) -> Row:
    """One number a metric, of a whole life or of the time asked for."""
    found: Row = {}
    for one in insights:
        values = one.get("values") or []
        total = (one.get("total_value") or {}).get("value")
        found[str(one["name"])] = values[-1].get("value") if total is None and values else total
    return found


def by_day(insights: Sequence[Mapping[str, Any]]) -> Iterator[tuple[dt.date, str, Any]]:
    """Day, metric and value of a series."""
    for one in insights:
        for value in one.get("values") or ():
            yield day_of(value["end_time"]), str(one["name"]), value.get("value")
