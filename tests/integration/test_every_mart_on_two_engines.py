"""Every source loaded into DuckDB and into PostgreSQL: every mart says the same, cell by cell.

Both loads are of the same moment, and told so, so that not even a time of loading may differ.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from ingestion.registry import source_specs
from ingestion.run import ingest
from ingestion.settings import load_settings
from sandbox.env import SALT
from tests.integration import parity
from tests.integration.shop import Warehouse, build
from tests.running_sandbox import run_sandbox

pytestmark = [
    pytest.mark.integration,
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]
ENGINES = ("duckdb", "postgres")
SWITCHES = {"SOURCES": ",".join(source_specs()), "PRIVACY_SALT": SALT}


def load(folder: Path, engine: str, warehouse: Warehouse) -> None:
    """Loads every source from a sandbox that is opened for it: vendors count requests."""
    place = (
        {"duckdb_path": warehouse.path}
        if engine == "duckdb"
        else {"warehouse": "postgres", "postgres_url": warehouse.url}
    )
    with run_sandbox(folder / "sandbox") as running, running.entered():
        now = running.sandbox.world.clock.now.to_pydatetime()
        settings = load_settings(env_file=None, data_dir=folder / engine, **place)
        for source in source_specs():
            ingest(settings, source, clock=lambda: now, sleep=lambda _: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("engines")


@pytest.fixture(scope="module")
def warehouses(folder, new_warehouse) -> dict[str, Warehouse]:
    """Loaded and built, all tests of the models included."""
    made = {engine: new_warehouse(engine) for engine in ENGINES}
    for engine, warehouse in made.items():
        load(folder, engine, warehouse)
        begun = time.monotonic()
        done = build(warehouse, folder / f"dbt_{engine}", **SWITCHES)
        assert done.returncode == 0, done.stdout[-5000:]
        sys.stdout.write(f"{engine}: built and tested in {time.monotonic() - begun:.0f} s\n")
    return made


def test_every_mart_is_the_same(warehouses, folder):
    verdicts = parity.assert_equal(folder / "dbt_duckdb" / "target", *warehouses.values())
    filled = Counter(verdict.rows > 0 for verdict in verdicts)
    assert filled[True] > 45, "what has no rows proves nothing"
