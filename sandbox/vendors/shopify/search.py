"""Shopify's search syntax: ``updated_at:>='2026-01-01T00:00:00Z' AND NOT status:closed``.

The grammar is that of https://shopify.dev/docs/api/usage/search-syntax. Two habits of the real
thing that cost people their evenings are kept: a filter that the connection does not know is
dropped with a warning and the rest is answered, and a time without quotes breaks at its colons
(``updated_at:>=2026-01-01T10:20:00Z`` asks for 10 o'clock, and for a filter called ``20``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\)) | (?P<minus>-(?=\S)) |
        (?P<comparator>:\s*(?:<=|>=|<|>)?\s*) |
        (?P<quoted>"(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*') |
        (?P<word>(?:[^\s:()\\"']|\\.)(?:[^\s:()\\]|\\.)*)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Term:
    """One condition.

    Attributes:
        field: Filter name; ``None`` searches the default fields.
        comparator: ``=``, ``<``, ``<=``, ``>`` or ``>=``.
        value: Without its quotes.
        quoted: Was a phrase.
    """

    field: str | None
    comparator: str
    value: str
    quoted: bool = False


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    of: Node


@dataclass(frozen=True)
class Both:
    """Every one of these; ``AND``, or nothing between two terms."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Either:
    """At least one of these."""

    parts: tuple[Node, ...]


Node = Term | Not | Both | Either


def parse(query: str) -> Node:
    """The conditions of a search; an empty query has none.

    Args:
        query: The text of a connection's ``query`` argument.

    Returns:
        The tree; ``AND`` binds closer than ``OR``.
    """
    return _Parser(_tokens(query)).either()


def _tokens(query: str) -> list[tuple[str, str]]:
    found, position = [], 0
    while position < len(query):
        match = _TOKEN.match(query, position)
        if match is None or match.end() == position:
            position += 1
            continue
        position = match.end()
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
    return found


class _Parser:
    """Reads tokens from left to right; what makes no sense is skipped, as Shopify does."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._at = tokens, 0

    def either(self) -> Node:
        parts = [self._both()]
        while self._word("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Node:
        parts: list[Node] = []
        while self._at < len(self._tokens) and not self._peek("close"):
            if self._word("AND"):
                continue
            if self._tokens[self._at] == ("word", "OR"):
                break
            part = self._term()
            if part is not None:
                parts.append(part)
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _term(self) -> Node | None:
        if self._peek("minus") or self._tokens[self._at] == ("word", "NOT"):
            self._at += 1
            negated = self._term() if self._at < len(self._tokens) else None
            return None if negated is None else Not(negated)
        if self._peek("open"):
            self._at += 1
            inside = self.either()
            self._at += self._peek("close")
            return inside
        kind, text = self._next()
        if kind == "comparator":
            return None
        if kind == "word" and self._peek("comparator"):
            comparator = self._next()[1].strip(": \t\n") or "="
            if not (self._peek("word") or self._peek("quoted")):
                return Term(text, comparator, "")
            kind, value = self._next()
            return Term(text, comparator, _plain(kind, value), kind == "quoted")
        return Term(None, "=", _plain(kind, text), kind == "quoted")

    def _next(self) -> tuple[str, str]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _peek(self, kind: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][0] == kind

    def _word(self, word: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == ("word", word)
        self._at += found
        return found


def _plain(kind: str, text: str) -> str:
    inside = text[1:-1] if kind == "quoted" else text
    return re.sub(r"\\(.)", r"\1", inside)
