"""Raw tables of Snowflake's, copied into a DuckDB file: the same rows for both engines."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tests.snowflake.warehouse import SnowflakeWarehouse

# Snowflake's types as its catalogue names them; of numbers, the digits after the point tell.
TYPES = {
    "TEXT": "varchar",
    "BOOLEAN": "boolean",
    "FLOAT": "double",
    "DATE": "date",
    "TIMESTAMP_NTZ": "timestamp",
    "TIMESTAMP_TZ": "timestamp with time zone",
    "TIMESTAMP_LTZ": "timestamp with time zone",
    "VARIANT": "json",
}
COLUMNS = """
    select table_schema, table_name, column_name, data_type, numeric_precision, numeric_scale
    from information_schema.columns
    where table_schema like 'RAW_%' and table_schema not like '%_STAGING'
    order by table_schema, table_name, ordinal_position
"""


def copy_raw(warehouse: SnowflakeWarehouse, path: Path) -> None:
    """Copies every table of the schemas raw_…, with the types it has."""
    tables: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, *kind in warehouse.query(COLUMNS):
        tables.setdefault((schema, table), {})[column] = duckdb_type(*kind)
    with warehouse.connection() as source, duckdb.connect(str(path)) as target:
        target.execute("set TimeZone = 'UTC'")
        for (schema, table), columns in tables.items():
            rows = arrow_rows(source, f"{schema}.{table}", columns)
            write(target, schema.lower(), table.lower(), columns, rows)


def duckdb_type(name: str, precision: int | None, scale: int | None) -> str:
    if name == "NUMBER":
        return f"decimal({precision},{scale})" if scale else "bigint"
    return TYPES[name]


def arrow_rows(source: Any, table: str, columns: dict[str, str]) -> pa.Table:
    """All rows; times as text, since the emulator's Arrow has 1970 where a zoned one is null."""
    select = ", ".join(
        f'cast("{name}" as varchar) as "{name}"' if kind.startswith("timestamp") else f'"{name}"'
        for name, kind in columns.items()
    )
    with closing(source.cursor()) as cursor:
        return cursor.execute(f"select {select} from {table}").fetch_arrow_all(
            force_return_table=True
        )


def write(
    target: duckdb.DuckDBPyConnection,
    schema: str,
    table: str,
    columns: dict[str, str],
    rows: pa.Table,
) -> None:
    """A table of these columns with the rows, whose names may differ in case."""
    rows = rows.rename_columns([name.lower() for name in rows.column_names])
    select = ", ".join(
        f'cast("{name.lower()}" as {kind}) as "{name.lower()}"' for name, kind in columns.items()
    )
    target.execute(f"create schema if not exists {schema}")
    target.register("arrived", rows)
    target.execute(f'create or replace table {schema}."{table}" as select {select} from arrived')
    target.unregister("arrived")
