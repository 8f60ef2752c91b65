"""The event export of the sandbox into real engines."""

import datetime as dt
import random
import shutil
from collections import Counter

import pandas as pd
import pyarrow.parquet as pq
import pytest

from ingestion.destinations import Warehouse
from ingestion.errors import FileInputError
from ingestion.run import ingest
from ingestion.settings import Settings
from ingestion.sources.ga4_events.settings import Ga4EventsSettings
from ingestion.sources.ga4_events.spec import SPEC, tables
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration

STREAMS = ("basketline-eu", "basketline-us")


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """The sandbox's folder; the process is not needed for files."""
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running.folder


@pytest.fixture
def new_settings(tmp_path, request):
    """Settings of an empty warehouse on an engine."""

    def make(engine="duckdb"):
        number = len(list(tmp_path.iterdir()))
        common = {"_env_file": None, "data_dir": tmp_path / f"data{number}"}
        if engine == "duckdb":
            return Settings(**common, duckdb_path=tmp_path / f"{number}.duckdb")
        uri = request.getfixturevalue("postgres_uri")
        prefix = f"ga{number}{random.randrange(10**6)}"
        return Settings(**common, warehouse="postgres", postgres_url=uri, warehouse_env=prefix)

    return make


def section_of(folder, *names):
    streams = [
        {"name": name, "path": str(folder / "ga4_events" / name)} for name in names or STREAMS
    ]
    return Ga4EventsSettings(_env_file=None, streams=streams)


def raw_rows(settings):
    """Every raw table as a bag of rows, without what only the load knows."""
    warehouse = Warehouse(settings)
    connection = warehouse.connect(read_only=True)
    schema = warehouse.schema(SPEC.schema)
    found = {}
    for table in tables():
        cursor = connection.cursor()
        cursor.execute(f"select _account_id, {', '.join(table.columns)} from {schema}.{table.name}")
        found[table.name] = Counter(cursor.fetchall())
    connection.close()
    return found


@pytest.fixture(scope="module")
def clean(export, tmp_path_factory):
    """Both streams, loaded into DuckDB."""
    folder = tmp_path_factory.mktemp("clean")
    settings = Settings(_env_file=None, data_dir=folder, duckdb_path=folder / "w.duckdb")
    summary = ingest(settings, SPEC, section=section_of(export))
    return settings, raw_rows(settings), summary


def test_events_by_day_and_name_equal_the_truth(export, clean):
    settings, rows, summary = clean
    assert not summary.variant_columns
    assert not summary.new_columns
    assert max(rows["events"].values()) == 1
    truth = pd.read_parquet(export / "truth/web_events_daily.parquet")
    expected = {
        (row.shop, row.date.date(), row.event_name): (row.events, row.without_consent)
        for row in truth[truth["shop"].isin(STREAMS)].itertuples()
    }
    connection = Warehouse(settings).connect(read_only=True)
    cursor = connection.cursor()
    cursor.execute("""
        select
            _account_id, event_date, event_name, count(*), count(*) - count(user_pseudo_id),
            count(distinct event_id)
        from raw_ga4_events.events
        group by _account_id, event_date, event_name
    """)
    found = cursor.fetchall()
    connection.close()
    assert {row[:3]: row[3:5] for row in found} == expected
    assert all(row[3] == row[5] for row in found)


@pytest.mark.postgres
def test_postgres_gets_what_duckdb_gets(export, clean, new_settings):
    settings = new_settings("postgres")
    ingest(settings, SPEC, section=section_of(export))
    assert raw_rows(settings) == clean[1]


def test_a_second_run_with_nothing_new_loads_nothing(export, new_settings):
    settings, section = new_settings(), section_of(export)
    ingest(settings, SPEC, section=section)
    again = ingest(settings, SPEC, section=section)
    assert again.new_rows == again.loaded_rows == 0
    assert again.restated_rows > 0


@pytest.mark.pitfall(21)
def test_late_events_and_completed_days_are_taken_over(tmp_path):
    with run_sandbox(tmp_path / "sandbox", seed=3) as running:
        kept = Settings(
            _env_file=None, data_dir=tmp_path / "kept", duckdb_path=tmp_path / "kept.duckdb"
        )
        section = section_of(running.folder)
        ingest(kept, SPEC, section=section)
        before = raw_rows(kept)["events"]
        for _ in range(3):
            running.advance(1)
            ingest(kept, SPEC, section=section)
        fresh = Settings(
            _env_file=None, data_dir=tmp_path / "fresh", duckdb_path=tmp_path / "fresh.duckdb"
        )
        ingest(fresh, SPEC, section=section)
        assert raw_rows(kept) == raw_rows(fresh)
        last_day = max(row[2] for row in before)
        late = [row for row in raw_rows(kept)["events"] - before if row[2] < last_day]
        assert late


@pytest.fixture
def own_export(export, tmp_path):
    """A month of one stream, that a test may spoil."""
    folder = tmp_path / "export/ga4_events/basketline-eu"
    folder.mkdir(parents=True)
    files = sorted((export / "ga4_events/basketline-eu").glob("events_2*.parquet"))[-30:]
    for file in files:
        shutil.copy(file, folder)
    return folder


@pytest.mark.pitfall(15)
def test_a_range_replaces_its_days_and_no_other(own_export, new_settings):
    settings = new_settings()
    section = section_of(own_export.parents[1], "basketline-eu")
    ingest(settings, SPEC, section=section)
    right = raw_rows(settings)["events"]
    days = sorted({row[2] for row in right})
    connection = Warehouse(settings).connect(read_only=False)
    connection.execute("update raw_ga4_events.events set event_name = 'wrong'")
    connection.close()
    ingest(settings, SPEC, section=section, date_from=days[3], date_to=days[5])
    found = raw_rows(settings)["events"]
    assert {row[2] for row in found if "wrong" not in row} == set(days[3:6])
    assert _of_days(found, days[3:6]) == _of_days(right, days[3:6])
    ingest(settings, SPEC, section=section, date_from=days[-2])
    assert _of_days(raw_rows(settings)["events"], days[-2:]) == _of_days(right, days[-2:])


def _of_days(rows, days):
    return Counter({row: count for row, count in rows.items() if row[2] in days})


def test_a_day_written_again_with_fewer_events_loses_them(own_export, new_settings):
    settings = new_settings()
    section = section_of(own_export.parents[1], "basketline-eu")
    ingest(settings, SPEC, section=section)
    newest = sorted(own_export.glob("events_*.parquet"))[-1]
    table = pq.read_table(newest)
    pq.write_table(table.slice(0, 2), newest)
    ingest(settings, SPEC, section=section)
    day = dt.date.fromisoformat(newest.stem[-8:])
    assert _of_days(raw_rows(settings)["events"], [day]).total() == 2


@pytest.mark.pitfall(24)
def test_a_full_load_keeps_the_days_whose_files_are_gone(own_export, new_settings):
    settings = new_settings()
    section = section_of(own_export.parents[1], "basketline-eu")
    ingest(settings, SPEC, section=section)
    before = raw_rows(settings)
    for file in sorted(own_export.glob("events_*.parquet"))[:5]:
        file.unlink()
    ingest(settings, SPEC, section=section, full=True)
    assert raw_rows(settings) == before


@pytest.mark.pitfall(24)
@pytest.mark.parametrize("spoil", ["lost", "cut", "empty"])
def test_a_spoiled_export_is_one_clear_error_and_nothing_is_lost(own_export, new_settings, spoil):
    settings = new_settings()
    section = section_of(own_export.parents[1], "basketline-eu")
    ingest(settings, SPEC, section=section)
    before = raw_rows(settings)
    newest = sorted(own_export.glob("events_*.parquet"))[-1]
    if spoil == "lost":
        newest.unlink()
    elif spoil == "cut":
        newest.write_bytes(newest.read_bytes()[:500])
    else:
        shutil.rmtree(own_export)
        own_export.mkdir()
    with pytest.raises(FileInputError, match="ga4_events basketline-eu"):
        ingest(settings, SPEC, section=section)
    assert raw_rows(settings) == before
