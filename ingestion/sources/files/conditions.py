"""Row filters, as YAML and not as code: `{all: [{present: CustomerID}, {gt: {Quantity: 0}}]}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

Scalar = str | int | float | bool
_COMPARISONS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}


def checked_pattern(pattern: str) -> str:
    """A regular expression, if it is one."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
    return pattern


def _one_column(value: Any) -> Any:
    """`{Column: value}` becomes the pair."""
    if isinstance(value, dict) and len(value) == 1:
        return next(iter(value.items()))
    raise ValueError("needs exactly one column, as in {eq: {Country: France}}")


def _columns(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


ColumnValue = Annotated[tuple[str, Scalar], BeforeValidator(_one_column)]
ColumnNumber = Annotated[tuple[str, int | float | str], BeforeValidator(_one_column)]
ColumnValues = Annotated[tuple[str, list[Scalar]], BeforeValidator(_one_column)]
ColumnPattern = Annotated[tuple[str, str], BeforeValidator(_one_column)]
ColumnNames = Annotated[list[str], BeforeValidator(_columns)]


class Condition(BaseModel):
    """One condition on a line of the file; exactly one of the fields is set.

    Attributes:
        all: Every one of these.
        any: At least one of these.
        negated: Not this (`not:`).
        eq: The column has this value.
        ne: The column has another value, or none.
        one_of: The column has one of these values (`in:`).
        matches: The column has text that the regular expression finds.
        gt: Greater than: numbers as numbers, text as text.
        ge: Greater or equal.
        lt: Less than.
        le: Less or equal.
        blank: These columns have no value.
        present: These columns have a value.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    all: list[Condition] | None = None
    any: list[Condition] | None = None
    negated: Condition | None = Field(default=None, alias="not")
    eq: ColumnValue | None = None
    ne: ColumnValue | None = None
    one_of: ColumnValues | None = Field(default=None, alias="in")
    matches: ColumnPattern | None = None
    gt: ColumnNumber | None = None
    ge: ColumnNumber | None = None
    lt: ColumnNumber | None = None
    le: ColumnNumber | None = None
    blank: ColumnNames | None = None
    present: ColumnNames | None = None

    @field_validator("matches")
    @classmethod
    def _is_a_pattern(cls, value: tuple[str, str] | None) -> tuple[str, str] | None:
        if value:
            checked_pattern(value[1])
        return value

    @model_validator(mode="after")
    def _has_exactly_one(self) -> Condition:
        if len(self.model_fields_set) != 1:
            raise ValueError("a condition has exactly one of all, any, not, eq, ne, in, matches, …")
        return self

    def columns(self) -> Iterator[str]:
        """The file's columns that it looks at."""
        for inner in (*(self.all or ()), *(self.any or ()), *filter(None, [self.negated])):
            yield from inner.columns()
        for name in ("eq", "ne", "one_of", "matches", "gt", "ge", "lt", "le"):
            if pair := getattr(self, name):
                yield pair[0]
        yield from (*(self.blank or ()), *(self.present or ()))
