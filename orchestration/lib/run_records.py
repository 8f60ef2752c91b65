"""What loads, builds and schedules say of themselves when they end: `operations.pipeline_runs`.

`fct_pipeline_runs` joins it with dlt's own tables. A record is never a reason to fail: a warehouse
that somebody holds keeps the run, and not its record.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from ingestion.destinations import Warehouse
from ingestion.errors import IngestionError, redact
from ingestion.settings import Settings
from ingestion.spec import SourceSpec
from ingestion.summary import LoadSummary
from orchestration.lib.environment import project_dir
from orchestration.lib.warehouse import Reader, open_reader

logger = logging.getLogger("basketline.runs")

TABLE = "pipeline_runs"
DECLARED = "models/staging/operations/_operations__sources.yml"
NAMES_LENGTH, MESSAGE_LENGTH = 1000, 500
# A driver quotes the cell that does not fit, which may be a person's.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True)
class RunRecord:
    """A run that has ended, as a row.

    Attributes:
        run_id: dbt's invocation, Dagster's run, or one made for a load.
        run_kind: `load`, `build` or `schedule`.
        run_name: The source, what was asked of dbt, or Dagster's job.
        run_status: `success`, `failure` or `canceled`.
        touched_names: What it changed, as text.
        error_message: The first failure, safe to show.
        extracted_row_count: Rows that the source gave.
        loaded_row_count: Rows handed to the warehouse.
        built_row_count: Rows of the tables that were built.
        touched_count: How many things it changed.
        failed_count: How many failed.
        started_at: UTC.
        ended_at: UTC.
    """

    run_id: str
    run_kind: str
    run_name: str
    run_status: str
    started_at: dt.datetime
    ended_at: dt.datetime
    touched_names: str | None = None
    error_message: str | None = None
    extracted_row_count: int | None = None
    loaded_row_count: int | None = None
    built_row_count: int | None = None
    touched_count: int = 0
    failed_count: int = 0

    def values(self) -> dict[str, Any]:
        """Column to value; times without a zone, as the table has them."""
        return {
            name: value.astimezone(dt.UTC).replace(tzinfo=None)
            if isinstance(value, dt.datetime)
            else value
            for name, value in dataclasses.asdict(self).items()
        }


def load_record(
    spec: SourceSpec, outcome: LoadSummary | IngestionError, *, started_at: dt.datetime
) -> RunRecord:
    """A load that has ended now.

    Args:
        spec: The source.
        outcome: What it did, or why it failed.
        started_at: When it began; not the time that the source was told.
    """
    shared: dict[str, Any] = {
        "run_id": str(uuid.uuid4()),
        "run_kind": "load",
        "run_name": spec.name,
        "started_at": started_at,
        "ended_at": dt.datetime.now(dt.UTC),
    }
    if isinstance(outcome, IngestionError):
        message = safe_message(str(outcome))
        return RunRecord(**shared, run_status="failure", error_message=message, failed_count=1)
    touched = outcome.touched_tables
    return RunRecord(
        **shared,
        run_status="success",
        touched_names=joined(touched),
        touched_count=len(touched),
        extracted_row_count=outcome.extracted_rows,
        loaded_row_count=outcome.loaded_rows,
    )


def record_runs(settings: Settings, records: Iterable[RunRecord]) -> bool:
    """Writes runs, each once: what was written of them before is replaced.

    Args:
        settings: Name the warehouse.
        records: The runs.

    Returns:
        Whether they stand there now.
    """
    columns = declared_columns(settings)
    rows = [record.values() for record in records]
    if not columns or not rows:
        return False
    try:
        with open_reader(settings, exclusive=True) as reader:
            _write(reader, columns, rows)
    except IngestionError as error:
        logger.warning("The record of %s was not written: %s", rows[0]["run_name"], error)
        return False
    return True


def declared_columns(settings: Settings) -> dict[str, str]:
    """Column to type, as dbt's source declares them; none where the project has no such source."""
    file = project_dir(settings) / DECLARED
    if not file.exists():
        return {}
    (source,) = yaml.safe_load(file.read_text())["sources"]
    (table,) = [table for table in source["tables"] if table["name"] == TABLE]
    return {column["name"]: column["data_type"] for column in table["columns"]}


def table_name(settings: Settings) -> str:
    """Schema and name of the table."""
    return f"{Warehouse(settings).schema('operations')}.{TABLE}"


def joined(names: Iterable[str]) -> str | None:
    """Names with commas between, cut where nobody reads on; None where there are none."""
    text = ", ".join(names)
    return (text if len(text) <= NAMES_LENGTH else f"{text[: NAMES_LENGTH - 1]}…") or None


def safe_message(text: str) -> str:
    """One line without secrets, addresses, and values that a driver quotes."""
    return _QUOTED.sub("'…'", redact(text))[:MESSAGE_LENGTH]


def _write(reader: Reader, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    schema, typed = reader.warehouse.schema("operations"), ", ".join(map(" ".join, columns.items()))
    table = f"{schema}.{TABLE}"
    mark = "?" if reader.warehouse.engine == "duckdb" else "%s"
    marks = ", ".join([mark] * len(columns))
    with reader.transaction() as cursor:
        cursor.execute(f"create schema if not exists {schema}")
        cursor.execute(f"create table if not exists {table} ({typed})")
        cursor.executemany(
            f"delete from {table} where run_id = {mark}", [[row["run_id"]] for row in rows]
        )
        cursor.executemany(
            f"insert into {table} ({', '.join(columns)}) values ({marks})",
            [[row[column] for column in columns] for row in rows],
        )
