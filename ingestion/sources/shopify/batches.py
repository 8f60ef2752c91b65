"""From a stream of objects to Arrow tables, a thousand objects at a time.

A batch costs the loader about as much as thousands of rows do, so small ones wait for each other.
A history is millions of small dictionaries that never refer to each other in circles: while a
chunk is made, Python's search for such circles would take as long as the work itself.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pyarrow as pa

from ingestion.columns import ColumnType
from ingestion.sources.shopify.cells import Row
from ingestion.sources.shopify.spec import TABLES
from ingestion.spec import Table

OBJECTS_AT_ONCE = 1_000
ROWS_AT_ONCE = 100_000
_AS_SENT: dict[ColumnType, pa.DataType] = {"bigint": pa.int64(), "bool": pa.bool_()}

Object = dict[str, Any]


def tables_of(
    objects: Iterator[Object],
    to_rows: Callable[[Object], Iterable[tuple[str, Row]]],
    complete: Callable[[Sequence[Object]], Sequence[Object]] = list,
) -> Iterator[tuple[str, pa.Table]]:
    """Reads a stream of objects to its end.

    Args:
        objects: Whole objects.
        to_rows: From one of them to its rows, each with its table.
        complete: Adds what has to be asked for many objects at once.

    Yields:
        The name of a table and a batch of its rows; texts are as they came.
    """
    waiting: dict[str, list[pa.Table]] = {}
    while True:
        with _no_garbage_collection():
            chunk = list(islice(objects, OBJECTS_AT_ONCE))
            batches = _by_table(complete(chunk), to_rows)
        if not chunk:
            break
        for name, table in batches:
            waiting.setdefault(name, []).append(table)
            if sum(each.num_rows for each in waiting[name]) >= ROWS_AT_ONCE:
                yield name, pa.concat_tables(waiting.pop(name))
    for name, tables in waiting.items():
        yield name, pa.concat_tables(tables)


def _by_table(
    objects: Iterable[Object], to_rows: Callable[[Object], Iterable[tuple[str, Row]]]
) -> list[tuple[str, pa.Table]]:
    rows: dict[str, list[Row]] = {}
    for each in objects:
        for table, row in to_rows(each):
            rows.setdefault(table, []).append(row)
    return [(name, _as_table(found, _STRUCTS[name])) for name, found in rows.items()]


def _as_table(rows: list[Row], kind: pa.StructType) -> pa.Table:
    """Rows that lack a column have NULL there."""
    structs = pa.array(rows, kind)
    return pa.Table.from_arrays(structs.flatten(), names=[field.name for field in kind])


def _struct_of(table: Table) -> pa.StructType:
    """The columns as Shopify sends them: amounts and times are text still."""
    return pa.struct(
        [(name, _AS_SENT.get(kind, pa.string())) for name, kind in table.columns.items()]
    )


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_STRUCTS = {table.name: _struct_of(table) for table in TABLES}
