"""Shopify's twin to the marts, against the sandbox's truth, to the cent and day after day."""

from decimal import Decimal

import pytest

from sandbox.vendors.shopify.store import Store
from sandbox.world.shops import SHOPIFY, handles_of
from tests.e2e.sandbox_shop import open_shop

pytestmark = pytest.mark.e2e

SOURCES = "shopify,files,fx_rates"
SHOPS = handles_of(SHOPIFY)
MARTS = ("+fct_orders", "+fct_sales_movements", "+fct_refund_lines", "+dim_stores")
CAUTIOUS = ("--indirect-selection", "cautious")
AMOUNTS = ["gross", "discounts", "shipping", "tax", "net_to_date", "net_to_date_eur_e4"]
CENT, E4 = Decimal("0.01"), Decimal("0.0001")


def load(shop):
    """Ingests every source; gives back Shopify's summary."""
    shop.load("files")
    shop.load("fx_rates")
    return shop.load("shopify")


def assert_orders_equal_the_truth(shop):
    truth = shop.truth("orders", SHOPS)
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
    found = shop.ask("""
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
        for row in shop.truth("sales_daily", SHOPS).itertuples()
        if row.net or Decimal(row.net_eur)
    }
    found = shop.ask("""
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
    rows = shop.ask("select order_id, store_key, updated_at, total_amount, net_amount"
                      " from marts.fct_orders where not is_deleted")  # fmt: skip
    return {row[:2]: row[2:] for row in rows}


@pytest.fixture
def young_shop(tmp_path):
    """A shop a week before its world's own day, so that its clock can move on."""
    with open_shop(tmp_path, now="2026-06-24T12:00:00") as shop:
        yield shop


@pytest.mark.pitfall(2)
@pytest.mark.pitfall(4)
@pytest.mark.pitfall(6)
@pytest.mark.pitfall(13)
def test_orders_and_net_sales_equal_the_truth_day_after_day(young_shop):
    load(young_shop)
    done = young_shop.dbt("-s", *MARTS, *CAUTIOUS, sources=SOURCES)
    assert done.returncode == 0, done.stdout[-3000:]
    assert_orders_equal_the_truth(young_shop)
    assert_days_equal_the_truth(young_shop)
    before, seen = order_rows(young_shop), newest_update(young_shop)

    young_shop.running.advance(1)
    summary = load(young_shop)
    loads = {load.table: load for load in summary.tables}
    changed = changed_orders(young_shop, seen)
    assert loads["orders"].new_rows == len(changed)
    assert loads["orders"].loaded_rows == len(changed) + flagged_orders(young_shop)
    assert loads["orders"].restated_rows == 0
    done = young_shop.dbt("-s", *MARTS, *CAUTIOUS, sources=SOURCES)
    assert done.returncode == 0, done.stdout[-3000:]
    assert_orders_equal_the_truth(young_shop)
    assert_days_equal_the_truth(young_shop)
    after = order_rows(young_shop)
    touched = {order_id for order_id in after if after[order_id] != before.get(order_id)}
    assert {order_id for order_id, _ in touched} == changed

    again = load(young_shop)
    assert again.loaded_rows == 0
    assert again.touched_tables == ()


def newest_update(shop):
    """From shop to the newest update loaded."""
    return dict(shop.ask("select _account_id, max(updated_at) from raw_shopify.orders group by 1"))


def changed_orders(shop, seen):
    """Orders of the world's that changed after what was seen."""
    orders = shop.world("orders", SHOPS)
    orders = orders[orders["deleted_at"].isna()]
    newest = orders["shop"].map(seen).astype(orders["updated_at"].dtype)
    return set(orders.loc[orders["updated_at"] > newest, "order_id"].astype(str))


def flagged_orders(shop):
    """Orders that the newest load found to be deleted."""
    sql = """
        select count(*) from raw_shopify.orders
        where is_deleted and _loaded_at = (select max(_loaded_at) from raw_shopify.orders)
    """
    return shop.ask(sql)[0][0]


@pytest.mark.pitfall(3)
def test_a_refund_line_that_is_not_shown_is_noticed(tmp_path, monkeypatch):
    """The reconciliation of agreements with lines and refunds can fail."""
    table = Store.table

    def without_one_refund_line(self, name):
        rows = table(self, name)
        return rows.iloc[1:].reset_index(drop=True) if name == "refund_lines" else rows

    monkeypatch.setattr(Store, "table", without_one_refund_line)
    check = "assert_agreements_equal_lines_and_refunds"
    with open_shop(tmp_path) as shop:
        load(shop)
        assert shop.dbt("-s", *MARTS, sources=SOURCES, command="run").returncode in (0, 1)
        failed = shop.dbt("-s", check, sources=SOURCES, command="test")
    assert failed.returncode != 0
    assert check in failed.stdout
