"""Objects as columns: one frame per GraphQL type, one row per object.

Both ways out of the API read the same frames: a paged query picks single objects from a batch
whose columns are computed once for the page, a bulk operation renders whole columns to JSON.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Kind = Literal["plain", "text", "number", "flag", "list"]

NONE = -1


@dataclass(frozen=True)
class Leaf:
    """A scalar, or a list of scalars.

    Attributes:
        values: Wire values of the given rows; ``None`` is null.
        kind: How a value becomes JSON: ``plain`` is text that needs no escaping.
    """

    values: Callable[[Rows], list[Any]]
    kind: Kind = "text"


@dataclass(frozen=True)
class One:
    """An object, or null.

    Attributes:
        frame: The frame of its type; a call, because types refer to each other.
        target: Its row for each of the given rows; ``NONE`` is null.
        own: It is made of its owner's columns and never null, so that its row is the owner's.
    """

    frame: Callable[[], Frame]
    target: Callable[[Rows], Rows]
    own: bool = False


@dataclass(frozen=True)
class Many:
    """A list or a connection of objects.

    Attributes:
        frame: The frame of their type.
        offsets: Children of row ``i`` are ``targets[offsets[i]:offsets[i + 1]]``.
        targets: Rows of the children, in the order they are shown.
    """

    frame: Callable[[], Frame]
    offsets: Rows
    targets: Rows

    def of(self, row: int) -> Rows:
        """The children of one row."""
        return self.targets[self.offsets[row] : self.offsets[row + 1]]


Field = Leaf | One | Many


@dataclass(frozen=True)
class Frame:
    """All objects of one type in one shop, as far as they are visible.

    Attributes:
        typename: Type of each of the given rows (they differ under an interface).
        ids: Numeric ids, one a row; values without an identity have none.
        fields: By their GraphQL name.
    """

    typename: Callable[[Rows], list[str]]
    ids: Rows
    fields: dict[str, Field] = field(default_factory=dict)

    def leaf(self, name: str) -> Leaf:
        """A field that is a scalar, or a list of scalars."""
        found = self.fields[name]
        assert isinstance(found, Leaf), name
        return found

    def row_of(self, identity: int) -> int:
        """The row with this numeric id, ``NONE`` if there is none."""
        found = np.flatnonzero(self.ids == identity)
        return int(found[0]) if found.size else NONE


def always(name: str) -> Callable[[Rows], list[str]]:
    """The typename of a frame whose rows are all of one type."""
    return lambda rows: [name] * len(rows)


def rows_of(parents: Rows, ids: Rows) -> Rows:
    """The row of ``ids`` that holds each of ``parents``; ``NONE`` where it is missing."""
    if not ids.size:
        return np.full(len(parents), NONE, np.int64)
    order = np.argsort(ids, kind="stable")
    place = np.minimum(np.searchsorted(ids, parents, sorter=order), ids.size - 1)
    found = order[place]
    return np.where(ids[found] == parents, found, NONE)


def children(parent_rows: Rows, count: int) -> tuple[Rows, Rows]:
    """Offsets and targets of a ``Many`` from each child's parent row.

    Args:
        parent_rows: Row of the parent of each child, ``NONE`` for children of nobody.
        count: Number of parents.

    Returns:
        Offsets (``count + 1``) and the children's rows, in their own order within a parent.
    """
    targets = np.flatnonzero(parent_rows >= 0)
    parents = parent_rows[targets]
    targets = targets[np.argsort(parents, kind="stable")]
    sizes = np.bincount(parents, minlength=count)
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), targets


def spans(many: Many, rows: Rows) -> tuple[Rows, Rows]:
    """Children of several rows at once.

    Returns:
        The children's rows one parent after the other, and for each the position in ``rows``
        of its parent.
    """
    starts, sizes = many.offsets[rows], np.diff(many.offsets)[rows]
    owner = np.repeat(np.arange(len(rows)), sizes)
    within = np.arange(owner.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return many.targets[starts[owner] + within], owner


class Batch:
    """Rows of one frame that were asked for together; columns are computed once for all."""

    __slots__ = ("_columns", "frame", "rows")

    def __init__(self, frame: Frame, rows: Rows) -> None:
        """Hold ``rows`` of ``frame``."""
        self.frame, self.rows = frame, rows
        self._columns: dict[str | tuple[Any, ...], list[Any]] = {}

    def column(self, name: str) -> list[Any]:
        """The field of every row: values, objects (``Ref`` or ``None``) or rows of children."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._load(self.frame.fields[name])
        return found

    def once(self, key: tuple[Any, ...], make: Callable[[], list[Any]]) -> list[Any]:
        """Something else that is computed once for the batch."""
        found = self._columns.get(key)
        if found is None:
            found = self._columns[key] = make()
        return found

    def refs(self) -> list[Ref]:
        """One object per row."""
        return [Ref(self, position) for position in range(len(self.rows))]

    def typenames(self) -> list[str]:
        """The type of every row."""
        found = self._columns.get("__typename")
        if found is None:
            found = self._columns["__typename"] = self.frame.typename(self.rows)
        return found

    def _load(self, wanted: Field) -> list[Any]:
        if isinstance(wanted, Leaf):
            return wanted.values(self.rows)
        if isinstance(wanted, One):
            targets = wanted.target(self.rows)
            present = targets >= 0
            there = iter(Batch(wanted.frame(), targets[present]).refs())
            return [next(there) if is_there else None for is_there in present.tolist()]
        rows, owner = spans(wanted, self.rows)
        refs = Batch(wanted.frame(), rows).refs()
        bounds = np.searchsorted(owner, np.arange(len(self.rows) + 1)).tolist()
        return [refs[a:b] for a, b in itertools.pairwise(bounds)]


class Ref:
    """One object of a batch."""

    __slots__ = ("batch", "position")

    def __init__(self, batch: Batch, position: int) -> None:
        """Point at the row at ``position`` of ``batch``."""
        self.batch, self.position = batch, position

    @property
    def row(self) -> int:
        """Its row in the frame."""
        return int(self.batch.rows[self.position])

    @property
    def typename(self) -> str:
        """Its GraphQL type."""
        return self.batch.typenames()[self.position]

    def get(self, name: str) -> Any:
        """A field's value: scalar, ``Ref``, list of ``Ref`` or ``None``."""
        return self.batch.column(name)[self.position]
