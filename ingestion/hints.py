"""What dlt is told about a table, and the columns that every raw table has beside its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, MutableMapping
from typing import Any

import dlt
import pyarrow as pa

from ingestion.columns import ARROW_TYPES, DLT_TYPES, ColumnType, empty_table, type_batch
from ingestion.spec import (
    ACCOUNT_COLUMN,
    LOADED_COLUMN,
    OBSERVED_COLUMN,
    OBSERVED_DAY_COLUMN,
    REMOVED_COLUMN,
    ROW_COLUMN,
    Table,
)

_ROWS_OF_A_LOAD = 2**33
_NO_VALUE: dict[ColumnType, Any] = {
    "text": "",
    "json": "",
    "bigint": 0,
    "decimal": 0,
    "double": 0.0,
    "bool": False,
    "date": dt.date(1970, 1, 1),
    "timestamp": dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
}


def key_columns(table: Table) -> tuple[str, ...]:
    """The columns that tell the table's rows of one account apart."""
    if table.load_mode != "keep_versions":
        return table.primary_key or (ROW_COLUMN,)
    return (*table.primary_key, table.cursor or OBSERVED_DAY_COLUMN)


def table_hints(table: Table) -> Any:
    """Dlt's hints of a table.

    Always merged by key or group, never appended: that ends the same however often a load is
    repeated or resumed.
    """
    groups = table.replace_by if table.load_mode == "replace_groups" else ()
    # dlt deletes what agrees in key *or* group. With the group inside the key both share it, and an
    # engine can join by it; otherwise it compares every row with every other.
    keys = dict.fromkeys((*groups, *key_columns(table)))
    has_groups = table.load_mode in ("replace_groups", "replace_account")
    return dlt.mark.make_hints(
        table_name=table.name,
        write_disposition="merge",
        columns=_column_hints(table),
        primary_key=[ACCOUNT_COLUMN, *keys],
        merge_key=[ACCOUNT_COLUMN, *groups] if has_groups else None,
    )


def _column_hints(table: Table) -> Any:
    columns = {name: dict(DLT_TYPES[kind]) for name, kind in table.columns.items()}
    columns |= {name: dict(DLT_TYPES[kind]) for name, kind in _own_columns(table).items()}
    if table.load_mode != "keep_versions":
        # The newest of equal keys counts. Without a column dlt orders by a subquery, which takes
        # DuckDB three times as long.
        columns[table.cursor or LOADED_COLUMN]["dedup_sort"] = "desc"
    if table.replace_by:
        columns[REMOVED_COLUMN]["hard_delete"] = True
    for name in (ACCOUNT_COLUMN, LOADED_COLUMN):
        columns[name]["nullable"] = False
    return columns


def _own_columns(table: Table) -> dict[str, ColumnType]:
    names: dict[str, ColumnType] = {ACCOUNT_COLUMN: "text", LOADED_COLUMN: "timestamp"}
    if table.load_mode == "keep_versions":
        names[OBSERVED_COLUMN] = "timestamp"
        if table.cursor is None:
            names[OBSERVED_DAY_COLUMN] = "date"
    if table.replace_by:
        names[REMOVED_COLUMN] = "bool"
    if not table.primary_key:
        names[ROW_COLUMN] = "bigint"
    return names


class RowNumbers:
    """Numbers that no row of this or another load of the source has.

    Args:
        state: The source's state; `loads` counts the loads that needed numbers.
    """

    def __init__(self, state: MutableMapping[str, Any]) -> None:
        self._state = state
        self._next: int | None = None

    def take(self, count: int) -> pa.Array:
        """So many numbers."""
        if self._next is None:
            self._state["loads"] = self._state.get("loads", 0) + 1
            self._next = self._state["loads"] * _ROWS_OF_A_LOAD
        first, self._next = self._next, self._next + count
        return pa.array(range(first, self._next), pa.int64())


def with_own_columns(
    rows: pa.Table,
    table: Table,
    *,
    account_id: str,
    now: dt.datetime,
    is_removed: bool = False,
    numbers: RowNumbers | None = None,
) -> pa.Table:
    """Adds what every raw row has: whose it is and when it was loaded.

    Args:
        rows: Rows in their declared types.
        table: Their table.
        account_id: Whose they are.
        now: The start of the run.
        is_removed: Whether they only say that their group is empty.
        numbers: Where `_row_id` comes from; unset, there is no row to number.

    Returns:
        The rows, as dlt gets them.
    """
    values: dict[str, Any] = {
        ACCOUNT_COLUMN: account_id,
        LOADED_COLUMN: now,
        OBSERVED_COLUMN: now,
        OBSERVED_DAY_COLUMN: now.date(),
        REMOVED_COLUMN: True if is_removed else None,
        ROW_COLUMN: 0,
    }
    for name, kind in _own_columns(table).items():
        if name == ROW_COLUMN and numbers is not None:
            rows = rows.append_column(name, numbers.take(rows.num_rows))
            continue
        cell = pa.scalar(values[name], ARROW_TYPES[kind])
        rows = rows.append_column(pa.field(name, ARROW_TYPES[kind]), pa.repeat(cell, rows.num_rows))
    return rows


def empty_batch(table: Table, now: dt.datetime) -> pa.Table:
    """The table's columns without a row, so that it exists before anything came."""
    return with_own_columns(empty_table(table.columns), table, account_id="", now=now)


def tombstones(table: Table, groups: list[Mapping[str, Any]]) -> pa.Table:
    """Rows that say that groups are empty now; key columns have a value because they must.

    Args:
        table: A table with `replace_by`.
        groups: From its columns to the values of each group.
    """
    blank = {name: _NO_VALUE[table.columns[name]] for name in table.primary_key}
    return type_batch([blank | dict(group) for group in groups], table.columns).table
