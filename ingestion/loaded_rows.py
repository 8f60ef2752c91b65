"""Reads rows back from the warehouse: to notice what a vendor no longer has, and to mark it.

Nothing is removed. What is gone is loaded once more with `is_deleted`, and with it all that it
owns, so that neither takes the other away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from ingestion.destinations import Warehouse
from ingestion.settings import Settings
from ingestion.spec import ACCOUNT_COLUMN, Table
from ingestion.turns import turn

# So many at once are more likely a lost right than deletions.
SUSPICIOUS_COUNT = 20
SUSPICIOUS_SHARE = 0.2
ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class LoadedRows:
    """One account's rows, as they were loaded.

    Attributes:
        settings: Where the warehouse is.
        schema: The raw schema.
        account_id: Whose rows.
    """

    settings: Settings
    schema: str
    account_id: str

    def select(
        self, table: str, columns: Sequence[str], condition: str, values: Sequence[Any] = ()
    ) -> list[dict[str, Any]]:
        """Rows of a table.

        Args:
            table: Its name.
            columns: The columns wanted, or expressions of them.
            condition: What holds for the rows, with `{mark}` where a value goes.
            values: The values, in their order.
        """
        warehouse = Warehouse(self.settings)
        place = f"{warehouse.schema(self.schema)}.{table}"
        sql = f"select {', '.join(columns)} from {place} where {ACCOUNT_COLUMN} = {{mark}} and "
        mark = "?" if warehouse.engine == "duckdb" else "%s"
        reading = turn(warehouse, to_read=True)
        with reading, closing(warehouse.connect(read_only=True)) as connection:
            cursor = connection.cursor()
            cursor.execute((sql + condition).format(mark=mark), [self.account_id, *values])
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def newest(self, table: str, column: str) -> dt.datetime | None:
        """The latest of a table's times; None where there is none."""
        newest: dt.datetime | None
        (newest,) = self.select(table, [f"max({column})"], "1 = 1")[0].values()
        return newest

    def ids(self, table: str, column: str, since: dt.datetime) -> set[str]:
        """Ids of the rows made at or after a moment that are not known to be deleted.

        Args:
            table: Its name.
            column: When a row was made.
            since: The moment.
        """
        condition = f"{column} >= {{mark}} and coalesce(is_deleted, false) = false"
        return {row["id"] for row in self.select(table, ["id"], condition, [since])}

    def marked_deleted(
        self, tables: Sequence[Table], ids: Sequence[str]
    ) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The rows of deleted objects as they are, their own marked.

        Args:
            tables: The objects' own, with `is_deleted`, and those of what they own.
            ids: Of the objects that are gone.

        Yields:
            A table's name and its rows.
        """
        for start in range(0, len(ids), ROWS_AT_ONCE):
            some = ids[start : start + ROWS_AT_ONCE]
            marks = ", ".join(["{mark}"] * len(some))
            for table in tables:
                owner = table.replace_by[0] if table.replace_by else "id"
                rows = self.select(table.name, list(table.columns), f"{owner} in ({marks})", some)
                if "is_deleted" in table.columns:
                    rows = [row | {"is_deleted": True} for row in rows]
                yield table.name, rows


def is_suspicious(missing: int, known: int) -> bool:
    """Whether so many cannot have been deleted."""
    return missing > SUSPICIOUS_COUNT and missing > known * SUSPICIOUS_SHARE
