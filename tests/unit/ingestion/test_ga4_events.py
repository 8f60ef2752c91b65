"""Reading an event export: nested rows become flat ones, and what is missing says so."""

import datetime as dt
import gzip
import json
from decimal import Decimal
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.errors import FileInputError
from ingestion.sources.ga4_events.client import connect
from ingestion.sources.ga4_events.columns import EVENT_COLUMNS, ITEM_COLUMNS
from ingestion.sources.ga4_events.settings import StreamSettings
from ingestion.windows import Window, plan_window

EVERYTHING = Window(None, None, None, dt.date(2026, 12, 31))
STAMP = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z


def param(key, value):
    empty = dict.fromkeys(("string_value", "int_value", "float_value", "double_value"))
    kind = {str: "string_value", int: "int_value", float: "double_value"}[type(value)]
    return {"key": key, "value": {**empty, kind: value}}


def event(name="page_view", **fields):
    return {
        "event_date": "20260101",
        "event_timestamp": STAMP,
        "event_name": name,
        "user_pseudo_id": "v",
        "stream_id": "1",
        "event_params": [param("ga_session_id", 17)],
        "items": [],
        **fields,
    }


ITEM = pa.struct([("item_id", pa.string()), ("price", pa.float64()), ("quantity", pa.int64())])
VALUE = pa.struct(
    [
        ("string_value", pa.string()),
        ("int_value", pa.int64()),
        ("float_value", pa.float64()),
        ("double_value", pa.float64()),
    ]
)
TYPES = {
    "event_params": pa.list_(pa.struct([("key", pa.string()), ("value", VALUE)])),
    "items": pa.list_(ITEM),
    "user_pseudo_id": pa.string(),
}


def write_parquet(path, events):
    names = dict.fromkeys(name for each in events for name in each)
    columns = {
        name: pa.array([each.get(name) for each in events], TYPES.get(name)) for name in names
    }
    pq.write_table(pa.table(columns), path)


def read(folder, window=EVERYTHING, state=None):
    context = SimpleNamespace(source="ga4_events", state={} if state is None else state)
    client = connect(StreamSettings(name="eu", path=str(folder)), context)
    found = {"events": [], "event_items": []}
    try:
        for table, rows in client.extract("events", window):
            found[table] += rows.to_pylist()
    finally:
        client.close()
    return found


def test_a_nested_row_becomes_a_flat_one(tmp_path):
    params = [param("page_location", "https://s.example/"), param("ga_session_id", 17),
              param("value", 12.5), param("engagement_time_msec", 900), param("theme", "dark"),
              param("level", 3)]  # fmt: skip
    items = [{"item_id": "a", "price": 9.99, "quantity": 2}, {"item_id": "b"}]
    one = event(event_params=params, items=items, geo={"country": "Germany"})
    write_parquet(tmp_path / "events_20260101.parquet", [one])
    found = read(tmp_path)
    (row,) = found["events"]
    assert set(row) == set(EVENT_COLUMNS)
    assert row["occurred_at"] == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert row["event_date"] == dt.date(2026, 1, 1)
    assert row["param__ga_session_id"] == 17
    assert row["param__value"] == Decimal("12.5")
    assert row["param__engagement_time_msec"] == 900
    assert row["geo__country"] == "Germany"
    assert row["device__category"] is None
    assert json.loads(row["other_params"]) == [
        {"key": "theme", "value": "dark"},
        {"key": "level", "value": "3"},
    ]
    assert [set(item) for item in found["event_items"]] == [set(ITEM_COLUMNS)] * 2
    first, second = sorted(found["event_items"], key=lambda item: item["item_index"])
    assert first["event_id"] == second["event_id"] == row["event_id"]
    assert (first["item_id"], first["price"], first["quantity"]) == ("a", Decimal("9.99"), 2)
    assert second["price"] is None


def test_json_lines_give_what_parquet_gives(tmp_path):
    events = [
        event(items=[{"item_id": "a", "price": 1.5, "quantity": 2}], geo={"country": "Chad"}),
        event("scroll", event_timestamp=STAMP + 1, user_pseudo_id=None),
    ]
    for name in ("parquet", "json"):
        (tmp_path / name).mkdir()
    write_parquet(tmp_path / "parquet/events_20260101.parquet", events)
    # BigQuery writes whole numbers as text.
    lines = [
        json.dumps({**each, "event_timestamp": str(each["event_timestamp"])}) for each in events
    ]
    with gzip.open(tmp_path / "json/events_20260101.jsonl.gz", "wt") as file:
        file.write("\n".join(lines))
    assert read(tmp_path / "json") == read(tmp_path / "parquet")


def test_ids_stay_the_same_however_the_rows_are_ordered(tmp_path):
    alike = [event(event_params=[param("page_location", f"https://s.example/{n}")]) for n in "abc"]
    denied = [event(user_pseudo_id=None), event(user_pseudo_id=None, stream_id="2")]
    ids = []
    for number, rows in enumerate((alike + denied, denied + alike[::-1])):
        (tmp_path / str(number)).mkdir()
        write_parquet(tmp_path / str(number) / "events_20260101.parquet", rows)
        found = read(tmp_path / str(number))["events"]
        ids.append(
            {(row["param__page_location"], row["stream_id"]): row["event_id"] for row in found}
        )
        assert len({row["event_id"] for row in found}) == 5
    assert ids[0] == ids[1]


def test_only_the_days_asked_for_are_read(tmp_path):
    for day in (1, 2, 3, 4):
        write_parquet(tmp_path / f"events_2026010{day}.parquet", [event()])
    window = plan_window(
        seen=None,
        now=dt.datetime(2026, 1, 9, tzinfo=dt.UTC),
        date_from=dt.date(2026, 1, 2),
        date_to=dt.date(2026, 1, 3),
    )
    days = {row["event_date"].day for row in read(tmp_path, window)["events"]}
    assert days == {2, 3}


@pytest.mark.pitfall(24)
def test_a_day_that_lost_its_files_does_not_vanish(tmp_path):
    state = {}
    for day in (1, 2):
        write_parquet(tmp_path / f"events_2026010{day}.parquet", [event()])
    read(tmp_path, state=state)
    (tmp_path / "events_20260101.parquet").unlink()
    window = plan_window(
        seen="2026-01-02", now=dt.datetime(2026, 1, 3, tzinfo=dt.UTC), restatement_days=7
    )
    with pytest.raises(FileInputError, match="no file of 2026-01-01 any more"):
        read(tmp_path, window, state)


def test_an_empty_folder_and_a_broken_file_are_named(tmp_path):
    with pytest.raises(FileInputError, match="No file named events_YYYYMMDD"):
        read(tmp_path)
    with pytest.raises(FileInputError, match=r"No file named|cannot be read"):
        read(tmp_path / "missing")
    write_parquet(tmp_path / "events_20260101.parquet", [event()])
    (tmp_path / "events_20260102.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(FileInputError, match=r"events_20260102\.parquet cannot be read"):
        read(tmp_path)


def test_a_number_that_is_none_is_left_empty(tmp_path):
    odd = event(event_params=[param("ga_session_id", "not a number"), param("value", "n/a")])
    write_parquet(tmp_path / "events_20260101.parquet", [odd])
    (row,) = read(tmp_path)["events"]
    assert row["param__ga_session_id"] is None
    assert row["param__value"] is None


def test_batches_have_the_declared_types(tmp_path):
    write_parquet(tmp_path / "events_20260101.parquet", [event()])
    context = SimpleNamespace(source="ga4_events", state={})
    client = connect(StreamSettings(name="eu", path=str(tmp_path)), context)
    batches = dict(client.extract("events", EVERYTHING))
    assert str(batches["events"].schema.field("occurred_at").type) == "timestamp[us, tz=UTC]"
    assert str(batches["events"].schema.field("param__value").type) == "decimal128(38, 9)"
