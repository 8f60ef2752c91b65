"""Messages as others send them, made into flat rows."""

import datetime as dt
import gzip
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingestion.errors import FileInputError
from ingestion.sources.web_events.client import WebEventsClient
from ingestion.sources.web_events.devices import Device, read_user_agent
from ingestion.sources.web_events.settings import StreamSettings
from ingestion.windows import Window, plan_window

FIXTURES = Path(__file__).parents[2] / "fixtures/web_events"
NOW = dt.datetime(2026, 1, 6, tzinfo=dt.UTC)
EVERYTHING = plan_window(seen=None, now=NOW)


def stream_of(folder):
    notes, state = [], {}
    context = SimpleNamespace(source="web_events", state=state, note=notes.append)
    return WebEventsClient(StreamSettings(name="shop", path=str(folder)), context), notes


def read(client, window: Window = EVERYTHING):
    found = {"events": [], "event_items": []}
    for table, rows in client.extract("events", window):
        found[table] += rows.to_pylist()
    return found


@pytest.fixture(scope="module")
def messages():
    client, notes = stream_of(FIXTURES)
    found = read(client)
    client.close()
    return {row["event_id"]: row for row in found["events"]}, found["event_items"], notes


def test_a_page_call_has_its_page_campaign_and_device(messages):
    page = messages[0]["022bb90c-bbac-11e4-8dfc-aa07a5b093db"]
    assert page["type"] == "page"
    assert page["page__url"] == "https://shop.example/academy/?fbclid=IwA"
    assert page["campaign__name"] == "TPS Innovation Newsletter"
    assert (page["device__category"], page["device__browser"], page["device__os"]) == (
        "desktop", "Chrome", "Macintosh",
    )  # fmt: skip


def test_the_devices_wrong_clock_is_put_right(messages):
    """One hour slow, sent a second after it happened, received at 10:00:12.387."""
    page = messages[0]["022bb90c-bbac-11e4-8dfc-aa07a5b093db"]
    assert page["occurred_at"] == dt.datetime(2026, 1, 5, 10, 0, 11, 387_000, dt.UTC)
    late = messages[0]["ordered"]
    assert late["occurred_at"] == dt.datetime(2026, 1, 5, 10, 30, tzinfo=dt.UTC)
    assert messages[0]["seen"]["occurred_at"] == dt.datetime(2026, 1, 5, 10, 41, tzinfo=dt.UTC)


def test_messages_of_a_batch_share_what_it_says(messages):
    events = messages[0]
    assert events["identified"]["trait__email"] == "peter@example.com"
    assert events["ordered"]["write_key"] == "wk_1"
    assert events["ordered"]["property__order_id"] == "50314b8e9bcf000000000000"
    assert float(events["ordered"]["property__value"]) == 27.5


def test_a_message_that_came_twice_counts_once(messages):
    events, items, _ = messages
    added = [row for row in items if row["event_id"] == "added"]
    assert len(added) == 1
    assert events["added"]["received_at"] == dt.datetime(2026, 1, 5, 10, 50, tzinfo=dt.UTC)
    assert events["added"]["occurred_at"] == dt.datetime(2026, 1, 5, 10, 20, tzinfo=dt.UTC)


def test_products_are_those_of_the_list_or_the_one_described(messages):
    _, items, _ = messages
    ordered = [row for row in items if row["event_id"] == "ordered"]
    assert [(row["item_index"], row["sku"], int(row["quantity"])) for row in ordered] == [
        (0, "45790-32", 1), (1, "46493-32", 2),
    ]  # fmt: skip
    (denied,) = (row for row in items if row["event_id"] == "denied")
    assert float(denied["price"]) == 18.99


def test_consent_is_told_denied_or_unknown(messages):
    events = messages[0]
    assert events["denied"]["has_consent"] is False
    assert events["seen"]["has_consent"] is None
    assert events["added"]["anonymous_id"]


def test_no_address_of_a_visitor_is_kept(messages):
    assert "203.0.113" not in repr(messages)


def test_lines_that_are_no_message_are_counted(messages):
    assert "2 lines left out" in messages[2][0]


def test_a_message_without_an_id_has_the_same_one_every_time(messages):
    again, _ = stream_of(FIXTURES)
    own = {row["event_id"] for row in read(again)["events"] if row["event"] == "Something Own"}
    assert own <= set(messages[0])
    assert len(own) == 1


def test_only_new_and_changed_files_are_read_packed_ones_too(tmp_path):
    shutil.copytree(FIXTURES, tmp_path / "stream")
    client, notes = stream_of(tmp_path / "stream")
    first = read(client)
    assert not read(client)["events"]
    line = (
        b'{"type":"page","messageId":"late","anonymousId":"v","timestamp":"2026-01-06T00:00:00Z"}\n'
    )
    packed = tmp_path / "stream/2026-01-06/00.jsonl.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(line))
    assert [row["event_id"] for row in read(client)["events"]] == ["late"]
    assert notes[-1] == "shop: 1 files read, 1 unchanged"
    days = plan_window(
        seen=None, now=NOW, date_from=dt.date(2026, 1, 5), date_to=dt.date(2026, 1, 5)
    )
    assert len(read(client, days)["events"]) == len(first["events"])


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path):
    client, _ = stream_of(tmp_path / "nowhere")
    with pytest.raises(FileInputError, match="nothing at"):
        read(client)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML,"
            " like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            Device("mobile", "Safari", "iOS"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/125.0.0.0 Safari/537.36",
            Device("tablet", "Chrome", "Android"),
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/125.0.0.0 Safari/537.36 Edg/125.0.0.0",
            Device("desktop", "Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0",
            Device("desktop", "Firefox", "Linux"),
        ),
        ("curl/8.5.0", Device("desktop", None, None)),
    ],
)
def test_a_user_agent_tells_the_device(agent, device):
    assert read_user_agent(agent) == device
