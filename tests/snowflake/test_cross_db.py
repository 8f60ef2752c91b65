"""The dialect macros on Snowflake: the same expected values as on the other engines."""

import pytest

from tests.integration.test_cross_db import *  # noqa: F403

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
