"""The way of one table's rows from a client into the load: typed, counted, without repetition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import dlt
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.changes import GroupChanges, RowDigester, group_values
from ingestion.columns import Rows, type_batch
from ingestion.errors import EmptyReplaceError
from ingestion.hints import RowNumbers, table_hints, tombstones, with_own_columns
from ingestion.spec import Table
from ingestion.summary import TableLoad
from ingestion.windows import Window


@dataclass
class Tally:
    """Counts what comes for one table, over all accounts."""

    new: int = 0
    overlap: int = 0
    restated: int = 0
    loaded: int = 0
    removed: int = 0
    variants: set[str] = field(default_factory=set)
    extras: set[str] = field(default_factory=set)

    def as_load(self, table: str) -> TableLoad:
        """The final count."""
        return TableLoad(
            table, self.new, self.overlap, self.restated, self.loaded, removed_groups=self.removed
        )


class TableStream:
    """Brings the rows of one table and account into the load.

    Args:
        table: The table.
        account_id: Whose rows.
        window: What was asked for.
        now: The start of the run.
        tally: Counts, shared by all accounts.
        state: What is remembered of this table and account.
        digester: Hashes rows.
        declared: Tables whose hints dlt has in this run; shared by all.
        numbers: Numbers for rows without a key.
    """

    def __init__(
        self,
        table: Table,
        *,
        account_id: str,
        window: Window,
        now: dt.datetime,
        tally: Tally,
        state: MutableMapping[str, Any],
        digester: RowDigester,
        declared: set[str],
        numbers: RowNumbers,
    ) -> None:
        self.table = table
        self.newest: str | None = None
        self._account_id = account_id
        self._window = window
        self._now = now
        self._tally = tally
        self._state = state
        self._declared = declared
        self._numbers = numbers
        self._changes = (
            GroupChanges(
                table, state, digester, lets_all_through=window.is_explicit or window.is_full
            )
            if _comes_again(table)
            else None
        )
        self._row_count = 0

    def load(self, rows: Rows) -> Iterator[Any]:
        """Takes one batch; yields what is surely new of it."""
        batch = type_batch(rows, self.table.columns)
        self._tally.variants |= batch.variant_columns
        self._tally.extras |= batch.new_columns
        self._count(batch.table)
        yield from self._emit(self._changes.offer(batch.table) if self._changes else batch.table)

    def remove(self, groups: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
        """Empties groups, given by the columns of `replace_by`."""
        listed = list(groups)
        if listed:
            self._tally.removed += len(listed)
            yield self._marked(tombstones(self.table, listed), is_removed=True)

    def finish(self, parent: TableStream | None) -> Iterator[Any]:
        """What can only be known at the end: held rows that changed, groups that are empty now."""
        self._guard_against_emptying()
        changes = self._changes
        if changes is None:
            return
        for rows in changes.release():
            yield from self._emit(rows)
        gone = [group_values(name) for name in self._emptied(changes, parent)]
        columns = self.table.replace_by
        yield from self.remove(dict(zip(columns, values, strict=True)) for values in gone)
        changes.remember(self._recently_empty(changes, parent))

    def _emptied(self, changes: GroupChanges, parent: TableStream | None) -> list[str]:
        """Groups that had rows, were asked for, and came without any."""
        if self.table.is_partitioned:
            asked = [str(day) for day in self._loaded_days_asked(changes)]
        else:
            asked = sorted(parent.seen_groups) if parent else []
        return [
            name for name in asked if changes.may_have(name) and name not in changes.seen_groups
        ]

    def _recently_empty(self, changes: GroupChanges, parent: TableStream | None) -> dict[str, Any]:
        """Empty groups that the next run may meet again, with their cursor."""
        if self.table.is_partitioned:
            days = self._loaded_days_asked(changes)
            return {str(day): day for day in days if not changes.came(str(day))}
        recent = parent.recent_groups if parent else {}
        return {name: at for name, at in recent.items() if not changes.came(name)}

    def _loaded_days_asked(self, changes: GroupChanges) -> list[dt.date]:
        """Days that had rows and were asked for by date; a full load keeps what vendors forget."""
        bounds = changes.loaded_days()
        if bounds is None or self._window.first_day is None:
            return []
        first = max(self._window.first_day, bounds[0])
        last = min(self._window.last_day, bounds[1])
        return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]

    @property
    def seen_groups(self) -> set[str]:
        """The groups that came."""
        return self._changes.seen_groups if self._changes else set()

    @property
    def recent_groups(self) -> dict[str, Any]:
        """The groups that the next run may meet again, with their cursor."""
        return self._changes.recent_groups if self._changes else {}

    def _count(self, rows: pa.Table) -> None:
        """Splits a batch into new, overlap and restatement, by the cursor."""
        self._row_count += rows.num_rows
        if self.table.replaces_account and self._state.get("loaded"):
            self._tally.overlap += rows.num_rows
            return
        cursor, seen = self.table.cursor, self._window.seen
        if cursor is None or not rows.num_rows:
            self._tally.new += rows.num_rows
            return
        newest = pc.max(rows[cursor]).as_py()
        if newest is not None:
            self.newest = max(filter(None, (self.newest, newest.isoformat())))
        again = 0
        if seen is not None:
            bound = _as_cursor(seen, rows[cursor].type)
            again = pc.sum(pc.less_equal(rows[cursor], bound)).as_py() or 0
        self._tally.new += rows.num_rows - again
        if self.table.is_partitioned:
            self._tally.restated += again
        else:
            self._tally.overlap += again

    def _emit(self, rows: pa.Table) -> Iterator[Any]:
        if rows.num_rows:
            self._tally.loaded += rows.num_rows
            yield self._marked(rows, is_removed=False)

    def _marked(self, rows: pa.Table, *, is_removed: bool) -> Any:
        own = with_own_columns(
            rows,
            self.table,
            account_id=self._account_id,
            now=self._now,
            is_removed=is_removed,
            numbers=self._numbers,
        )
        if self.table.name in self._declared:
            return dlt.mark.with_table_name(own, self.table.name)
        self._declared.add(self.table.name)
        return dlt.mark.with_hints(own, table_hints(self.table), create_table_variant=True)

    def _guard_against_emptying(self) -> None:
        """A full read that returns nothing where there was data is more likely a fault."""
        if self.table.replaces_account and not self._row_count and self._state.get("loaded"):
            raise EmptyReplaceError(
                f"{self.table.name} came without a row where there was data; it is kept as it was",
                where=self._account_id,
                remedy="Look whether the vendor's data is gone or only its answer is wrong",
            )


def _comes_again(table: Table) -> bool:
    """Whether a run meets rows of the runs before."""
    return bool(table.cursor or table.parent or table.replaces_account)


def _as_cursor(seen: str, kind: pa.DataType) -> pa.Scalar:
    value = dt.date.fromisoformat(seen) if len(seen) == 10 else dt.datetime.fromisoformat(seen)
    return pa.scalar(value, kind)
