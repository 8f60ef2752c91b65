"""HubSpot: searches past their cap, rows of contacts, errors in its words."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, RequestRefusedError
from ingestion.sources.hubspot import client
from ingestion.sources.hubspot.settings import HubspotSettings
from ingestion.sources.hubspot.spec import ARCHIVED_CONTACTS, CONTACTS
from ingestion.windows import plan_window
from tests.unit.ingestion.recorded_answers import fixture
from tests.unit.ingestion.vendor_talk import NOW, Talk

SECTION = HubspotSettings(
    _env_file=None, hubspot_accounts=[{"name": "portal", "access_token": "pat-secret"}]
)
FIRST = plan_window(seen=None, now=NOW)


def recorded(asked):
    return 200, fixture("hubspot", "search" if asked.path.endswith("search") else "archived")


def talk(monkeypatch, answer=recorded):
    return Talk(client.connect, SECTION, answer, monkeypatch)


def test_a_contact_is_flat_and_typed(monkeypatch):
    batch = type_batch(talk(monkeypatch).rows("contacts", FIRST), CONTACTS.columns)
    assert not batch.variant_columns
    assert not batch.new_columns
    row = batch.table.to_pylist()[0]
    assert (row["id"], row["country"], row["hs_marketable_status"]) == (
        "312929580",
        "Germany",
        "true",
    )
    assert row["lastmodifieddate"] == dt.datetime(2021, 2, 23, 20, 8, 53, 371000, tzinfo=dt.UTC)


def test_the_archive_is_read_whole(monkeypatch):
    asks = talk(monkeypatch)
    batch = type_batch(asks.rows("archived_contacts", FIRST), ARCHIVED_CONTACTS.columns)
    assert asks.asked[0].sent == {"archived": "true", "limit": 100}
    assert batch.table.to_pylist()[0]["archived_at"].date() == dt.date(2021, 3, 2)


def test_changes_are_asked_for_in_milliseconds(monkeypatch):
    asks = talk(monkeypatch)
    asks.rows("contacts", plan_window(seen="2026-11-20T00:00:00+00:00", now=NOW))
    sent = asks.asked[0].sent
    assert sent["filterGroups"][0]["filters"] == [
        {"propertyName": "lastmodifieddate", "operator": "GTE", "value": "1795132800000"}
    ]
    assert sent["limit"] == 200
    assert len(sent["sorts"]) == 1


class Portal:
    """Searches contacts as HubSpot does, with a small cap.

    Args:
        moments: The change of each contact, in milliseconds.
        cap: Rows of a search.
    """

    def __init__(self, moments, cap):
        self._contacts = [
            {"id": str(number), "at": at, "properties": {"lastmodifieddate": iso(at)}}
            for number, at in enumerate(moments, start=1)
        ]
        self._cap = cap

    def __call__(self, asked):
        body = asked.sent
        start, limit = int(body.get("after", 0)), body["limit"]
        assert start + limit <= self._cap
        rows = [c for c in self._contacts if all(map(holds(c), body["filterGroups"][0]["filters"]))]
        by_id = body["sorts"][0]["propertyName"] == "hs_object_id"
        rows.sort(key=lambda c: (0 if by_id else c["at"], int(c["id"])))
        answer = {"results": rows[start : start + limit]}
        if start + limit < len(rows):
            answer["paging"] = {"next": {"after": str(start + limit)}}
        return 200, answer


def iso(milliseconds):
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).isoformat()


def holds(contact):
    def check(one):
        value = contact["at"] if one["propertyName"] == "lastmodifieddate" else int(contact["id"])
        wanted = int(one["value"])
        return {"GTE": value >= wanted, "EQ": value == wanted, "GT": value > wanted,
                "LT": value < wanted}[one["operator"]]  # fmt: skip

    return check


@pytest.mark.pitfall(23)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 4), max_size=40))
def test_every_contact_comes_however_many_changed_at_the_same_time(monkeypatch, moments):
    monkeypatch.setattr(client, "SEARCH_CAP", 6)
    monkeypatch.setattr(client, "SEARCH_ROWS", 3)
    portal = Portal([1_700_000_000_000 + at for at in moments], cap=6)
    found = Counter(row["id"] for row in talk(monkeypatch, portal).rows("contacts", FIRST))
    assert set(found) == {str(number) for number in range(1, len(moments) + 1)}


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (401, "Authentication credentials not found.", CredentialsError),
        (403, "This app hasn't been granted all required scopes", CredentialsError),
        (400, "There was a problem with the request.", RequestRefusedError),
    ],
)
def test_refusals_are_one_line_without_the_token(monkeypatch, status, message, error):
    asks = talk(monkeypatch, lambda _: (status, {"status": "error", "message": message}))
    with pytest.raises(error, match=message[:20]) as refused:
        asks.client.check()
    assert "pat-secret" not in str(refused.value)
