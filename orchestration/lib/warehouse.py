"""What the project asks of the warehouse outside dbt: a few reads, in SQL that every engine has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from ingestion.destinations import Warehouse
from ingestion.settings import Engine, Settings
from ingestion.spec import LOADED_COLUMN
from ingestion.turns import turn
from orchestration.lib.planner import OWN, Arrival

Row = tuple[Any, ...]

# Whoever sits before the terminal and only asks waits so many seconds for a load or build.
PATIENCE = 10.0

# Each table of the models has one of these: when a row was written.
_WRITTEN_COLUMNS = (
    *("scored_at", "described_at", "fitted_at", "drifted_at"),
    *("projected_at", "analysed_at", "ended_at"),
)

# Where each engine lists the functions that somebody made: there is no common place.
_FUNCTIONS: dict[Engine, str] = {
    "duckdb": "select schema_name, function_name from duckdb_functions()"
    " where function_type in ('macro', 'table_macro') and not internal",
    "postgres": "select routine_schema, routine_name from information_schema.routines",
    "snowflake": "select function_schema, function_name from information_schema.functions",
}


class Reader:
    """Runs queries on an open connection.

    Args:
        warehouse: Where.
        connection: Open, DB-API.
    """

    def __init__(self, warehouse: Warehouse, connection: Any) -> None:
        self.warehouse = warehouse
        self.connection = connection

    def rows(self, sql: str) -> Sequence[Row]:
        """The rows of a query."""
        cursor = self.connection.cursor()
        try:
            cursor.execute(sql)
            return list(cursor.fetchall())
        finally:
            cursor.close()

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A cursor: all that is written with it in the block, or nothing of it."""
        cursor = self.connection.cursor()
        cursor.execute("begin")
        try:
            yield cursor
            cursor.execute("commit")
        except BaseException:
            cursor.execute("rollback")
            raise
        finally:
            cursor.close()

    def relations(self) -> set[tuple[str, str]]:
        """Schema and name of every table and view, in lower case."""
        found = self.rows("select table_schema, table_name from information_schema.tables")
        return {(schema.lower(), name.lower()) for schema, name in found}

    def functions(self) -> set[tuple[str, str]]:
        """Schema and name of every function, in lower case."""
        found = self.rows(_FUNCTIONS[self.warehouse.engine])
        return {(schema.lower(), name.lower()) for schema, name in found}

    def arrivals(self) -> dict[str, Arrival]:
        """What every raw table of this environment holds, by `source.table`."""
        prefix = self.warehouse.schema("raw_")
        found = self.rows(
            "select table_schema, table_name from information_schema.columns"
            f" where lower(column_name) = '{LOADED_COLUMN}'"
        )
        tables = sorted(
            (schema.lower(), table.lower())
            for schema, table in found
            if schema.lower().startswith(prefix) and not schema.lower().endswith("_staging")
        )
        return {
            f"{schema.removeprefix(prefix)}.{table}": self._arrival(schema, table)
            for schema, table in tables
        }

    def written(self) -> dict[str, Arrival]:
        """What the project's own models have written, by `ml.table`: as good as arrived."""
        schema = self.warehouse.schema(OWN).lower()
        found = self.rows(
            "select table_name, column_name from information_schema.columns"
            f" where lower(table_schema) = '{schema}'"
        )
        stamps = {
            table.lower(): column.lower()
            for table, column in found
            if column.lower() in _WRITTEN_COLUMNS
        }
        return {
            f"{OWN}.{table}": self._arrival(schema, table, stamp) for table, stamp in stamps.items()
        }

    def _arrival(self, schema: str, table: str, stamp: str = LOADED_COLUMN) -> Arrival:
        sql = f"select count(*), cast(max({stamp}) as varchar) from {schema}.{table}"
        ((rows, newest),) = self.rows(sql)
        return Arrival(int(rows), newest or "")


def read_arrivals(settings: Settings) -> dict[str, Arrival]:
    """What every raw table holds, by `source.table`; nothing where there is no file yet."""
    if settings.warehouse == "duckdb" and not settings.duckdb_path.exists():
        return {}
    with open_reader(settings, patience=PATIENCE) as reader:
        return reader.arrivals()


@contextmanager
def open_reader(
    settings: Settings, *, exclusive: bool = False, patience: float | None = None
) -> Iterator[Reader]:
    """Opens the warehouse for reading and closes it again, so that dbt can have it.

    Args:
        settings: Name the warehouse.
        exclusive: Fail where another program holds it, even if only to read.
        patience: Seconds to wait for a load or build under way; unset, as long as it takes.

    Yields:
        The reader.

    Raises:
        IngestionError: The warehouse is held, unreachable or absent.
    """
    warehouse = Warehouse(settings)
    with (
        turn(warehouse, to_read=not exclusive, patience=patience),
        closing(warehouse.connect(read_only=not exclusive)) as connection,
    ):
        yield Reader(warehouse, connection)
