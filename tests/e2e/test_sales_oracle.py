"""Orders, sales and refunds by day and shop: the marts against the oracle's own sums."""

import pytest

from sandbox.world.shops import COMMERCETOOLS, handles_of
from tests.oracle import sales
from tests.oracle.books import Books, facts

pytestmark = pytest.mark.e2e
DAY = ("shop", "date")
STORES = "inner join marts.dim_stores as stores using (store_key)"


@pytest.fixture(scope="module")
def books(whole_shop):
    """The shop's own, of which the oracle makes the same figures its own way."""
    return Books(whole_shop.running.folder / "truth")


def by(shop, sql):
    """Rows of the marts, by all but their last column; those of nothing left out."""
    return {row[:-1]: row[-1] for row in shop.ask(sql) if row[-1]}


@pytest.mark.pitfall(2, 6, 7, 9)
@pytest.mark.parametrize("amount", sales.AMOUNTS)
def test_every_shops_days_equal_its_books(whole_shop, books, amount):
    column = {"discounts": "discount", "returns": "return"}.get(amount, amount)
    found = by(
        whole_shop,
        f"select stores.account_id, movement_date, sum({column}_amount)"
        f" from marts.fct_sales_movements {STORES} group by all",
    )
    assert found == facts(sales.sales_by_day(books), DAY, amount)


@pytest.mark.pitfall(4, 5)
@pytest.mark.parametrize(
    ("figure", "expression"),
    [
        ("orders", "count(*)"),
        ("purchases", "count(*) filter (where counts_as_purchase)"),
        ("customers", "count(distinct customer_key) filter (where counts_as_purchase)"),
        ("new_customers", "count(*) filter (where purchase_number = 1)"),
    ],
)
def test_orders_and_buyers_of_each_day_equal_the_books(whole_shop, books, figure, expression):
    found = by(
        whole_shop,
        f"select stores.account_id, order_date, {expression} from marts.fct_orders {STORES}"
        " where counts_in_sales group by all",
    )
    is_first = figure == "new_customers"
    days = sales.new_customers_by_day(books) if is_first else sales.orders_by_day(books)
    assert found == facts(days, DAY, figure)


GOODS = "filter (where refund_line_type in ('goods', 'gift_card'))"


@pytest.mark.pitfall(2, 3)
@pytest.mark.parametrize(
    ("figure", "expression"),
    [
        ("refunds", "count(distinct refund_id)"),
        ("units", f"sum(quantity) {GOODS}"),
        ("goods", f"sum(store_amount) {GOODS}"),
        ("shipping", "sum(store_amount) filter (where refund_line_type = 'shipping')"),
        ("adjustments", "sum(store_amount) filter (where refund_line_type = 'adjustment')"),
        ("tax", "sum(tax_store_amount)"),
    ],
)
def test_refunds_of_each_day_equal_the_books(whole_shop, books, figure, expression):
    """Of a cancelled order's refund commercetools tells the money alone, in a payment."""
    found = by(
        whole_shop,
        f"select stores.account_id, refund_date, {expression} from marts.fct_refund_lines {STORES}"
        " where counts_in_sales group by all",
    )
    without_lines = handles_of(COMMERCETOOLS)
    assert found == facts(sales.refunds_by_day(books, without_lines), DAY, figure)
