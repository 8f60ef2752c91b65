"""One day's increment: the incremental models beside their own full refresh, in one warehouse.

Beside them stand the wall time of that day's whole run of models, and the part of it that is dbt's
own: what the same run takes in a warehouse without rows.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.builds import CORE, with_rows, without_rows
from benchmarks.measure import Row
from benchmarks.raw_rows import raw_rows

TARGET_SHARE = 0.15
SHOWN_SECONDS = 0.5


def measure(folder: Path) -> list[Row]:
    """A full refresh, the next day, and every incremental model in both."""
    raw = raw_rows("bench")
    shop = with_rows(folder / "whole", raw.first)
    shop.dbt("seed")
    whole = shop.dbt("run", *CORE, "--full-refresh")
    shop.take(raw.next_day)
    day = shop.dbt("run", *CORE)
    together, refreshed = sum(day.increments.values()), sum(whole.increments.values())
    rows = [
        Row("incremental models, one day", together, "s", "their full refresh",
            refreshed, TARGET_SHARE * refreshed),
        Row("the whole run of that day", day.run.seconds, "s", "a whole full refresh",
            whole.run.seconds),
        Row("the whole run of that day", day.run.seconds, "s", "dbt's own share",
            _own_share(folder, raw.first)),
    ]  # fmt: skip
    rows += [
        Row(f"{name}, one day", day.increments[name], "s", "its full refresh", seconds)
        for name, seconds in whole.increments.items()
        if seconds >= SHOWN_SECONDS
    ]
    return rows


def _own_share(folder: Path, raw: Path) -> float:
    nothing = without_rows(folder / "nothing", raw)
    nothing.dbt("seed")
    nothing.dbt("run", *CORE, "--full-refresh")
    return nothing.dbt("run", *CORE).run.seconds
