"""Platforms that book no sales of their own, to the marts and against the truth, to the cent."""

import pytest

from sandbox.world.shops import COMMERCETOOLS, WOOCOMMERCE, handles_of
from tests.e2e.derived_sales import (
    assert_days_equal_the_truth,
    assert_orders_equal_the_truth,
    assert_refunds_and_payments_equal_the_truth,
)

pytestmark = pytest.mark.e2e

# Platform, and how many days of sales it has at least.
PLATFORMS = [
    pytest.param(COMMERCETOOLS, 20, id="commercetools"),
    pytest.param(WOOCOMMERCE, 50, id="woocommerce"),
]


@pytest.mark.pitfall(2, 4, 7, 13)
@pytest.mark.parametrize(("platform", "least_days"), PLATFORMS)
def test_sales_orders_and_payments_equal_the_truth(whole_shop, platform, least_days):
    shops = handles_of(platform)
    assert assert_days_equal_the_truth(whole_shop, shops) > least_days
    assert_orders_equal_the_truth(whole_shop, shops)
    assert_refunds_and_payments_equal_the_truth(whole_shop, shops)
