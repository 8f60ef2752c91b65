"""Loads one source: the function behind `basketline ingest` and behind Dagster's assets."""

from __future__ import annotations

import datetime as dt
import fcntl
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dlt
from dlt.common.exceptions import DltException
from dlt.pipeline.exceptions import PipelineStepFailed

from ingestion.builder import Extraction, LoadRequest, Tools
from ingestion.columns import DLT_TYPES
from ingestion.destinations import Warehouse
from ingestion.errors import AlreadyRunningError, IngestionError, LoadError, SettingsError, causes
from ingestion.registry import find_connect, find_settle, find_source
from ingestion.settings import Account, Settings, SourceSettings, load_section
from ingestion.spec import SourceSpec
from ingestion.summary import LoadSummary, Progress
from ingestion.turns import turn

REJECTED_TABLE = "_rejected"
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _ignore(_: Progress) -> None:
    return None


def ingest(
    settings: Settings,
    source: str | SourceSpec,
    *,
    section: SourceSettings | None = None,
    accounts: Sequence[str] | None = None,
    date_from: dt.date | None = None,
    date_to: dt.date | None = None,
    full: bool = False,
    options: Mapping[str, Any] | None = None,
    progress: Callable[[Progress], None] = _ignore,
    clock: Callable[[], dt.datetime] = _utc_now,
    sleep: Callable[[float], None] = time.sleep,
) -> LoadSummary:
    """Loads one source into `raw_<source>`.

    All or nothing: rows of a run that fails are not loaded. A run that was killed is finished by
    the next one, which loses and doubles nothing.

    Args:
        settings: What is not one source's own.
        source: The source's name, or its spec.
        section: The source's section of the settings; unset, read from the environment.
        accounts: Names of accounts; unset, all.
        date_from: First day of a range to load again; the cursors stay where they are.
        date_to: Last day of the range, inclusive; unset, today.
        full: Asks for everything again; what vendors no longer have stays.
        options: Switches that one source knows (`files`: `prune`).
        progress: Is told of every batch.
        clock: The time now, UTC.
        sleep: Waits so many seconds.

    Returns:
        What was done.

    Raises:
        IngestionError: One line that says what, where, and how to mend it.
    """
    spec = find_source(source) if isinstance(source, str) else source
    if date_from and date_to and date_from > date_to:
        raise SettingsError(
            f"The range starts after it ends: {date_from} to {date_to}", remedy="Swap the two days"
        )
    started, now = time.monotonic(), clock()
    section = section or load_section(spec.settings)
    chosen = spec.pick_accounts(section, tuple(accounts) if accounts else None)
    warehouse = Warehouse(settings)
    extraction = Extraction(
        spec,
        accounts=chosen,
        section=section,
        settings=settings,
        request=LoadRequest(now, date_from, date_to, full, options or {}),
        tools=Tools(find_connect(spec), clock, sleep, progress),
    )
    with _only_run(settings, warehouse, spec):
        resumed = _load(extraction, spec, chosen, warehouse, progress)
    tables = tuple(tally.as_load(name) for name, tally in extraction.tallies.items())
    return LoadSummary(
        source=spec.name,
        accounts=tuple(account.account_id for account in chosen),
        started_at=now,
        seconds=time.monotonic() - started,
        tables=tables,
        rejected_rows=sum(table.new_rows for table in tables if table.table == REJECTED_TABLE),
        variant_columns=_names(extraction, "variants"),
        new_columns=_names(extraction, "extras"),
        resumed_packages=resumed,
        notes=tuple(extraction.notes),
    )


def open_pipeline(settings: Settings, spec: SourceSpec) -> dlt.Pipeline:
    """The dlt pipeline of a source in the warehouse that the settings name."""
    _configure_dlt()
    warehouse = Warehouse(settings)
    return dlt.pipeline(
        pipeline_name=spec.name,
        pipelines_dir=str(_working_dir(settings, warehouse)),
        destination=warehouse.dlt_destination(),
        dataset_name=warehouse.schema(spec.schema),
    )


def _load(
    extraction: Extraction,
    spec: SourceSpec,
    accounts: tuple[Account, ...],
    warehouse: Warehouse,
    progress: Callable[[Progress], None],
) -> int:
    """Finishes what an earlier run left, then extracts and loads; returns how many it finished.

    The warehouse is held for the writing only, so that sources load side by side.
    """
    pipeline = open_pipeline(warehouse.settings, spec)
    try:
        with turn(warehouse):
            pipeline.sync_destination()
            resumed = _resume(pipeline)
        existing = _existing_tables(pipeline)
        _check_types(spec, warehouse, existing)
        source = extraction.dlt_source(existing)
        pipeline.extract(source, loader_file_format=warehouse.loader_file_format)
        progress(Progress(spec.name, "", "load"))
        pipeline.normalize()
        with turn(warehouse):
            pipeline.load()
            _settle(pipeline, spec, accounts, warehouse.settings)
    except DltException as error:
        raise _explain(error, pipeline, spec, warehouse) from error
    return resumed


def _existing_tables(pipeline: dlt.Pipeline) -> dict[str, dict[str, str]]:
    """The tables that were loaded before: columns and dlt's types."""
    if not pipeline.default_schema_name:
        return {}
    return {
        name: {column: facts.get("data_type", "") for column, facts in table["columns"].items()}
        for name, table in pipeline.default_schema.tables.items()
    }


def _check_types(
    spec: SourceSpec, warehouse: Warehouse, existing: Mapping[str, Mapping[str, str]]
) -> None:
    """A declared type that changed would be cast on arrival, and 1.5 become 2 without a word."""
    for table in spec.tables_for(warehouse.settings):
        for column, kind in table.columns.items():
            found = existing.get(table.name, {}).get(column)
            if found and found != DLT_TYPES[kind]["data_type"]:
                schema = warehouse.schema(spec.schema)
                raise LoadError(
                    f"{table.name}.{column} is {found} in the warehouse and {kind} by now",
                    where=f"{spec.name} to {warehouse.label}",
                    remedy=f"Drop the schema {schema} and load again from the start,"
                    " or give the column another name",
                )


def _settle(
    pipeline: dlt.Pipeline, spec: SourceSpec, accounts: tuple[Account, ...], settings: Settings
) -> None:
    settle = find_settle(spec)
    if settle is None:
        return
    with pipeline.sql_client() as client:
        for account in accounts:
            settle(account, settings, client.execute_sql, client.make_qualified_table_name)


def _resume(pipeline: dlt.Pipeline) -> int:
    """Loads the packages that a killed run left behind."""
    count = len(pipeline.list_extracted_load_packages())
    count += len(pipeline.list_normalized_load_packages())
    if count:
        pipeline.normalize()
        pipeline.load()
    return count


def _explain(
    error: DltException, pipeline: dlt.Pipeline, spec: SourceSpec, warehouse: Warehouse
) -> IngestionError:
    """The cause in one line. A package that can never load is given up, the others are kept."""
    cause = _first_own(error)
    if cause is not None:
        return cause
    known = warehouse.explain(error)
    if known is not None:
        return known
    step = error.step if isinstance(error, PipelineStepFailed) else "load"
    if step in ("normalize", "load"):
        pipeline.abort_packages()
    root = causes(error)[-1]
    # A driver quotes the cell that does not fit, which may be a person's.
    reason = _QUOTED.sub("'…'", str(root).strip().split("\n", maxsplit=1)[0])
    return LoadError(
        f"The step {step} failed: {type(root).__name__}: {reason}",
        where=f"{spec.name} to {warehouse.label}",
        remedy="Nothing of this run was kept; mend the cause and start again",
    )


def _first_own(error: BaseException) -> IngestionError | None:
    """Our own error inside those that dlt wraps around it."""
    return next((one for one in causes(error) if isinstance(one, IngestionError)), None)


@contextmanager
def _only_run(settings: Settings, warehouse: Warehouse, spec: SourceSpec) -> Iterator[None]:
    """Holds a lock file that the system lets go of when the process ends, however it ends."""
    folder = _working_dir(settings, warehouse)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{spec.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(
                f"{spec.name} is being loaded into {warehouse.label} by another process",
                remedy="Wait until it ends",
            ) from None
        yield


def _working_dir(settings: Settings, warehouse: Warehouse) -> Path:
    return settings.data_dir.resolve() / "dlt" / warehouse.identity


def _configure_dlt() -> None:
    """No call home, no chatter, and no copy of the rows left in staging schemas."""
    dlt.config["runtime.dlthub_telemetry"] = False
    dlt.config["runtime.log_level"] = "CRITICAL"
    logging.getLogger("dlt").setLevel(logging.CRITICAL)
    # Packing the files costs three times what writing and loading them does.
    dlt.config["data_writer.disable_compression"] = True
    dlt.config["load.truncate_staging_dataset"] = True


def _names(extraction: Extraction, kind: str) -> tuple[str, ...]:
    return tuple(
        f"{table}.{column}"
        for table, tally in extraction.tallies.items()
        for column in sorted(getattr(tally, kind))
    )
