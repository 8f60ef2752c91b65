"""What a rule of a segment is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestration.segments.places import Place

Value = str | int | float | bool


@dataclass(frozen=True)
class Comparison:
    """What a value is held against: an operator and its literals."""

    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class FieldRule:
    """A field of a fact's row, or of the customer."""

    fact: str
    field: str
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class Together:
    """Several rules: `all` or `any`; `not` has one."""

    how: str
    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Measured:
    """Count or sum of a fact's rows.

    Attributes:
        fact: The fact.
        where: The rows that count.
        summed: Field that is summed; empty for a count.
        ago: Days ago from and to; no end counts everything before.
        comparisons: What it is held against.
    """

    fact: str
    where: Rule | None
    summed: str
    ago: tuple[int, int | None]
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class Recency:
    """Days since the newest, or the oldest, row of a fact."""

    fact: str
    where: Rule | None
    is_newest: bool
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class InSegment:
    """Membership of another segment."""

    key: str
    place: Place = field(compare=False)


Rule = FieldRule | Together | Measured | Recency | InSegment
