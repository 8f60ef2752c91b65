"""How each model's time grows with the rows: a quarter, a half and the whole of the bench world."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from statistics import linear_regression

from benchmarks.builds import CORE, with_rows
from benchmarks.measure import Row
from benchmarks.raw_rows import PARTS, raw_rows

SIZES: Mapping[str, float] = PARTS | {"bench": 1.0}
TARGET = 1.1
# What takes less is dbt's own time, and noise.
SHOWN_SECONDS = 0.5


def measure(folder: Path) -> list[Row]:
    """The exponent of time over rows, model by model, and of all together."""
    seconds = {size: _seconds(folder / size, size) for size in SIZES}
    whole = seconds["bench"]
    slow = sorted((name for name in whole if whole[name] >= SHOWN_SECONDS), key=whole.__getitem__)
    totals = {size: sum(models.values()) for size, models in seconds.items()}
    return [
        _row("growth of all models of the star", totals),
        *(
            _row(f"growth of {name}", {size: seconds[size][name] for size in SIZES})
            for name in reversed(slow)
        ),
    ]


def _seconds(folder: Path, size: str) -> Mapping[str, float]:
    shop = with_rows(folder, raw_rows(size).first)
    shop.dbt("seed")
    return shop.dbt("run", *CORE, "--full-refresh").models


def _row(what: str, taken: Mapping[str, float]) -> Row:
    rows = [math.log(SIZES[size]) for size in taken]
    slope = linear_regression(rows, [math.log(seconds) for seconds in taken.values()]).slope
    times = ", ".join(f"{seconds:.1f}" for seconds in taken.values())
    return Row(what, slope, "exponent", f"{times} s at 1/4, 1/2 and 1", target=TARGET)
