"""Frames out of the warehouse, and into the schema `ml`: a transaction, whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.errors import ModelError
from orchestration.lib.warehouse import Reader

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "ml"
BATCH = 10_000


def read_frame(reader: Reader, sql: str) -> pd.DataFrame:
    """The rows of a query, the same on every engine: numbers are doubles, days are timestamps.

    Args:
        reader: Open.
        sql: The query; its columns have names.
    """
    import pandas as pd

    cursor = reader.connection.cursor()
    try:
        if reader.warehouse.engine == "duckdb":
            frame = cursor.sql(sql).to_arrow_table().to_pandas(date_as_object=False)
        else:
            cursor.execute(sql)
            names = [column[0].lower() for column in cursor.description]
            frame = pd.DataFrame(cursor.fetchall(), columns=names)
    finally:
        cursor.close()
    return pd.DataFrame({str(name): _plain(column) for name, column in frame.items()})


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column as every engine has it: doubles, truth values, days, or text."""
    import pandas as pd
    from pandas.api import types

    if types.is_bool_dtype(column):
        return column.astype(bool)
    if types.is_numeric_dtype(column):
        return column.astype("float64")
    if types.is_datetime64_any_dtype(column):
        return column.astype("datetime64[us]")
    known = column.dropna()
    if len(known) and isinstance(known.iloc[0], Decimal):
        return column.astype("float64")
    if len(known) and hasattr(known.iloc[0], "isoformat"):
        return pd.to_datetime(column).astype("datetime64[us]")
    return column.astype("object").where(column.notna(), None)


class Writer:
    """Writes to tables, those of `ml` where no other schema is named, within one transaction.

    Args:
        reader: Open, with the warehouse for itself.
        cursor: Of the transaction.
    """

    def __init__(self, reader: Reader, cursor: Any) -> None:
        self._reader = reader
        self._cursor = cursor

    def run(self, sql: str) -> None:
        """Runs a statement."""
        self._cursor.execute(sql)

    def delete(self, table: str, where: str = "", *, schema: str = SCHEMA) -> None:
        """Removes rows: those that a condition holds for, or all."""
        condition = f" where {where}" if where else ""
        self._cursor.execute(f"delete from {self._name(schema, table)}{condition}")

    def insert(self, table: str, frame: pd.DataFrame, *, schema: str = SCHEMA) -> None:
        """Adds rows; the frame names the columns."""
        if frame.empty:
            return
        engine = self._reader.warehouse.engine
        ways = {"duckdb": self._register, "postgres": self._copy, "snowflake": self._values}
        ways[engine](self._name(schema, table), ", ".join(frame.columns), frame)

    def _name(self, schema: str, table: str) -> str:
        return f"{self._reader.warehouse.schema(schema)}.{table}"

    def _register(self, table: str, columns: str, frame: pd.DataFrame) -> None:
        import pyarrow as pa

        self._cursor.register("incoming", pa.Table.from_pandas(frame, preserve_index=False))
        try:
            self._cursor.execute(f"insert into {table} ({columns}) select {columns} from incoming")
        finally:
            self._cursor.unregister("incoming")

    def _copy(self, table: str, columns: str, frame: pd.DataFrame) -> None:
        text = io.StringIO()
        frame.to_csv(text, header=False, index=False)
        text.seek(0)
        self._cursor.copy_expert(f"copy {table} ({columns}) from stdin with (format csv)", text)

    def _values(self, table: str, columns: str, frame: pd.DataFrame) -> None:
        import pandas as pd

        marks = ", ".join(["%s"] * len(frame.columns))
        rows = [
            tuple(None if pd.isna(cell) else cell for cell in row)
            for row in frame.astype(object).itertuples(index=False, name=None)
        ]
        for begin in range(0, len(rows), BATCH):
            self._cursor.executemany(
                f"insert into {table} ({columns}) values ({marks})", rows[begin : begin + BATCH]
            )


@contextmanager
def writing(reader: Reader) -> Iterator[Writer]:
    """One transaction: all that is written in the block, or nothing of it.

    Args:
        reader: Open, with the warehouse for itself.

    Yields:
        What writes.
    """
    with reader.transaction() as cursor:
        yield Writer(reader, cursor)


def table_name(reader: Reader, table: str) -> str:
    """A table of `ml` with its schema."""
    return f"{reader.warehouse.schema(SCHEMA)}.{table}"


def mart_name(reader: Reader, mart: str) -> str:
    """A mart with its schema."""
    return f"{reader.warehouse.schema('marts')}.{mart}"


def check_there(reader: Reader, *tables: tuple[str, str]) -> None:
    """Refuses to go on where a table has never been built.

    Args:
        reader: Open.
        tables: Schema and name, without the prefix of the environment.

    Raises:
        ModelError: One is missing.
    """
    there = reader.relations()
    for schema, name in tables:
        if (reader.warehouse.schema(schema).lower(), name) not in there:
            raise ModelError(
                f"{schema}.{name} is not in {reader.warehouse.label} yet",
                remedy="Run `basketline build` once",
            )
