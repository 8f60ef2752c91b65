"""Stock cover, what is out of stock and what is slow, held to the ledger by plain pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from sandbox.world.shops import SHOPIFY, handles_of
from tests.e2e.conftest import DAYS_BETWEEN_THE_LOADS
from tests.oracle.books import Books
from tests.oracle.stock import stock

pytestmark = pytest.mark.e2e

SHOPS = handles_of(SHOPIFY)


@pytest.fixture(scope="module")
def expected(whole_shop):
    """Shop and product -> what the ledger says of it on the newest day."""
    ((as_of,),) = whole_shop.ask("select as_of_date from intermediate.int_as_of")
    now = whole_shop.running.sandbox.world.clock.now
    rows = stock(
        Books(whole_shop.running.folder / "truth", as_of),
        whole_shop.world("inventory_entries", SHOPS),
        whole_shop.world("variants", SHOPS),
        whole_shop.world("order_lines", SHOPS),
        looks=[now - pd.Timedelta(days=DAYS_BETWEEN_THE_LOADS), now],
    )
    return {(row.shop, str(row.product_id)): row for row in rows.itertuples()}


@pytest.fixture(scope="module")
def found(whole_shop):
    """Shop and product -> what the report says of it."""
    shops = ", ".join(f"'{shop}'" for shop in SHOPS)
    rows = whole_shop.ask(f"""
        select
            stores.account_id, products.product_id, report.on_hand_quantity,
            report.sold_unit_count, report.stock_cover_days, report.is_out_of_stock, report.is_slow
        from reports.rpt_products as report
        inner join marts.dim_products as products using (product_key)
        inner join marts.dim_stores as stores on report.store_key = stores.store_key
        where report.on_hand_quantity is not null and stores.account_id in ({shops})
    """)
    return {row[:2]: row[2:] for row in rows}


def test_stock_of_every_product_is_told(found, expected):
    assert set(found) == set(expected)


def test_stock_and_what_it_lasts_for_equal_the_ledger(found, expected):
    for product, (on_hand, sold, cover, _, _) in found.items():
        own = expected[product]
        assert (on_hand, sold) == (own.on_hand, own.sold), product
        if pd.isna(own.cover):
            assert cover is None, product
        else:
            assert cover == pytest.approx(own.cover, rel=1e-12), product
    assert any(row[2] for row in found.values())


def test_what_is_out_of_stock_and_what_is_slow_equal_the_ledger(found, expected):
    flags = {product: row[3:] for product, row in found.items()}
    assert flags == {
        product: (bool(own.is_out_of_stock), bool(own.is_slow)) for product, own in expected.items()
    }
    assert {slow for _, slow in flags.values()} == {True, False}
