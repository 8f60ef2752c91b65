"""Rules as SQL: every fact is read once for all segments, and told by the days it changes on.

A count of the last thirty days changes on the day of a row and thirty days later, and on no day
between. So each fact is summed by customer and day, once; what it adds and later takes away again
are the changes; their running sums are what the rules compare. Memberships follow day by day, and
nothing is computed for a day on which nothing happens.

The SQL is a template with dbt's own words (`ref`, `dbt.dateadd`, `var`): dbt renders it in a model,
`asked` for a rule that is not saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from orchestration.segments.facts import Fact, FactsByName
from orchestration.segments.rules import Segment
from orchestration.segments.templates import BOUNDARIES, BOUNDS, CHANGES, CUSTOMERS, FINAL, SPANS
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

BINARY = {
    "is": "=",
    "is_not": "<>",
    "at_least": ">=",
    "at_most": "<=",
    "more_than": ">",
    "less_than": "<",
}
Ago = tuple[int, int | None]
ALWAYS: Ago = (0, None)
KNOWN = "is_known"
"""The running sum that says whether a customer is known on a day."""


@dataclass
class Needed:
    """What the rules need of the facts; each thing once.

    Attributes:
        measures: Of a fact: its predicate and summed expression, to the measure's name.
        sums: A measure and its days ago, to the running sum's name.
    """

    measures: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)
    sums: dict[tuple[str, str, Ago], str] = field(default_factory=dict)

    def sum(self, fact: str, predicate: str, summed: str, ago: Ago) -> str:
        """The name of a running sum."""
        of_fact = self.measures.setdefault(fact, {})
        measure = of_fact.setdefault((predicate, summed), f"m{len(of_fact) + 1}")
        return self.sums.setdefault((fact, measure, ago), f"a{len(self.sums) + 1}")


@dataclass(frozen=True)
class Compiler:
    """Turns rules into conditions over running sums.

    Attributes:
        facts: What rules may ask.
        segments: What they may refer to.
        needed: Is told what they need.
    """

    facts: FactsByName
    segments: Mapping[str, Segment]
    needed: Needed = field(default_factory=Needed)

    def condition(self, rule: Rule) -> str:
        """A rule of the customer; never null."""
        if isinstance(rule, Together):
            return _together(rule, [self.condition(part) for part in rule.parts])
        if isinstance(rule, InSegment):
            return f"({self.condition(self.segments[rule.key].rule)})"
        if isinstance(rule, FieldRule):
            return _joined("and", [self._state(rule, each) for each in rule.comparisons])
        predicate = self._predicate(rule.where) if rule.where else ""
        if isinstance(rule, Recency):
            return _joined("and", [self._recency(rule, predicate, c) for c in rule.comparisons])
        total = self.needed.sum(rule.fact, predicate, self._summed(rule), rule.ago)
        return _joined("and", [_compared(total, each) for each in rule.comparisons])

    def _summed(self, rule: Measured) -> str:
        return self.facts[rule.fact].expression(rule.summed) if rule.summed else ""

    def _predicate(self, rule: Rule) -> str:
        """A condition on a fact's row; never null."""
        if isinstance(rule, Together):
            return _together(rule, [self._predicate(part) for part in rule.parts])
        assert isinstance(rule, FieldRule), "a row has fields only"
        expression = self.facts[rule.fact].expression(rule.field)
        return _joined("and", [_of_row(expression, each) for each in rule.comparisons])

    def _state(self, rule: FieldRule, comparison: Comparison) -> str:
        """Whether a row that holds on the day says so."""
        expression = self.facts[rule.fact].expression(rule.field)
        is_unknown = comparison == Comparison("is_known", (False,))
        asked = Comparison("is_known", (True,)) if is_unknown else comparison
        total = self.needed.sum(rule.fact, _of_row(expression, asked), "", ALWAYS)
        return f"{total} = 0" if is_unknown else f"{total} > 0"

    def _recency(self, rule: Recency, predicate: str, comparison: Comparison) -> str:
        def rows(nearest: int, farthest: int | None) -> str:
            return self.needed.sum(rule.fact, predicate, "", (nearest, farthest))

        def at_most(days: int) -> str:
            if days < 0:
                return "1 = 0"
            if rule.is_newest:
                return f"{rows(0, days)} > 0"
            return f"({rows(*ALWAYS)} > 0 and {rows(days + 1, None)} = 0)"

        def at_least(days: int) -> str:
            if not rule.is_newest:
                return f"{rows(days, None)} > 0"
            newer = f" and {rows(0, days - 1)} = 0" if days else ""
            return f"({rows(*ALWAYS)} > 0{newer})"

        first, last = int(comparison.values[0]), int(comparison.values[-1])
        return {
            "is": f"({at_least(first)} and {at_most(first)})",
            "between": f"({at_least(first)} and {at_most(last)})",
            "at_least": at_least(first),
            "at_most": at_most(first),
            "more_than": at_least(first + 1),
            "less_than": at_most(first - 1),
        }[comparison.operator]


def membership_sql(
    facts: FactsByName, asked: Mapping[str, Segment], known: Mapping[str, Segment]
) -> str:
    """The memberships of segments with their entries and exits, as a template.

    Args:
        facts: What rules may ask.
        asked: The segments to tell.
        known: The segments they may refer to.
    """
    compiler = Compiler(facts, known)
    conditions = {key: compiler.condition(segment.rule) for key, segment in asked.items()}
    needed = compiler.needed
    parts = [BOUNDS, CUSTOMERS]
    parts += [_fact(name, facts[name], measures) for name, measures in needed.measures.items()]
    parts += [_changes(facts, needed), _judged(conditions)]
    parts += [_filled(BOUNDARIES, keys=_list(conditions)), SPANS]
    return "with " + ",\n\n".join(parts) + "\n\n" + FINAL


def _fact(name: str, fact: Fact, measures: Mapping[tuple[str, str], str]) -> str:
    if fact.day:
        return _day_fact(name, fact, measures)
    start = f"cast({_column(fact.start)} as date)" if fact.start else "bounds.first_date"
    columns = [f"coalesce({start}, bounds.first_date) as start_day", f"{_end(fact)} as end_day"]
    columns += [f"{_each(*asked)} as {alias}" for asked, alias in measures.items()]
    return _select(f"{name}_told", fact, columns, "")


def _day_fact(name: str, fact: Fact, measures: Mapping[tuple[str, str], str]) -> str:
    columns = [f"fact.{fact.day} as start_day"]
    columns += [f"sum({_each(*asked)}) as {alias}" for asked, alias in measures.items()]
    return _select(f"{name}_told", fact, columns, f"fact.{fact.day}")


def _select(name: str, fact: Fact, columns: list[str], grouped: str) -> str:
    join = "\n    left join {{ ref('dim_stores') }} as stores on fact.store_key = stores.store_key"
    conditions = ["fact.customer_key is not null"]
    conditions += [f"{grouped} <= bounds.as_of_date"] if grouped else []
    conditions += [f"({fact.where})"] if fact.where else []
    group = f"\n    group by fact.customer_key, {grouped}" if grouped else ""
    uses_store = any("stores." in column for column in columns)
    return (
        f"{name} as (\n    select\n        fact.customer_key,\n        "
        + ",\n        ".join(columns)
        + f"\n    from {{{{ ref('{fact.model}') }}}} as fact"
        + (join if uses_store else "")
        + "\n    cross join bounds\n    where "
        + "\n        and ".join(conditions)
        + f"{group}\n)"
    )


def _column(text: str) -> str:
    return text if "fact." in text else f"fact.{text}"


def _end(fact: Fact) -> str:
    """Of a state without an end of its own, the next row of the customer ends it."""
    if fact.end:
        return f"cast({_column(fact.end)} as date)"
    if not fact.start:
        return "cast(null as date)"
    start = _column(fact.start)
    return f"lead({start}) over (partition by fact.customer_key order by {start})"


def _each(predicate: str, summed: str) -> str:
    value = f"coalesce({summed}, 0)" if summed else "1"
    return f"case when {predicate} then {value} else 0 end" if predicate else value


def _changes(facts: FactsByName, needed: Needed) -> str:
    """What each fact adds to which sums on which days; rows of nothing but zeros are left out."""
    turns: dict[tuple[str, str, int], dict[str, str]] = {
        ("customers", "start_day", 0): {KNOWN: "1"}
    }
    for (fact, measure, ago), alias in needed.sums.items():
        for day, later, sign in _turns(facts[fact], ago):
            turns.setdefault((f"{fact}_told", day, later), {})[alias] = f"{sign}{measure}"
    order = ["customers", *(f"{fact}_told" for fact in needed.measures)]
    listed = sorted(turns.items(), key=lambda turn: order.index(turn[0][0]))
    return _filled(
        CHANGES,
        sums=_list([KNOWN, *needed.sums.values()]),
        turns=_list((*turn, terms) for turn, terms in listed),
    )


def _turns(fact: Fact, ago: Ago) -> Iterator[tuple[str, int, str]]:
    """The days on which a row begins and ends to count: a day, days after it, and the sign."""
    nearest, farthest = ago
    if not fact.day:
        yield "start_day", 0, ""
        yield "end_day", 0, "-"
        return
    yield "start_day", nearest, ""
    if farthest is not None:
        yield "start_day", farthest + 1, "-"


def _judged(conditions: Mapping[str, str]) -> str:
    columns = [f"{KNOWN} > 0 and {condition} as in_{key}" for key, condition in conditions.items()]
    listed = ",\n        ".join(["customer_key", "change_day", *columns])
    return f"judged as (\n    select\n        {listed}\n    from running\n)"


def _list(items: Iterable[object]) -> str:
    """Plain values as a template's list, one a line."""
    return "[\n" + "".join(f"    {item!r},\n" for item in items) + "]"


def _filled(template: str, **parts: str) -> str:
    for name, part in parts.items():
        template = template.replace(f"<{name}>", part)
    return template


def _together(rule: Together, parts: list[str]) -> str:
    if rule.how == "not":
        return f"not {parts[0]}" if parts[0].startswith("(") else f"not ({parts[0]})"
    return _joined("and" if rule.how == "all" else "or", parts)


def _joined(word: str, parts: list[str]) -> str:
    return f"({f' {word} '.join(parts)})"


def _of_row(expression: str, comparison: Comparison) -> str:
    """A comparison that does not hold where there is nothing to compare."""
    if comparison.operator == "is_known":
        return f"({expression} is {'not ' if comparison.values[0] else ''}null)"
    return f"coalesce({_compared(expression, comparison)}, false)"


def _compared(expression: str, comparison: Comparison) -> str:
    values = [literal(value) for value in comparison.values]
    if comparison.operator == "between":
        return f"({expression} >= {values[0]} and {expression} <= {values[1]})"
    if comparison.operator in ("in", "not_in"):
        word = "in" if comparison.operator == "in" else "not in"
        return f"{expression} {word} ({', '.join(values)})"
    return f"{expression} {BINARY[comparison.operator]} {values[0]}"


def literal(value: Value) -> str:
    """A value as SQL: a number in full, a text in quotes of its own."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return format(Decimal(str(value)), "f")
