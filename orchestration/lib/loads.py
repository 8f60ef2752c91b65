"""A load of a source that leaves a record of itself, on the command line and in Dagster."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ingestion.errors import IngestionError
from ingestion.registry import find_source
from ingestion.settings import Settings
from ingestion.spec import SourceSpec
from ingestion.summary import LoadSummary
from orchestration.lib.run_records import load_record, record_runs


def load_source(settings: Settings, source: str | SourceSpec, **options: Any) -> LoadSummary:
    """Loads one source and records what came of it.

    Args:
        settings: Name the warehouse.
        source: The source's name, or its spec.
        **options: As `ingestion.run.ingest` takes them.

    Returns:
        What was done.

    Raises:
        IngestionError: One line that says what, where, and how to mend it.
    """
    # dlt takes a second to import, which whoever only defines assets does not need.
    from ingestion.run import ingest

    spec = find_source(source) if isinstance(source, str) else source
    started_at = dt.datetime.now(dt.UTC)
    try:
        summary = ingest(settings, spec, **options)
    except IngestionError as error:
        record_runs(settings, [load_record(spec, error, started_at=started_at)])
        raise
    record_runs(settings, [load_record(spec, summary, started_at=started_at)])
    return summary
