"""What a run asks for: pure rules from what was seen before to the first moment or day asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """What a client is asked for. Both kinds of bounds say the same, one in days, one in moments.

    Attributes:
        since: First moment asked for, inclusive; None asks for everything.
        until: First moment not asked for; None is open.
        first_day: First day asked for; None asks for everything.
        last_day: Last day asked for, inclusive.
        seen: The newest cursor value of the runs before, as ISO text; rows up to it are overlap
            or restatement, rows after it are new.
        is_explicit: A range that the user gave: the cursor is left where it is.
        is_full: The user asks for everything again.
    """

    since: dt.datetime | None
    until: dt.datetime | None
    first_day: dt.date | None
    last_day: dt.date
    seen: str | None = None
    is_explicit: bool = False
    is_full: bool = False

    @property
    def is_first_load(self) -> bool:
        """Whether everything is asked for."""
        return self.since is None and self.until is None

    def days(self) -> tuple[dt.date, ...]:
        """Every day asked for; empty where everything is."""
        if self.first_day is None:
            return ()
        count = (self.last_day - self.first_day).days + 1
        return tuple(self.first_day + dt.timedelta(days=n) for n in range(count))


def restated_days(conversion_window: int) -> int:
    """How many days up to the newest day seen a report of ads is asked for again.

    A click of any hour of a day has its last conversion within the day that comes
    `conversion_window` days later, and a platform may report it a day late.

    Args:
        conversion_window: So many days after its click a conversion counts, at most.
    """
    return conversion_window + 2


def plan_window(
    *,
    seen: str | None,
    now: dt.datetime,
    overlap: dt.timedelta = dt.timedelta(0),
    restatement_days: int = 0,
    date_from: dt.date | None = None,
    date_to: dt.date | None = None,
    full: bool = False,
) -> Window:
    """Decides what to ask for.

    Args:
        seen: The newest cursor value seen, as ISO text of a moment or a day.
        now: The start of the run, UTC.
        overlap: How far behind a moment seen is asked again.
        restatement_days: How many days up to the newest day seen are asked again: with 28, the
            day seen and the 27 before it.
        date_from: First day of a range that the user gave.
        date_to: Its last day, inclusive.
        full: Asks for everything again.

    Returns:
        The window.
    """
    today = now.date()
    if date_from or date_to:
        last = date_to or today
        return Window(
            since=_midnight(date_from) if date_from else None,
            until=_midnight(last + dt.timedelta(days=1)),
            first_day=date_from,
            last_day=last,
            seen=seen,
            is_explicit=True,
        )
    if full or seen is None:
        return Window(None, None, None, today, None if full else seen, is_full=full)
    if restatement_days or len(seen) == len("2026-01-01"):
        day = dt.date.fromisoformat(seen[:10]) - dt.timedelta(days=max(restatement_days - 1, 0))
        return Window(_midnight(day), None, day, max(today, day), seen)
    since = dt.datetime.fromisoformat(seen) - overlap
    return Window(since, None, since.date(), max(today, since.date()), seen)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
