"""Connections: pages of 250 at most, opaque cursors, and an end at 25,000 objects."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from graphql import GraphQLError
from numpy.typing import NDArray

from sandbox.vendors.shopify.frames import Batch, Frame, Ref, Rows

MOST_A_PAGE = 250
DEEPEST = 25_000

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Window:
    """The paging arguments of a connection, checked."""

    first: int | None
    last: int | None
    after: str | None
    before: str | None
    reverse: bool

    @classmethod
    def of(cls, arguments: Arguments) -> Window:
        """Read and check the arguments.

        Raises:
            GraphQLError: None or both of first and last, or a page beyond 250.
        """
        first, last = arguments.get("first"), arguments.get("last")
        if first is None and last is None:
            raise refused("you must provide one of first or last")
        if first is not None and last is not None:
            raise refused("providing both first and last is not supported")
        for name, value in (("first", first), ("last", last)):
            if value is not None and not 0 <= value <= MOST_A_PAGE:
                raise refused(f"{name} must be between 0 and {MOST_A_PAGE}, it is {value}")
        return cls(
            first,
            last,
            arguments.get("after"),
            arguments.get("before"),
            bool(arguments.get("reverse")),
        )

    def cut(self, start: int, end: int) -> tuple[int, int]:
        """The page between the cursors' positions ``start`` and ``end``."""
        if self.first is not None:
            return start, min(end, start + self.first)
        return max(start, end - int(self.last or 0)), end


def refused(message: str) -> GraphQLError:
    """An error of the arguments."""
    return GraphQLError(message, extensions={"code": "BAD_REQUEST"})


class Page:
    """One page of a connection.

    Attributes:
        has_next: There are more objects behind it.
        has_previous: There are objects before it.
    """

    def __init__(
        self,
        refs: list[Ref],
        cursor: Callable[[Ref], str],
        *,
        has_next: bool,
        has_previous: bool,
        end: str | None = None,
    ) -> None:
        """Hold the objects of the page.

        Args:
            refs: The objects.
            cursor: Writes an object's cursor.
            has_next: There are more objects behind it.
            has_previous: There are objects before it.
            end: Cursor to go on from, where it is not the last object's.
        """
        self.refs, self._cursor, self._end = refs, cursor, end
        self.has_next, self.has_previous = has_next, has_previous

    @cached_property
    def edges(self) -> list[Edge]:
        """The objects with their cursors."""
        return [Edge(ref, self._cursor) for ref in self.refs]

    @property
    def start_cursor(self) -> str | None:
        """Cursor of the first object."""
        return self._cursor(self.refs[0]) if self.refs else None

    @property
    def end_cursor(self) -> str | None:
        """Cursor to go on from."""
        return self._end or (self._cursor(self.refs[-1]) if self.refs else None)


@dataclass(frozen=True, slots=True)
class Edge:
    """An object of a page, with its cursor."""

    node: Ref
    write: Callable[[Ref], str]

    @property
    def cursor(self) -> str:
        """Where a page after this object begins."""
        return self.write(self.node)


def cursor_text(last_id: int, last_value: Any) -> str:
    """An opaque cursor: id and sort value of the object it stands behind."""
    content = {"last_id": last_id, "last_value": last_value}
    return base64.b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


def read_cursor(text: str) -> tuple[int, Any]:
    """Id and sort value of a cursor.

    Raises:
        GraphQLError: It is not a cursor of this API.
    """
    try:
        content = json.loads(base64.b64decode(text, validate=True))
        return int(content["last_id"]), content["last_value"]
    except (binascii.Error, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise GraphQLError(
            f"Invalid cursor for current pagination sort: {text}.",
            extensions={"code": "BAD_REQUEST"},
        ) from error


@dataclass(frozen=True)
class Ordered:
    """The rows of a connection in the order asked for.

    Attributes:
        frame: What they are rows of.
        rows: In order.
        values: What they are ordered by, aligned with ``rows``.
        descending: The order is reversed.
    """

    frame: Frame
    rows: Rows
    values: NDArray[Any]
    descending: bool

    def position(self, cursor: str, *, behind: bool) -> int:
        """How many rows lie before the cursor, and on it if ``behind``."""
        last_id, last_value = read_cursor(cursor)
        ids = self.frame.ids[self.rows]
        if self.descending:
            passed = (self.values > last_value) | ((self.values == last_value) & (ids > last_id))
        else:
            passed = (self.values < last_value) | ((self.values == last_value) & (ids < last_id))
        on_it = (self.values == last_value) & (ids == last_id)
        return int(np.count_nonzero(passed | on_it if behind else passed))

    def cursor_at(self, position: int) -> str:
        """The cursor of the row at a position."""
        value = self.values[position]
        return cursor_text(int(self.frame.ids[self.rows[position]]), value.item())

    def page(self, window: Window, slip: Slip) -> Page:
        """One page.

        Args:
            window: The paging arguments.
            slip: What goes wrong with it, if anything.

        Raises:
            GraphQLError: The page lies beyond 25,000 objects.
        """
        start = self.position(window.after, behind=True) if window.after else 0
        end = self.position(window.before, behind=False) if window.before else len(self.rows)
        back = int(window.first or 0) if slip.repeat else 0
        slip.repeat = False
        start, end = window.cut(max(start - back, 0), end)
        if start >= DEEPEST:
            raise refused(
                f"Pagination stops at {DEEPEST:,} objects; narrow the query to see the others"
            )
        places = self._slipped(np.arange(start, end), slip, begins=not window.after)
        return Page(
            Batch(self.frame, self.rows[places]).refs(),
            lambda ref: self.cursor_at(int(places[ref.position])),
            has_next=end < len(self.rows) or slip.held is not None,
            has_previous=start > 0,
            end=self.cursor_at(end - 1) if end > start else None,
        )

    def _slipped(self, places: Rows, slip: Slip, *, begins: bool) -> Rows:
        """The page's places: an object held back before comes now, one may be held back."""
        if slip.held is not None and not begins:
            held = np.flatnonzero(self.frame.ids[self.rows] == slip.held)
            slip.held = None
            return np.concatenate([held, places])
        if slip.hold and places.size:
            slip.hold = False
            slip.held = int(self.frame.ids[self.rows[places[0]]])
            return places[1:]
        return places


@dataclass
class Slip:
    """What goes wrong with the pages of one connection.

    Attributes:
        repeat: The next page is the one before once more.
        hold: The first object of the next page moves to the page behind it.
        held: Id of the object that is on its way to the next page.
    """

    repeat: bool = False
    hold: bool = False
    held: int | None = None


def nested_pages(children: list[list[Ref]], window: Window) -> list[Page]:
    """The same page of a nested connection under every parent of a batch."""
    return [_nested_page(refs, window) for refs in children]


def _nested_page(refs: list[Ref], window: Window) -> Page:
    ordered = refs[::-1] if window.reverse else refs
    start = _after(ordered, window.after) if window.after else 0
    end = _after(ordered, window.before) - 1 if window.before else len(ordered)
    start, end = window.cut(start, max(end, start))
    return Page(
        ordered[start:end],
        lambda ref: cursor_text(_identity(ref), _identity(ref)),
        has_next=end < len(ordered),
        has_previous=start > 0,
    )


def _after(refs: list[Ref], cursor: str) -> int:
    last_id, _ = read_cursor(cursor)
    for place, ref in enumerate(refs):
        if _identity(ref) == last_id:
            return place + 1
    return len(refs)


def _identity(ref: Ref) -> int:
    ids = ref.batch.frame.ids
    return int(ids[ref.row]) if ids.size else ref.row
