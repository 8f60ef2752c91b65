"""One step a source that is switched on; the same `ingest` as on the command line."""

import datetime as dt
import logging
from collections.abc import Iterator

import dagster as dg

from ingestion.errors import IngestionError
from ingestion.registry import find_source
from ingestion.settings import Settings
from ingestion.spec import LOADED_COLUMN, SourceSpec, Table
from ingestion.summary import LoadSummary, TableLoad
from orchestration.defs.checks.arrivals import rows_fit, rows_fit_spec
from orchestration.defs.policies import DAYS, LOAD_RETRIES, MAX_MARKED_DAYS, warehouse_pool
from orchestration.lib.load_processes import LoadProcesses, load_processes
from orchestration.lib.loads import load_source
from orchestration.lib.warehouse import open_reader

logger = logging.getLogger("basketline.ingest")

STEP = "load_"
# The resource that loads side by side.
LOADS = "loads"

LoadEvent = dg.MaterializeResult[None] | dg.AssetCheckResult


def ingestion_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """The raw tables of every source that is switched on."""
    return [load_assets(find_source(name), settings) for name in settings.sources]


def load_assets(spec: SourceSpec, settings: Settings) -> dg.AssetsDefinition:
    """The raw tables of one source, loaded together.

    A source with daily reports or events is partitioned by day: a backfill replaces exactly its
    range. Without a partition, as in the daily run, the load goes on where it stopped.

    Args:
        spec: The source.
        settings: Where it is loaded to.
    """
    tables = spec.tables_for(settings)
    is_partitioned = any(table.is_partitioned for table in tables)

    @dg.multi_asset(
        name=STEP + spec.name,
        specs=[_asset_spec(spec, table, settings) for table in tables],
        check_specs=[rows_fit_spec(spec, tables[0].name)],
        partitions_def=DAYS if is_partitioned else None,
        backfill_policy=dg.BackfillPolicy.single_run() if is_partitioned else None,
        retry_policy=LOAD_RETRIES,
        pool=warehouse_pool(settings),
        required_resource_keys={LOADS},
    )
    def load(context: dg.AssetExecutionContext) -> Iterator[LoadEvent]:
        first, last = _days_asked(context)
        try:
            if first:
                summary = load_source(settings, spec, date_from=first, date_to=last)
            else:
                summary = _summary_of_run(context, spec)
        except IngestionError as error:
            logger.error("%s", error)
            raise dg.Failure(str(error), allow_retries=error.is_transient) from error
        _log(summary)
        if is_partitioned and first is None:
            _mark_days(context, settings, spec, summary)
        loads = {load.table: load for load in summary.tables}
        for table in tables:
            yield _result(spec, table, loads.get(table.name, TableLoad(table.name)), summary)
        yield rows_fit(summary, tables[0].name)

    return load


def loads_resource(settings: Settings) -> dg.ResourceDefinition:
    """The loads of one run, side by side; whatever way the run ends, so do they.

    Args:
        settings: Where they load to, and how many at once.
    """

    @dg.resource(description="Loads sources side by side, each in a process of its own.")
    def loads(_: dg.InitResourceContext) -> Iterator[LoadProcesses]:
        with load_processes(settings) as processes:
            yield processes

    return loads


def _summary_of_run(context: dg.AssetExecutionContext, spec: SourceSpec) -> LoadSummary:
    """The load of one source; with the first of a run, all that it is to load are begun."""
    loads: LoadProcesses = context.resources.loads
    loads.begin(_sources_of_run(context))
    return loads.summary(spec.name)


def _sources_of_run(context: dg.AssetExecutionContext) -> list[str]:
    """The sources that this run loads, in its order."""
    steps = context.run.step_keys_to_execute or [node.name for node in context.job_def.nodes]
    return sorted(step.removeprefix(STEP) for step in steps if step.startswith(STEP))


def _asset_spec(spec: SourceSpec, table: Table, settings: Settings) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=[spec.name, table.name],
        group_name=spec.name,
        description=table.description,
        kinds={"dlt", settings.warehouse},
        metadata={
            "dagster/column_schema": dg.TableSchema(
                columns=[dg.TableColumn(name, kind) for name, kind in table.columns.items()]
            ),
            "primary_key": ", ".join(table.primary_key) or "none",
            "load_mode": table.load_mode,
        },
    )


def _days_asked(context: dg.AssetExecutionContext) -> tuple[dt.date | None, dt.date | None]:
    if not context.has_partition_key and not context.has_partition_key_range:
        return None, None
    asked = context.partition_key_range
    return dt.date.fromisoformat(asked.start), dt.date.fromisoformat(asked.end)


def _result(
    spec: SourceSpec, table: Table, load: TableLoad, summary: LoadSummary
) -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(
        asset_key=[spec.name, table.name],
        metadata={
            "extracted_rows": load.extracted_rows,
            "new_rows": load.new_rows,
            "overlap_rows": load.overlap_rows,
            "restated_rows": load.restated_rows,
            "loaded_rows": load.loaded_rows,
            "accounts": ", ".join(summary.accounts),
            "seconds_of_the_source": round(summary.seconds, 1),
        },
    )


def _mark_days(
    context: dg.AssetExecutionContext, settings: Settings, spec: SourceSpec, summary: LoadSummary
) -> None:
    """Marks the days that this load brought, so that the partitions show them."""
    touched = set(summary.touched_tables)
    tables = [t for t in spec.tables_for(settings) if t.is_partitioned and t.name in touched]
    for table in tables:
        days = _days_of_load(settings, spec, table, summary.started_at)
        for day in days if len(days) <= MAX_MARKED_DAYS else ():
            context.log_event(dg.AssetMaterialization([spec.name, table.name], partition=day))


def _days_of_load(
    settings: Settings, spec: SourceSpec, table: Table, loaded_at: dt.datetime
) -> list[str]:
    with open_reader(settings) as reader:
        schema = reader.warehouse.schema(spec.schema)
        found = reader.rows(
            f"select distinct cast({table.cursor} as varchar) from {schema}.{table.name}"
            f" where {LOADED_COLUMN} = timestamp with time zone '{loaded_at.isoformat()}'"
        )
    valid = set(DAYS.get_partition_keys())
    return sorted(day for (day,) in found if day in valid)


def _log(summary: LoadSummary) -> None:
    rejected = f", {summary.rejected_rows:,} rejected" if summary.rejected_rows else ""
    logger.info(
        "%s: %s new, %s overlap, %s restated, %s rows loaded%s in %.1f s",
        summary.source,
        f"{summary.new_rows:,}",
        f"{summary.overlap_rows:,}",
        f"{summary.restated_rows:,}",
        f"{summary.loaded_rows:,}",
        rejected,
        summary.seconds,
    )
    for note in summary.notes:
        logger.info("%s: %s", summary.source, note)
