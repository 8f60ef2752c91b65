"""commercetools' connector against its twin, into real engines."""

import datetime as dt

import pytest

from ingestion.errors import CredentialsError, VendorUnavailableError
from ingestion.sources.commercetools.settings import CommercetoolsSettings
from ingestion.sources.commercetools.spec import SPEC
from sandbox.faults import Fault
from sandbox.vendors.commercetools import CLIENT_ID, CLIENT_SECRET
from sandbox.vendors.commercetools.app import TOKEN_SECONDS
from sandbox.world.shops import COMMERCETOOLS, handles_of
from tests.integration.connector import (
    duckdb_settings,
    load,
    postgres_settings,
    query,
    raw_rows,
    spoil,
    stage,
)
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration

(PROJECT,) = handles_of(COMMERCETOOLS)
VERSIONED = ("customers", "products", "product_variants", "inventory")
# Pages of a world of this size would all be the first.
SMALL_PAGES = 9


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sandbox")
    with run_sandbox(folder, now="2026-06-30T12:00:00") as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults_left(sandbox):
    yield
    sandbox.sandbox.faults.clear()


@pytest.fixture
def _small_pages(monkeypatch):
    monkeypatch.setattr("ingestion.sources.commercetools.api.PAGE_ROWS", SMALL_PAGES)


def section_of(sandbox, **fields):
    project = {
        "project_key": PROJECT,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "timezone": "Europe/Berlin",
        "api_url": sandbox.url("commercetools"),
        "auth_url": sandbox.url("commercetools"),
        **fields,
    }
    return CommercetoolsSettings(_env_file=None, projects=[project], requests_per_second=1000)


@pytest.fixture(scope="module")
def clean(sandbox, tmp_path_factory):
    """The project, loaded undisturbed into DuckDB."""
    settings = duckdb_settings(tmp_path_factory.mktemp("clean"))
    summary = load(sandbox, settings, SPEC, section_of(sandbox))
    return settings, raw_rows(settings, SPEC), summary


def test_every_table_has_its_rows_in_their_types(clean):
    _, rows, summary = clean
    assert all(rows.values())
    assert all(max(counts.values()) == 1 for counts in rows.values())
    assert not summary.variant_columns
    assert not summary.new_columns


def test_staging_meets_the_seam(clean):
    stage(clean[0], "commercetools")
    ((staged,),) = query(clean[0], SPEC, "select count(*) from staging.stg_commercetools__orders")
    assert staged == sum(clean[1]["orders"].values())


@pytest.mark.pitfall(23)
@pytest.mark.usefixtures("_small_pages")
def test_small_pages_bring_what_one_page_brings(sandbox, clean, tmp_path):
    settings = duckdb_settings(tmp_path)
    load(sandbox, settings, SPEC, section_of(sandbox))
    assert raw_rows(settings, SPEC) == clean[1]


def test_sums_equal_the_ledger(sandbox, clean):
    view = sandbox.sandbox.world.view()
    orders = view.orders[view.orders["shop"] == PROJECT]
    transactions = view.transactions[view.transactions["shop"] == PROJECT]
    back = view.refund_lines[view.refund_lines["shop"] == PROJECT]
    back = back[back["refund_id"].isin(view.refunds.loc[~view.refunds["is_cancellation"],
                                                        "refund_id"])]  # fmt: skip
    (found,) = query(
        clean[0],
        SPEC,
        """
        select
            (select count(*) from {raw}.orders),
            (select cast(sum(taxed_price__total_gross) * 100 as bigint) from {raw}.orders),
            (select cast(sum(total_price + total_tax) * 100 as bigint) from {raw}.order_lines),
            (select cast(sum(amount) * 100 as bigint) from {raw}.payment_transactions),
            (select cast(sum(quantity) as bigint) from {raw}.return_items)
        """,
    )
    total = orders["total"].sum()
    assert found == (
        len(orders), total, total, transactions["amount"].sum(), back["quantity"].sum()
    )  # fmt: skip


@pytest.mark.postgres
def test_postgres_gets_what_duckdb_gets(sandbox, clean, tmp_path, postgres_uri):
    settings = postgres_settings(tmp_path, postgres_uri)
    load(sandbox, settings, SPEC, section_of(sandbox))
    assert raw_rows(settings, SPEC) == clean[1]


@pytest.mark.parametrize(
    "kind", [Fault.THROTTLE, Fault.SERVER_ERROR, Fault.CUT_CONNECTION, Fault.CUT_JSON]
)
@pytest.mark.usefixtures("_small_pages")
def test_faults_leave_no_trace(sandbox, clean, tmp_path, kind):
    settings = duckdb_settings(tmp_path)
    sandbox.fail("commercetools", kind, 3)
    load(sandbox, settings, SPEC, section_of(sandbox))
    assert raw_rows(settings, SPEC) == clean[1]
    assert not sandbox.sandbox.faults.pending["commercetools"]


@pytest.mark.usefixtures("_small_pages")
def test_a_token_that_ends_in_the_middle_is_replaced(sandbox, clean, tmp_path):
    settings, told = duckdb_settings(tmp_path), []

    def end_tokens(progress):
        if progress.table == "carts" and not told:
            sandbox.sandbox.world.clock.wait(TOKEN_SECONDS)
            told.append(progress)

    load(sandbox, settings, SPEC, section_of(sandbox), progress=end_tokens)
    assert told
    assert raw_rows(settings, SPEC) == clean[1]


@pytest.mark.usefixtures("_small_pages")
def test_rows_that_change_while_they_are_read_are_all_there(tmp_path):
    with run_sandbox(tmp_path / "sandbox", seed=4, now="2026-06-20T12:00:00") as running:
        settings, fresh = duckdb_settings(tmp_path), duckdb_settings(tmp_path)
        running.fail("commercetools", Fault.LATE_UPDATE, 3)
        load(running, settings, SPEC, section_of(running))
        load(running, settings, SPEC, section_of(running))
        load(running, fresh, SPEC, section_of(running))
        found, right = raw_rows(settings, SPEC), raw_rows(fresh, SPEC)
        for name, rows in right.items():
            assert (rows <= found[name]) if name in VERSIONED else (rows == found[name]), name


@pytest.mark.pitfall(12)
def test_a_second_run_with_nothing_new_loads_nothing(sandbox, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(sandbox)
    load(sandbox, settings, SPEC, section)
    for _ in range(2):
        again = load(sandbox, settings, SPEC, section)
        assert again.new_rows == again.loaded_rows == 0
        assert sum(table.overlap_rows for table in again.tables) > 0


@pytest.mark.pitfall(11)
def test_days_of_loads_equal_one_load_at_the_end(tmp_path):
    with run_sandbox(tmp_path / "sandbox", seed=2, now="2026-05-10T12:00:00") as running:
        kept, section = duckdb_settings(tmp_path), section_of(running)
        load(running, kept, SPEC, section)
        for _ in range(6):
            running.advance(7)
            load(running, kept, SPEC, section)
        fresh = duckdb_settings(tmp_path)
        load(running, fresh, SPEC, section)
        found, right = raw_rows(kept, SPEC), raw_rows(fresh, SPEC)
        for name, rows in right.items():
            assert (rows <= found[name]) if name in VERSIONED else (rows == found[name]), name


@pytest.mark.pitfall(14)
def test_a_deleted_order_is_marked_with_all_that_it_owns(tmp_path):
    with run_sandbox(tmp_path / "sandbox", seed=5, now="2026-06-20T12:00:00") as running:
        settings, section = duckdb_settings(tmp_path), section_of(running)
        load(running, settings, SPEC, section)
        before = raw_rows(settings, SPEC)
        orders = running.sandbox.world.ledger.orders
        own = orders.index[(orders["shop"] == PROJECT).to_numpy()]
        orders.loc[own[0], "deleted_at"] = running.sandbox.world.clock.now + dt.timedelta(hours=3)
        running.advance(1)
        load(running, settings, SPEC, section)
        gone = query(settings, SPEC, "select id from {raw}.orders where is_deleted")
        assert len(gone) == 1
        after = raw_rows(settings, SPEC)
        assert len(after["orders"]) >= len(before["orders"])
        assert before["order_lines"] <= after["order_lines"]
        again = load(running, settings, SPEC, section)
        assert again.loaded_rows == 0


def test_a_range_is_loaded_again_and_the_cursor_stays(sandbox, clean, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(sandbox)
    load(sandbox, settings, SPEC, section)
    spoil(settings, SPEC, "update {raw}.orders set total_price = 0")
    load(sandbox, settings, SPEC, section, date_from=dt.date(2024, 1, 1),
         date_to=dt.date(2026, 6, 30))  # fmt: skip
    assert raw_rows(settings, SPEC) == clean[1]
    assert load(sandbox, settings, SPEC, section).new_rows == 0


@pytest.mark.parametrize("field", ["client_id", "client_secret"])
def test_wrong_credentials_are_one_line_without_the_secret(sandbox, tmp_path, field):
    section = section_of(sandbox, **{field: "guessed-and-wrong"})
    with pytest.raises(CredentialsError, match="valid client credentials") as refused:
        load(sandbox, duckdb_settings(tmp_path), SPEC, section)
    text = str(refused.value)
    assert "\n" not in text
    assert "COMMERCETOOLS__PROJECTS__0__CLIENT_*" in text
    assert CLIENT_SECRET not in text
    assert "guessed-and-wrong" not in text


def test_a_vendor_that_is_down_is_one_clear_error(sandbox, tmp_path):
    sandbox.fail("commercetools", Fault.SERVER_ERROR, 20)
    with pytest.raises(VendorUnavailableError, match="failed 7 times; the last time status 503"):
        load(sandbox, duckdb_settings(tmp_path), SPEC, section_of(sandbox))
