"""Where a warehouse is: names, addresses and what dbt is told."""

from pathlib import Path

import pytest

from ingestion.destinations import Warehouse
from ingestion.settings import load_settings


def warehouse(**values):
    return Warehouse(load_settings(env_file=None, **values))


@pytest.mark.parametrize(
    ("url", "host", "database", "password"),
    [
        ("postgresql://anna:p%40ss%2F@db.example.com:5433/shop", "db.example.com", "shop", "p@ss/"),
        ("postgresql://postgres@/shop?host=/run/pg", "/run/pg", "shop", ""),
        ("postgres://localhost", "localhost", "postgres", ""),
    ],
)
def test_an_address_is_taken_apart_for_dbt(url, host, database, password):
    told = warehouse(warehouse="postgres", postgres_url=url).dbt_environment()
    assert told["POSTGRES_HOST"] == host
    assert told["POSTGRES_DATABASE"] == database
    assert told["POSTGRES_PASSWORD"] == password


def test_no_label_has_a_password():
    url = "postgresql://anna:hunter2@db.example.com/shop"
    place = warehouse(warehouse="postgres", postgres_url=url)
    assert place.label == "db.example.com:5432/shop"
    assert "hunter2" not in repr(place) + place.label + place.identity


def test_every_warehouse_and_environment_has_folders_of_its_own():
    identities = {
        warehouse(duckdb_path=Path("a.duckdb")).identity,
        warehouse(duckdb_path=Path("b.duckdb")).identity,
        warehouse(duckdb_path=Path("a.duckdb"), warehouse_env="dev").identity,
        warehouse(warehouse="postgres").identity,
    }
    assert len(identities) == 4


def test_the_prefix_is_before_every_schema():
    assert warehouse().schema("marts") == "marts"
    assert warehouse(warehouse_env="dev_anna").schema("marts") == "dev_anna_marts"
    assert warehouse(warehouse_env="dev_anna").dbt_environment()["SCHEMA_PREFIX"] == "dev_anna_"


def test_snowflake_is_told_as_dlt_reads_it():
    given = {"account": "acc", "user": "u", "password": "p/w", "database": "D", "warehouse": "W"}
    place = warehouse(warehouse="snowflake", snowflake=given)
    assert place.loader_file_format == "parquet"
    credentials = place.dlt_destination().config_params["credentials"]
    assert "acc/D?warehouse=W" in str(credentials)
    assert place.dbt_environment()["SNOWFLAKE_ACCOUNT"] == "acc"
