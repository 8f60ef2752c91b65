"""The till and its catalogue to the marts, against the sandbox's truth."""

from decimal import Decimal

import pytest

from tests.e2e.sandbox_shop import open_shop

pytestmark = pytest.mark.e2e

TILL = "basketline-till"
SOURCES = ("sql_orders", "catalog", "fx_rates")
MARTS = (
    "+fct_orders",
    "+fct_sales_movements",
    "+dim_products",
    "+dim_product_variants",
    "+dim_stores",
)
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The till's database and its catalogue, loaded and built."""
    with open_shop(tmp_path_factory.mktemp("till")) as shop:
        for source in SOURCES:
            shop.load(source)
        done = shop.dbt(
            "--select", *MARTS, "--indirect-selection", "cautious", sources=",".join(SOURCES)
        )
        assert done.returncode == 0, done.stdout[-3000:]
        yield shop


@pytest.mark.pitfall(2, 7)
def test_net_sales_of_each_day_equal_the_truth(shop):
    """Returns too, those without their receipt included, on their own day."""
    truth = shop.truth("sales_daily")
    expected = {
        row.date.date(): row.net * CENT
        for row in truth[truth["shop"] == TILL].itertuples()
        if row.net
    }
    found = shop.ask("""
        select movement_date, sum(net_store_amount)
        from marts.fct_sales_movements
        group by movement_date
        having sum(net_store_amount) != 0
    """)
    assert dict(found) == expected


def test_orders_as_placed_equal_the_truth(shop):
    truth = shop.truth("orders")
    own = truth[(truth["shop"] == TILL) & ~truth["is_deleted"]]
    expected = {
        (str(row.order_id), row.order_date.date(), row.counts_in_sales, row.counts_as_purchase,
         row.total * CENT)
        for row in own.itertuples()
    }  # fmt: skip
    found = shop.ask("""
        select order_id, order_date, counts_in_sales, counts_as_purchase, total_store_amount
        from marts.fct_orders
    """)
    assert set(found) == expected


def test_the_catalogues_products_are_the_stores(shop):
    found = shop.ask("""
        select stores.source_name, stores.account_id, count(variants.unit_cost_store_amount)
        from marts.dim_product_variants as variants
        inner join marts.dim_stores as stores using (store_key)
        group by stores.source_name, stores.account_id
    """)
    assert [row[:2] for row in found] == [("sql_orders", TILL)]
    assert found[0][2] > 0
