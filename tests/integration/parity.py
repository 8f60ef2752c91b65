"""Whether two warehouses built from the same raw rows have the same marts, column by column.

Rows are joined on the key that the model's own tests name. Text, whole numbers, decimals, flags,
dates and times are equal exactly; what is a double may differ by 1e-9 of itself.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.integration.shop import Warehouse

DOUBLE_TOLERANCE = 1e-9
# When a row was built says nothing of what it says.
LEFT_OUT = {"_built_at"}
# Tells of the runs of one warehouse, and two have runs of their own.
OF_ONE_WAREHOUSE = {"fct_pipeline_runs"}
SHOWN = 3

Cells = Mapping[str, Any]


@dataclass(frozen=True)
class Mart:
    """A table to compare: its columns with their types, and those that tell its rows apart."""

    schema: str
    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]

    def rows(self, warehouse: Warehouse) -> dict[tuple[Any, ...], Cells]:
        """Every row by its key."""
        select = ", ".join(self.columns)
        found = warehouse.query(f"select {select} from {self.schema}.{self.name}")
        rows = [dict(zip(self.columns, map(plain, row), strict=True)) for row in found]
        by_key = {tuple(row[column] for column in self.key): row for row in rows}
        assert len(by_key) == len(rows), f"{self.name}: {self.key} is no key"
        return by_key


@dataclass(frozen=True)
class Verdict:
    """A line of the table of parity."""

    mart: str
    columns: int
    rows: int
    other_rows: int
    differences: Sequence[str]

    def __str__(self) -> str:
        word = "equal" if not self.differences else f"{len(self.differences)} differences"
        rows = f"{self.rows:>9,} {self.other_rows:>9,}"
        return f"{self.mart:<40} {self.columns:>7} {rows}  {word}"


def plain(cell: Any) -> Any:
    """A value as every driver could have given it."""
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=None)
    return cell


def marts(target: Path, schemas: Sequence[str] = ("marts", "marts_pii", "reports")) -> list[Mart]:
    """The tables of dbt's manifest in these schemas, by name."""
    manifest = json.loads((target / "manifest.json").read_text())
    nodes = manifest["nodes"].values()
    keys = _keys(nodes)
    return [
        Mart(
            schema=node["schema"].lower(),
            name=node["name"],
            columns={
                c["name"]: c["data_type"]
                for c in node["columns"].values()
                if c["name"] not in LEFT_OUT
            },
            key=keys.get(node["unique_id"]) or tuple(node["columns"]),
        )
        for node in sorted(nodes, key=lambda node: str(node["name"]))
        if node["resource_type"] == "model"
        and node["schema"].lower() in schemas
        and node["name"] not in OF_ONE_WAREHOUSE
    ]


def _keys(nodes: Any) -> dict[str, tuple[str, ...]]:
    """What each model's tests hold to be its key: `unique`, or `one_row_per`."""
    found: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        test = node.get("test_metadata") or {}
        if test.get("name") == "unique" and node["column_name"]:
            found.setdefault(node["attached_node"], (node["column_name"],))
        elif test.get("name") == "one_row_per":
            found[node["attached_node"]] = tuple(test["kwargs"]["columns"])
    return found


def compare(mart: Mart, one: Warehouse, other: Warehouse) -> Verdict:
    """What differs in one table."""
    rows, other_rows = mart.rows(one), mart.rows(other)
    differences = list(_differences(mart, rows, other_rows))
    return Verdict(mart.name, len(mart.columns), len(rows), len(other_rows), differences)


def _differences(
    mart: Mart, rows: Mapping[Any, Cells], other_rows: Mapping[Any, Cells]
) -> Iterator[str]:
    yield from (f"only one has {key}" for key in rows.keys() ^ other_rows.keys())
    for key in rows.keys() & other_rows.keys():
        for column, kind in mart.columns.items():
            cell, other = rows[key][column], other_rows[key][column]
            if not same(cell, other, kind):
                yield f"{column} of {key}: {cell!r}, {other!r}"


def same(cell: Any, other: Any, kind: str) -> bool:
    """Whether two values of a declared type are one."""
    if cell is None or other is None:
        return cell is other
    if kind == "double precision":
        return math.isclose(cell, other, rel_tol=DOUBLE_TOLERANCE)
    if kind.startswith("numeric"):
        return Decimal(cell) == Decimal(other)
    return type(cell) is type(other) and bool(cell == other)


def assert_equal(target: Path, one: Warehouse, other: Warehouse) -> list[Verdict]:
    """Compares every mart, and writes the table (`pytest -s` shows it).

    Args:
        target: Where dbt left its manifest.
        one: A warehouse.
        other: Another one, built from the same raw rows with the same settings.

    Returns:
        A verdict a table.
    """
    verdicts = [compare(mart, one, other) for mart in marts(target)]
    head = f"{'mart':<40} {'columns':>7} {'rows':>9} {'rows':>9}"
    sys.stdout.write("\n".join(["", head, *map(str, verdicts), ""]))
    wrong = {v.mart: sorted(v.differences)[:SHOWN] for v in verdicts if v.differences}
    assert not wrong, json.dumps(wrong, indent=1)
    return verdicts
