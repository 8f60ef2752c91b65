"""What every connector's test needs: an empty warehouse, a load at the sandbox's time, raw rows."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from ingestion.destinations import Warehouse
from ingestion.registry import source_specs
from ingestion.run import ingest
from ingestion.settings import Settings, SourceSettings
from ingestion.spec import SourceSpec
from ingestion.summary import LoadSummary
from tests.integration.shop import DuckDBWarehouse, build
from tests.running_sandbox import RunningSandbox

SALT = "5a" * 32
EVERY_SOURCE = ",".join(source_specs())
"""Switched on for each, so that dbt parses the project once for all."""
LONGEST_WAIT_SECONDS = 0.02
"""Longer waits are only counted: the sandbox's limits run on a virtual clock."""


def wait_briefly(seconds: float) -> None:
    """Waits as told, but not for long."""
    time.sleep(min(seconds, LONGEST_WAIT_SECONDS))


def duckdb_settings(folder: Path) -> Settings:
    """Settings of an empty DuckDB file in a folder of its own."""
    place = folder / uuid.uuid4().hex[:8]
    return Settings(_env_file=None, data_dir=place, duckdb_path=place / "w.duckdb")


def postgres_settings(folder: Path, uri: str) -> Settings:
    """Settings of an empty prefix on a PostgreSQL server (fixture `postgres_uri`)."""
    name = f"t{uuid.uuid4().hex[:8]}"
    return Settings(
        _env_file=None,
        data_dir=folder / name,
        warehouse="postgres",
        postgres_url=uri,
        warehouse_env=name,
    )


def load(
    sandbox: RunningSandbox,
    settings: Settings,
    spec: SourceSpec,
    section: SourceSettings,
    **options: Any,
) -> LoadSummary:
    """Ingests at the sandbox's time.

    Args:
        sandbox: Whose clock it is.
        settings: Name the warehouse.
        spec: The source.
        section: Its section of the settings.
        **options: Of `ingest`.
    """
    now = sandbox.sandbox.world.clock.now.to_pydatetime()
    return ingest(
        settings,
        spec,
        section=section,
        clock=lambda: now,
        sleep=wait_briefly,
        **options,
    )


def raw_rows(
    settings: Settings, spec: SourceSpec, *, own: tuple[str, ...] = ("_account_id",)
) -> dict[str, Counter[tuple[Any, ...]]]:
    """Every raw table as a bag of rows, without what only the load knows.

    Args:
        settings: Name the warehouse.
        spec: The source.
        own: Columns beside the declared ones, in front of them.
    """
    warehouse = Warehouse(settings)
    connection = warehouse.connect(read_only=True)
    schema = warehouse.schema(spec.schema)
    found = {}
    try:
        for table in spec.tables_for(settings):
            cursor = connection.cursor()
            columns = ", ".join(f'"{name}"' for name in (*own, *table.columns))
            cursor.execute(f"select {columns} from {schema}.{table.name}")
            found[table.name] = Counter(cursor.fetchall())
    finally:
        connection.close()
    return found


def stage(settings: Settings, source: str) -> None:
    """Builds and tests the staging models of one source, on DuckDB."""
    done = build(
        DuckDBWarehouse(settings.duckdb_path),
        settings.data_dir / "dbt",
        "-s",
        f"staging.{source}",
        "--indirect-selection",
        "cautious",
        SOURCES=EVERY_SOURCE,
        PRIVACY_SALT=SALT,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def query(settings: Settings, spec: SourceSpec, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the warehouse; `{raw}` in the text stands for the source's schema."""
    warehouse = Warehouse(settings)
    connection = warehouse.connect(read_only=True)
    try:
        cursor = connection.cursor()
        cursor.execute(sql.replace("{raw}", warehouse.schema(spec.schema)))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    finally:
        connection.close()
    return rows


def spoil(settings: Settings, spec: SourceSpec, sql: str) -> None:
    """Runs one statement on a DuckDB warehouse, behind the loader's back; `{raw}` as in `query`."""
    warehouse = Warehouse(settings)
    connection = warehouse.connect(read_only=False)
    connection.execute(sql.replace("{raw}", warehouse.schema(spec.schema)))
    connection.close()
