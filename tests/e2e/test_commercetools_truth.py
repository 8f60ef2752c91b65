"""commercetools' twin to the marts, against the sandbox's truth, to the cent."""

import pytest

from sandbox.world.shops import COMMERCETOOLS, handles_of
from tests.e2e.derived_sales import (
    assert_days_equal_the_truth,
    assert_orders_equal_the_truth,
    assert_refunds_and_payments_equal_the_truth,
)

pytestmark = pytest.mark.e2e

SHOPS = handles_of(COMMERCETOOLS)


@pytest.mark.pitfall(2)
@pytest.mark.pitfall(4)
@pytest.mark.pitfall(13)
def test_sales_orders_and_payments_equal_the_truth(whole_shop):
    assert assert_days_equal_the_truth(whole_shop, SHOPS) > 20
    assert_orders_equal_the_truth(whole_shop, SHOPS)
    assert_refunds_and_payments_equal_the_truth(whole_shop, SHOPS)
