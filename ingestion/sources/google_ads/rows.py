"""Queries of Google's query language from tables, and rows from its answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from ingestion.report_days import DateRange
from ingestion.spec import Table

_METRIC_PREFIX = "metrics__"


def query_of(table: Table, resource: str, days: DateRange | None = None) -> str:
    """The query that gives a table its rows.

    Args:
        table: Its columns are the fields.
        resource: What the rows are of.
        days: First and last day, of performance.
    """
    fields = ", ".join(column.replace("__", ".") for column in table.columns)
    query = f"SELECT {fields} FROM {resource}"
    if days is None:
        return query
    first, last = days
    return f"{query} WHERE segments.date BETWEEN '{first.isoformat()}' AND '{last.isoformat()}'"


def row_of(result: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """A result as a flat row: Google leaves out what is zero or not set.

    Args:
        result: Nested, in lower camel case.
        table: Its columns are the fields.
    """
    return {
        column: _value(result, column, zero=0 if column.startswith(_METRIC_PREFIX) else None)
        for column in table.columns
    }


def _value(result: Mapping[str, Any], column: str, *, zero: int | None) -> Any:
    found: Any = result
    for part in _path(column):
        found = found.get(part) if isinstance(found, Mapping) else None
    return zero if found is None else found


@cache
def _path(column: str) -> tuple[str, ...]:
    """The names that lead to a column's value."""
    return tuple(
        re.sub(r"_(\w)", lambda found: found.group(1).upper(), part) for part in column.split("__")
    )
