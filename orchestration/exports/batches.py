"""The rows of a query as Arrow batches, a few at a time, whatever the engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from ingestion.settings import Engine

ROWS = 50_000
# PostgreSQL's types by their number: there is no driver here that knows Arrow.
_POSTGRES: dict[int, pa.DataType] = {
    16: pa.bool_(),
    20: pa.int64(),
    21: pa.int16(),
    23: pa.int32(),
    700: pa.float32(),
    701: pa.float64(),
    1082: pa.date32(),
    1114: pa.timestamp("us"),
    1184: pa.timestamp("us", tz="UTC"),
}
_NUMERIC = 1700


def batches(engine: Engine, connection: Any, sql: str) -> Iterator[pa.RecordBatch]:
    """The rows of a query; at least one batch, so that no rows have columns too.

    Args:
        engine: Of the connection.
        connection: Open, DB-API.
        sql: The query.
    """
    reader = {"duckdb": _of_duckdb, "postgres": _of_postgres, "snowflake": _of_snowflake}[engine]
    yield from reader(connection, sql)


def _of_duckdb(connection: Any, sql: str) -> Iterator[pa.RecordBatch]:
    stream = connection.sql(sql).to_arrow_reader(ROWS)
    yield pa.RecordBatch.from_pylist([], schema=stream.schema)
    yield from stream


def _of_postgres(connection: Any, sql: str) -> Iterator[pa.RecordBatch]:
    """By a cursor that the server keeps: the client holds no more than a batch."""
    with connection.cursor(name="basketline_export", withhold=True) as cursor:
        cursor.itersize = ROWS
        cursor.execute(sql)
        rows = cursor.fetchmany(ROWS)
        schema = pa.schema([(column.name, _type(column)) for column in cursor.description])
        yield pa.RecordBatch.from_pylist([], schema=schema)
        while rows:
            columns = zip(*rows, strict=True)
            arrays = [
                pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
            rows = cursor.fetchmany(ROWS)


def _type(column: Any) -> pa.DataType:
    if column.type_code == _NUMERIC:
        return pa.decimal128(column.precision or 38, column.scale or 0)
    return _POSTGRES.get(column.type_code, pa.string())


def _of_snowflake(connection: Any, sql: str) -> Iterator[pa.RecordBatch]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name.lower() for column in cursor.description]
        tables = cursor.fetch_arrow_batches()
        first = next(tables, None)
        table = first if first is not None else cursor.fetch_arrow_all(force_return_table=True)
        while table is not None:
            yield from table.rename_columns(names).to_batches(max_chunksize=ROWS)
            table = next(tables, None)
