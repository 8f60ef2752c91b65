"""The whole comparison of the metrics' four forms, on DuckDB and on PostgreSQL."""

import sys
import time
from contextlib import closing

import pytest

from tests.integration.conftest import ENGINES
from tests.integration.metric_demands import hold_against_demands
from tests.integration.metric_forms import Forms
from tests.integration.shop import build
from tests.integration.whole_load import SWITCHES, load_every_source

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(3600)]

RANDOM_RANGES = 60


@pytest.mark.parametrize("engine", ENGINES)
def test_four_forms_agree_in_every_cell(engine, tmp_path, new_warehouse):
    warehouse = new_warehouse(engine)
    load_every_source(tmp_path, engine, warehouse)
    left_out = ("--exclude-resource-type", "unit_test", "test")
    done = build(warehouse, tmp_path / "dbt", *left_out, **SWITCHES)
    assert done.returncode == 0, done.stdout[-5000:]
    begun = time.monotonic()
    with closing(warehouse.reading()) as connection:
        manifest = tmp_path / "dbt/target/semantic_manifest.json"
        hold_against_demands(Forms(connection, engine, manifest, RANDOM_RANGES))
    sys.stdout.write(f"{engine}: compared in {time.monotonic() - begun:.0f} s\n")
