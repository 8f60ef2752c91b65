"""All models on the bench world: every fit and score at first, then a day's scores alone."""

from __future__ import annotations

from pathlib import Path

from benchmarks.builds import NO_TESTS, with_rows
from benchmarks.measure import GIB, Row
from benchmarks.raw_rows import raw_rows

FEATURES = ("--select", "+fct_customer_features", *NO_TESTS)
REFIT_SECONDS, DAY_SECONDS, PEAK_GIB = 180, 20, 6


def measure(folder: Path) -> list[Row]:
    """`basketline score` on a warehouse that has no model yet, and a day later."""
    raw = raw_rows("bench")
    shop = with_rows(folder / "whole", raw.first)
    shop.dbt("build", *FEATURES)
    first = shop.basketline("score")
    shop.take(raw.next_day)
    shop.dbt("build", *FEATURES)
    day = shop.basketline("score")
    return [
        Row("all models of the bench world, fitted and scored", first.seconds, "s",
            target=REFIT_SECONDS),
        Row("their peak memory", first.peak_bytes / GIB, "GiB", target=PEAK_GIB),
        Row("scores of the next day", day.seconds, "s", target=DAY_SECONDS),
    ]  # fmt: skip
