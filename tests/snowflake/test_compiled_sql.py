"""Everything that dbt would send to Snowflake, read for what a real account refuses."""

import pytest

from ingestion.registry import source_specs
from tests.integration import shop
from tests.snowflake.compiled_sql import complaints_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def test_no_model_or_test_needs_what_snowflake_lacks(warehouse, scratch):
    done = shop.build(warehouse, scratch, command="compile", SOURCES=",".join(source_specs()))
    assert done.returncode == 0, done.stdout + done.stderr
    assert complaints_of(scratch / "target") == {}
