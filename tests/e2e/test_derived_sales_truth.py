"""Platforms that book no sales of their own to the marts, against the sandbox's truth, to the cent.

Day after day: a second load, nine days later, has to leave no trace of being one.
"""

import pytest

from sandbox.world.shops import COMMERCETOOLS, WOOCOMMERCE, handles_of
from tests.e2e.derived_sales import (
    assert_days_equal_the_truth,
    assert_orders_equal_the_truth,
    assert_refunds_and_payments_equal_the_truth,
)
from tests.e2e.sandbox_shop import open_shop

pytestmark = pytest.mark.e2e

MARTS = (
    "+fct_orders",
    "+fct_order_lines",
    "+fct_sales_movements",
    "+fct_refund_lines",
    "+fct_payments",
    "+fct_abandoned_checkouts",
    "+dim_stores",
)
# Platform, and how many days of sales it has at least.
PLATFORMS = [
    pytest.param(COMMERCETOOLS, 20, id="commercetools"),
    pytest.param(WOOCOMMERCE, 50, id="woocommerce"),
]


@pytest.fixture
def shop(tmp_path):
    with open_shop(tmp_path, now="2026-06-20T12:00:00") as found:
        yield found


def build(shop, platform):
    """Loads and builds; every test of the models that are built must pass."""
    sources = ("fx_rates", platform.name)
    for source in sources:
        shop.load(source)
    selected = ("-s", f"staging.{platform.name}", *MARTS, "--indirect-selection", "cautious")
    done = shop.dbt(*selected, sources=",".join(sources))
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.pitfall(2, 4, 7, 13)
@pytest.mark.parametrize(("platform", "least_days"), PLATFORMS)
def test_sales_orders_and_payments_equal_the_truth_day_after_day(shop, platform, least_days):
    shops = handles_of(platform)
    for days in (0, 9):
        shop.running.advance(days)
        build(shop, platform)
        assert assert_days_equal_the_truth(shop, shops) > least_days
        assert_orders_equal_the_truth(shop, shops)
        assert_refunds_and_payments_equal_the_truth(shop, shops)
