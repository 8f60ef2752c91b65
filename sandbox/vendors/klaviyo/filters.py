"""Klaviyo's filter language: `and(equals(a,'b'),greater-than(c,2026-01-01T00:00:00Z))`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sandbox.vendors.klaviyo.errors import KlaviyoError

CONDITION = re.compile(r"([a-z-]+)\(([\w.]+),\s*(\"[^\"]*\"|'[^']*'|[^()\"']*)\)")
RANGE = frozenset({"greater-than", "greater-or-equal", "less-than", "less-or-equal"})
OPERATORS = {
    "equals": lambda values, wanted: values == wanted,
    "greater-than": lambda values, wanted: values > wanted,
    "greater-or-equal": lambda values, wanted: values >= wanted,
    "less-than": lambda values, wanted: values < wanted,
    "less-or-equal": lambda values, wanted: values <= wanted,
}
Allowed = Mapping[str, tuple[str, frozenset[str]]]
"""From field to the frame's column and the operators that may be used with it."""


@dataclass(frozen=True)
class Condition:
    """One comparison.

    Attributes:
        operator: Key of ``OPERATORS``.
        field: Klaviyo's name of the field.
        value: As written, without quotes.
    """

    operator: str
    field: str
    value: str


def conditions(text: str, allowed: Allowed) -> list[Condition]:
    """Read a filter.

    Args:
        text: Of the parameter; empty: none.
        allowed: What may be compared how.

    Raises:
        KlaviyoError: It cannot be read, or compares what cannot be compared so.
    """
    inner = text[4:-1] if text.startswith("and(") and text.endswith(")") else text
    found = [
        Condition(operator, field, value.strip("\"'"))
        for operator, field, value in CONDITION.findall(inner)
    ]
    if CONDITION.sub("", inner).strip(", "):
        raise KlaviyoError(f"Invalid filter provided: {text}", parameter="filter")
    for one in found:
        if one.field not in allowed or one.operator not in allowed[one.field][1]:
            raise KlaviyoError(
                f"Invalid operator for '{one.field}': '{one.operator}' is not allowed here.",
                parameter="filter",
            )
    return found


def apply(frame: pd.DataFrame, found: list[Condition], allowed: Allowed) -> pd.DataFrame:
    """The rows for which all conditions hold."""
    for one in found:
        values = frame[allowed[one.field][0]]
        frame = frame[OPERATORS[one.operator](values, _comparable(values, one))]
    return frame


def _comparable(values: pd.Series, one: Condition) -> object:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        try:
            moment = pd.Timestamp(one.value)
        except ValueError as error:
            raise KlaviyoError(f"Invalid date: {one.value}", parameter="filter") from error
        return moment.tz_localize("UTC") if moment.tzinfo is None else moment
    if values.dtype == bool:
        return one.value.lower() == "true"
    return one.value
