"""Nested Arrow columns from flat arrays: GA4's lists of parameters and of items."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from sandbox.world.drawing import Bools, Floats, Ints

VALUE = pa.struct(
    [
        ("string_value", pa.string()),
        ("int_value", pa.int64()),
        ("float_value", pa.float64()),
        ("double_value", pa.float64()),
    ]
)


def text(values: pd.Series | pd.Categorical | np.ndarray) -> pa.Array:
    """Strings as Arrow; the empty ones become null."""
    if isinstance(values, pd.Series) and isinstance(values.dtype, pd.CategoricalDtype):
        values = values.array
    if isinstance(values, pd.Categorical):
        words = pa.array([word or None for word in values.categories], pa.string())
        return words.take(pa.array(values.codes, mask=values.codes < 0))
    found = pd.Series(values, dtype="str")
    return pa.array(found.where(found != "", None), pa.string(), from_pandas=True)


def chosen(words: list[str], codes: Ints) -> pa.Array:
    """Words by code; -1 is null."""
    return pa.array(words, pa.string()).take(pa.array(codes, mask=codes < 0))


def group_rows(values: pa.Array, owner: Ints, owners: int) -> pa.ListArray:
    """Lists of the values by owner, in their order.

    Args:
        values: All values.
        owner: The list each value belongs to; any order.
        owners: How many lists there are.
    """
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=owners)
    offsets = np.r_[0, np.cumsum(counts)].astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values.take(pa.array(order)))


@dataclass
class Params:
    """Collects the parameters of events, then nests them.

    Attributes:
        events: How many events there are.
    """

    events: int
    _keys: list[tuple[str, int]] = field(default_factory=list)
    _rows: list[Ints] = field(default_factory=list)
    _columns: dict[str, list[pa.Array]] = field(
        default_factory=lambda: {"string_value": [], "int_value": [], "double_value": []}
    )

    def strings(self, key: str, values: pa.Array, rows: Bools | None = None) -> None:
        """Add a text parameter where it is not null (and ``rows`` holds)."""
        has = np.array(values.is_valid())
        has = has if rows is None else has & rows
        self._add(key, has, "string_value", values.filter(pa.array(has)))

    def ints(self, key: str, values: Ints, rows: Bools) -> None:
        """Add a whole number where ``rows`` holds."""
        self._add(key, rows, "int_value", pa.array(values[rows], pa.int64()))

    def doubles(self, key: str, values: Floats, rows: Bools) -> None:
        """Add a number where ``rows`` holds."""
        self._add(key, rows, "double_value", pa.array(values[rows], pa.float64()))

    def _add(self, key: str, has: Bools, kind: str, values: pa.Array) -> None:
        self._keys.append((key, len(values)))
        self._rows.append(np.flatnonzero(has))
        for name, chunks in self._columns.items():
            same = values if name == kind else pa.nulls(len(values), VALUE.field(name).type)
            chunks.append(same)

    def nested(self) -> pa.ListArray:
        """``event_params`` as GA4 exports it."""
        keys = pa.array([key for key, _ in self._keys], pa.string())
        codes = np.repeat(np.arange(len(self._keys)), [count for _, count in self._keys])
        columns = {name: pa.concat_arrays(chunks) for name, chunks in self._columns.items()}
        columns["float_value"] = pa.nulls(len(codes), pa.float64())
        value = pa.StructArray.from_arrays(
            [columns[part.name] for part in VALUE], fields=list(VALUE)
        )
        pairs = pa.StructArray.from_arrays([keys.take(pa.array(codes)), value], ["key", "value"])
        return group_rows(pairs, np.concatenate(self._rows), self.events)


def struct(**columns: pa.Array) -> pa.StructArray:
    """A struct column."""
    return pa.StructArray.from_arrays(list(columns.values()), list(columns))
