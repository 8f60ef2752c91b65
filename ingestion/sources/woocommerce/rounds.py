"""What is done every so many days, beside what every run does."""

from __future__ import annotations

import datetime as dt
from collections.abc import MutableMapping
from typing import Any


class Rounds:
    """Remembers when something was last done.

    The shop's own days count as well as the runs': a backlog may be read in one day.

    Args:
        state: What is kept from run to run.
        today: The day of the run.
    """

    def __init__(self, state: MutableMapping[str, Any], today: dt.date) -> None:
        self._done = state.setdefault("rounds", {})
        self._days = {"run": today}

    def see(self, newest: dt.date) -> None:
        """Takes note of a day of the shop."""
        self._days["shop"] = max(newest, self._days.get("shop", newest))

    def is_due(self, name: str, every_days: int) -> bool:
        """Whether it is time again; 0 is never."""
        last = self._done.get(name)
        if not every_days or last is None:
            return bool(every_days)
        return any(
            (day - dt.date.fromisoformat(last.get(kind, "1970-01-01"))).days >= every_days
            for kind, day in self._days.items()
        )

    def mark(self, name: str) -> None:
        """Remembers that it was done."""
        days = {kind: day.isoformat() for kind, day in self._days.items()}
        self._done[name] = self._done.get(name, {}) | days
