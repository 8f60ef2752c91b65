"""Builds the golden shop on a warehouse and says in what it is not as expected."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.golden_shop.cases import GoldenShop, read
from tests.golden_shop.comparison import NAMES, Difference, differences
from tests.golden_shop.metrics import functions, read_metrics, wrong_metrics
from tests.golden_shop.project import Project
from tests.golden_shop.raw import load
from tests.integration.model_rows import Rows, model_rows
from tests.integration.model_rows import differences as different_rows
from tests.integration.shop import Warehouse

# Of the tests those of marts and reports: rows of the rooms before them are not looked at here.
TESTED = (
    *("--indirect-selection", "cautious", "--exclude-resource-type", "unit_test", "--exclude"),
    *("path:models/staging,resource_type:test", "path:models/intermediate,resource_type:test"),
)


@dataclass(frozen=True)
class Run:
    """What three builds left.

    Attributes:
        after_day_one: Differences after the first build, with its tests.
        after_day_two: After late, changed and deleted rows, built on top of the first.
        metrics: Differences of what the functions give then.
        built_anew: The same rows in a build that starts from nothing.
        not_the_same: Tables of marts and reports that the last two have in different rows.
    """

    after_day_one: list[Difference]
    after_day_two: list[Difference]
    metrics: list[Difference]
    built_anew: list[Difference]
    not_the_same: list[str]


def run(warehouse: Warehouse, scratch: Path) -> Run:
    """Both days of the golden shop on an empty warehouse of any engine.

    Args:
        warehouse: The engine: what dbt needs to find it, and a way to write and ask.
        scratch: A folder for the copy of the dbt project.
    """
    shop = read()
    project = Project.copy(scratch / "golden_project")
    load(warehouse, shop.arrivals, day=1)
    asked = read_metrics()
    marts = [f"+{name}" for name in (*models(shop), *functions(asked))]
    project.dbt(warehouse, "build", *TESTED, "-s", *marts)
    after_day_one = compare(warehouse, shop, day=1)
    load(warehouse, shop.arrivals, day=2)
    project.dbt(warehouse, "run", "-s", *marts)
    after_day_two = compare(warehouse, shop, day=2)
    metrics = wrong_metrics(warehouse, asked)
    incremental = _marts(warehouse)
    project.dbt(warehouse, "run", "--full-refresh", "-s", *marts)
    different = sorted(different_rows(incremental, _marts(warehouse)))
    built_anew = compare(warehouse, shop, day=2)
    return Run(after_day_one, after_day_two, metrics, built_anew, different)


def models(shop: GoldenShop) -> list[str]:
    """What has to be built: the marts that are looked at, and those that have names for keys."""
    tables = [mart.table for mart in shop.marts.values()]
    tables += [sql.split()[-1] for sql in NAMES.values()]
    return sorted({table.split(".")[-1] for table in tables})


def compare(warehouse: Warehouse, shop: GoldenShop, *, day: int) -> list[Difference]:
    """In what the marts are not as a person expects them on that day."""
    expected = {name: days[day] for name, days in shop.expected.items()}
    return differences(warehouse, shop.marts, expected)


def _marts(warehouse: Warehouse) -> Rows:
    schemas = {"marts", "marts_pii", "reports"}
    return model_rows(warehouse, lambda schema, _: schema.lower() in schemas)
