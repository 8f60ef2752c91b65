"""Settings that point at an empty warehouse of each engine, and a way to look into it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingestion.destinations import Warehouse
from ingestion.run import ingest
from ingestion.settings import Settings, load_settings
from ingestion.summary import LoadSummary

OWN = {"_loaded_at", "_observed_at", "_row_id"}


@dataclass
class Place:
    """A warehouse with its settings."""

    settings: Settings

    def load(self, source: Any, section: Any, **request: Any) -> LoadSummary:
        return ingest(self.settings, source, section=section, **request)

    def rows(self, table: str, *, drop: set[str] = OWN) -> list[dict[str, Any]]:
        """Every row of `schema.table`, without the times of loading, in a fixed order."""
        connection = Warehouse(self.settings).connect()
        try:
            cursor = connection.cursor()
            schema, name = table.split(".")
            cursor.execute(f"select * from {Warehouse(self.settings).schema(schema)}.{name}")
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        finally:
            connection.close()
        kept = [{k: v for k, v in row.items() if k not in drop} for row in rows]
        return sorted(kept, key=repr)

    def everything(self, schema: str, tables: list[str]) -> dict[str, list[dict[str, Any]]]:
        return {table: self.rows(f"{schema}.{table}") for table in tables}


@pytest.fixture(params=["duckdb", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request, tmp_path: Path) -> Place:
    """An empty warehouse of each engine; in PostgreSQL, a prefix of its own."""
    return new_place(request, tmp_path, request.param)


@pytest.fixture
def duckdb_place(request, tmp_path: Path) -> Place:
    """An empty DuckDB file."""
    return new_place(request, tmp_path, "duckdb")


def new_place(request, folder: Path, engine: str) -> Place:
    values: dict[str, Any] = {"data_dir": folder / "data", "duckdb_path": folder / "w.duckdb"}
    if engine == "postgres":
        uri = request.getfixturevalue("postgres_uri")
        values |= {"postgres_url": uri, "warehouse_env": f"t{uuid.uuid4().hex[:8]}"}
    return Place(load_settings(env_file=None, warehouse=engine, **values))
