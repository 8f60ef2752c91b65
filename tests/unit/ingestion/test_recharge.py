"""Recharge: rows of its objects, what is asked for, errors in its words."""

import datetime as dt
from decimal import Decimal

import pytest

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, RequestRefusedError
from ingestion.sources.recharge.client import connect
from ingestion.sources.recharge.settings import RechargeSettings
from ingestion.sources.recharge.spec import SPEC
from ingestion.windows import plan_window
from tests.unit.ingestion.recorded_answers import fixture
from tests.unit.ingestion.vendor_talk import NOW, Talk

SECTION = RechargeSettings(
    _env_file=None, recharge_accounts=[{"name": "eu", "access_token": "sk_secret"}]
)
TABLES = {table.name: table for table in SPEC.tables}
FIRST = plan_window(seen=None, now=NOW)


def recorded(asked):
    return 200, fixture("recharge", asked.path)


def typed(monkeypatch, stream):
    found = Talk(connect, SECTION, recorded, monkeypatch).rows(stream, FIRST)
    batch = type_batch(found, TABLES[stream].columns)
    assert not batch.variant_columns
    assert not batch.new_columns
    return batch.table.to_pylist()[0]


def test_a_subscription_is_flat_and_typed(monkeypatch):
    row = typed(monkeypatch, "subscriptions")
    assert (row["id"], row["customer_id"]) == ("153601366", "64962974")
    assert row["external_product_id"] == "6642695864491"
    assert (row["price"], row["quantity"]) == (Decimal("24.300000000"), 2)
    assert row["next_charge_scheduled_at"] == dt.date(2024, 5, 12)
    assert row["updated_at"] == dt.datetime(2023, 5, 13, 4, 7, 34, tzinfo=dt.UTC)


def test_an_event_without_a_zone_is_utc(monkeypatch):
    row = typed(monkeypatch, "events")
    assert row["created_at"] == dt.datetime(2024, 10, 28, 12, 56, 16, tzinfo=dt.UTC)
    assert (row["verb"], row["source__origin"]) == ("cancelled", "customer_portal")


def test_a_charge_has_the_customer_that_lies_inside_it(monkeypatch):
    row = typed(monkeypatch, "charges")
    assert (row["customer_id"], row["external_order_id"]) == ("64962974", "5006149877931")
    assert row["total_price"] == Decimal("53.500000000")


def test_a_customer_has_the_shops_id(monkeypatch):
    assert typed(monkeypatch, "customers")["external_customer_id"] == "5213433266347"


def test_a_cursor_carries_the_filters(monkeypatch):
    def answer(asked):
        following = None if "cursor" in asked.sent else "abc"
        return 200, {"subscriptions": [], "next_cursor": following}

    asks = Talk(connect, SECTION, answer, monkeypatch)
    overlap = TABLES["subscriptions"].overlap
    seen = plan_window(seen="2026-11-20T10:00:00+00:00", now=NOW, overlap=overlap)
    asks.rows("subscriptions", seen)
    assert [asked.sent for asked in asks.asked] == [
        {"limit": 250, "sort_by": "updated_at-asc", "updated_at_min": "2026-11-20T09:00:00+00:00"},
        {"limit": 250, "cursor": "abc"},
    ]
    assert asks.asked[0].headers["X-Recharge-Version"] == "2021-11"


def test_events_of_subscriptions_and_removed_charges_are_asked_for(monkeypatch):
    asks = Talk(connect, SECTION, recorded, monkeypatch)
    asks.rows("events", FIRST)
    kinds = [(asked.sent["object_type"], asked.sent.get("verbs")) for asked in asks.asked]
    assert kinds == [("subscription", None), ("charge", "deleted")]


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (401, {"error": "bad authentication"}, CredentialsError, "bad authentication"),
        (403, {"errors": {"scope": "read_events is missing"}}, CredentialsError, "read_events"),
        (422, {"errors": {"limit": "is too large"}}, RequestRefusedError, "limit is too large"),
        (426, None, RequestRefusedError, "RECHARGE__API_VERSION"),
    ],
)
def test_refusals_are_one_line_without_the_token(monkeypatch, status, body, error, words):
    asks = Talk(connect, SECTION, lambda _: (status, body), monkeypatch)
    with pytest.raises(error, match=words) as refused:
        asks.client.check()
    assert "sk_secret" not in str(refused.value)


def test_a_page_that_comes_twice_is_asked_for_again(monkeypatch):
    """It goes on where it was asked for: to stop there would leave out what follows."""
    cursors = iter(["abc", "abc", None])

    def answer(_):
        return 200, {"customers": [], "next_cursor": next(cursors)}

    asks = Talk(connect, SECTION, answer, monkeypatch)
    asks.rows("customers", FIRST)
    assert [asked.sent.get("cursor") for asked in asks.asked] == [None, "abc", "abc"]
