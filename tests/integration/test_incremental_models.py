"""Five daily builds over rows that come late, change and vanish equal one full refresh, row by row.

Every model that is incremental is compared, however many there are; the others are built anew in
every run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration import shop
from tests.integration.changing_shop import ChangingShop
from tests.integration.model_rows import Rows, differences, model_rows

pytestmark = pytest.mark.integration
DAYS = 5
INCREMENTAL = "+config.materialized:incremental"
MODELS = {
    file.stem
    for file in (shop.DBT / "models").rglob("*.sql")
    if "materialized='incremental'" in file.read_text()
}
SEEDS = {"duckdb": 1, "postgres": 2}
SETTINGS = {"REPORTING_CURRENCY": "EUR", "PRIVACY_SALT": "ab" * 32}


class Builds:
    """Builds of a shop in one warehouse.

    Args:
        warehouse: The engine.
        scratch: Where dbt writes.
    """

    def __init__(self, warehouse: shop.Warehouse, scratch: Path) -> None:
        self._warehouse = warehouse
        self._scratch = scratch

    def run(self, *arguments: str) -> None:
        """Builds the incremental models and what they rest on, seeds included, without tests."""
        without = ("--exclude-resource-type", "test", "unit_test")
        done = shop.build(
            self._warehouse, self._scratch, "-s", INCREMENTAL, *without, *arguments, **SETTINGS
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def rows(self) -> Rows:
        """The rows of every incremental model."""
        return model_rows(self._warehouse, lambda _, name: name in MODELS)


# PostgreSQL's five days are part of `make test-increments`.
@pytest.fixture(scope="module", params=["duckdb", pytest.param("postgres", marks=pytest.mark.slow)])
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def world(engine):
    return ChangingShop(SEEDS[engine])


@pytest.fixture(scope="module")
def both(engine, world, new_warehouse, tmp_path_factory) -> tuple[Rows, Rows]:
    """The rows after the last daily build, and after a full refresh of the same raw tables."""
    warehouse = new_warehouse(engine)
    builds = Builds(warehouse, tmp_path_factory.mktemp(f"incremental_{engine}"))
    for _ in range(DAYS + 1):
        world.pass_day()
        shop.load(warehouse, world.tables)
        builds.run()
    daily = builds.rows()
    builds.run("--full-refresh")
    return daily, builds.rows()


@pytest.mark.pitfall(11, 12)
def test_daily_builds_equal_a_full_refresh(world, both):
    daily, whole = both
    assert world.deleted
    assert world.changed
    assert not [table for table, rows in whole.items() if not rows]
    assert len(whole) == len(MODELS)
    assert differences(daily, whole) == {}
