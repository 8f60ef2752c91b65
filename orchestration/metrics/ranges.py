"""The days that `--from`, `--to` and `--last` mean, by what the warehouse knows."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from orchestration.errors import MetricError
from orchestration.metrics.periods import GRAINS, Days, Grain, months_before

_ONE_DAY = dt.timedelta(days=1)
_LAST = re.compile(r"(\d{1,6})([dwmy])")


@dataclass(frozen=True)
class KnownDays:
    """What days the warehouse knows.

    Attributes:
        first: The first with data.
        as_of: The one that reports look back from.
        newest: The last with data, complete or not.
    """

    first: dt.date
    as_of: dt.date
    newest: dt.date


def read_day(text: str, option: str) -> dt.date:
    """A day from the command line.

    Raises:
        MetricError: It is none.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise MetricError(
            f"{option} {text!r} is no day", remedy="Write year, month and day: 2026-01-31"
        ) from None


def read_grain(text: str) -> Grain:
    """A grain from the command line.

    Raises:
        MetricError: It is none.
    """
    for grain in GRAINS:
        if text == grain:
            return grain
    raise MetricError(f"There is no grain {text!r}", remedy=f"There are: {', '.join(GRAINS)}")


def range_of(
    known: KnownDays,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    latest: str | None = None,
) -> Days:
    """The days that are meant; an open end is `as_of`.

    Args:
        known: What the warehouse knows.
        first: `--from`.
        last: `--to`.
        latest: `--last`, as `90d`, `12w`, `6m` or `1y`: so many, the last of them `as_of`.

    Raises:
        MetricError: Nothing can lie in it.
    """
    if latest is not None:
        if first or last:
            raise MetricError("--last stands alone", remedy="Leave out --from and --to")
        return Days(_back(known, latest), known.as_of)
    start = first or known.first
    if start > known.newest:
        raise MetricError(
            f"{start} lies in the future: the newest day with data is {known.newest}",
            remedy="Begin earlier",
        )
    end = last or max(known.as_of, start)
    if start > end:
        raise MetricError(f"The range begins on {start}, after its end {end}", remedy="Swap them")
    return Days(start, end)


def _back(known: KnownDays, latest: str) -> dt.date:
    match = _LAST.fullmatch(latest)
    if match is None or not int(match[1]):
        raise MetricError(
            f"--last {latest!r} is no length", remedy="Write days, weeks, months or years: 90d"
        )
    count, unit = int(match[1]), match[2]
    try:
        if unit in "dw":
            return known.as_of + _ONE_DAY - dt.timedelta(days=count * (7 if unit == "w" else 1))
        return months_before(known.as_of, count * (12 if unit == "y" else 1)) + _ONE_DAY
    except (OverflowError, ValueError):
        return known.first
