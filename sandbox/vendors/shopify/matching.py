"""Which rows a search finds: conditions against columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sandbox.vendors.shopify.search import Both, Node, Not, Term, parse

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Filter:
    """One filter of a connection.

    Attributes:
        kind: How values compare. ``words`` holds lists of texts, ``state`` a mask per value.
        column: The values, one a row; loaded when the filter is used.
    """

    kind: Literal["time", "number", "text", "flag", "words", "state"]
    column: Callable[[], Any]


@dataclass
class Search:
    """A search over one connection, and what was wrong with it.

    Attributes:
        filters: Filters by name; ``default`` holds the texts of unnamed terms.
        size: Number of rows.
        zone: Zone of times without one.
        now: Meaning of ``now``.
    """

    filters: Mapping[str, Filter]
    size: int
    zone: ZoneInfo
    now: pd.Timestamp
    warnings: list[dict[str, str]] = field(default_factory=list)

    def rows(self, query: str | None) -> Mask:
        """The rows that match; all of them without a query."""
        found = self._node(parse(query)) if query else None
        return np.ones(self.size, np.bool_) if found is None else found

    def _node(self, node: Node) -> Mask | None:
        """Rows that match, or ``None`` where nothing of the condition can be used."""
        if isinstance(node, Term):
            return self._term(node)
        if isinstance(node, Not):
            found = self._node(node.of)
            return None if found is None else ~found
        parts = [found for part in node.parts if (found := self._node(part)) is not None]
        if not parts:
            return None
        join = np.logical_and if isinstance(node, Both) else np.logical_or
        joined: Mask = join.reduce(parts)
        return joined

    def _term(self, term: Term) -> Mask | None:
        name = term.field or "default"
        if name not in self.filters:
            self._warn(name, "Invalid search field for this query.", "invalid_field")
            return None
        known = self.filters[name]
        try:
            found: Mask = _MATCHERS[known.kind](self, known.column(), term)
        except ValueError:
            self._warn(name, f"Input `{term.value}` is not an accepted value.", "invalid_value")
            return None
        return found

    def _warn(self, name: str, message: str, code: str) -> None:
        self.warnings.append({"field": name, "message": message, "code": code})

    def _time(self, column: NDArray[np.datetime64], term: Term) -> Mask:
        if ".." in term.value:
            first, _, last = term.value.partition("..")
            return (column >= self._span(first)[0]) & (column < self._span(last)[1])
        start, end = self._span(term.value)
        return _between(column, term.comparator, start, end)

    def _span(self, text: str) -> tuple[np.datetime64, np.datetime64]:
        """The period a time names: a second, a day, a month or a year; its end excluded."""
        if text == "now":
            moment = _utc(self.now)
            return moment, moment + np.timedelta64(1, "s")
        if re.fullmatch(r"\d{4}", text):
            return self._local(f"{text}-01-01"), self._local(f"{int(text) + 1}-01-01")
        if re.fullmatch(r"\d{4}-\d\d", text):
            month = pd.Period(text, "M")
            return self._local(f"{month}-01"), self._local(f"{month + 1}-01")
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return self._local(text), self._local(str(pd.Timestamp(text) + pd.Timedelta(days=1)))
        moment = self._local(text)
        return moment, moment + np.timedelta64(1, "s")

    def _local(self, text: str) -> np.datetime64:
        moment = pd.Timestamp(text)
        if moment.tzinfo is None:
            moment = moment.tz_localize(self.zone, nonexistent="shift_forward", ambiguous=False)
        return _utc(moment)

    def _number(self, column: NDArray[Any], term: Term) -> Mask:
        first, dots, last = term.value.partition("..")
        if dots:
            return (column >= _figure(first)) & (column <= _figure(last))
        value = _figure(term.value)
        found: Mask = _COMPARATORS[term.comparator](column, value)
        return found

    def _text(self, column: NDArray[np.object_], term: Term) -> Mask:
        wanted = _wanted(term)
        if term.field is None:
            return np.array([wanted[0] in text.lower() for text in column.tolist()], np.bool_)
        if wanted == ["*"]:
            return np.array([bool(text) for text in column.tolist()], np.bool_)
        test = _one_of(wanted)
        return np.array([test(text.lower()) for text in column.tolist()], np.bool_)

    def _words(self, column: list[list[str]], term: Term) -> Mask:
        test = _one_of([part.strip() for part in term.value.lower().split(",")])
        return np.array([any(test(word.lower()) for word in words) for words in column], np.bool_)

    def _flag(self, column: Mask, term: Term) -> Mask:
        if term.value.lower() not in ("true", "false"):
            raise ValueError(term.value)
        found: Mask = column == (term.value.lower() == "true")
        return found

    def _state(self, masks: Mapping[str, Mask], term: Term) -> Mask:
        found = [masks[value] for value in _wanted(term) if value in masks]
        if not found:
            raise ValueError(term.value)
        joined: Mask = np.logical_or.reduce(found)
        return joined


_COMPARATORS: dict[str, Callable[[Any, float], Any]] = {
    "=": np.equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_MATCHERS: dict[str, Callable[[Search, Any, Term], Mask]] = {
    "time": Search._time,
    "number": Search._number,
    "text": Search._text,
    "words": Search._words,
    "flag": Search._flag,
    "state": Search._state,
}


def _between(
    column: NDArray[np.datetime64], comparator: str, start: np.datetime64, end: np.datetime64
) -> Mask:
    """Compare times with a period: ``>`` is after its end, ``<=`` before its end."""
    if comparator == "=":
        return (column >= start) & (column < end)
    if comparator in (">", ">="):
        return column >= (end if comparator == ">" else start)
    return column < (start if comparator == "<" else end)


def _utc(moment: pd.Timestamp) -> np.datetime64:
    return np.datetime64(int(moment.timestamp()), "s")


def _figure(text: str) -> float:
    return float(text.rpartition("/")[2])


def _wanted(term: Term) -> list[str]:
    value = term.value.lower()
    return [value] if term.quoted else [part.strip() for part in value.split(",")]


def _one_of(wanted: list[str]) -> Callable[[str], bool]:
    exact = {value for value in wanted if not value.endswith("*")}
    starts = tuple(value[:-1] for value in wanted if value.endswith("*"))
    return lambda text: text in exact or (bool(starts) and text.startswith(starts))
