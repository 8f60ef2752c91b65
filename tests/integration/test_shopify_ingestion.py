"""Shopify's connector against its twin, into real engines."""

import datetime as dt
import time
from collections import Counter

import pandas as pd
import pytest

from ingestion.errors import CredentialsError, RequestRefusedError, VendorUnavailableError
from ingestion.run import ingest
from ingestion.sources.shopify.settings import ShopifySettings, StoreSettings
from ingestion.sources.shopify.spec import SPEC
from sandbox.faults import Fault
from sandbox.vendors.shopify.access import CLIENT_ID, CLIENT_SECRET, admin_token
from sandbox.world.generate import generate
from sandbox.world.presets import PRESETS
from tests.integration.connector import (
    LONGEST_WAIT_SECONDS,
    duckdb_settings,
    load,
    postgres_settings,
    raw_rows,
)
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration

EU, US = "basketline-eu", "basketline-us"
FROM, TO = dt.date(2024, 1, 1), dt.date(2026, 12, 31)
LEDGERS = [table for table in SPEC.tables if table.kind == "ledger"]
OBSERVATIONS = [table for table in SPEC.tables if table.kind == "observation"]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults_left(sandbox):
    yield
    sandbox.sandbox.faults.clear()


@pytest.fixture
def new_settings(tmp_path, request):
    """Settings of an empty warehouse on an engine."""

    def make(engine="duckdb"):
        if engine == "duckdb":
            return duckdb_settings(tmp_path)
        return postgres_settings(tmp_path, request.getfixturevalue("postgres_uri"))

    return make


def store_of(sandbox, shop=EU, **fields):
    base = {"shop": shop, "base_url": f"{sandbox.url('shopify')}/{shop}"}
    token = {} if "client_id" in fields else {"access_token": admin_token(shop)}
    return StoreSettings(**(base | token | fields))


def section_of(*stores, **fields):
    return ShopifySettings(_env_file=None, stores=stores, **fields)


@pytest.fixture(scope="module")
def clean(sandbox, tmp_path_factory):
    """The EU shop, loaded undisturbed into DuckDB."""
    settings = duckdb_settings(tmp_path_factory.mktemp("clean"))
    summary = load(sandbox, settings, SPEC, section_of(store_of(sandbox)))
    return settings, raw_rows(settings, SPEC), summary


def test_every_table_has_rows(clean):
    _, rows, summary = clean
    assert all(rows.values())
    assert not summary.variant_columns
    assert not summary.new_columns
    assert {load.table: load.loaded_rows for load in summary.tables} == {
        table: found.total() for table, found in rows.items()
    }


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_pages_give_what_a_bulk_operation_gives(sandbox, clean, new_settings, engine):
    settings = new_settings(engine)
    section = section_of(store_of(sandbox), bulk_from=10_000)
    load(sandbox, settings, SPEC, section, date_from=FROM, date_to=TO)
    assert raw_rows(settings, SPEC) == clean[1]


@pytest.mark.postgres
def test_postgres_gets_what_duckdb_gets(sandbox, clean, new_settings):
    settings = new_settings("postgres")
    load(sandbox, settings, SPEC, section_of(store_of(sandbox)))
    assert raw_rows(settings, SPEC) == clean[1]


def test_a_second_run_with_nothing_new_loads_nothing(sandbox, new_settings):
    settings, section = new_settings(), section_of(store_of(sandbox))
    load(sandbox, settings, SPEC, section)
    before = raw_rows(settings, SPEC)
    again = load(sandbox, settings, SPEC, section)
    assert again.new_rows == again.loaded_rows == 0
    assert again.overlap_rows > 0
    assert again.touched_tables == ()
    assert raw_rows(settings, SPEC) == before


@pytest.mark.pitfall(23)
def test_faults_while_paging_leave_no_trace(sandbox, clean, new_settings):
    """Also pages that come twice, or lose a row to the next one."""
    settings = new_settings()
    for kind in (
        *(Fault.THROTTLE, Fault.SERVER_ERROR, Fault.CUT_CONNECTION, Fault.CUT_JSON),
        *(Fault.DUPLICATE_PAGE, Fault.SHIFTING_PAGE, Fault.THROTTLE, Fault.THROTTLE),
    ):
        sandbox.fail("shopify", kind)
    section = section_of(store_of(sandbox), bulk_from=10_000)
    load(sandbox, settings, SPEC, section, date_from=FROM, date_to=TO)
    assert not sandbox.sandbox.faults.pending["shopify"]
    assert raw_rows(settings, SPEC) == clean[1]


def test_faults_of_bulk_operations_leave_no_trace(sandbox, clean, new_settings):
    """Requests fail again and again while it runs: questions, polls, files."""
    settings, calls = new_settings(), iter(range(10**6))
    kinds = (Fault.CUT_JSON, Fault.SERVER_ERROR, Fault.BULK_FAILED, Fault.CUT_CONNECTION)

    def sleep(seconds):
        call = next(calls)
        if call % 4 == 0 and call < 60:
            sandbox.fail("shopify", kinds[call // 4 % len(kinds)])
        time.sleep(min(seconds, LONGEST_WAIT_SECONDS))

    sandbox.fail("shopify", Fault.THROTTLE)
    ingest(settings, SPEC, section=section_of(store_of(sandbox)), sleep=sleep)
    assert raw_rows(settings, SPEC) == clean[1]


def test_a_shop_that_never_answers_properly_is_one_clear_error(sandbox, new_settings):
    sandbox.fail("shopify", Fault.SERVER_ERROR, 20)
    with pytest.raises(VendorUnavailableError, match="failed 7 times"):
        load(sandbox, new_settings(), SPEC, section_of(store_of(sandbox)))


def test_shops_with_the_same_ids_do_not_meet(sandbox, clean, new_settings):
    """Two accounts show the same shop: every id is there twice, told apart by the account."""
    settings = new_settings()
    other = store_of(sandbox, shop="other", base_url=f"{sandbox.url('shopify')}/{EU}",
                     access_token=admin_token(EU))  # fmt: skip
    load(sandbox, settings, SPEC, section_of(store_of(sandbox), other))
    found = raw_rows(settings, SPEC)
    for account in (EU, "other"):
        for table, rows in clean[1].items():
            assert of_account(found[table], account) == of_account(rows, EU), table


def of_account(rows, account):
    """The rows of one account, without its name."""
    return Counter({row[1:]: count for row, count in rows.items() if row[0] == account})


@pytest.mark.pitfall(26)
def test_an_app_gets_its_own_token(sandbox, clean, new_settings):
    settings = new_settings()
    app = store_of(sandbox, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    load(sandbox, settings, SPEC, section_of(app))
    assert raw_rows(settings, SPEC) == clean[1]


def test_a_wrong_token_is_one_clear_line(sandbox, new_settings):
    with pytest.raises(CredentialsError) as caught:
        load(
            sandbox, new_settings(), SPEC, section_of(store_of(sandbox, access_token="shpat_wrong"))
        )
    assert "SHOPIFY__STORES__0__" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "shpat_wrong" not in str(caught.value)


@pytest.mark.parametrize(
    "scope", ["read_discounts", "read_gift_cards", "read_inventory", "read_locations"]
)
def test_a_missing_scope_is_one_clear_line(sandbox, new_settings, scope):
    """Whether a question is denied, or a bulk operation."""
    section = section_of(store_of(sandbox, access_token=admin_token(EU, without=scope)))
    with pytest.raises(CredentialsError, match=f"Give the app the scope {scope}") as caught:
        load(sandbox, new_settings(), SPEC, section)
    assert "\n" not in str(caught.value)


def test_an_unknown_version_is_one_clear_line(sandbox, new_settings):
    section = section_of(store_of(sandbox), api_version="2031-01")
    with pytest.raises(RequestRefusedError, match="API version"):
        load(sandbox, new_settings(), SPEC, section)


@pytest.mark.pitfall(11)
@pytest.mark.pitfall(14)
def test_daily_runs_equal_one_load_at_the_end(tmp_path, new_settings):
    """And a deleted order is flagged, with all that it owns still there."""
    with run_sandbox(tmp_path / "state", now=days_before_a_deletion()) as sandbox:
        daily, section = new_settings(), section_of(store_of(sandbox), store_of(sandbox, US))
        load(sandbox, daily, SPEC, section)
        deleted_before = visible_orders(sandbox)
        for step in (1, 1, 2):
            sandbox.advance(step)
            load(sandbox, daily, SPEC, section)
        whole = new_settings()
        load(sandbox, whole, SPEC, section)
        gone = deleted_before - visible_orders(sandbox)
        rows, at_once = raw_rows(daily, SPEC), raw_rows(whole, SPEC)
        flagged = {
            (row[0], row[1]) for row in rows["orders"] if row[columns("orders")["is_deleted"]]
        }
        assert gone <= flagged
        assert flagged, "the world deletes an order in these days"
        kept = without(rows, flagged)
        for table in LEDGERS:
            assert kept[table.name] == at_once[table.name], table.name
        for table in OBSERVATIONS:
            assert newest(table, rows) == newest(table, at_once), table.name
        assert any(rows[table.name].total() > at_once[table.name].total()
                   for table in OBSERVATIONS), "older versions stay"  # fmt: skip
        owned = [row for row in rows["order_lines"] if (row[0], row[2]) in flagged]
        assert owned, "what a deleted order owns stays"


def days_before_a_deletion():
    """A day and a half before the world's last deletion of an order."""
    orders = generate("tests", 1).orders
    deleted_at = orders["deleted_at"].dropna()
    moment = deleted_at[deleted_at < pd.Timestamp(PRESETS["tests"].now, tz="UTC")].max()
    return (moment - pd.Timedelta(hours=36)).strftime("%Y-%m-%dT%H:%M:%S")


def columns(table):
    """From column to its place in a row of `raw_rows`."""
    found = next(each for each in SPEC.tables if each.name == table)
    return {name: place for place, name in enumerate(found.columns, start=1)}


def newest(table, rows):
    """The newest version of each key of an observation."""
    places = columns(table.name)
    found = {}
    for row in sorted(rows[table.name], key=lambda row: row[places[table.cursor]]):
        found[row[0], *(row[places[name]] for name in table.primary_key)] = row
    return found


def without(rows, orders):
    """Raw rows without those of some orders."""
    kept = {}
    for table, found in rows.items():
        places = columns(table)
        place = places["id"] if table == "orders" else places.get("order_id")
        kept[table] = Counter(
            {
                row: n
                for row, n in found.items()
                if place is None or (row[0], row[place]) not in orders
            }
        )
    return kept


def visible_orders(sandbox):
    orders = sandbox.sandbox.world.view().orders
    shown = orders[orders["deleted_at"].isna()]
    return set(zip(shown["shop"], shown["order_id"].astype(str), strict=True))
