"""The rows of tables, to hold one build against another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from tests.integration.parity import LEFT_OUT, OF_ONE_WAREHOUSE
from tests.integration.shop import Warehouse

SHOWN = 6

Cells = tuple[object, ...]
Rows = dict[str, Counter[Cells]]


def model_rows(warehouse: Warehouse, wanted: Callable[[str, str], bool]) -> Rows:
    """The rows of every table and view that is wanted, by its name with its schema.

    Args:
        warehouse: Where they were built.
        wanted: Tells by schema and name.
    """
    columns: dict[str, list[str]] = {}
    for schema, name, column in warehouse.query(
        "select table_schema, table_name, column_name from information_schema.columns"
    ):
        if name in OF_ONE_WAREHOUSE or column.lower() in LEFT_OUT:
            continue
        if wanted(schema, name):
            columns.setdefault(f"{schema}.{name}", []).append(column)
    return {
        table: _rows(warehouse, f"select {', '.join(sorted(names))} from {table}")
        for table, names in columns.items()
    }


def _rows(warehouse: Warehouse, sql: str) -> Counter[Cells]:
    return Counter(tuple(map(_comparable, row)) for row in warehouse.query(sql))


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
