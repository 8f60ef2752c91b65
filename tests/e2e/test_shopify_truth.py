"""Shopify's twin to the marts, against the sandbox's truth, to the cent and day after day."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from ingestion.run import ingest
from ingestion.settings import load_settings
from sandbox.env import environment
from sandbox.vendors.shopify.store import Store
from sandbox.world.shops import SHOPIFY, handles_of
from tests.integration.shop import DuckDBWarehouse, build
from tests.running_sandbox import RunningSandbox, run_sandbox

pytestmark = pytest.mark.e2e

SOURCES = "shopify,files,fx_rates"
MARTS = ("+fct_orders", "+fct_sales_movements", "+fct_refund_lines", "+dim_stores")
CAUTIOUS = ("--indirect-selection", "cautious")
AMOUNTS = ["gross", "discounts", "shipping", "tax", "net_to_date", "net_to_date_eur_e4"]
CENT, E4 = Decimal("0.01"), Decimal("0.0001")


class Shop:
    """A sandbox, a warehouse, and the way from one to the other."""

    def __init__(self, running: RunningSandbox, folder: Path) -> None:
        self.running, self.folder = running, folder
        self.warehouse = DuckDBWarehouse(folder / "warehouse.duckdb")
        self.settings = load_settings(
            env_file=None, duckdb_path=folder / "warehouse.duckdb", data_dir=folder / "data"
        )

    def load(self):
        """Ingests every source; gives back Shopify's summary."""
        ingest(self.settings, "files")
        ingest(self.settings, "fx_rates")
        return ingest(self.settings, "shopify")

    def dbt(self, *arguments, command="build"):
        salt = {"SOURCES": SOURCES, "PRIVACY_SALT": "5a" * 32}
        return build(self.warehouse, self.folder / "dbt", *arguments, command=command, **salt)

    def marts(self, sql):
        with duckdb.connect(str(self.warehouse.path), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def truth(self, table):
        """A truth table, of the shops on Shopify."""
        rows = pd.read_parquet(self.running.folder / "truth" / f"{table}.parquet")
        return rows[rows["shop"].isin(handles_of(SHOPIFY))]


@pytest.fixture
def new_shop(tmp_path, monkeypatch):
    """Starts a sandbox, points the settings to it, and gives the shop."""
    running = []

    def start(**options):
        context = run_sandbox(tmp_path / "sandbox", **options)
        sandbox = context.__enter__()
        running.append(context)
        for name, value in environment(sandbox.port, sandbox.folder).items():
            monkeypatch.setenv(name, value)
        return Shop(sandbox, tmp_path)

    yield start
    for context in running:
        context.__exit__(None, None, None)


def assert_orders_equal_the_truth(shop):
    truth = shop.truth("orders")
    shown = truth[~truth["is_deleted"]]
    shown = shown.assign(**shown[AMOUNTS].fillna(0))
    expected = {
        (row.shop, str(row.order_id)): (
            row.order_date.date(),
            row.counts_in_sales,
            row.counts_as_purchase,
            row.total * CENT,
            row.gross * CENT,
            row.discounts * CENT,
            row.shipping * CENT,
            row.tax * CENT,
            row.net_to_date * CENT,
            row.net_to_date_eur_e4 * E4,
        )
        for row in shown.itertuples()
    }
    found = shop.marts("""
        select
            stores.account_id, orders.order_id, orders.order_date, orders.counts_in_sales,
            orders.counts_as_purchase, orders.total_store_amount, orders.gross_store_amount,
            orders.discount_store_amount, orders.shipping_store_amount, orders.tax_store_amount,
            orders.net_store_amount, orders.net_amount
        from marts.fct_orders as orders
        inner join marts.dim_stores as stores using (store_key)
        where not orders.is_deleted
    """)
    assert {row[:2]: row[2:] for row in found} == expected
    assert len(found) == len(expected)


def assert_days_equal_the_truth(shop):
    expected = {
        (row.shop, row.date.date()): (row.net * CENT, Decimal(row.net_eur))
        for row in shop.truth("sales_daily").itertuples()
        if row.net or Decimal(row.net_eur)
    }
    found = shop.marts("""
        select
            stores.account_id, movements.movement_date, sum(movements.net_store_amount),
            sum(movements.net_amount)
        from marts.fct_sales_movements as movements
        inner join marts.dim_stores as stores using (store_key)
        group by stores.account_id, movements.movement_date
        having sum(movements.net_store_amount) != 0 or sum(movements.net_amount) != 0
    """)
    assert {row[:2]: row[2:] for row in found} == expected


def order_rows(shop):
    """The marts' orders without what changes with every other order."""
    rows = shop.marts("select order_id, store_key, updated_at, total_amount, net_amount"
                      " from marts.fct_orders where not is_deleted")  # fmt: skip
    return {row[:2]: row[2:] for row in rows}


@pytest.mark.pitfall(2)
@pytest.mark.pitfall(4)
@pytest.mark.pitfall(6)
@pytest.mark.pitfall(13)
def test_orders_and_net_sales_equal_the_truth_day_after_day(new_shop):
    shop = new_shop(now="2026-06-24T12:00:00")
    shop.load()
    done = shop.dbt()
    assert done.returncode == 0, done.stdout[-3000:]
    assert_orders_equal_the_truth(shop)
    assert_days_equal_the_truth(shop)
    before, seen = order_rows(shop), newest_update(shop)

    shop.running.advance(1)
    summary = shop.load()
    loads = {load.table: load for load in summary.tables}
    changed = changed_orders(shop, seen)
    assert loads["orders"].new_rows == len(changed)
    assert loads["orders"].loaded_rows == len(changed) + flagged_orders(shop)
    assert loads["orders"].restated_rows == 0
    done = shop.dbt("-s", *MARTS, *CAUTIOUS)
    assert done.returncode == 0, done.stdout[-3000:]
    assert_orders_equal_the_truth(shop)
    assert_days_equal_the_truth(shop)
    after = order_rows(shop)
    touched = {order_id for order_id in after if after[order_id] != before.get(order_id)}
    assert {order_id for order_id, _ in touched} == changed

    again = shop.load()
    assert again.loaded_rows == 0
    assert again.touched_tables == ()


def newest_update(shop):
    """From shop to the newest update loaded."""
    return dict(
        shop.marts("select _account_id, max(updated_at) from raw_shopify.orders group by 1")
    )


def changed_orders(shop, seen):
    """Orders of the world's that changed after what was seen."""
    orders = shop.running.sandbox.world.view().orders
    orders = orders[orders["deleted_at"].isna() & orders["shop"].isin(handles_of(SHOPIFY))]
    newest = orders["shop"].map(seen).astype(orders["updated_at"].dtype)
    return set(orders.loc[orders["updated_at"] > newest, "order_id"].astype(str))


def flagged_orders(shop):
    """Orders that the newest load found to be deleted."""
    sql = """
        select count(*) from raw_shopify.orders
        where is_deleted and _loaded_at = (select max(_loaded_at) from raw_shopify.orders)
    """
    return shop.marts(sql)[0][0]


@pytest.mark.pitfall(3)
def test_a_refund_line_that_is_not_shown_is_noticed(new_shop, monkeypatch):
    """The reconciliation of agreements with lines and refunds can fail."""
    table = Store.table

    def without_one_refund_line(self, name):
        rows = table(self, name)
        return rows.iloc[1:].reset_index(drop=True) if name == "refund_lines" else rows

    shop = new_shop()
    monkeypatch.setattr(Store, "table", without_one_refund_line)
    shop.load()
    assert shop.dbt("-s", *MARTS, command="run").returncode in (0, 1)
    check = "assert_agreements_equal_lines_and_refunds"
    failed = shop.dbt("-s", check, command="test")
    assert failed.returncode != 0
    assert check in failed.stdout
