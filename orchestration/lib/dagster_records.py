"""The records of Dagster's runs, from its event log: whatever has ended and is not recorded yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import dagster as dg

from ingestion.errors import IngestionError
from ingestion.settings import Settings
from orchestration.lib.run_causes import failed_steps
from orchestration.lib.run_records import (
    RunRecord,
    declared_columns,
    joined,
    record_runs,
    safe_message,
    table_name,
)
from orchestration.lib.warehouse import open_reader

# A run whose record found the warehouse held by somebody is recorded with a later one.
LOOKED_AT = 50
STATUSES = {
    dg.DagsterRunStatus.SUCCESS: "success",
    dg.DagsterRunStatus.FAILURE: "failure",
    dg.DagsterRunStatus.CANCELED: "canceled",
}


def record_dagster_runs(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Records the newest runs that have ended and are not recorded yet.

    Args:
        settings: Name the warehouse.
        instance: Has the runs and their events.
    """
    if not declared_columns(settings):
        return
    ended = instance.get_run_records(dg.RunsFilter(statuses=list(STATUSES)), limit=LOOKED_AT)
    known = _recorded(settings)
    record_runs(
        settings,
        [_record(instance, run) for run in ended if run.dagster_run.run_id not in known],
    )


def _recorded(settings: Settings) -> set[str]:
    """Ids of Dagster's runs that the warehouse knows."""
    table = table_name(settings)
    try:
        with open_reader(settings) as reader:
            if tuple(table.split(".")) not in reader.relations():
                return set()
            found = reader.rows(f"select run_id from {table} where run_kind = 'schedule'")
            return {run_id for (run_id,) in found}
    except IngestionError:
        return set()


def _record(instance: dg.DagsterInstance, record: dg.RunRecord) -> RunRecord:
    run = record.dagster_run
    ended_at = _moment(record.end_time) or record.create_timestamp
    succeeded = _steps(instance, run, dg.DagsterEventType.STEP_SUCCESS)
    has_failed = run.status == dg.DagsterRunStatus.FAILURE
    causes = failed_steps(instance, run) if has_failed else ()
    rows = _rows(instance, run)
    return RunRecord(
        run_id=run.run_id,
        run_kind="schedule",
        run_name=run.job_name,
        run_status=STATUSES[run.status],
        started_at=_moment(record.start_time) or min(record.create_timestamp, ended_at),
        ended_at=ended_at,
        touched_names=joined(succeeded),
        touched_count=len(succeeded),
        failed_count=len(causes),
        error_message=safe_message(causes[0].text) if causes else None,
        extracted_row_count=rows["extracted_rows"],
        loaded_row_count=rows["loaded_rows"],
        built_row_count=rows["dagster/row_count"],
    )


def _steps(
    instance: dg.DagsterInstance, run: dg.DagsterRun, kind: dg.DagsterEventType
) -> list[str]:
    events = instance.all_logs(run.run_id, of_type=kind)
    return [event.step_key for event in events if event.step_key]


def _rows(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Mapping[str, int]:
    """Sums of what the assets of a run say of their rows."""
    sums = dict.fromkeys(("extracted_rows", "loaded_rows", "dagster/row_count"), 0)
    kind = dg.DagsterEventType.ASSET_MATERIALIZATION
    for event in instance.all_logs(run.run_id, of_type=kind):
        found: Mapping[str, Any] = (
            event.asset_materialization.metadata if event.asset_materialization else {}
        )
        for name in sums:
            sums[name] += int(found[name].value) if name in found else 0
    return sums


def _moment(seconds: float | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if seconds is not None else None
