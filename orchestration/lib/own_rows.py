"""Writes the tables that are the project's own: all rows of a call at once, or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orchestration.lib.warehouse import Reader


def replace_rows(
    reader: Reader,
    table: str,
    columns: Sequence[str],
    values: Iterable[Sequence[object]],
    *,
    first: Sequence[tuple[str, Sequence[object]]],
) -> None:
    """Writes rows after what makes room for them, in one transaction.

    Args:
        reader: Open for writing.
        table: Schema and name.
        columns: Of the rows.
        values: The rows.
        first: Statements before, with what their marks `?` stand for.
    """
    marks = ", ".join("?" * len(columns))
    insert = f"insert into {table} ({', '.join(columns)}) values ({marks})"
    cursor = reader.connection.cursor()
    cursor.execute("begin")
    try:
        for statement, given in first:
            cursor.execute(_marked(reader, statement), *([given] if given else []))
        if rows := list(values):
            cursor.executemany(_marked(reader, insert), rows)
        cursor.execute("commit")
    except BaseException:
        cursor.execute("rollback")
        raise
    finally:
        cursor.close()


def _marked(reader: Reader, statement: str) -> str:
    return statement if reader.warehouse.engine == "duckdb" else statement.replace("?", "%s")
