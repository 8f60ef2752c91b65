"""The rows of models, to hold one build against another."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.integration.shop import Warehouse

# When a row was built says nothing of what it says.
LEFT_OUT = {"_built_at"}
SHOWN = 6

Cells = tuple[object, ...]
Rows = dict[str, Counter[Cells]]


def model_rows(
    warehouse: Warehouse, manifest: Path, wanted: Callable[[Mapping[str, Any]], bool]
) -> Rows:
    """The rows of every model that is wanted, by its relation.

    Args:
        warehouse: Where they were built.
        manifest: dbt's `manifest.json` of that build.
        wanted: Tells by a model's node.
    """
    nodes = json.loads(manifest.read_text())["nodes"].values()
    found: Rows = {}
    for node in nodes:
        if node["resource_type"] == "model" and wanted(node):
            columns = ", ".join(name for name in node["columns"] if name not in LEFT_OUT)
            table = f"{node['schema']}.{node['name']}"
            rows = warehouse.query(f"select {columns} from {table}")
            found[table] = Counter(tuple(map(_comparable, row)) for row in rows)
    return found


def _comparable(cell: object) -> object:
    """Sums of floating point numbers differ in the last digits with the order of their parts."""
    return f"{cell:.9g}" if isinstance(cell, float) else cell


def differences(daily: Rows, whole: Rows) -> dict[str, tuple[list[Cells], list[Cells]]]:
    """Table to some rows that only the daily builds have, and some of the full refresh only."""
    return {
        table: (list(daily[table] - rows)[:SHOWN], list(rows - daily[table])[:SHOWN])
        for table, rows in whole.items()
        if rows != daily[table]
    }
