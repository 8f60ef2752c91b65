"""When orders that are gone are looked for: Shopify tells nobody, and looking costs a pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import MutableMapping
from typing import Any

from ingestion.sources.shopify.settings import ShopifySettings
from ingestion.windows import Window

_STATE = "reconciled"


def is_due(
    section: ShopifySettings, window: Window, state: MutableMapping[str, Any], today: dt.date
) -> bool:
    """Whether this run looks for deleted orders: not the first load, nor one of a given range.

    Args:
        section: How often.
        window: What this run asks for.
        state: What the last look left behind.
        today: The day of the run. The shop's own days count too: a backlog may be read in a day.
    """
    if not section.reconcile_every_days or window.is_first_load or window.is_explicit:
        return False
    last = state.get(_STATE, {})
    days = _days_of(window, today)
    return any(
        name not in last
        or (day - dt.date.fromisoformat(last[name])).days >= section.reconcile_every_days
        for name, day in days.items()
    )


def mark_done(state: MutableMapping[str, Any], window: Window, today: dt.date) -> None:
    """Remembers the days of the last look."""
    state[_STATE] = {name: day.isoformat() for name, day in _days_of(window, today).items()}


def _days_of(window: Window, today: dt.date) -> dict[str, dt.date]:
    seen = dt.date.fromisoformat(window.seen[:10]) if window.seen else today
    return {"run": today, "shop": seen}
