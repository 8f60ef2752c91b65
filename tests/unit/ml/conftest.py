"""A shop whose customers leave, as the tests of churn see it."""

import pytest

from tests.unit.ml.churn_shop import AS_OF, month_ends, purchases, snapshots


@pytest.fixture(scope="module")
def bought():
    return purchases()


@pytest.fixture(scope="module")
def features(bought):
    return snapshots(bought, [*month_ends(), AS_OF])
