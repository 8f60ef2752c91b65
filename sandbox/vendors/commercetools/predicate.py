"""Query predicates: comparisons of a resource's own fields, with and, or, not and parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.vendors.commercetools.errors import invalid_input

Object = dict[str, Any]
Test = Callable[[Object], bool]
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<op><>|!=|>=|<=|=|>|<)|(?P<sign>[(),])'
    r"|(?P<word>[A-Za-z0-9_.-]+))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<>": lambda a, b: a != b,
    ">": lambda a, b: a is not None and a > b,
    ">=": lambda a, b: a is not None and a >= b,
    "<": lambda a, b: a is not None and a < b,
    "<=": lambda a, b: a is not None and a <= b,
}


def compile_predicate(text: str) -> Test:
    """Reads a predicate.

    Args:
        text: Such as ``lastModifiedAt > "2026-01-01T00:00:00.000Z" and id > "a"``.

    Returns:
        Whether a resource fits.

    Raises:
        ApiError: 400 InvalidInput, where it is no predicate.
    """
    reader = _Reader(text)
    test = reader.any_of()
    if reader.peek():
        raise reader.malformed()
    return test


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._tokens, self._place = text, list(_tokens(text)), 0

    def malformed(self) -> Exception:
        """What is wrong, in commercetools' words."""
        return invalid_input(f"Malformed parameter: where: Syntax error while parsing 'where'. "
                             f"Unexpected end or token in: {self._text}")  # fmt: skip

    def peek(self) -> str:
        """The next token; empty at the end."""
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def take(self, *wanted: str) -> str:
        """The next token, which must be one of those wanted where any are."""
        found = self.peek()
        if not found or (wanted and found not in wanted):
            raise self.malformed()
        self._place += 1
        return found

    def any_of(self) -> Test:
        """Alternatives."""
        tests = [self._all_of()]
        while self.peek() == "or":
            self.take()
            tests.append(self._all_of())
        return lambda each: any(test(each) for test in tests)

    def _all_of(self) -> Test:
        tests = [self._one()]
        while self.peek() == "and":
            self.take()
            tests.append(self._one())
        return lambda each: all(test(each) for test in tests)

    def _one(self) -> Test:
        if self.peek() == "not":
            self.take()
            inner = self._one()
            return lambda each: not inner(each)
        if self.peek() == "(":
            self.take()
            test = self.any_of()
            self.take(")")
            return test
        field, sign = self.take(), self.take(*_COMPARE, "in")
        if sign == "in":
            values = self._values()
            return lambda each: each.get(field) in values
        value, compare = _literal(self.take()), _COMPARE[sign]
        return lambda each: compare(each.get(field), value)

    def _values(self) -> list[Any]:
        self.take("(")
        found = [_literal(self.take())]
        while self.take(",", ")") == ",":
            found.append(_literal(self.take()))
        return found


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if not match:
            raise invalid_input(f"Malformed parameter: where: {text}")
        found.append(match.group().strip())
        place = match.end()
    return found


def _literal(token: str) -> Any:
    if token.startswith('"'):
        return token[1:-1].replace('\\"', '"')
    if token in ("true", "false"):
        return token == "true"
    if re.fullmatch(r"-?\d+", token):
        return int(token)
    raise invalid_input(f"Malformed parameter: where: unexpected {token}")
