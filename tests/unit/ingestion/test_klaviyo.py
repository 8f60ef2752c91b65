"""Klaviyo: what is asked for, rows of its resources, errors in its words."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, RequestRefusedError, SettingsError
from ingestion.settings import Settings, load_section
from ingestion.sources.klaviyo import rows
from ingestion.sources.klaviyo.client import connect
from ingestion.sources.klaviyo.settings import KlaviyoSettings
from ingestion.sources.klaviyo.spec import SPEC, tables
from ingestion.windows import plan_window
from tests.unit.ingestion.recorded_answers import fixture
from tests.unit.ingestion.vendor_talk import NOW, Talk

SECTION = KlaviyoSettings(_env_file=None, klaviyo_accounts=[{"name": "eu", "api_key": "pk_secret"}])
EMPTY = {"data": [], "links": {"next": None}}
FIRST = plan_window(seen=None, now=NOW)


def window(seen, **more):
    return plan_window(seen=seen, now=NOW, **more)


def talk(monkeypatch, answer=lambda _: (200, EMPTY), section=SECTION, now=NOW):
    return Talk(connect, section, answer, monkeypatch, now=now)


def table(name):
    return next(table for table in tables() if table.name == name)


def test_events_of_klaviyos_pages_become_rows():
    typed = type_batch(
        rows.event_table(fixture("klaviyo", "events")["data"]), table("events").columns
    )
    assert not typed.variant_columns
    assert not typed.new_columns
    sent, opened = typed.table.to_pylist()
    assert sent["message_id"] == "01H7F525FKR31P27Y7PNGVBBKK"
    assert sent["flow_id"] is None
    assert sent["send_cohort"] == "1691652081:01H7F525FKR31P27Y7PNGVBBKK"
    assert sent["datetime"] == dt.datetime(2023, 8, 10, 7, 21, 56, tzinfo=dt.UTC)
    assert (sent["metric_id"], sent["profile_id"]) == ("Qfbz2d", "01GDDKASAP8TKDDA2GRZDSVP4H")
    assert (opened["flow_id"], opened["is_machine_open"]) == ("Abc456", "true")


WHOLE = st.integers(-(2**63), 2**63 - 1)


@given(st.one_of(st.none(), st.booleans(), WHOLE, st.text(), st.lists(WHOLE)))
def test_a_property_of_any_kind_is_kept_as_text(value):
    """A shop's own events may use Klaviyo's names for anything."""
    event = {"id": "1", "attributes": {"event_properties": {"Subject": value}}}
    other = {"id": "2", "attributes": {"event_properties": {"Subject": "a text"}}}
    found = rows.event_table([event, other])["subject"].to_pylist()
    assert found[1] == "a text"
    assert (found[0] is None) == (value is None)


@pytest.mark.pitfall(28)
def test_events_are_asked_from_the_newest_less_the_overlap(monkeypatch):
    asks = talk(monkeypatch)
    assert table("events").overlap == dt.timedelta(hours=72)
    asks.rows("events", window("2026-11-20T10:00:00+00:00", overlap=table("events").overlap))
    sent = asks.asked[0].sent
    assert sent["filter"] == "greater-or-equal(datetime,2026-11-17T10:00:00Z)"
    assert (sent["page[size]"], sent["sort"]) == (1000, "datetime")


def test_a_range_has_both_ends(monkeypatch):
    asks = talk(monkeypatch)
    asks.rows("events", window(None, date_from=dt.date(2026, 11, 1), date_to=dt.date(2026, 11, 2)))
    assert asks.asked[0].sent["filter"] == (
        "and(greater-or-equal(datetime,2026-11-01T00:00:00Z),"
        "less-than(datetime,2026-11-03T00:00:00Z))"
    )


def test_pages_are_followed_by_their_cursor_at_the_accounts_own_address(monkeypatch):
    def answer(asked):
        if asked.sent.get("page[cursor]"):
            return 200, EMPTY
        return 200, EMPTY | {"links": {"next": "https://elsewhere/api?page%5Bcursor%5D=abc"}}

    asks = talk(monkeypatch, answer)
    asks.rows("metrics", FIRST)
    assert [asked.sent.get("page[cursor]") for asked in asks.asked] == [None, "abc"]
    assert {asked.path for asked in asks.asked} == {"api/metrics"}
    assert asks.asked[0].headers["revision"] == "2026-07-15"


def test_campaigns_of_both_channels_and_the_archive_are_asked_for(monkeypatch):
    asks = talk(monkeypatch)
    asks.rows("campaigns", FIRST)
    assert [asked.sent["filter"] for asked in asks.asked] == [
        f"and(equals(messages.channel,'{channel}'),equals(archived,{archived}))"
        for channel in ("email", "sms")
        for archived in ("false", "true")
    ]


def test_a_campaign_brings_its_messages():
    document = {
        "data": [
            {
                "id": "c1",
                "attributes": {},
                "relationships": {"campaign-messages": {"data": [{"id": "m1"}, {"id": "m2"}]}},
            }
        ],
        "included": [
            {"type": "campaign-message", "id": "m1", "attributes": {
                "definition": {"channel": "email", "content": {"subject": "Hello"}}}},
            {"type": "tag", "id": "t1", "attributes": {}},
            {"type": "campaign-message", "id": "m2", "attributes": {"definition": None}},
        ],
    }  # fmt: skip
    found = {row["id"]: row for row in rows.campaign_message_rows(document)}
    assert found["m1"]["campaign_id"] == found["m2"]["campaign_id"] == "c1"
    assert (found["m1"]["subject"], found["m2"]["subject"]) == ("Hello", None)


def test_only_actions_that_send_are_messages_of_a_flow():
    actions = [
        {"id": "a1", "attributes": {"definition": {
            "type": "send-email", "data": {"message": {"id": "m1", "subject_line": "Hi"}}}}},
        {"id": "a2", "attributes": {"definition": {"type": "time-delay", "data": {}}}},
        {"id": "a3", "attributes": {"definition": {"type": "send-sms", "data": {
            "message": {"id": "m3", "name": "Text"}}}}},
    ]  # fmt: skip
    found = list(rows.flow_message_rows("f1", actions))
    assert [(row["id"], row["channel"], row["subject"]) for row in found] == [
        ("m1", "email", "Hi"),
        ("m3", "sms", None),
    ]


PROFILES = EMPTY | {
    "data": [
        {"id": "old", "attributes": {"updated": "2026-11-01T00:00:00+00:00",
                                     "predictive_analytics": {"churn_probability": 0.5}}},
        {"id": "new", "attributes": {"updated": "2026-11-20T00:00:00+00:00",
                                     "predictive_analytics": {"churn_probability": None}}},
    ]
}  # fmt: skip


def test_on_days_that_are_due_all_profiles_are_read_for_their_predictions(monkeypatch):
    asks = talk(monkeypatch, lambda _: (200, PROFILES))
    since = window("2026-11-19T00:00:00+00:00")
    found = dict(asks.client.extract("profiles", since))
    assert "filter" not in asks.asked[0].sent
    assert [row["id"] for row in found["profiles"]] == ["new"]
    assert [row["id"] for row in found["profile_predictions"]] == ["old"]
    assert found["profile_predictions"][0]["observed_at"] == NOW.replace(hour=0)
    asks.rows("profiles", since)
    assert asks.asked[1].sent["filter"] == "greater-than(updated,2026-11-19T00:00:00Z)"


def test_a_range_reads_only_its_profiles(monkeypatch):
    asks = talk(monkeypatch, lambda _: (200, PROFILES))
    asks.rows("profiles", window("2026-11-19T00:00:00+00:00", date_from=dt.date(2026, 11, 1)))
    assert asks.asked[0].sent["filter"].startswith("and(greater-than(updated,2026-11-01")


def refusal(status, detail):
    return status, {"errors": [{"id": "1", "code": "x", "title": "No.", "detail": detail}]}


def test_refusals_are_in_klaviyos_words_and_tell_no_key(monkeypatch):
    asks = talk(monkeypatch, lambda _: refusal(403, "The key lacks the scope events:read."))
    with pytest.raises(CredentialsError, match="lacks the scope events:read") as refused:
        asks.rows("events", FIRST)
    assert "pk_secret" not in str(refused.value)
    assert "KLAVIYO__ACCOUNTS" in str(refused.value)
    asks = talk(monkeypatch, lambda _: refusal(400, "Invalid revision: 2020-01-01."))
    with pytest.raises(RequestRefusedError, match="Invalid revision"):
        asks.client.check()


@pytest.mark.pitfall(26)
def test_a_revision_that_ends_soon_is_noted(monkeypatch):
    soon = dt.datetime(2028, 6, 1, tzinfo=dt.UTC)
    assert "KLAVIYO__REVISION" in talk(monkeypatch, now=soon).notes[0]
    assert not talk(monkeypatch).notes


def test_settings_are_numbered_and_checked(monkeypatch):
    monkeypatch.setenv("KLAVIYO__ACCOUNTS__0__NAME", "eu")
    monkeypatch.setenv("KLAVIYO__ACCOUNTS__0__API_KEY", "pk_1")
    monkeypatch.setenv("KLAVIYO__EVENT_OVERLAP_HOURS", "24")
    section = load_section(KlaviyoSettings, env_file=None)
    assert [account.account_id for account in section.accounts()] == ["eu"]
    events = SPEC.tables_for(Settings(_env_file=None))[-1]
    assert events.overlap == dt.timedelta(hours=24)
    monkeypatch.setenv("KLAVIYO__REVISION", "newest")
    with pytest.raises(SettingsError, match="KLAVIYO__REVISION"):
        load_section(KlaviyoSettings, env_file=None)
