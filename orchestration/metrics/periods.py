"""Ranges of days, and the weeks, months, quarters and years that they touch."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

Grain = Literal["day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = get_args(Grain)

_ONE_DAY = dt.timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_MOST_DAYS = 62


@dataclass(frozen=True)
class Days:
    """A range, both its days included.

    Attributes:
        first: The first.
        last: The last.
    """

    first: dt.date
    last: dt.date

    def __str__(self) -> str:
        if self.first == self.last:
            return f"on {self.first}"
        return f"between {self.first} and {self.last}"


@dataclass(frozen=True)
class Span:
    """Part of a range that is asked at once.

    Attributes:
        days: Its days.
        grain: The periods to tell apart; None where it is one.
        period: First day of that one; None where `grain` tells them apart, or nobody asked.
    """

    days: Days
    grain: Grain | None = None
    period: dt.date | None = None


def months_before(day: dt.date, count: int) -> dt.date:
    """The same day so many months earlier, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def period_of(day: dt.date, grain: Grain) -> dt.date:
    """The first day of the period that a day lies in; weeks begin on Mondays."""
    if grain == "day":
        return day
    if grain == "week":
        return day - dt.timedelta(days=day.weekday())
    months = _MONTHS[grain]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def next_period(period: dt.date, grain: Grain) -> dt.date:
    """The first day of the period after the one that begins on that day."""
    if grain in ("day", "week"):
        return period + (_ONE_DAY if grain == "day" else 7 * _ONE_DAY)
    return months_before(period, -_MONTHS[grain])


def periods(days: Days, grain: Grain) -> Iterator[dt.date]:
    """The first day of every period that a range touches."""
    period = period_of(days.first, grain)
    while period <= days.last:
        yield period
        period = next_period(period, grain)


def fine_grain(days: Days) -> Grain | None:
    """The periods that a line of a few dozen steps shows a range by; None for a single day."""
    length = (days.last - days.first).days + 1
    if length < 2:
        return None
    if length <= _MOST_DAYS:
        return "day"
    return "week" if length <= 7 * _MOST_DAYS else "month"


def spans(days: Days, grain: Grain | None) -> list[Span]:
    """A range in parts, so that no part is wider than what was asked for.

    MetricFlow widens a range to whole periods of its grain: a period that the range cuts is
    asked for by its days alone.

    Args:
        days: The range.
        grain: The periods to tell apart, if any.
    """
    if grain is None or grain == "day":
        return [Span(days, grain)]
    found: list[Span] = []
    for period in periods(days, grain):
        whole = Days(period, next_period(period, grain) - _ONE_DAY)
        kept = Days(max(whole.first, days.first), min(whole.last, days.last))
        if kept != whole:
            found.append(Span(kept, None, period))
        elif found and found[-1].grain:
            found[-1] = Span(Days(found[-1].days.first, whole.last), grain)
        else:
            found.append(Span(whole, grain))
    return found
