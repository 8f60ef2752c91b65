"""The golden shop on Snowflake: the same raw rows, and the same rows that a person expects."""

import pytest

from tests.golden_shop.test_golden_shop import *  # noqa: F403

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
