"""The star from nothing on DuckDB, with its tests and alone, beside SQL by hand and dbt itself."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb

from benchmarks.builds import CORE, DATA_TESTS, with_rows, without_rows
from benchmarks.measure import GIB, Row
from benchmarks.raw_rows import raw_rows

FLOOR = Path(__file__).with_name("star_floor.sql")
TESTED_SECONDS, MODELS_SECONDS, PEAK_GIB = 120, 60, 8
THREADS = 2


def measure(folder: Path) -> list[Row]:
    """Two builds of the world, the floor, and the same two builds of a shop without rows."""
    raw = raw_rows("bench").first
    shop = with_rows(folder / "whole", raw)
    tested = shop.dbt("build", *CORE, *DATA_TESTS).run
    models = shop.dbt("run", *CORE, "--full-refresh").run
    nothing = without_rows(folder / "nothing", raw)
    own_of_tested = nothing.dbt("build", *CORE, *DATA_TESTS).run
    own_of_models = nothing.dbt("run", *CORE, "--full-refresh").run
    return [
        Row("star: models, seeds and data tests", tested.seconds, "s", "dbt's own share",
            own_of_tested.seconds, TESTED_SECONDS),
        Row("its peak memory", tested.peak_bytes / GIB, "GiB", target=PEAK_GIB),
        Row("star: its models alone", models.seconds, "s", "SQL by hand",
            by_hand(folder / "floor.duckdb", raw), MODELS_SECONDS),
        Row("star: its models alone", models.seconds, "s", "dbt's own share",
            own_of_models.seconds, MODELS_SECONDS),
    ]  # fmt: skip


def by_hand(file: Path, raw: Path) -> float:
    """Seconds of the same joins and sessions, with nothing around them."""
    with duckdb.connect(str(file), config={"threads": THREADS}) as connection:
        connection.execute(f"attach '{raw}' as raw (read_only)")
        start = time.perf_counter()
        for statement in duckdb.extract_statements(FLOOR.read_text()):
            connection.execute(statement)
        return time.perf_counter() - start
