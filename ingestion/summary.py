"""What a load did, for the command line, for Dagster and for the pipeline's own marts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TableLoad:
    """What a load did to one table.

    Attributes:
        table: The table's name.
        new_rows: Rows past the newest seen before.
        overlap_rows: Rows asked again because they may have come late.
        restated_rows: Rows asked again because the vendor may have restated them.
        loaded_rows: Rows handed to the warehouse; fewer than extracted where what was asked again
            had not changed.
        removed_groups: Groups that are empty now: days, orders, files.
    """

    table: str
    new_rows: int = 0
    overlap_rows: int = 0
    restated_rows: int = 0
    loaded_rows: int = 0
    removed_groups: int = 0

    @property
    def extracted_rows(self) -> int:
        """All rows that the source gave."""
        return self.new_rows + self.overlap_rows + self.restated_rows


@dataclass(frozen=True)
class LoadSummary:
    """What a load did.

    Attributes:
        source: The source.
        accounts: The accounts loaded, in order.
        started_at: UTC; `_loaded_at` of every row of this load.
        seconds: How long it took.
        tables: One entry a table of the spec.
        rejected_rows: Rows of files that could not be read; they stand in `_rejected`.
        variant_columns: `table.column` where a cell did not fit its type (see `__v_text`).
        new_columns: `table.column` that the vendor sends and the spec does not declare.
        resumed_packages: Unfinished loads of an earlier run that were finished first.
        notes: What else the reader should know, one line each.
    """

    source: str
    accounts: tuple[str, ...]
    started_at: dt.datetime
    seconds: float
    tables: tuple[TableLoad, ...]
    rejected_rows: int = 0
    variant_columns: tuple[str, ...] = ()
    new_columns: tuple[str, ...] = ()
    resumed_packages: int = 0
    notes: tuple[str, ...] = ()

    @property
    def new_rows(self) -> int:
        """Rows past the newest seen before, over all tables."""
        return sum(table.new_rows for table in self.tables)

    @property
    def overlap_rows(self) -> int:
        """Rows of the declared overlap, over all tables."""
        return sum(table.overlap_rows for table in self.tables)

    @property
    def restated_rows(self) -> int:
        """Rows of the declared restatement windows, over all tables."""
        return sum(table.restated_rows for table in self.tables)

    @property
    def extracted_rows(self) -> int:
        """All rows that the source gave."""
        return sum(table.extracted_rows for table in self.tables)

    @property
    def loaded_rows(self) -> int:
        """Rows handed to the warehouse."""
        return sum(table.loaded_rows for table in self.tables)

    @property
    def touched_tables(self) -> tuple[str, ...]:
        """Tables that may differ from before: what lies downstream of the others need not run."""
        if self.resumed_packages:
            return tuple(table.table for table in self.tables)
        changed = (table for table in self.tables if table.loaded_rows or table.removed_groups)
        return tuple(table.table for table in changed)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        plain = dataclasses.asdict(self)
        return plain | {"started_at": self.started_at.isoformat()}


@dataclass(frozen=True)
class Progress:
    """One step of a load that is under way.

    Attributes:
        source: The source.
        account: The account.
        step: `extract` or `load`.
        table: The table that received rows, if it was one.
        rows: How many this time.
    """

    source: str
    account: str
    step: str
    table: str = ""
    rows: int = 0
