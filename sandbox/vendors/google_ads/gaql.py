"""Reads Google's query language, which looks like SQL and knows no joins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.vendors.google_ads.errors import bad_query

CLAUSES = re.compile(
    r"\b(SELECT|FROM|WHERE|ORDER\s+BY|LIMIT|PARAMETERS)\b(?=(?:[^'\"]|'[^']*'|\"[^\"]*\")*$)",
    re.IGNORECASE,
)
ORDER = ("SELECT", "FROM", "WHERE", "ORDER BY", "LIMIT", "PARAMETERS")
FIELD = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
CONDITION = re.compile(
    r"(?P<field>[\w.]+)\s*(?P<operator>!=|>=|<=|=|>|<|\bNOT\s+IN\b|\bIN\b|\bBETWEEN\b|\bDURING\b)"
    r"\s*(?P<value>.+)",
    re.IGNORECASE | re.DOTALL,
)
AND = re.compile(r"\s+AND\s+", re.IGNORECASE)
BETWEEN = re.compile(r"\bBETWEEN\s+('[^']*'|\"[^\"]*\"|\S+)\s+AND\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Condition:
    """A condition of WHERE.

    Attributes:
        field: What it is about.
        operator: In capitals, one blank between words.
        values: One value, the two of BETWEEN, or the list of IN, without quotes.
    """

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A query.

    Attributes:
        fields: Of SELECT, in their order.
        resource: Of FROM.
        conditions: Of WHERE; all must hold.
        order: Fields of ORDER BY, and whether they go downwards.
        limit: Of LIMIT.
    """

    fields: tuple[str, ...]
    resource: str
    conditions: tuple[Condition, ...]
    order: tuple[tuple[str, bool], ...]
    limit: int | None


def parse(text: str) -> Query:
    """A query from its text.

    Raises:
        AdsError: It is none.
    """
    clauses = _clauses(text.strip().rstrip(";"))
    limit = clauses.get("LIMIT")
    if limit is not None and not (limit.isdigit() and int(limit)):
        raise bad_query("BAD_LIMIT_VALUE", f"invalid value {limit} for LIMIT.")
    resource = clauses["FROM"]
    if not re.fullmatch(r"[a-z_]+", resource):
        raise bad_query("BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", f"invalid resource '{resource}'.")
    fields = tuple(part.strip() for part in clauses["SELECT"].split(","))
    for name in fields:
        if not FIELD.fullmatch(name):
            raise bad_query("BAD_FIELD_NAME", f"invalid field name '{name}'.")
    return Query(
        fields,
        resource,
        tuple(_condition(part) for part in _conjuncts(clauses.get("WHERE", ""))),
        tuple(_order(part) for part in clauses.get("ORDER BY", "").split(",") if part.strip()),
        int(limit) if limit else None,
    )


def _clauses(text: str) -> dict[str, str]:
    """What follows each keyword."""
    marks = list(CLAUSES.finditer(text))
    if not marks or marks[0].start() or _keyword(marks[0]) != "SELECT":
        raise bad_query("EXPECTED_SELECT", "expecting SELECT.")
    names = [_keyword(mark) for mark in marks]
    if "FROM" not in names:
        raise bad_query("EXPECTED_FROM", "expecting FROM.")
    if names != [name for name in ORDER if name in names]:
        raise bad_query("UNEXPECTED_INPUT", "clauses are doubled or out of order.")
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    parts = {
        name: text[mark.end() : end].strip()
        for name, mark, end in zip(names, marks, ends, strict=True)
    }
    if not all(parts.values()):
        raise bad_query("UNEXPECTED_END_OF_QUERY", "a clause is empty.")
    return parts


def _keyword(mark: re.Match[str]) -> str:
    return " ".join(mark.group().upper().split())


def _conjuncts(where: str) -> list[str]:
    """Conditions; the AND of a BETWEEN belongs to it."""
    held = BETWEEN.sub(lambda found: found.group().replace(found.group()[-5:], "\x00"), where)
    return [part.replace("\x00", " AND ") for part in AND.split(held) if part.strip()]


def _condition(text: str) -> Condition:
    found = CONDITION.fullmatch(text.strip())
    if not found:
        raise bad_query("BAD_OPERATOR", f"'{text.strip()}' has no operator.")
    operator = " ".join(found["operator"].upper().split())
    value = found["value"].strip()
    if operator == "BETWEEN":
        values = AND.split(value)
        if len(values) != 2:
            raise bad_query("INVALID_VALUE_WITH_BETWEEN_OPERATOR", "BETWEEN takes two values.")
    elif operator in ("IN", "NOT IN"):
        if not (value.startswith("(") and value.endswith(")")):
            raise bad_query("EXPECTED_LIST", "expecting a list.")
        values = value[1:-1].split(",")
    else:
        values = [value]
    return Condition(found["field"], operator, tuple(_unquoted(part) for part in values))


def _unquoted(text: str) -> str:
    text = text.strip()
    if text[:1] in ("'", '"'):
        if len(text) < 2 or text[-1] != text[0]:
            raise bad_query("STRING_NOT_TERMINATED", "a text is not closed.")
        return text[1:-1]
    return text


def _order(text: str) -> tuple[str, bool]:
    name, *way = text.split()
    if [word.upper() for word in way] not in ([], ["ASC"], ["DESC"]):
        raise bad_query("UNEXPECTED_INPUT", f"'{text.strip()}' is no order.")
    return name, bool(way) and way[0].upper() == "DESC"
