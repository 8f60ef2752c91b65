"""Answers queries: which fields go together, what holds, in which order."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pandas as pd

from sandbox.vendors.google_ads.errors import bad_query
from sandbox.vendors.google_ads.fields import FIELDS, WITH, nested, on_the_wire
from sandbox.vendors.google_ads.gaql import Condition, Query
from sandbox.vendors.google_ads.objects import DAY, frame_of
from sandbox.world.ledger import Ledger

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def answer(
    view: Ledger, account: pd.Series, now: pd.Timestamp, query: Query
) -> list[dict[str, Any]]:
    """The results of a query.

    Args:
        view: The ledger as of the clock.
        account: Row of ad_accounts.
        now: The clock.
        query: What is asked.

    Raises:
        AdsError: It cannot be asked.
    """
    _check(query)
    dated = [condition for condition in query.conditions if condition.field == DAY]

    def in_range(days: pd.DataFrame) -> pd.DataFrame:
        return _filtered(days, dated)

    frame = frame_of(view, account, now, query, in_range)
    frame = _filtered(frame, [part for part in query.conditions if part.field != DAY])
    metrics = [name for name in query.fields if name.startswith("metrics.")]
    if DAY in query.fields and metrics:
        # A day on which nothing of what is asked for happened has no row.
        frame = frame[(frame[metrics].fillna(0) != 0).any(axis=1)]
    for name, downwards in reversed(query.order):
        frame = frame.sort_values(name, ascending=not downwards, kind="stable")
    names = list(dict.fromkeys([*_resource_names(query), *query.fields]))
    records = frame.head(query.limit or len(frame)).to_dict("records")
    return [_result({name: record.get(name) for name in names}) for record in records]


def _check(query: Query) -> None:
    if query.resource not in WITH:
        raise bad_query(
            "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", f"'{query.resource}' cannot be in FROM."
        )
    filtered = [condition.field for condition in query.conditions]
    ordered = [name for name, _ in query.order]
    for name in (*query.fields, *filtered, *ordered):
        if name not in FIELDS:
            raise bad_query("UNRECOGNIZED_FIELD", f"Unrecognized field in the query: '{name}'.")
        if name.split(".")[0] not in WITH[query.resource]:
            raise bad_query(
                "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE",
                f"'{name}' cannot be selected from '{query.resource}'.",
            )
    for condition in query.conditions:
        for text in condition.values:
            _value(condition.field, text)
    for name in ordered:
        if name not in query.fields:
            raise bad_query(
                "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE", f"'{name}' must be in SELECT."
            )
    if DAY in query.fields and DAY not in filtered:
        raise bad_query("EXPECTED_FILTERS_ON_DATE_RANGE", "dates need a finite range in WHERE.")


def _filtered(frame: pd.DataFrame, conditions: list[Condition]) -> pd.DataFrame:
    for condition in conditions:
        frame = frame[_holds(frame[condition.field], condition)]
    return frame


def _holds(cells: pd.Series, condition: Condition) -> pd.Series:
    """Where a condition holds; numbers are compared as numbers, dates as their text."""
    values = [_value(condition.field, text) for text in condition.values]
    if condition.operator == "BETWEEN":
        return cells.between(*values)
    if condition.operator in ("IN", "NOT IN"):
        return cells.isin(values) == (condition.operator == "IN")
    if condition.operator not in COMPARE:
        raise bad_query("OPERATOR_FIELD_MISMATCH", f"{condition.operator} does not fit the field.")
    return COMPARE[condition.operator](cells, values[0])


def _value(field: str, text: str) -> Any:
    kind = FIELDS[field]
    try:
        if field == DAY:
            return pd.Timestamp(text).strftime("%Y-%m-%d")
        return float(text) if kind in ("int64", "double") else text
    except ValueError as error:
        name = "INVALID_DATE_FORMAT" if field == DAY else "BAD_NUMBER"
        raise bad_query(name, f"'{text}' does not fit '{field}'.") from error


def _resource_names(query: Query) -> list[str]:
    """Every object carries its own name."""
    resources = dict.fromkeys([query.resource, *(name.split(".")[0] for name in query.fields)])
    return [f"{one}.resource_name" for one in resources if one not in ("segments", "metrics")]


def _result(cells: dict[str, Any]) -> dict[str, Any]:
    told = {name: on_the_wire(FIELDS[name], value) for name, value in cells.items()}
    return nested({name: value for name, value in told.items() if value is not None})
