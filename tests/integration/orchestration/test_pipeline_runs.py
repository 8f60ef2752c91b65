"""What loads, builds and Dagster's runs leave behind, and the mart that tells it."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from ingestion.errors import IngestionError
from ingestion.run import ingest
from ingestion.settings import Settings
from orchestration.errors import BuildError, RunFailedError
from orchestration.lib.build import build
from orchestration.lib.dagster_home import open_instance
from orchestration.lib.dagster_records import record_dagster_runs
from orchestration.lib.daily import run_daily
from orchestration.lib.loads import load_source
from orchestration.lib.warehouse import open_reader

pytestmark = [pytest.mark.integration, pytest.mark.postgres]

PROJECT = Path(__file__).parents[3] / "dbt_project"
STAGING = "models/staging/operations"
MART = "models/marts/operations/fct_pipeline_runs.sql"
MACROS = (
    "ops/create_own_tables.sql",
    "ops/dlt_loads.sql",
    "cross_db/to_utc.sql",
    "cross_db/seconds_between.sql",
    "modeling/surrogate_key.sql",
)
RUNS = (
    "select run_kind, run_name, run_status, dlt_package_count, is_recorded"
    " from marts.fct_pipeline_runs order by started_at, ended_at"
)
ROWS = (
    "select run_kind, extracted_row_count, loaded_row_count, built_row_count, touched_count"
    " from operations.pipeline_runs order by ended_at"
)


@pytest.fixture
def recording(shop):
    """The tiny project with the real one's way of telling its runs."""
    project = shop.folder / "dbt_project"
    shutil.copytree(PROJECT / STAGING, project / STAGING)
    (project / "models/marts/operations").mkdir()
    shutil.copy(PROJECT / MART, project / MART)
    for macro in MACROS:
        shutil.copy(PROJECT / "macros" / macro, project / "macros")
    (project / "tests/generic").mkdir(parents=True)
    shutil.copy(PROJECT / "tests/generic/one_row_per.sql", project / "tests/generic")
    with (project / "dbt_project.yml").open("a") as file:
        file.write('on-run-start: ["{{ create_own_tables() }}"]\n')
    return shop


def settings_on(shop, engine, new_warehouse) -> Settings:
    if engine == "duckdb":
        return shop.settings()
    warehouse = new_warehouse(engine)
    return shop.settings(warehouse="postgres", postgres_url=warehouse.url)


def ask(settings, sql):
    with open_reader(settings) as reader:
        return reader.rows(sql)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_loads_and_builds_are_told(recording, new_warehouse, engine):
    settings = settings_on(recording, engine, new_warehouse)
    ingest(settings, "files")  # nobody records it, dlt's own table has it
    build(settings)
    assert ask(settings, RUNS) == [("load", "files", "success", 1, False)]

    recording.sell("9")
    load_source(settings, "files")
    build(settings)
    assert ask(settings, RUNS) == [
        ("load", "files", "success", 1, False),
        ("build", "everything", "success", None, True),
        ("load", "files", "success", 1, True),
    ]
    load_row, second = ask(settings, ROWS)[1:]
    assert load_row[:3] == ("load", 4, 4)
    assert second[0] == "build"
    # Four orders, one row of the report, and the runs.
    assert second[3] == 4 + 1 + 3

    recording.sell("1")  # an order twice: a test fails
    load_source(settings, "files")
    with pytest.raises(BuildError):
        build(settings)
    ((status, failed, message),) = ask(
        settings,
        "select run_status, failed_count, error_message from operations.pipeline_runs"
        " where run_status <> 'success'",
    )
    assert (status, failed) == ("failure", 1)
    assert "unique_" in message


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_a_warehouse_that_dlt_never_wrote_to(recording, new_warehouse, engine):
    """Raw tables of somebody else's make: no runs are told, and the mart is there, typed."""
    settings = settings_on(recording, engine, new_warehouse)
    ingest(settings, "files")
    with open_reader(settings, exclusive=True) as reader:
        for table in ("_dlt_loads", "_dlt_pipeline_state", "_dlt_version"):
            reader.connection.cursor().execute(f"drop table raw_files.{table}")
        reader.connection.commit()
    build(settings)
    assert ask(settings, RUNS) == []


def test_a_load_that_fails_says_why_and_nobodys_data(recording, monkeypatch):
    def refused(*_, **__):
        raise IngestionError(
            "cannot read 'Ann Example' of ann@example.com with token=abcdef0123456789",
            remedy="Mend the file",
        )

    monkeypatch.setattr("ingestion.run.ingest", refused)
    with pytest.raises(IngestionError):
        load_source(recording.settings(), "files")
    ((name, message),) = recording.rows(
        "select run_name, error_message from operations.pipeline_runs"
    )
    assert name == "files"
    assert "Mend the file" in message
    assert not [told for told in ("Ann", "example.com", "abcdef") if told in message]


def test_a_daily_run_is_told_with_what_is_in_it(recording):
    """Once each, however often Dagster's log is looked through."""
    settings = recording.settings()
    run_daily(settings)
    with open_instance(settings) as instance:
        record_dagster_runs(settings, instance)
    recording.sell("1")
    with pytest.raises(RunFailedError):
        run_daily(settings)
    found = recording.rows(
        "select run_kind, run_status, count(*), max(error_message) from operations.pipeline_runs"
        " group by all order by all"
    )
    assert [row[:3] for row in found] == [
        ("build", "failure", 1),
        ("build", "success", 1),
        ("load", "success", 2),
        ("schedule", "failure", 1),
        ("schedule", "success", 1),
    ]
    assert "build_models" in found[3][3]
    ((touched, loaded, built),) = recording.rows(
        "select touched_names, loaded_row_count, built_row_count from operations.pipeline_runs"
        " where run_kind = 'schedule' and run_status = 'success'"
    )
    assert "load_files" in touched
    assert loaded == 5
    assert built > 0


def test_dagster_without_a_run_tells_none(recording):
    with dg.DagsterInstance.ephemeral() as instance:
        record_dagster_runs(recording.settings(), instance)
    assert not (recording.folder / "warehouse.duckdb").exists()
