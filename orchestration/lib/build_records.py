"""The record of a command that dbt has ended, from its own `run_results.json`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from ingestion.errors import IngestionError
from ingestion.settings import Settings
from orchestration.lib.run_records import (
    RunRecord,
    declared_columns,
    joined,
    record_runs,
    safe_message,
)
from orchestration.lib.warehouse import open_reader

FAILED = ("error", "fail", "runtime error", "partial success")
STORED = ("model", "seed", "snapshot")
EVERYTHING = "everything"

Artifact = Mapping[str, Any]


def record_build(
    settings: Settings, results: Artifact, failure: IngestionError | None, started_at: dt.datetime
) -> None:
    """Records a build.

    Args:
        settings: Name the warehouse.
        results: dbt's `run_results.json`; empty where it came to none.
        failure: Why it failed, if it did.
        started_at: When dbt was started, UTC.
    """
    if not declared_columns(settings):
        return
    built = [
        result
        for result in results.get("results", ())
        if result["status"] == "success" and result["unique_id"].partition(".")[0] in STORED
    ]
    record = RunRecord(
        run_id=results.get("metadata", {}).get("invocation_id") or str(uuid.uuid4()),
        run_kind="build",
        run_name=joined(results.get("args", {}).get("select") or ()) or EVERYTHING,
        run_status="failure" if failure else "success",
        started_at=started_at,
        ended_at=dt.datetime.now(dt.UTC),
        touched_names=joined(result["unique_id"].split(".")[2] for result in built),
        touched_count=len(built),
        failed_count=sum(result["status"] in FAILED for result in results.get("results", ())),
        error_message=safe_message(str(failure)) if failure else None,
        built_row_count=_rows(settings, [result["relation_name"] for result in built]),
    )
    record_runs(settings, [record])


def _rows(settings: Settings, relations: Iterable[str | None]) -> int | None:
    """Rows of those that are tables, in one query; None where the warehouse cannot be had."""
    wanted = {tuple(_parts(name)[-2:]) for name in relations if name}
    try:
        with open_reader(settings) as reader:
            found = reader.rows(
                "select table_schema, table_name from information_schema.tables"
                " where table_type = 'BASE TABLE'"
            )
            tables = sorted((s, t) for s, t in found if (s.lower(), t.lower()) in wanted)
            if not tables:
                return 0
            counts = " union all ".join(
                f"select count(*) as row_count from {schema}.{table}" for schema, table in tables
            )
            ((rows,),) = reader.rows(f"select sum(row_count) from ({counts}) as counted")
            return int(rows)
    except IngestionError:
        return None


def _parts(relation: str) -> list[str]:
    return relation.replace('"', "").lower().split(".")
