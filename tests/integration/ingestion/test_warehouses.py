"""A warehouse that cannot be reached says so on one line, with the remedy and without a secret."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ingestion.destinations import Warehouse
from ingestion.errors import SettingsError, WarehouseBusyError, WarehouseUnreachableError
from ingestion.settings import load_settings
from tests.integration.ingestion.place import Place
from tests.integration.ingestion.vendor import Section, Vendor

pytestmark = pytest.mark.integration
HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
ACME = Vendor({"eu": {}, "us": {}})


@pytest.fixture
def held(duckdb_place):
    """A DuckDB file that another process has open."""
    path = str(duckdb_place.settings.duckdb_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield duckdb_place
        process.kill()


@pytest.mark.pitfall(27)
def test_a_file_held_by_another_process(held):
    with pytest.raises(WarehouseBusyError) as caught:
        held.load(ACME.spec, Section(_env_file=None))
    assert str(held.settings.duckdb_path) in str(caught.value)
    assert "held by another process" in str(caught.value)
    assert caught.value.is_transient
    with pytest.raises(WarehouseBusyError):
        Warehouse(held.settings).connect()


def unreachable(tmp_path, url):
    return load_settings(
        env_file=None, warehouse="postgres", postgres_url=url, data_dir=tmp_path / "data"
    )


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://anna:hunter2@localhost:1/shop",
        "postgresql://anna:hunter2@nowhere.invalid:5432/shop",
        "postgresql://anna:hunter2@localhost:5432/shop?host=/nowhere",
    ],
)
def test_a_server_that_does_not_answer(tmp_path, url):
    settings = unreachable(tmp_path, url)
    with pytest.raises(WarehouseUnreachableError, match="POSTGRES_URL") as caught:
        Warehouse(settings).connect()
    assert "hunter2" not in str(caught.value)
    with pytest.raises(WarehouseUnreachableError) as caught:
        Place(settings).load(ACME.spec, Section(_env_file=None))
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.postgres
def test_a_database_that_is_not_there(tmp_path, postgres_uri):
    url = postgres_uri.replace("/postgres?", "/elsewhere?")
    with pytest.raises(SettingsError, match="POSTGRES_URL"):
        Warehouse(unreachable(tmp_path, url)).connect()


def test_an_address_of_something_else(tmp_path):
    with pytest.raises(SettingsError, match="postgresql://"):
        Warehouse(unreachable(tmp_path, "mysql://x")).connect()


def test_nothing_to_read_yet(duckdb_place):
    with pytest.raises(SettingsError, match="no warehouse"):
        Warehouse(duckdb_place.settings).connect()


@pytest.mark.postgres
def test_two_environments_share_one_database(tmp_path, postgres_uri):
    order = {"id": "1", "total": "1", "updated_at": "2026-01-01T00:00:00Z"}
    for name in ("dev_anna", "dev_ben"):
        settings = load_settings(
            env_file=None,
            warehouse="postgres",
            postgres_url=postgres_uri,
            warehouse_env=name,
            data_dir=tmp_path / "data",
        )
        assert Warehouse(settings).schema("raw_acme") == f"{name}_raw_acme"
        one = Vendor({"eu": {"orders": [order | {"id": name}]}, "us": {}})
        place = Place(settings)
        place.load(one.spec, Section(_env_file=None))
        assert [row["id"] for row in place.rows("raw_acme.orders")] == [name]
