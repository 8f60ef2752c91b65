"""A simulated shop with every source: dlt loads it into Snowflake, dbt builds it twice.

DuckDB gets the same raw rows, and its marts are the same. What the rows should be is tested on the
other engines, against the shop's own books.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ingestion.registry import source_specs
from ingestion.run import ingest
from ingestion.settings import load_settings
from ingestion.summary import LoadSummary
from tests.integration import parity, shop
from tests.running_sandbox import run_sandbox
from tests.snowflake.compiled_sql import LOGGED, complaints_of, complaints_of_sent
from tests.snowflake.raw_copy import copy_raw
from tests.snowflake.warehouse import SnowflakeWarehouse

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

SOURCES = tuple(source_specs())
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
SWITCHES = {
    "SOURCES": ",".join(SOURCES),
    "PRIVACY_SALT": "5a" * 32,
    "REPORTING_CURRENCY": "EUR",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("sandbox_on_snowflake")


@dataclass(frozen=True)
class Loaded:
    """A warehouse, and what its first and its second load brought, by source."""

    warehouse: SnowflakeWarehouse
    first: dict[str, LoadSummary]
    again: dict[str, LoadSummary]


@pytest.fixture(scope="module")
def loaded(warehouse, folder) -> Loaded:
    """Every source in Snowflake, loaded twice."""
    with run_sandbox(folder / "sandbox") as running, running.entered():
        settings = load_settings(
            env_file=None,
            warehouse="snowflake",
            snowflake=warehouse.place(),
            data_dir=folder / "data",
        )
        first = {source: ingest(settings, source) for source in SOURCES}
        again = {source: ingest(settings, source) for source in SOURCES}
    return Loaded(warehouse, first, again)


@pytest.fixture(scope="module")
def built(loaded, scratch):
    """The Snowflake warehouse after a full build and a second one; every test runs after that."""
    for tests in (WITHOUT_TESTS, ()):
        done = shop.build(loaded.warehouse, scratch, *tests, **SWITCHES, **LOGGED)
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    return loaded.warehouse


@pytest.fixture(scope="module")
def duckdb_built(built, folder):
    """DuckDB with the same raw rows, built."""
    warehouse = shop.DuckDBWarehouse(folder / "warehouse.duckdb")
    copy_raw(built, warehouse.path)
    done = shop.build(warehouse, folder / "dbt", *WITHOUT_TESTS, **SWITCHES)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    return warehouse


def test_every_source_is_loaded_and_nothing_is_new_the_second_time(loaded):
    assert not [source for source in SOURCES if not loaded.first[source].loaded_rows]
    assert not [source for source in SOURCES if loaded.again[source].new_rows]


def test_marts_are_the_same_as_on_duckdb(built, scratch, duckdb_built):
    parity.assert_equal(scratch / "target", built, duckdb_built)


@pytest.mark.usefixtures("built")
def test_what_a_second_build_runs_is_taken_by_an_account_too(scratch):
    assert complaints_of(scratch / "target") == {}
    assert complaints_of_sent(scratch / "logs/dbt.log") == {}
