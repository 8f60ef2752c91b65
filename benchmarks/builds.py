"""A warehouse of its own in a folder, with the bench world's raw rows, built by dbt."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.measure import Run, run
from benchmarks.raw_rows import SOURCES
from sandbox.env import SALT

CORE = ("--select", "+marts.core")
# As `basketline build` does: unit tests prove code, not data. Tests that also ask a table outside
# of the star, which is not there, are left out.
DATA_TESTS = ("--exclude-resource-type", "unit_test", "--indirect-selection", "buildable")
NO_TESTS = ("--exclude-resource-type", "unit_test", "test")
FEW_ROWS = 100


@dataclass(frozen=True)
class Build:
    """A dbt command that built.

    Attributes:
        run: Wall time and memory.
        models: Seconds of each model.
        incremental: Those of them that are built by increments.
    """

    run: Run
    models: Mapping[str, float]
    incremental: frozenset[str]

    @property
    def increments(self) -> Mapping[str, float]:
        """Seconds of each incremental model."""
        return {name: taken for name, taken in self.models.items() if name in self.incremental}


class Warehouse:
    """A warehouse that dbt builds in.

    Args:
        folder: Where everything generated goes.
        place: The settings that name it; without any it is a DuckDB file in the folder.
    """

    def __init__(self, folder: Path, place: Mapping[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.file = folder / "warehouse.duckdb"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = (
            kept
            | {"SOURCES": ",".join(SOURCES), "PRIVACY_SALT": SALT, "DATA_DIR": str(folder / "data")}
            | (place or {"DUCKDB_PATH": str(self.file)})
        )
        # Reading the project is done once a change of it, not once a build.
        self.basketline("dbt", "--quiet", "parse")

    def basketline(self, *arguments: str) -> Run:
        """A command on this warehouse."""
        command = str(Path(sys.executable).with_name("basketline"))
        return run([command, *arguments], cwd=self.folder, env=self.environment)

    def dbt(self, *arguments: str) -> Build:
        """A dbt command, with what its artifacts say of the models."""
        done = self.basketline("dbt", "--quiet", *arguments)
        (target,) = (self.folder / "data" / "dbt").iterdir()
        nodes = json.loads((target / "manifest.json").read_text())["nodes"]
        results = json.loads((target / "run_results.json").read_text())["results"]
        seconds = {
            nodes[result["unique_id"]]["name"]: float(result["execution_time"])
            for result in results
            if result["unique_id"].startswith("model.")
        }
        incremental = {
            node["name"]
            for node in nodes.values()
            if node["config"]["materialized"] == "incremental"
        }
        return Build(done, seconds, frozenset(incremental & seconds.keys()))

    def take(self, raw: Path) -> None:
        """Puts later raw rows in the place of those that are there."""
        with duckdb.connect(str(self.file)) as connection:
            connection.execute(f"attach '{raw}' as later (read_only)")
            for schema, table in tables_of(connection, "later"):
                connection.execute(
                    f'create or replace table {schema}."{table}" as from later.{schema}."{table}"'
                )


def with_rows(folder: Path, raw: Path) -> Warehouse:
    """A DuckDB warehouse that starts with a copy of raw rows."""
    shop = Warehouse(folder)
    shutil.copy(raw, shop.file)
    return shop


def without_rows(folder: Path, raw: Path) -> Warehouse:
    """One whose raw tables are empty; the shops and what else is few stays."""
    shop = Warehouse(folder)
    with duckdb.connect(str(shop.file)) as connection:
        connection.execute(f"attach '{raw}' as whole (read_only)")
        for schema, table in tables_of(connection, "whole"):
            name = f'{schema}."{table}"'
            connection.execute(f"create schema if not exists {schema}")
            (count,) = connection.execute(f"select count(*) from whole.{name}").fetchone() or (0,)
            limit = 0 if count > FEW_ROWS else FEW_ROWS
            connection.execute(f"create table {name} as from whole.{name} limit {limit}")
    return shop


def tables_of(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str]]:
    """Schema and name of every table of an attached database."""
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ?", [database]
    ).fetchall()
