"""Reads one rule; what it cannot be is refused where it stands."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from orchestration.segments.facts import FactsByName, Type, state_fields
from orchestration.segments.places import Entry, alternatives
from orchestration.segments.tree import (
    Comparison,
    FieldRule,
    InSegment,
    Measured,
    Recency,
    Rule,
    Together,
    Value,
)

KINDS = (
    *("all", "any", "not", "field", "count", "sum"),
    *("days_since_last", "days_since_first", "segment"),
)
OPERATORS: dict[Type, tuple[str, ...]] = {
    "text": ("is", "is_not", "in", "not_in", "is_known"),
    "flag": ("is", "is_known"),
    "number": (
        *("is", "is_not", "in", "not_in", "is_known"),
        *("at_least", "at_most", "more_than", "less_than", "between"),
    ),
}
MEASURED = tuple(name for name in OPERATORS["number"] if name != "is_known")
DAYS = ("is", "at_least", "at_most", "more_than", "less_than", "between")
MOST_DAYS = 36_500
TEXT_LENGTH = 200
# Quotes are doubled in any case. What only a statement has, or a template, is no name of anything.
_STATEMENT = re.compile(
    r"[;\\`\"]|--|/\*|\*/|\{\{|\{%|\{#|(?<![^\W\d_])'|'(?![^\W\d_])|[\x00-\x1f\x7f]"
    r"|(?i:'\s*(or|and|union|select)\b)"
)


@dataclass(frozen=True)
class RuleParser:
    """Reads rules.

    Attributes:
        facts: What they may ask.
        fact: The fact whose rows are asked, inside a `where`; empty for the customer.
    """

    facts: FactsByName
    fact: str = ""

    def rule(self, entry: Entry) -> Rule:
        """The rule that stands there.

        Raises:
            SegmentError: It is none.
        """
        keys = entry.keys()
        known = ("all", "any", "not", "field") if self.fact else KINDS
        kinds = [key for key in keys if key in known]
        if len(kinds) != 1:
            said = f"not {' and '.join(kinds)} at once" if kinds else f"not {', '.join(keys)}"
            raise entry.place.error(
                f"A rule says one of {', '.join(known)}, {said}", "Combine rules with all or any"
            )
        (kind,) = kinds
        if kind in ("all", "any"):
            entry.only(kind)
            return Together(kind, tuple(self.rule(each) for each in keys[kind].items()))
        if kind == "not":
            entry.only(kind)
            return Together(kind, (self.rule(keys[kind]),))
        if kind == "segment":
            entry.only(kind)
            return InSegment(entry.text(kind), keys[kind].place)
        if kind == "field":
            return self._field(entry)
        return self._measured(entry, kind)

    def _field(self, entry: Entry) -> FieldRule:
        name, named = entry.text("field"), entry.entry("field")
        owners = (
            dict.fromkeys(self.facts[self.fact].fields, self.fact)
            if self.fact
            else state_fields(self.facts)
        )
        if name not in owners:
            of = self.fact or "a customer"
            raise named.place.error(f"{of} has no field {name!r}", _there_are(owners))
        kind = self.facts[owners[name]].fields[name].type
        entry.only("field", *OPERATORS[kind])
        return FieldRule(owners[name], name, self._comparisons(entry, OPERATORS[kind], kind))

    def _measured(self, entry: Entry, kind: str) -> Measured | Recency:
        name, _, summed = entry.text(kind).partition(".")
        place = entry.entry(kind).place
        counted = {key: fact for key, fact in self.facts.items() if not fact.is_state}
        if name not in counted:
            raise place.error(f"There is no fact {name!r}", _there_are(counted))
        if (kind == "sum") != bool(summed):
            raise place.error(
                "A sum names fact and field, all else a fact", "Write: sum: orders.net_amount"
            )
        self._check_summed(entry, name, summed)
        inner = RuleParser(self.facts, name)
        keys = entry.keys()
        where = inner._where(keys["where"]) if "where" in keys else None
        if kind.startswith("days_since"):
            if not counted[name].day:
                raise place.error(f"{name} last, and have no one day", "Count them")
            entry.only(kind, "where", *DAYS)
            comparisons = self._comparisons(entry, DAYS, "number", is_days=True)
            return Recency(name, where, kind == "days_since_last", comparisons)
        window = ("last_days", "days_ago") if counted[name].day else ()
        entry.only(kind, "where", *window, *MEASURED)
        comparisons = self._comparisons(entry, MEASURED, "number")
        return Measured(name, where, summed, _ago(entry), comparisons)

    def _check_summed(self, entry: Entry, name: str, summed: str) -> None:
        numbers = [key for key, one in self.facts[name].fields.items() if one.type == "number"]
        if summed and summed not in numbers:
            place = entry.entry("sum").place
            raise place.error(f"{name} has no number {summed!r}", _there_are(numbers))

    def _where(self, entry: Entry) -> Rule:
        return Together("all", tuple(self.rule(each) for each in alternatives(entry)))

    def _comparisons(
        self, entry: Entry, operators: tuple[str, ...], kind: Type, *, is_days: bool = False
    ) -> tuple[Comparison, ...]:
        found = [(key, each) for key, each in entry.keys().items() if key in operators]
        if not found:
            raise entry.place.error("Nothing is compared here", _there_are(operators))
        return tuple(_comparison(key, each, kind, is_days=is_days) for key, each in found)


def _comparison(operator: str, entry: Entry, kind: Type, *, is_days: bool) -> Comparison:
    if operator == "is_known":
        return Comparison(operator, (_literal(entry, "flag"),))
    if operator in ("in", "not_in"):
        return Comparison(operator, tuple(_literal(each, kind) for each in entry.items()))
    if operator == "between":
        ends = entry.items()
        if len(ends) != 2:
            raise entry.place.error("between has two ends", "Write: between: [90, 365]")
        return Comparison(operator, tuple(_number(each, is_days=is_days) for each in ends))
    value = _number(entry, is_days=is_days) if kind == "number" else _literal(entry, kind)
    return Comparison(operator, (value,))


def _number(entry: Entry, *, is_days: bool) -> Value:
    return _days(entry) if is_days else _literal(entry, "number")


def _literal(entry: Entry, kind: Type) -> Value:
    value: object = entry.value()
    if isinstance(value, bool):
        if kind == "flag":
            return value
    elif isinstance(value, int | float):
        if kind == "number" and math.isfinite(value) and abs(value) < 1e15:
            return value
    elif kind == "text" and isinstance(value, str):
        return _text(entry, value)
    wanted = {"flag": "true or false", "number": "a number", "text": "a text"}[kind]
    raise entry.place.error(
        f"Here stands {wanted}, not {value!r}",
        "Put a text in quotes" if kind == "text" else "Write it without quotes",
    )


def _text(entry: Entry, value: str) -> str:
    if len(value) > TEXT_LENGTH or _STATEMENT.search(value):
        raise entry.place.error(
            "This is no name of a thing but a piece of SQL, or of a template",
            "Compare with a value as the mart has it; an apostrophe stands between letters",
        )
    return value


def _days(entry: Entry) -> int:
    value: object = entry.value()
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_DAYS:
        raise entry.place.error(f"Here stands a number of days, not {value!r}", "Write: 30")
    return value


def _ago(entry: Entry) -> tuple[int, int | None]:
    keys = entry.keys()
    if "last_days" in keys and "days_ago" in keys:
        raise keys["days_ago"].place.error("last_days and days_ago at once", "Say one of them")
    if "last_days" in keys:
        days = _days(keys["last_days"])
        if not days:
            raise keys["last_days"].place.error("The last 0 days are none", "Write 1 for the day")
        return 0, days - 1
    if "days_ago" in keys:
        ends = keys["days_ago"].items()
        if len(ends) != 2 or _days(ends[0]) > _days(ends[1]):
            raise keys["days_ago"].place.error(
                "days_ago has two ends, the nearer one first", "Write: days_ago: [7, 30]"
            )
        return _days(ends[0]), _days(ends[1])
    return 0, None


def _there_are(names: Iterable[str]) -> str:
    return f"There are: {', '.join(sorted(names))}"
