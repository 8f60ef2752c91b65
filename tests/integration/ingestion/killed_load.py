"""Runs one load of a feed, and is killed in it at a step."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import dlt

from ingestion.run import ingest
from ingestion.settings import load_settings
from ingestion.sources.files.spec import FilesSettings


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(owner: type, name: str, calls: int = 1) -> None:
    """Kills the process when a method has returned so many times."""
    method = getattr(owner, name)
    count = 0

    def wrapped(*args: object, **options: object) -> object:
        nonlocal count
        result = method(*args, **options)
        count += 1
        if count == calls:
            die()
        return result

    setattr(owner, name, wrapped)


def die_after_table(job: type, table: str) -> None:
    """Kills the process when a table's rows are written, before dlt notes that they are."""
    run = job.run

    def wrapped(self: Any) -> None:
        run(self)
        if self.job_file_info().table_name == table:
            die()

    job.run = wrapped


def plan(step: str) -> None:
    from dlt.destinations.impl.duckdb.duck import DuckDbCopyJob
    from dlt.destinations.impl.duckdb.sql_client import DuckDbSqlClient
    from dlt.destinations.impl.postgres.sql_client import Psycopg2SqlClient
    from dlt.destinations.insert_job_client import InsertValuesLoadJob
    from dlt.load.load import Load

    if step == "extracting":
        from ingestion.sources.files import client

        die_after(client.Transformer, "transform")
    elif step == "extracted":
        die_after(dlt.Pipeline, "extract")
    elif step == "normalized":
        die_after(dlt.Pipeline, "normalize")
    elif step.startswith("statement"):
        for engine in (DuckDbSqlClient, Psycopg2SqlClient):
            die_after(engine, "execute_sql", int(step.removeprefix("statement")))
    elif step == "state_written":
        for job in (DuckDbCopyJob, InsertValuesLoadJob):
            die_after_table(job, "_dlt_pipeline_state")
    elif step == "loaded":
        die_after(Load, "complete_package")
    elif step == "unsettled":
        die_after(dlt.Pipeline, "load")


if __name__ == "__main__":
    warehouse, place, data_dir, prefix, mapping, path, step = sys.argv[1:]
    plan(step)
    settings = load_settings(
        env_file=None,
        warehouse=warehouse,
        data_dir=Path(data_dir),
        warehouse_env=prefix,
        **({"postgres_url": place} if warehouse == "postgres" else {"duckdb_path": Path(place)}),
    )
    feed = {"mapping": mapping, "path": path}
    ingest(settings, "files", section=FilesSettings(_env_file=None, feeds=[feed]))
