"""Makes rows of entities out of lines of files, whole columns at a time."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb
import pyarrow as pa

from ingestion.errors import MappingError
from ingestion.seam import Entities
from ingestion.sources.files.mapping import EntityRule, FileMapping, nearest
from ingestion.sources.files.spec import (
    FILE_COLUMN,
    LINE_COLUMN,
    PRECEDENCE_COLUMN,
    REJECTED,
)
from ingestion.sources.files.sql import SqlWriter, Value, literal, quote

_REASON = "_reason"
_MEMORY_LIMIT = "1GB"


class Transformer:
    """Applies a mapping.

    Args:
        mapping: The mapping.
        entities: The seam's contract.
        scratch: Where the engine may put what does not fit into memory.
    """

    def __init__(self, mapping: FileMapping, entities: Entities, scratch: Path) -> None:
        self._mapping = mapping
        self._entities = entities
        self._sql = SqlWriter(mapping.files)
        self._engine = duckdb.connect(
            ":memory:",
            config={
                "temp_directory": str(scratch),
                "memory_limit": _MEMORY_LIMIT,
                "threads": "2",
            },
        )
        self._engine.execute("set TimeZone = 'UTC'")
        self._engine.execute("set enable_external_access = false")

    def rules_for(self, file: str) -> tuple[EntityRule, ...]:
        """The rules that a file feeds, by its name."""
        return tuple(
            rule
            for rule in self._mapping.entities
            if rule.files is None
            or fnmatch.fnmatch(file, rule.files)
            or fnmatch.fnmatch(PurePosixPath(file).name, rule.files)
        )

    def check_columns(self, file: str, columns: list[str], rules: tuple[EntityRule, ...]) -> None:
        """Raises where a rule reads a column that the file does not have."""
        for rule in rules:
            for column, reader in rule.file_columns().items():
                if column not in columns:
                    raise MappingError(
                        f"The file has no column {column!r}, which {reader} reads",
                        where=file,
                        remedy=f"Correct the mapping or the file. {nearest(column, columns)}",
                    )

    def transform(
        self, lines: pa.Table, rules: tuple[EntityRule, ...]
    ) -> Iterator[tuple[str, pa.Table]]:
        """Rows of every entity, then the lines that were rejected.

        Args:
            lines: Lines of whole files: text columns, `_source_file`, `_source_line`.
            rules: The rules that they feed.

        Yields:
            The table's name and rows.
        """
        self._engine.register("lines_as_read", lines)
        columns = sorted({column for rule in rules for column in rule.file_columns()})
        self._engine.execute(
            f"create temp table lines as select {self._sql.cleaned(columns)} from lines_as_read"
        )
        try:
            for number, rule in enumerate(rules):
                self._engine.execute(f"create temp table made_{number} as {self._select(rule)}")
                yield rule.entity, self._good(number, rule)
            yield REJECTED, self._rejected(rules)
        finally:
            for number in range(len(rules)):
                self._engine.execute(f"drop table if exists made_{number}")
            self._engine.execute("drop table lines")
            self._engine.unregister("lines_as_read")

    def close(self) -> None:
        """Gives the memory back."""
        self._engine.close()

    def _select(self, rule: EntityRule) -> str:
        """Every line that feeds the entity, typed, with the reason if it cannot be a row."""
        kinds = self._entities[rule.entity]
        precedence = self._sql.precedence(rule.keep)
        keys = [self._sql.column(rule.columns[name], kinds[name], "") for name in rule.key]
        over = "partition by " + ", ".join([FILE_COLUMN, *(key.sql for key in keys)])
        values = {
            name: self._sql.column(column, kinds[name], over)
            for name, column in rule.columns.items()
        }
        cells = [f"{value.sql} as {quote(name)}" for name, value in values.items()]
        where = self._sql.condition(rule.where) if rule.where else "true"
        reasons = _reasons(rule, values, precedence)
        return (
            f"select {', '.join(cells)}, {FILE_COLUMN}, {LINE_COLUMN},"
            f" {precedence.sql} as {PRECEDENCE_COLUMN}, {reasons} as {_REASON}"
            f" from lines where {where}"
        )

    def _good(self, number: int, rule: EntityRule) -> pa.Table:
        columns = [*rule.columns, FILE_COLUMN, LINE_COLUMN, PRECEDENCE_COLUMN]
        listed = ", ".join(quote(name) for name in columns)
        sql = f"select {listed} from made_{number} where {_REASON} = ''"
        if rule.key:
            # One row a key over all files that are read together; `settle` does the same over
            # those that are not.
            keys = ", ".join(quote(name) for name in rule.key)
            is_first = rule.keep is not None and rule.keep.first is not None
            line_order = "asc" if is_first else "desc"
            order = f"{PRECEDENCE_COLUMN} desc, {FILE_COLUMN} desc, {LINE_COLUMN} {line_order}"
            sql += f" qualify row_number() over (partition by {keys} order by {order}) = 1"
        return self._ask(f"{sql} order by {FILE_COLUMN}, {LINE_COLUMN}")

    def _rejected(self, rules: tuple[EntityRule, ...]) -> pa.Table:
        """One row a line, whichever entities reject it."""
        parts = [
            f"select {FILE_COLUMN}, {LINE_COLUMN}, {literal(rule.entity)} as entity, {_REASON}"
            f" from made_{number} where {_REASON} <> ''"
            for number, rule in enumerate(rules)
        ]
        return self._ask(
            f"select {FILE_COLUMN}, {LINE_COLUMN},"
            " string_agg(distinct entity, ', ' order by entity) as entity,"
            f" string_agg(distinct {_REASON}, '; ' order by {_REASON}) as reason"
            f" from ({' union all '.join(parts)}) group by {FILE_COLUMN}, {LINE_COLUMN}"
            f" order by {FILE_COLUMN}, {LINE_COLUMN}"
        )

    def _ask(self, sql: str) -> Any:
        return self._engine.sql(sql).to_arrow_table()


def _reasons(rule: EntityRule, values: dict[str, Value], precedence: Value) -> str:
    """SQL of why a line cannot be a row; empty where it can."""
    tests = [
        (value.failed, value.reason)
        for value in (*values.values(), precedence)
        if value.failed is not None
    ]
    tests += [
        (f"{values[name].sql} is null", f"{name} is blank")
        for name in dict.fromkeys((*rule.key, *rule.required))
    ]
    unique = dict.fromkeys(tests)
    cases = [f"case when {test} then {literal(reason)} end" for test, reason in unique]
    return f"concat_ws('; ', {', '.join(cases)})" if cases else "''"
