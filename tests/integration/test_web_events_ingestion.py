"""What the sandbox's collector writes, into real engines."""

import gzip
import shutil

import pytest

from ingestion.errors import FileInputError
from ingestion.sources.web_events.settings import WebEventsSettings
from ingestion.sources.web_events.spec import SPEC
from sandbox.feeds.web_events import STREAMS
from sandbox.feeds.web_messages import IDENTIFY, received
from sandbox.world.timeline import local_dates
from tests.integration.connector import (
    duckdb_settings,
    load,
    postgres_settings,
    query,
    raw_rows,
    stage,
)
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


def section_of(folder, *names):
    streams = [
        {"name": name, "path": str(folder / "web_events" / name)} for name in names or STREAMS
    ]
    return WebEventsSettings(_env_file=None, streams=streams)


@pytest.fixture(scope="module")
def clean(sandbox, tmp_path_factory):
    settings = duckdb_settings(tmp_path_factory.mktemp("clean"))
    summary = load(sandbox, settings, SPEC, section_of(sandbox.folder))
    return settings, raw_rows(settings, SPEC), summary


def test_every_message_is_there_once_and_no_address_of_a_visitor(clean):
    settings, rows, summary = clean
    assert all(rows.values())
    assert not summary.variant_columns
    assert not summary.new_columns
    ((events, ids, devices),) = query(
        settings,
        SPEC,
        "select count(*), count(distinct _account_id || event_id), count(device__browser)"
        " from {raw}.events",
    )
    assert events == ids == devices
    assert not any("203.0.113" in repr(row) for row in rows["events"])


@pytest.mark.pitfall(21)
def test_staged_events_equal_the_ledger_whatever_the_devices_clock_said(sandbox, clean):
    settings, _, _ = clean
    stage(settings, "web_events")
    found = query(
        settings,
        SPEC,
        "select account_id, event_name, epoch_us(occurred_at), has_consent"
        " from staging.stg_web_events__web_events",
    )
    world = sandbox.sandbox.world
    view, now = world.view(), world.clock.now
    consent = view.visits.set_index("visit_id")["has_consent"]
    expected = []
    for shop in STREAMS:
        rows = received(view, shop, now).drop_duplicates("message")
        moments = rows["happened_at"].to_numpy("M8[us]").astype("int64")
        measured = consent.loc[rows["visit_id"]]
        expected += zip([shop] * len(rows), rows["event_name"], moments, measured, strict=True)
    assert sorted(found) == sorted(expected)
    assert any(row[1] == IDENTIFY for row in found)


def test_staged_purchases_equal_the_ledger_to_the_cent(sandbox, clean):
    settings, _, _ = clean
    stage(settings, "web_events")
    found = query(
        settings,
        SPEC,
        "select account_id, count(*), cast(sum(value_amount) * 100 as bigint)"
        " from staging.stg_web_events__web_events where event_name = 'purchase'"
        " group by account_id",
    )
    view = sandbox.sandbox.world.view()
    starts = view.stores.set_index("shop")["first_party_at"]
    bought = view.web_events[view.web_events["event_name"] == "purchase"]
    expected = set()
    for shop in STREAMS:
        own = bought[(bought["shop"] == shop) & (bought["happened_at"] >= starts[shop])]
        expected.add((shop, len(own), int(own["value"].sum())))
    assert set(found) == expected


@pytest.mark.postgres
def test_postgres_gets_what_duckdb_gets(sandbox, clean, tmp_path, postgres_uri):
    settings = postgres_settings(tmp_path, postgres_uri)
    load(sandbox, settings, SPEC, section_of(sandbox.folder))
    assert raw_rows(settings, SPEC) == clean[1]


def test_a_second_run_with_nothing_new_reads_nothing(sandbox, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(sandbox.folder, "basketline-uk")
    load(sandbox, settings, SPEC, section)
    again = load(sandbox, settings, SPEC, section)
    assert again.extracted_rows == again.loaded_rows == 0
    assert "0 files read" in again.notes[0]


@pytest.mark.pitfall(11)
def test_days_read_one_by_one_equal_one_load_at_the_end(tmp_path):
    with run_sandbox(tmp_path / "sandbox", seed=3, now="2026-06-01T12:00:00") as running:
        kept, section = duckdb_settings(tmp_path), section_of(running.folder)
        for _ in range(4):
            load(running, kept, SPEC, section)
            running.advance(1)
        load(running, kept, SPEC, section)
        fresh = duckdb_settings(tmp_path)
        load(running, fresh, SPEC, section)
        assert raw_rows(kept, SPEC) == raw_rows(fresh, SPEC)


@pytest.fixture
def own_stream(sandbox, tmp_path):
    """A month of one stream, that a test may spoil."""
    folder = tmp_path / "files/web_events/basketline-uk"
    folder.mkdir(parents=True)
    for file in sorted((sandbox.folder / "web_events/basketline-uk").glob("*.jsonl"))[-30:]:
        shutil.copy(file, folder)
    return folder


def test_packed_files_and_files_in_hours_give_the_same(sandbox, own_stream, tmp_path):
    section = section_of(own_stream.parents[1], "basketline-uk")
    plain = duckdb_settings(tmp_path)
    load(sandbox, plain, SPEC, section)
    for file in sorted(own_stream.glob("*.jsonl")):
        for number, line in enumerate(file.read_bytes().splitlines(keepends=True)):
            hour = own_stream / file.stem / f"{number % 3:02}.jsonl.gz"
            hour.parent.mkdir(exist_ok=True)
            hour.write_bytes((hour.read_bytes() if hour.exists() else b"") + gzip.compress(line))
        file.unlink()
    packed = duckdb_settings(tmp_path)
    load(sandbox, packed, SPEC, section)
    assert raw_rows(packed, SPEC)["event_items"] == raw_rows(plain, SPEC)["event_items"]
    ids = [{row[:2] for row in raw_rows(each, SPEC)["events"]} for each in (plain, packed)]
    assert ids[0] == ids[1]


@pytest.mark.pitfall(29)
def test_a_cut_line_costs_that_line_and_is_read_when_it_is_whole(sandbox, own_stream, tmp_path):
    settings = duckdb_settings(tmp_path)
    section = section_of(own_stream.parents[1], "basketline-uk")
    newest = sorted(own_stream.glob("*.jsonl"))[-1]
    whole = newest.read_bytes()
    newest.write_bytes(whole[:-40])
    cut = load(sandbox, settings, SPEC, section)
    assert "1 lines left out" in cut.notes[0]
    newest.write_bytes(whole)
    load(sandbox, settings, SPEC, section)
    fresh = duckdb_settings(tmp_path)
    load(sandbox, fresh, SPEC, section)
    assert raw_rows(settings, SPEC) == raw_rows(fresh, SPEC)


def test_what_cannot_be_read_is_one_clear_error_and_nothing_is_lost(sandbox, own_stream, tmp_path):
    settings = duckdb_settings(tmp_path)
    section = section_of(own_stream.parents[1], "basketline-uk")
    load(sandbox, settings, SPEC, section)
    before = raw_rows(settings, SPEC)
    (own_stream / "2026-07-01.jsonl.gz").write_bytes(b"this is no archive")
    with pytest.raises(FileInputError, match="web_events basketline-uk"):
        load(sandbox, settings, SPEC, section)
    shutil.rmtree(own_stream)
    with pytest.raises(FileInputError, match="nothing at"):
        load(sandbox, settings, SPEC, section)
    assert raw_rows(settings, SPEC) == before


def test_a_day_of_files_is_a_utc_day(sandbox):
    rows = received(sandbox.sandbox.world.view(), "basketline-uk", sandbox.sandbox.world.clock.now)
    days = local_dates(rows["received_at"], "UTC").strftime("%Y-%m-%d")
    assert (days == rows["day"]).all()
