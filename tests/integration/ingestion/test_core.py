"""Loads of a vendor: typed, incremental, restated, told apart, and the same on every engine."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from ingestion.destinations import Warehouse
from ingestion.errors import EmptyReplaceError, LoadError
from tests.integration.ingestion.vendor import TABLE_NAMES, Section, Vendor

pytestmark = pytest.mark.integration
SECTION = Section(_env_file=None)
NOW = dt.datetime(2026, 1, 10, 8, tzinfo=dt.UTC)


def at(hour: int, day: int = 1) -> str:
    return f"2026-01-{day:02}T{hour:02}:00:00Z"


def order(key: str, hour: int, total: object = "10.50") -> dict:
    return {"id": key, "total": total, "updated_at": at(hour)}


def line(key: str, order_id: str, hour: int, units: object = 2) -> dict:
    return {"id": key, "order_id": order_id, "order_updated_at": at(hour), "units": units}


def ad(day: int, spend: object) -> dict:
    return {"ad": "x", "day": dt.date(2026, 1, day), "spend": spend}


def shop() -> dict:
    return {
        "orders": [order("1", 10), order("2", 11)],
        "order_lines": [line("11", "1", 10), line("12", "1", 10), line("21", "2", 11)],
        "ad_days": [ad(day, str(day)) for day in range(1, 6)],
        "shops": [{"id": "s", "name": "Shop"}],
        "products": [{"id": "p", "name": "old", "updated_at": at(9)}],
    }


def vendor() -> Vendor:
    return Vendor({"eu": shop(), "us": shop()})


def load(place, vendor, **request):
    return place.load(vendor.spec, SECTION, clock=lambda: NOW, **request)


def counts(summary, table):
    found = next(one for one in summary.tables if one.table == table)
    return (found.new_rows, found.overlap_rows, found.restated_rows, found.loaded_rows)


def test_every_table_exists_typed_before_a_row_came(place):
    load(place, Vendor({"eu": {}, "us": {}}))
    assert all(not rows for rows in place.everything("raw_acme", TABLE_NAMES).values())
    load(place, vendor())
    assert len(place.rows("raw_acme.orders")) == 4


def test_accounts_do_not_mix(place):
    acme = vendor()
    load(place, acme)
    rows = place.rows("raw_acme.orders")
    assert [(row["_account_id"], row["id"]) for row in rows] == [
        ("eu", "1"), ("us", "1"), ("eu", "2"), ("us", "2"),
    ]  # fmt: skip
    assert rows[0]["total"] == Decimal("10.5")
    acme.data["us"]["orders"] += [order("3", 12)]
    summary = load(place, acme, accounts=["us"])
    assert summary.accounts == ("us",)
    assert counts(summary, "orders") == (1, 2, 0, 1)
    assert len(place.rows("raw_acme.orders")) == 5


@pytest.mark.pitfall(12, 28)
def test_a_second_run_asks_only_for_overlap_and_window_and_changes_nothing(place):
    acme = vendor()
    first = load(place, acme)
    assert counts(first, "orders") == (4, 0, 0, 4)
    before = place.everything("raw_acme", TABLE_NAMES)
    loaded = place.rows("raw_acme.orders", drop=set())
    again = load(place, acme)
    assert acme.asked["eu", "orders"].since == dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
    assert acme.asked["eu", "ad_days"].first_day == dt.date(2026, 1, 3)
    assert counts(again, "orders") == (0, 4, 0, 0)
    assert counts(again, "ad_days") == (0, 0, 6, 0)
    assert again.touched_tables == ()
    assert place.everything("raw_acme", TABLE_NAMES) == before
    assert place.rows("raw_acme.orders", drop=set()) == loaded


def test_late_rows_within_the_overlap_are_found_and_told_as_overlap(place):
    acme = vendor()
    load(place, acme)
    acme.data["eu"]["orders"] += [order("late", 10)]
    summary = load(place, acme)
    assert counts(summary, "orders") == (0, 5, 0, 1)
    assert "late" in {row["id"] for row in place.rows("raw_acme.orders")}
    assert load(place, acme).touched_tables == ()


def test_children_are_replaced_with_their_owner(place):
    acme = vendor()
    load(place, acme)
    acme.data["eu"] |= {
        "orders": [order("1", 12), order("2", 13)],
        "order_lines": [line("12", "1", 12, 3)],
    }
    summary = load(place, acme)
    lines = [row for row in place.rows("raw_acme.order_lines") if row["_account_id"] == "eu"]
    assert [(row["id"], row["units"]) for row in lines] == [("12", 3)]
    assert summary.touched_tables == ("orders", "order_lines")


@pytest.mark.pitfall(15)
def test_restated_days_are_replaced_and_days_that_vanish_do_vanish(place):
    acme = vendor()
    load(place, acme)
    for data in acme.data.values():
        data["ad_days"] = [ad(1, "999"), ad(3, "3"), ad(5, "5.5"), ad(6, "6")]
    summary = load(place, acme)
    days = [
        (row["day"].day, row["spend"])
        for row in place.rows("raw_acme.ad_days")
        if row["_account_id"] == "eu"
    ]
    # Days 1 and 2 lie before the window: they stay as they were.
    assert days == [(1, 1), (2, 2), (3, 3), (5, Decimal("5.5")), (6, 6)]
    assert counts(summary, "ad_days") == (2, 0, 4, 4)
    again = load(place, acme)
    assert again.touched_tables == ()


def test_a_range_replaces_exactly_that_range_and_moves_no_cursor(place):
    acme = vendor()
    load(place, acme)
    acme.data["eu"]["ad_days"] = [ad(day, "7") for day in (1, 3, 4, 5)]
    load(place, acme, accounts=["eu"], date_from=dt.date(2026, 1, 1), date_to=dt.date(2026, 1, 2))
    rows = [row for row in place.rows("raw_acme.ad_days") if row["_account_id"] == "eu"]
    assert [(row["day"].day, row["spend"]) for row in rows] == [(1, 7), (3, 3), (4, 4), (5, 5)]
    load(place, acme)
    assert acme.asked["eu", "ad_days"].first_day == dt.date(2026, 1, 3)


@pytest.mark.pitfall(24)
def test_a_full_read_that_returns_nothing_keeps_the_table_and_the_run_loads_nothing(place):
    acme = vendor()
    load(place, acme)
    before = place.everything("raw_acme", TABLE_NAMES)
    acme.data["us"]["shops"] = []
    acme.data["eu"]["orders"] += [order("9", 20)]
    with pytest.raises(EmptyReplaceError, match="shops"):
        load(place, acme)
    assert place.everything("raw_acme", TABLE_NAMES) == before
    acme.data["us"]["shops"] = [{"id": "s", "name": "Renamed"}]
    load(place, acme)
    assert [row["name"] for row in place.rows("raw_acme.shops")] == ["Renamed", "Shop"]
    assert len(place.rows("raw_acme.orders")) == 5


def test_every_version_of_an_observation_is_kept_once(place):
    acme = vendor()
    load(place, acme)
    product = acme.data["eu"]["products"][0]
    acme.data["eu"]["products"] = [
        product,
        product,
        product | {"name": "new", "updated_at": at(12)},
    ]
    load(place, acme)
    load(place, acme, full=True)
    names = [row["name"] for row in place.rows("raw_acme.products") if row["_account_id"] == "eu"]
    assert sorted(names) == ["new", "old"]


@pytest.mark.pitfall(25)
def test_a_type_that_flips_and_a_new_column_break_nothing_and_are_told(place):
    acme = vendor()
    load(place, acme)
    acme.data["eu"]["orders"] += [order("3", 12, total="ten") | {"note": "hello"}]
    summary = load(place, acme)
    assert summary.variant_columns == ("orders.total",)
    assert summary.new_columns == ("orders.note",)
    row = next(row for row in place.rows("raw_acme.orders") if row["id"] == "3")
    assert (row["total"], row["total__v_text"], row["note"]) == (None, "ten", "hello")
    acme.data["eu"]["orders"] += [order("4", 13)]
    load(place, acme)
    assert len(place.rows("raw_acme.orders")) == 6


@pytest.mark.pitfall(29)
def test_the_same_row_twice_in_a_load_is_one_row_and_the_newest_wins(place):
    acme = vendor()
    acme.data["eu"]["orders"] = [order("1", 12, "2"), order("1", 10, "1")]
    load(place, acme)
    rows = [row for row in place.rows("raw_acme.orders") if row["_account_id"] == "eu"]
    assert [row["total"] for row in rows] == [2]


def test_a_full_load_equals_daily_loads(place):
    acme = vendor()
    load(place, acme)
    for data in acme.data.values():
        data["orders"] = [order("1", 12), order("2", 11)]
        data["order_lines"] = [line("12", "1", 12), line("21", "2", 11)]
        data["ad_days"] = [*data["ad_days"][:2], ad(5, "1"), ad(7, "2")]
    load(place, acme)
    daily = place.everything("raw_acme", TABLE_NAMES[:4])
    load(place, acme, full=True)
    assert place.everything("raw_acme", TABLE_NAMES[:4]) == daily


def test_a_lost_working_folder_is_restored_from_the_warehouse(place):
    acme = vendor()
    load(place, acme)
    moved = copy.copy(place.settings)
    moved.data_dir = place.settings.data_dir.parent / "elsewhere"
    place.settings = moved
    load(place, acme)
    assert not acme.asked["eu", "orders"].is_first_load


def test_a_lost_warehouse_is_loaded_from_the_start(duckdb_place):
    acme = vendor()
    load(duckdb_place, acme)
    duckdb_place.settings.duckdb_path.unlink()
    load(duckdb_place, acme)
    assert len(duckdb_place.rows("raw_acme.orders")) == 4


@pytest.mark.pitfall(25)
def test_a_declared_type_that_changed_is_refused_rather_than_rounded(place):
    acme = vendor()
    load(place, acme)
    changed = replace(acme.spec.tables[1], columns={**acme.spec.tables[1].columns, "units": "text"})
    spec = replace(acme.spec, tables=(acme.spec.tables[0], changed))
    with pytest.raises(LoadError, match=r"order_lines\.units is bigint") as caught:
        place.load(spec, SECTION)
    assert "raw_acme" in str(caught.value)


@pytest.mark.parametrize(
    "request_", [{"full": True}, {"date_from": dt.date(2026, 1, 1), "date_to": dt.date(2026, 1, 9)}]
)
def test_what_was_damaged_in_the_warehouse_is_mended_by_asking_again(place, request_):
    acme = vendor()
    load(place, acme)
    before = place.rows("raw_acme.orders")
    warehouse = Warehouse(place.settings)
    connection = warehouse.connect(read_only=False)
    connection.cursor().execute(f"update {warehouse.schema('raw_acme')}.orders set total = 0")
    connection.commit()
    connection.close()
    load(place, acme)
    assert place.rows("raw_acme.orders") != before
    load(place, acme, **request_)
    assert place.rows("raw_acme.orders") == before
