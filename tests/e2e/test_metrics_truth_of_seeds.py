"""The same of other worlds, each with people, orders and visits of its own.

A world may lack what a metric counts, such as a cohort that has paid back; then the warehouse has
no value either. That each metric is compared with something, the world of `make test` shows.
"""

import pytest

from tests.e2e.conftest import loaded_twice
from tests.e2e.test_metrics_truth import compared

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("seed", [2, 3])
def test_every_metric_equals_the_books_of_another_world(tmp_path, seed):
    with loaded_twice(tmp_path, seed=seed, but=("unit_test", "test")) as shop:
        differences, _ = compared(shop)
    assert differences == []
