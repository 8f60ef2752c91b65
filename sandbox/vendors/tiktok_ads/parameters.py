"""Reading TikTok's parameters: lists and objects are JSON in the query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sandbox.vendors.tiktok_ads.errors import bad_parameter

Params = Mapping[str, str]
MOST_DAYS = 30


def words(params: Params, name: str, known: tuple[str, ...] | None = None) -> list[str]:
    """A list of words, all of them known."""
    found = decoded(params, name, [])
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise bad_parameter(f"{name}: Not a valid list.")
    for word in found if known is not None else []:
        if word not in known:
            raise bad_parameter(f"{name}: Invalid value '{word}'.")
    return found


def decoded(params: Params, name: str, default: Any) -> Any:
    """A parameter in JSON."""
    if name not in params:
        return default
    try:
        return json.loads(params[name])
    except json.JSONDecodeError as error:
        raise bad_parameter(f"{name}: Not valid JSON.") from error


def required(params: Params, name: str) -> str:
    """A parameter that must be there."""
    if not params.get(name):
        raise bad_parameter(f"{name}: Missing data for required field.")
    return params[name]


def whole(params: Params, name: str, default: int, most: int | None = None) -> int:
    """A positive whole number, up to a largest."""
    text = params.get(name, str(default))
    if not text.isdigit() or int(text) < 1 or (most and int(text) > most):
        raise bad_parameter(f"{name}: Must be between 1 and {most or 'any'}.")
    return int(text)


def days(params: Params) -> tuple[pd.Timestamp, pd.Timestamp]:
    """``start_date`` and ``end_date``; with days no more than 30."""
    try:
        first, last = (pd.Timestamp(required(params, name)) for name in ("start_date", "end_date"))
    except ValueError as error:
        raise bad_parameter("start_date: Not a valid date.") from error
    if last < first:
        raise bad_parameter("end_date: must not be before start_date.")
    if (last - first).days + 1 > MOST_DAYS:
        raise bad_parameter(f"The time span of stat_time_day cannot exceed {MOST_DAYS} days.")
    return first, last
