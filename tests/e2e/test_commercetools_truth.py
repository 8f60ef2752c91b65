"""commercetools' twin to the marts, against the sandbox's truth, to the cent and day after day."""

import pytest

from sandbox.world.shops import COMMERCETOOLS, handles_of
from tests.e2e.derived_sales import (
    assert_days_equal_the_truth,
    assert_orders_equal_the_truth,
    assert_refunds_and_payments_equal_the_truth,
)
from tests.e2e.sandbox_shop import open_shop

pytestmark = pytest.mark.e2e

SOURCES = "commercetools,fx_rates"
SHOPS = handles_of(COMMERCETOOLS)
MARTS = (
    "staging.commercetools",
    "+fct_orders",
    "+fct_order_lines",
    "+fct_sales_movements",
    "+fct_refund_lines",
    "+fct_payments",
    "+fct_abandoned_checkouts",
    "+dim_stores",
)


@pytest.fixture
def shop(tmp_path):
    with open_shop(tmp_path, now="2026-06-20T12:00:00") as found:
        yield found


def build(shop):
    """Loads and builds; every test of the models that are built must pass."""
    shop.load("fx_rates")
    shop.load("commercetools")
    done = shop.dbt("-s", *MARTS, "--indirect-selection", "cautious", sources=SOURCES)
    assert done.returncode == 0, done.stdout[-4000:]


def assert_equal_to_the_truth(shop):
    assert assert_days_equal_the_truth(shop, SHOPS) > 20
    assert_orders_equal_the_truth(shop, SHOPS)
    assert_refunds_and_payments_equal_the_truth(shop, SHOPS)


@pytest.mark.pitfall(2)
@pytest.mark.pitfall(4)
@pytest.mark.pitfall(13)
def test_sales_orders_and_payments_equal_the_truth_day_after_day(shop):
    build(shop)
    assert_equal_to_the_truth(shop)
    shop.running.advance(9)
    build(shop)
    assert_equal_to_the_truth(shop)
