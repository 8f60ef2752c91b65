"""An empty warehouse of each engine."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from ingestion.settings import load_settings
from tests.integration.ingestion.place import Place


@pytest.fixture(params=["duckdb", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request, tmp_path: Path) -> Place:
    """An empty warehouse of each engine; in PostgreSQL, a prefix of its own."""
    return new_place(request, tmp_path, request.param)


@pytest.fixture
def duckdb_place(request, tmp_path: Path) -> Place:
    """An empty DuckDB file."""
    return new_place(request, tmp_path, "duckdb")


def new_place(request, folder: Path, engine: str) -> Place:
    """An empty warehouse of an engine."""
    values: dict[str, Any] = {"data_dir": folder / "data", "duckdb_path": folder / "w.duckdb"}
    if engine == "postgres":
        uri = request.getfixturevalue("postgres_uri")
        values |= {"postgres_url": uri, "warehouse_env": f"t{uuid.uuid4().hex[:8]}"}
    return Place(load_settings(env_file=None, warehouse=engine, **values))
