"""Days of reports that vendors keep for a while: ranges to ask for, and what is too long ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ingestion.errors import RequestRefusedError

DateRange = tuple[dt.date, dt.date]


def months_before(day: dt.date, months: int) -> dt.date:
    """The first whole month that a vendor still has who keeps so many months."""
    count = day.year * 12 + day.month - months
    return dt.date(count // 12, count % 12 + 1, 1)


def day_ranges(first: dt.date, last: dt.date, most_days: int) -> Iterator[DateRange]:
    """The days from first to last in ranges of a bearable size.

    Args:
        first: First day.
        last: Last day, inclusive; before the first there is nothing.
        most_days: Of one range.
    """
    while first <= last:
        end = min(first + dt.timedelta(days=most_days - 1), last)
        yield first, end
        first = end + dt.timedelta(days=1)


def refuse_forgotten_days(first: dt.date, oldest: dt.date, *, vendor: str, where: str) -> None:
    """A day asked for replaces what is there: one that the vendor has forgotten would vanish.

    Args:
        first: First day asked for.
        oldest: First day that the vendor still knows.
        vendor: Who forgets.
        where: Source and account.

    Raises:
        RequestRefusedError: The first day is too long ago.
    """
    if first < oldest:
        raise RequestRefusedError(
            f"{vendor} forgets old days: nothing is known before {oldest}",
            where=where,
            remedy=f"Ask with --from {oldest} or later, or take a dormant account out of .env",
        )
