"""How a table of the ledger is described."""

from __future__ import annotations

from dataclasses import dataclass

DTYPES = {
    "int": "int64",
    "int?": "Int64",
    "bool": "bool",
    "float": "float64",
    "str": "str",
    "cat": "category",
    "time": "datetime64[us, UTC]",
    "micro": "datetime64[us, UTC]",
    "date": "datetime64[us]",
}


@dataclass(frozen=True)
class Column:
    """One column: its name, its kind (a key of ``DTYPES``) and what it means."""

    name: str
    kind: str
    doc: str


@dataclass(frozen=True)
class Table:
    """One table of the ledger.

    Attributes:
        grain: What one row is.
        columns: In their order.
        visible_at: The time column from which a row can be seen; ``None``: always.
        later: Nullable time columns that hide as ``NaT`` until they have come.
    """

    grain: str
    columns: tuple[Column, ...]
    visible_at: str | None = None
    later: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]


def table(
    grain: str, columns: str, *, visible_at: str | None = None, later: tuple[str, ...] = ()
) -> Table:
    """A table whose columns are read from lines of ``name kind meaning``."""
    lines = (line.split(None, 2) for line in columns.strip().splitlines())
    return Table(grain, tuple(Column(*line) for line in lines), visible_at, later)
