"""Every source loaded into DuckDB and into PostgreSQL: every mart says the same, cell by cell.

Both loads are of the same moment, and told so, so that not even a time of loading may differ.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.integration import parity
from tests.integration.shop import Warehouse, build
from tests.integration.whole_load import SWITCHES, load_every_source

pytestmark = [
    pytest.mark.integration,
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]
ENGINES = ("duckdb", "postgres")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("engines")


@pytest.fixture(scope="module")
def warehouses(folder, new_warehouse) -> dict[str, Warehouse]:
    """Loaded and built, all tests of the models included."""
    made = {engine: new_warehouse(engine) for engine in ENGINES}
    for engine, warehouse in made.items():
        load_every_source(folder, engine, warehouse)
        begun = time.monotonic()
        done = build(warehouse, folder / f"dbt_{engine}", **SWITCHES)
        assert done.returncode == 0, done.stdout[-5000:]
        sys.stdout.write(f"{engine}: built and tested in {time.monotonic() - begun:.0f} s\n")
    return made


def test_every_mart_is_the_same(warehouses, folder):
    verdicts = parity.assert_equal(folder / "dbt_duckdb" / "target", *warehouses.values())
    filled = Counter(verdict.rows > 0 for verdict in verdicts)
    assert filled[True] > 45, "what has no rows proves nothing"
