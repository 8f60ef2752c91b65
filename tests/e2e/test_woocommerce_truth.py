"""WooCommerce's twin to the marts, against the sandbox's truth, to the cent."""

import pytest

from sandbox.world.shops import WOOCOMMERCE, handles_of
from tests.e2e.derived_sales import (
    assert_days_equal_the_truth,
    assert_orders_equal_the_truth,
    assert_refunds_and_payments_equal_the_truth,
)

pytestmark = pytest.mark.e2e

SHOPS = handles_of(WOOCOMMERCE)


@pytest.mark.pitfall(2)
@pytest.mark.pitfall(4)
@pytest.mark.pitfall(7)
@pytest.mark.pitfall(13)
def test_sales_orders_and_payments_equal_the_truth(whole_shop):
    assert assert_days_equal_the_truth(whole_shop, SHOPS) > 50
    assert_orders_equal_the_truth(whole_shop, SHOPS)
    assert_refunds_and_payments_equal_the_truth(whole_shop, SHOPS)
