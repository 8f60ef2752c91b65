"""The till and its catalogue to the marts, against the sandbox's truth."""

from decimal import Decimal

import pytest

pytestmark = pytest.mark.e2e

TILL = "basketline-till"
CENT = Decimal("0.01")
OF_THE_TILL = f"""
    inner join marts.dim_stores as stores
        on {{}}.store_key = stores.store_key and stores.account_id = '{TILL}'
"""


@pytest.mark.pitfall(2, 7)
def test_net_sales_of_each_day_equal_the_truth(whole_shop):
    """Returns too, those without their receipt included, on their own day."""
    truth = whole_shop.truth("sales_daily")
    expected = {
        row.date.date(): row.net * CENT
        for row in truth[truth["shop"] == TILL].itertuples()
        if row.net
    }
    found = whole_shop.ask(f"""
        select movement_date, sum(net_store_amount)
        from marts.fct_sales_movements as movements
        {OF_THE_TILL.format("movements")}
        group by movement_date
        having sum(net_store_amount) != 0
    """)
    assert dict(found) == expected


def test_orders_as_placed_equal_the_truth(whole_shop):
    truth = whole_shop.truth("orders")
    own = truth[(truth["shop"] == TILL) & ~truth["is_deleted"]]
    expected = {
        (str(row.order_id), row.order_date.date(), row.counts_in_sales, row.counts_as_purchase,
         row.total * CENT)
        for row in own.itertuples()
    }  # fmt: skip
    found = whole_shop.ask(f"""
        select order_id, order_date, counts_in_sales, counts_as_purchase, total_store_amount
        from marts.fct_orders as orders
        {OF_THE_TILL.format("orders")}
    """)
    assert set(found) == expected


def test_the_catalogues_costs_are_the_tills(whole_shop):
    ((variants, with_cost),) = whole_shop.ask(f"""
        select count(*), count(unit_cost_store_amount)
        from marts.dim_product_variants as variants
        {OF_THE_TILL.format("variants")}
    """)
    assert 0 < with_cost <= variants
