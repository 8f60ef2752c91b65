"""Reads what changed in a shop's database and makes rows of entities of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from ingestion.columns import Rows
from ingestion.errors import MappingError
from ingestion.seam import Entities, read_entities
from ingestion.sources.files.mapping import ColumnRule
from ingestion.sources.files.readers import text_column
from ingestion.sources.files.spec import FILE_COLUMN, LINE_COLUMN, PRECEDENCE_COLUMN, REJECTED
from ingestion.sources.files.transform import Transformer
from ingestion.sources.sql_orders.database import Database, as_stored, select
from ingestion.sources.sql_orders.mapping import TableRule, load_database_mapping
from ingestion.sources.sql_orders.settings import DatabaseSettings
from ingestion.sources.sql_orders.spec import CURSOR_COLUMN, KEYS, PRESENT_KEYS
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

_NOT_LOADED = (FILE_COLUMN, LINE_COLUMN, PRECEDENCE_COLUMN)


class SqlOrdersClient:
    """One database.

    Args:
        database: Its settings.
        context: `state["keys"]` remembers a digest of the keys of each entity that is compared.
    """

    def __init__(self, database: DatabaseSettings, context: ClientContext) -> None:
        entities = read_entities(context.settings, context.source)
        self._mapping = load_database_mapping(database.mapping, entities)
        self._state = context.state
        self._where = f"{context.source} {database.name}"
        self._database = Database(
            database.url.get_secret_value(),
            where=self._where,
            hint="SQL_ORDERS__DATABASES__…__URL",
            sleep=context.sleep,
        )
        scratch = context.settings.data_dir / "tmp"
        scratch.mkdir(parents=True, exist_ok=True)
        with_cursor: Entities = {
            name: {**columns, CURSOR_COLUMN: "timestamp"} for name, columns in entities.items()
        }
        self._transformer = Transformer(self._mapping, with_cursor, scratch)
        self._rejected: list[pa.Table] = []

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Rows that changed, of one entity; at the end keys, and rows that could not be read.

        Args:
            stream: The entity.
            window: Since when.

        Yields:
            Rows in the shape of the seam.
        """
        if stream == REJECTED:
            yield from ((REJECTED, rows) for rows in self._rejected)
            return
        for rule in self._mapping.entities:
            if stream == PRESENT_KEYS and rule.compare_keys:
                yield from self._keys_of(rule)
            elif rule.entity == stream:
                yield from self._rows_of(rule, window)

    def check(self) -> None:
        """Asks the first table for one row."""
        rule = self._mapping.entities[0]
        self._database.one(select(rule.table, rule.query), rule.origin)

    def close(self) -> None:
        """Gives connections and memory back."""
        self._database.close()
        self._transformer.close()

    def _rows_of(self, rule: TableRule, window: Window) -> Iterator[tuple[str, Rows]]:
        made = _with_cursor(rule)
        line = 0
        for chunk in self._database.read(self._statement(rule, window), rule.origin):
            lines = _as_lines(chunk, rule.origin, line)
            line += chunk.num_rows
            self._transformer.check_columns(rule.origin, lines.column_names, (made,))
            for table, rows in self._transformer.transform(lines, (made,)):
                if table == REJECTED:
                    self._rejected += [rows] if rows.num_rows else []
                elif rows.num_rows:
                    yield table, rows.drop_columns(list(_NOT_LOADED))

    def _statement(self, rule: TableRule, window: Window) -> sa.Select[Any]:
        statement = select(rule.table, rule.query)
        if not rule.cursor:
            return statement
        cursor: sa.ColumnClause[Any] = sa.column(rule.cursor)
        sample = self._database.one(
            select(rule.table, rule.query, (rule.cursor,)).where(cursor.is_not(None)), rule.origin
        )
        for moment, is_start in ((window.since, True), (window.until, False)):
            if moment is not None and sample is not None:
                try:
                    bound = as_stored(moment, sample, self._mapping.files.parse.timezone)
                except TypeError:
                    raise self._no_time(rule) from None
                statement = statement.where(cursor >= bound if is_start else cursor < bound)
        return statement.order_by(cursor)

    def _no_time(self, rule: TableRule) -> MappingError:
        return MappingError(
            f"The cursor {rule.cursor} of {rule.origin} holds no times",
            where=self._where,
            remedy="Name a column with the time of the last change, or none",
        )

    def _keys_of(self, rule: TableRule) -> Iterator[tuple[str, Rows]]:
        """Every key that is there, unless they are those of the run before."""
        own = rule.model_copy(
            update={"columns": {KEYS[rule.entity]: rule.columns[KEYS[rule.entity]]}, "where": None}
        )
        needed = tuple(own.file_columns())
        keys: list[str] = []
        for chunk in self._database.read(select(rule.table, rule.query, needed), rule.origin):
            lines = _as_lines(chunk, rule.origin, 0)
            for table, rows in self._transformer.transform(lines, (own,)):
                if table == rule.entity:
                    keys += rows[KEYS[rule.entity]].to_pylist()
        digest = hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
        known: dict[str, str] = self._state.setdefault("keys", {})
        if keys and known.get(rule.entity) != digest:
            known[rule.entity] = digest
            yield PRESENT_KEYS, [{"entity": rule.entity, "key": key} for key in keys]


def connect(account: DatabaseSettings, context: ClientContext) -> SqlOrdersClient:
    """Makes the client of one database; asks nothing yet."""
    return SqlOrdersClient(account, context)


def _with_cursor(rule: TableRule) -> TableRule:
    """The rule, with the time of the last change as a column more."""
    if not rule.cursor:
        return rule
    cursor = ColumnRule.model_validate({"from": rule.cursor})
    return rule.model_copy(update={"columns": {**rule.columns, CURSOR_COLUMN: cursor}})


def _as_lines(chunk: pa.Table, origin: str, first: int) -> pa.Table:
    """Rows as text, each with its number, as the mapping's rules read them."""
    texts = {name: _texts(chunk[name]) for name in chunk.column_names}
    own = {
        FILE_COLUMN: pa.repeat(pa.scalar(origin, pa.string()), chunk.num_rows),
        LINE_COLUMN: pa.array(range(first + 1, first + chunk.num_rows + 1), pa.int64()),
    }
    return pa.table(texts | own)


def _texts(column: pa.ChunkedArray) -> Any:
    cells = text_column(column)
    return cells if isinstance(cells, pa.ChunkedArray) else pa.array(cells, pa.string())
