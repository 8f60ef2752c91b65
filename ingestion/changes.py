"""Tells rows that are asked for again from rows that changed.

An overlap and a restatement window bring mostly what is there already. So the state keeps, a table
and account, one digest for each group of rows that the next run will meet again: of a report the
days of its restatement window, of a ledger the rows (of child rows, the parents) within the
overlap, of a snapshot the whole. Groups that are equal are not loaded again: a run with nothing
new changes nothing, and nothing downstream has to be built.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.spec import Table

MAX_REMEMBERED_GROUPS = 20_000
EMPTY = "0"
_SEPARATOR = "\x1f"


def group_values(name: str) -> list[str]:
    """The values of a group's columns, as text."""
    return name.split(_SEPARATOR)


class RowDigester:
    """Hashes rows over all their columns, in a DuckDB of its own that has no file."""

    def __init__(self) -> None:
        self._engine = duckdb.connect(":memory:", config={"enable_external_access": "false"})

    def group_names(self, rows: pa.Table, columns: tuple[str, ...]) -> pa.ChunkedArray:
        """The name of each row's group."""
        parts = ", ".join(f"cast({_quote(column)} as varchar)" for column in columns)
        sql = f"concat_ws(chr(31), {parts})" if columns else "''"
        return self._ask(rows, f"select {sql} as name from batch")["name"]

    def digests(self, rows: pa.Table, names: pa.ChunkedArray) -> dict[str, int]:
        """From group to the sum of its rows' hashes, which no order of rows changes."""
        cells = ", ".join(_quote(name) for name in rows.column_names)
        named = rows.append_column("_group_name", names)
        result = self._ask(
            named,
            f"select _group_name, cast(sum(hash({cells})) as varchar) as digest"
            " from batch group by _group_name",
        )
        pairs = zip(result["_group_name"].to_pylist(), result["digest"].to_pylist(), strict=True)
        return {name: int(digest) for name, digest in pairs}

    def _ask(self, rows: pa.Table, sql: str) -> pa.Table:
        self._engine.register("batch", rows)
        try:
            return self._engine.sql(sql).to_arrow_table()
        finally:
            self._engine.unregister("batch")

    def close(self) -> None:
        """Gives the memory back."""
        self._engine.close()


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class GroupChanges:
    """Lets through what differs from the load before, for one table of one account.

    Args:
        table: The table.
        state: What is remembered: `groups` (name to digest), `oldest` and `newest` (ISO text of
            the cursor) of all that was ever loaded, `loaded`.
        digester: Hashes rows.
        lets_all_through: Loads equal rows too: whoever asks for a range, or for everything again,
            doubts what is there.
    """

    def __init__(
        self,
        table: Table,
        state: MutableMapping[str, Any],
        digester: RowDigester,
        *,
        lets_all_through: bool = False,
    ) -> None:
        self._table = table
        self._columns = _group_columns(table)
        self._state = state
        self._known: Mapping[str, str] = dict(state.get("groups", {}))
        comparable = [] if lets_all_through else list(self._known)
        self._known_names = pa.array(comparable, pa.string())
        self._digester = digester
        self._held: list[tuple[pa.Table, pa.ChunkedArray]] = []
        self._digests: dict[str, int] = {}
        self._newest: Any = _parse(state.get("newest"))
        self._oldest: Any = _parse(state.get("oldest"))
        self._moments: dict[str, Any] = {}
        self.was_loaded = bool(state.get("loaded"))
        self.seen_groups: set[str] = set()

    @property
    def recent_groups(self) -> dict[str, Any]:
        """The groups of this run that the next run may meet again, with their cursor."""
        return {name: at for name, at in self._moments.items() if self._is_recent(at)}

    def offer(self, rows: pa.Table) -> pa.Table:
        """Takes a batch; gives back the rows that are surely new and holds the others."""
        if not rows.num_rows:
            return rows
        names = self._digester.group_names(rows, self._columns)
        if self.was_loaded:
            self.seen_groups.update(pc.unique(names).to_pylist())
        self._see_cursors(rows)
        is_known = pc.is_in(names, self._known_names)
        self._track(rows, names, is_known)
        self._held.append((rows.filter(is_known), names.filter(is_known)))
        return rows.filter(pc.invert(is_known))

    def release(self) -> Iterator[pa.Table]:
        """Gives the held rows of groups that changed."""
        changed = [
            name
            for name, digest in self._digests.items()
            if name in self._known and self._known[name] != str(digest)
        ]
        for rows, names in self._held:
            yield rows.filter(pc.is_in(names, pa.array(changed, pa.string())))
        self._held = []

    def came(self, name: str) -> bool:
        """Whether a group had rows in this run; only of those that are asked for again."""
        return name in self._digests

    def may_have(self, name: str) -> bool:
        """Whether the warehouse may have rows of a group."""
        return self.was_loaded and self._known.get(name) != EMPTY

    def loaded_days(self) -> tuple[dt.date, dt.date] | None:
        """The first and last day ever loaded before this run, of a partitioned table."""
        oldest, newest = _parse(self._state.get("oldest")), _parse(self._state.get("newest"))
        return (oldest, newest) if oldest and newest else None

    def remember(self, emptied: Mapping[str, Any]) -> None:
        """Keeps what the next run needs.

        Args:
            emptied: Groups without rows, with their cursor.
        """
        groups = {name: text for name, text in self._known.items() if self._is_kept(name)}
        groups |= {name: str(self._digests[name]) for name in self.recent_groups}
        groups |= {name: EMPTY for name, at in emptied.items() if self._is_recent(at)}
        self._state["groups"] = groups if len(groups) <= MAX_REMEMBERED_GROUPS else {}
        self._state["loaded"] = self.was_loaded or bool(self._digests or self._newest)
        if self._newest is not None:
            self._state["newest"] = self._newest.isoformat()
            self._state["oldest"] = self._oldest.isoformat()

    def _see_cursors(self, rows: pa.Table) -> None:
        if self._table.cursor is None:
            return
        bounds = pc.min_max(rows[self._table.cursor]).as_py()
        if bounds["max"] is not None:
            self._newest = max(filter(None, (self._newest, bounds["max"])))
            self._oldest = min(filter(None, (self._oldest, bounds["min"])))

    def _track(self, rows: pa.Table, names: pa.ChunkedArray, is_known: pa.ChunkedArray) -> None:
        """Digests only of groups that matter, so that a first load is not slowed down."""
        matters = is_known
        if self._table.cursor and self._newest is not None:
            floor = pa.scalar(self._floor(), rows[self._table.cursor].type)
            is_recent = pc.greater_equal(rows[self._table.cursor], floor)
            matters = pc.or_(matters, pc.fill_null(is_recent, False))
        elif not self._columns:
            matters = pa.chunked_array([pa.array([True] * rows.num_rows)])
        near, near_names = rows.filter(matters), names.filter(matters)
        for name, digest in self._digester.digests(near, near_names).items():
            self._digests[name] = self._digests.get(name, 0) + digest
        cursors = near[self._table.cursor] if self._table.cursor else near_names
        self._moments |= dict(zip(near_names.to_pylist(), cursors.to_pylist(), strict=True))

    def _floor(self) -> Any:
        if self._table.is_partitioned:
            return self._newest - dt.timedelta(
                days=max(self._table.longest_restatement_days - 1, 0)
            )
        return self._newest - self._table.overlap

    def _is_recent(self, at: Any) -> bool:
        if self._table.cursor is None:
            return not self._columns
        return at is not None and self._newest is not None and bool(at >= self._floor())

    def _is_kept(self, name: str) -> bool:
        """Days of the window stay known by their name; other groups only while they come."""
        return self._table.is_partitioned and self._is_recent(_parse(name))


def _group_columns(table: Table) -> tuple[str, ...]:
    if table.load_mode == "replace_account":
        return ()
    if table.load_mode == "keep_versions" and table.cursor:
        return (*table.primary_key, table.cursor)
    return table.replace_by or table.primary_key


def _parse(text: str | None) -> Any:
    """A day or a moment from ISO text."""
    if not text:
        return None
    is_day = len(text) == len("2026-01-01")
    return dt.date.fromisoformat(text) if is_day else dt.datetime.fromisoformat(text)
