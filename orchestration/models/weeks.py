"""Which model speaks on a day: fitted once a week, on what was known by the Monday before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

WEEK = dt.timedelta(days=7)


def monday_before(day: dt.date) -> dt.date:
    """The Monday of a day's week; of a Monday, itself."""
    return day - dt.timedelta(days=day.weekday())


def fit_days(day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last of the days whose snapshots the model of a day's week is fitted on."""
    monday = monday_before(day)
    return monday - WEEK + dt.timedelta(days=1), monday


def fit_day(day: dt.date, snapshots: Collection[dt.date], fitted: Collection[dt.date]) -> dt.date:
    """The snapshot whose model speaks on a day.

    A model of the week's data stays until the week is over: days up to as_of move on, and another
    snapshot would be nearer to the Monday tomorrow.

    Args:
        day: The day.
        snapshots: Days that customers are described as of.
        fitted: Days whose snapshots a model was fitted on already.

    Returns:
        One of `fitted` that lies within the week up to Monday; else the newest snapshot up to
        Monday; at the very beginning, where there is none, the first.
    """
    first, monday = fit_days(day)
    of_the_week = [each for each in fitted if first <= each <= monday]
    if of_the_week:
        return max(of_the_week)
    known = [each for each in snapshots if each <= monday]
    return max(known) if known else min(snapshots)
