"""Thirty daily loads and builds of every source give the marts that one full refresh gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from ingestion.registry import source_specs
from ingestion.run import ingest
from ingestion.settings import Settings
from sandbox.env import SALT
from sandbox.world.presets import PRESETS
from tests.integration import shop
from tests.integration.conftest import ENGINES, new_warehouse, postgres_uri
from tests.integration.model_rows import Rows, differences, model_rows
from tests.running_sandbox import RunningSandbox, run_sandbox

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(0)]
DAYS = 30
FIRST_DAY = PRESETS["tests"].now - dt.timedelta(days=DAYS)
SPECS = source_specs()
FIXTURES = (new_warehouse, postgres_uri)
LAYERS = ("marts", "marts_pii", "reports")


@dataclass
class Daily:
    """A warehouse that every source is loaded into and built from, as the sandbox shows it.

    Attributes:
        running: The sandbox.
        settings: Name the warehouse to ingestion.
        warehouse: The same one, to dbt.
        scratch: Where dbt writes.
    """

    running: RunningSandbox
    settings: Settings
    warehouse: shop.Warehouse
    scratch: Path

    def load(self) -> None:
        """Loads every source."""
        now = self.running.sandbox.world.clock.now.to_pydatetime()
        for spec in SPECS.values():
            ingest(self.settings, spec, clock=lambda: now, sleep=lambda _: None)

    def build(self, command: str = "run", *arguments: str) -> None:
        """Builds every model: what comes of a day, not whether its tests hold, is asked here."""
        done = shop.build(
            self.warehouse,
            self.scratch,
            *arguments,
            command=command,
            SOURCES=",".join(SPECS),
            REPORTING_CURRENCY="EUR",
            PRIVACY_SALT=SALT,
        )
        assert done.returncode == 0, done.stdout[-5000:]

    def rows(self) -> Rows:
        """The rows of every mart and report."""
        return model_rows(self.warehouse, lambda schema, _: schema in LAYERS)


def settings_for(warehouse: shop.Warehouse, folder: Path) -> Settings:
    """What ingestion has to know of a warehouse."""
    if isinstance(warehouse, shop.DuckDBWarehouse):
        return Settings(_env_file=None, data_dir=folder, duckdb_path=warehouse.path)
    address = urlsplit(warehouse.uri)
    url = urlunsplit(address._replace(path=f"/{warehouse.database}"))
    return Settings(_env_file=None, data_dir=folder, warehouse="postgres", postgres_url=url)


@pytest.fixture(scope="module", params=ENGINES)
def daily(request, new_warehouse, tmp_path_factory) -> Iterator[Daily]:
    folder = tmp_path_factory.mktemp("builds")
    start = dt.datetime.combine(FIRST_DAY, dt.time(12)).isoformat()
    with run_sandbox(folder / "state", now=start) as running, running.entered():
        warehouse = new_warehouse(request.param)
        settings = settings_for(warehouse, folder / "data")
        yield Daily(running, settings, warehouse, folder / "dbt")


@pytest.mark.pitfall(11, 12)
def test_thirty_builds_equal_a_full_refresh(daily):
    daily.load()
    daily.build("seed")
    daily.build()
    for _ in range(DAYS):
        daily.running.advance(1)
        daily.load()
        daily.build()
    increments = daily.rows()
    daily.build("run", "--full-refresh")
    whole = daily.rows()
    assert any(whole.values())
    assert differences(increments, whole) == {}
