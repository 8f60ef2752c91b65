"""The hand-made shop on Snowflake: the same raw rows and the same expected amounts."""

import pytest

from tests.integration.test_hand_made_shop import *  # noqa: F403

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
