"""Which files of an event export are read for which day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.sources.ga4_events.days import files_by_day, in_chunks
from ingestion.sources.ga4_events.spec import tables
from ingestion.windows import plan_window

DAY = dt.date(2026, 1, 31)


def paths(found, day=DAY):
    return [file.path for file in found.get(day, ())]


@pytest.mark.parametrize(
    ("path", "file_format"),
    [
        ("/x/events_20260131.parquet", "parquet"),
        ("/x/events_20260131_000000000001.parquet", "parquet"),
        ("/x/events_20260131/part-0.parquet", "parquet"),
        ("/x/events_20260131.jsonl.gz", "json"),
        ("s3://bucket/x/events_20260131.json", "json"),
    ],
)
def test_a_day_is_told_by_its_name(path, file_format):
    (file,) = files_by_day({path: 1})[DAY]
    assert (file.path, file.format, file.is_intraday) == (path, file_format, False)


@pytest.mark.parametrize(
    "path",
    [
        "/x/.events_20260131.parquet.new",
        "/x/manifest.json",
        "/x/events_20260231.parquet",
        "/x/events_202601311.parquet",
        "/x/events_20260131.csv",
        "/x/pseudonymous_users_20260131.parquet",
    ],
)
def test_other_files_are_left_out(path):
    assert files_by_day({path: 1}) == {}


@pytest.mark.pitfall(21)
def test_daily_files_replace_the_intraday_one():
    intraday, daily = "/x/events_intraday_20260131.parquet", "/x/events_20260131.parquet"
    assert paths(files_by_day({intraday: 1})) == [intraday]
    assert paths(files_by_day({intraday: 1, daily: 1})) == [daily]


@given(
    st.lists(st.tuples(st.sampled_from([".parquet", ".jsonl"]), st.integers(0, 50)), max_size=30)
)
def test_chunks_have_every_file_once_in_order_and_one_format(files):
    sizes = {f"events_{20260101 + n}{end}": size for n, (end, size) in enumerate(files)}
    listed = [file for day in files_by_day(sizes).values() for file in day]
    chunks = list(in_chunks(listed, 40))
    assert [file for chunk in chunks for file in chunk] == listed
    assert all(len({file.format for file in chunk}) == 1 for chunk in chunks)
    assert all(chunk for chunk in chunks)


@pytest.mark.pitfall(15, 28)
@pytest.mark.parametrize(("days", "first"), [(7, "2026-01-25"), (1, "2026-01-31")])
def test_so_many_days_are_asked_for_again(days, first):
    lead = tables(days)[0]
    window = plan_window(
        seen="2026-01-31",
        now=dt.datetime(2026, 2, 1, 3, tzinfo=dt.UTC),
        overlap=lead.overlap,
        restatement_days=lead.restatement_days,
    )
    assert window.first_day == dt.date.fromisoformat(first)
    assert window.last_day == dt.date(2026, 2, 1)
