"""Reading Meta's parameters: lists and objects arrive as JSON text or with commas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sandbox.vendors.meta_ads.errors import bad_parameter

Params = Mapping[str, str]
OPERATORS = {
    "EQUAL": lambda values, wanted: values == wanted,
    "NOT_EQUAL": lambda values, wanted: values != wanted,
    "IN": lambda values, wanted: values.isin(wanted),
    "NOT_IN": lambda values, wanted: ~values.isin(wanted),
    "GREATER_THAN": lambda values, wanted: values > wanted,
    "GREATER_THAN_OR_EQUAL": lambda values, wanted: values >= wanted,
    "LESS_THAN": lambda values, wanted: values < wanted,
    "LESS_THAN_OR_EQUAL": lambda values, wanted: values <= wanted,
}


def words(params: Params, name: str) -> list[str]:
    """A list: JSON, or words with commas."""
    text = params.get(name, "").strip()
    if text.startswith("["):
        return [str(word) for word in _json(text, name)]
    return [word.strip() for word in text.split(",") if word.strip()]


def whole(params: Params, name: str, default: int) -> int:
    """A positive whole number."""
    text = params.get(name, str(default))
    if not text.isdigit() or int(text) < 1:
        raise bad_parameter(f"Param {name} must be a positive integer")
    return int(text)


@dataclass(frozen=True)
class Days:
    """A time range, both days in it."""

    since: pd.Timestamp
    until: pd.Timestamp


PRESETS = {"today": (0, 0), "yesterday": (1, 1), "last_7d": (7, 1), "last_14d": (14, 1),
           "last_28d": (28, 1), "last_30d": (30, 1), "last_90d": (90, 1)}  # fmt: skip


def days(params: Params, today: pd.Timestamp) -> Days:
    """``time_range``, else ``date_preset``, else the last 30 days.

    Args:
        params: Of the request.
        today: The account's local day.
    """
    if "time_range" in params:
        found = _json(params["time_range"], "time_range")
        try:
            chosen = Days(pd.Timestamp(found["since"]), pd.Timestamp(found["until"]))
        except (KeyError, TypeError, ValueError) as error:
            raise bad_parameter("Must be a valid time range: {since, until}") from error
        if chosen.until < chosen.since:
            raise bad_parameter("'since' must be before or equal to 'until' in time_range")
        return chosen
    preset = params.get("date_preset", "last_30d")
    if preset == "maximum":
        return Days(today - pd.DateOffset(months=37), today)
    if preset not in PRESETS:
        raise bad_parameter(f"Param date_preset must be one of {{{', '.join(PRESETS)}, maximum}}")
    first, last = PRESETS[preset]
    return Days(today - pd.Timedelta(days=first), today - pd.Timedelta(days=last))


def filtered(rows: pd.DataFrame, params: Params, columns: Mapping[str, str]) -> pd.DataFrame:
    """Apply ``filtering``.

    Args:
        rows: To choose from.
        params: Of the request.
        columns: Column of each field that can be filtered by.
    """
    conditions = _json(params["filtering"], "filtering") if "filtering" in params else []
    for condition in conditions:
        name, operator = str(condition.get("field")), str(condition.get("operator"))
        if name not in columns or operator not in OPERATORS:
            raise bad_parameter(
                f"Filtering field '{name}' with operation '{operator}' is not supported"
            )
        values = rows[columns[name]]
        rows = rows[OPERATORS[operator](values, _comparable(values, condition.get("value")))]
    return rows


def _comparable(values: pd.Series, wanted: Any) -> Any:
    """The wanted value as the column has it: numbers as numbers, all else as text."""
    if isinstance(wanted, list):
        return [_comparable(values, one) for one in wanted]
    if pd.api.types.is_numeric_dtype(values):
        return float(wanted)
    return str(wanted)


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise bad_parameter(f"Param {name} must be valid JSON") from error
