"""An emulated Snowflake for the tests here: `make test-snowflake`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.snowflake.warehouse import SnowflakeWarehouse, run_emulator


@pytest.fixture(scope="session")
def emulator_port(tmp_path_factory) -> Iterator[int]:
    """A server of its own, stopped when the tests end."""
    with run_emulator(tmp_path_factory.mktemp("emulator")) as port:
        yield port


@pytest.fixture(scope="session")
def new_warehouse(emulator_port) -> Callable[[], SnowflakeWarehouse]:
    """Makes an empty database."""
    return lambda: SnowflakeWarehouse(emulator_port, f"TEST_{uuid.uuid4().hex[:12].upper()}")


@pytest.fixture(scope="module")
def warehouse(new_warehouse) -> SnowflakeWarehouse:
    """An empty database, the same one for all tests of a module."""
    return new_warehouse()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory) -> Path:
    """Where dbt leaves its target and logs."""
    return tmp_path_factory.mktemp("dbt")
