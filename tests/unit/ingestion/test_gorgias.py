"""Reading Gorgias' lists: both forms of time, when to stop, what a refusal says."""

import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, SettingsError
from ingestion.settings import load_section
from ingestion.sources.gorgias.client import connect
from ingestion.sources.gorgias.rows import survey_row, ticket_row
from ingestion.sources.gorgias.settings import GorgiasSettings
from ingestion.sources.gorgias.spec import SATISFACTION_SURVEYS, TICKETS
from ingestion.windows import Window, plan_window
from tests.unit.ingestion.recorded_answers import NOW, Talk, fixture

SECTION = GorgiasSettings(
    _env_file=None, helpdesks=[{"domain": "shop", "email": "a@shop.example", "api_key": "k-secret"}]
)
EVERYTHING = Window(None, None, None, NOW.date())


def talk(answer):
    return Talk("gorgias", connect, SECTION, answer)


def page(*ids_and_times, more=None):
    data = [{"id": number, "updated_datetime": at} for number, at in ids_and_times]
    return 200, {"data": data, "meta": {"next_cursor": more}}


def test_a_ticket_is_flat_and_its_times_are_utc_in_both_forms():
    rows = [ticket_row(t, order_meta_key="order_id") for t in fixture("gorgias", "tickets")["data"]]
    batch = type_batch(rows, TICKETS.columns)
    assert not batch.variant_columns
    assert not batch.new_columns
    first, second = batch.table.to_pylist()
    assert first["created_datetime"] == dt.datetime(2021, 1, 7, 13, 0, 0, 123456, dt.UTC)
    assert second["trashed_datetime"] == dt.datetime(2021, 1, 9, tzinfo=dt.UTC)
    assert (first["customer__email"], first["order_id"]) == ("John.Doe@example.com", "772803526679")
    assert (first["first_tag"], first["tags"]) == ("refund", '["refund","urgent"]')
    assert (second["customer__id"], second["order_id"], second["first_tag"]) == (None,) * 3
    assert second["assignee_team__id"] == 9


def test_the_order_is_read_from_the_key_that_is_set():
    ticket = {"id": 1, "meta": {"shopify": "99", "order_id": "1"}}
    assert ticket_row(ticket, order_meta_key="shopify")["order_id"] == "99"


def test_the_documented_survey_is_read_whole():
    rows = [survey_row(one) for one in fixture("gorgias", "satisfaction_surveys")["data"]]
    row = type_batch(rows, SATISFACTION_SURVEYS.columns).table.to_pylist()[0]
    assert row["score"] == 2
    assert row["scored_datetime"] == dt.datetime(2019, 11, 25, 15, 59, 41, 966927, dt.UTC)


@pytest.mark.pitfall(12, 23)
def test_pages_are_read_until_one_ends_before_the_window_and_the_overlap_is_inclusive():
    pages = {
        None: page((4, "2026-11-20T09:00:00+00:00"), (3, "2026-11-20T08:00:00.5"), more="b"),
        "b": page((2, "2026-11-20T07:00:00+00:00"), (1, "2026-11-20T06:59:59+00:00"), more="c"),
    }
    asking = talk(lambda _method, _url, sent: pages[sent.get("cursor")])
    window = plan_window(seen="2026-11-20T08:00:00+00:00", now=NOW, overlap=TICKETS.overlap)
    assert [row["id"] for row in asking.rows("tickets", window)["tickets"]] == [4, 3, 2]
    assert [sent.get("cursor") for _, _, sent in asking.session.asked] == [None, "b"]
    assert asking.session.asked[0][2] == {"limit": 100, "order_by": "updated_datetime:desc"}


def test_a_first_load_reads_to_the_last_page_and_a_range_leaves_out_what_is_younger():
    pages = {
        None: page((3, "2026-11-20T00:00:00+00:00"), more="b"),
        "b": page((2, "2026-11-19T00:00:00+00:00"), (1, "2026-11-18T00:00:00+00:00")),
    }
    answer = lambda _method, _url, sent: pages[sent.get("cursor")]  # noqa: E731
    assert len(talk(answer).rows("tickets", EVERYTHING)["tickets"]) == 3
    day = dt.date(2026, 11, 19)
    asked = plan_window(seen=None, now=NOW, date_from=day, date_to=day)
    assert [row["id"] for row in talk(answer).rows("tickets", asked)["tickets"]] == [2]


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=30, unique=True),
    st.integers(1, 7),
    st.integers(0, 10**6),
)
def test_whatever_the_pages_exactly_the_rows_of_the_window_come(seconds, size, since):
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    ordered = sorted(seconds, reverse=True)

    def answer(_method, _url, sent):
        first = int(sent.get("cursor", 0))
        more = str(first + size) if first + size < len(ordered) else None
        times = [start + dt.timedelta(seconds=at) for at in ordered[first : first + size]]
        return page(*((at.second, at.isoformat()) for at in times), more=more)

    window = Window(start + dt.timedelta(seconds=since), None, start.date(), NOW.date())
    found = talk(answer).rows("tickets", window).get("tickets", [])
    assert len(found) == sum(at >= since for at in seconds)


def test_what_is_asked_for_is_waited_for_and_the_key_goes_as_basic_auth():
    answers = iter([(429, {}, {"Retry-after": "5"}), page()])
    asking = talk(lambda *_: next(answers))
    asking.rows("customers", EVERYTHING)
    assert 5 <= asking.waits[0] < 6
    sent = asking.session.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent) == b"a@shop.example:k-secret"


def test_refused_credentials_are_one_line_that_says_which_and_shows_none():
    asking = talk(lambda *_: (401, {"error": {"msg": "no"}}))
    with pytest.raises(CredentialsError, match="GORGIAS__ACCOUNTS__") as refused:
        asking.client.check()
    assert "secret" not in str(refused.value)
    assert asking.session.asked[0][1] == "https://shop.gorgias.com/api/account"


@pytest.mark.parametrize("text", ["shop", "https://shop.gorgias.com/app", " shop.gorgias.com "])
def test_a_domain_is_taken_from_whatever_was_copied(text, monkeypatch):
    monkeypatch.setenv("GORGIAS__ACCOUNTS__0__DOMAIN", text)
    monkeypatch.setenv("GORGIAS__ACCOUNTS__0__EMAIL", "a@shop.example")
    monkeypatch.setenv("GORGIAS__ACCOUNTS__0__API_KEY", "k")
    assert load_section(GorgiasSettings).accounts()[0].account_id == "shop"


def test_another_address_is_no_domain(monkeypatch):
    monkeypatch.setenv("GORGIAS__ACCOUNTS__0__DOMAIN", "shop.example.com")
    monkeypatch.setenv("GORGIAS__ACCOUNTS__0__EMAIL", "a@shop.example")
    monkeypatch.setenv("GORGIAS__ACCOUNTS__0__API_KEY", "k")
    with pytest.raises(SettingsError, match=r"before \.gorgias\.com"):
        load_section(GorgiasSettings)
