"""Reading Pinterest's parameters: lists are repeated, or joined by commas."""

from __future__ import annotations

import pandas as pd
from starlette.datastructures import QueryParams

from sandbox.vendors.pinterest_ads.errors import bad_parameter

WINDOWS = (0, 1, 7, 14, 30, 60)


def words(
    params: QueryParams, name: str, *, known: tuple[str, ...] = (), most: int = 0
) -> list[str]:
    """A list.

    Args:
        params: Of the request.
        name: Of the parameter.
        known: What may stand in it; empty: anything.
        most: So many at most; 0: any number.
    """
    found = [word for text in params.getlist(name) for word in text.split(",") if word]
    for word in found if known else []:
        if word not in known:
            raise bad_parameter(f"'{word}' is not one of {list(known)[:8]} for '{name}'.")
    if most and len(found) > most:
        raise bad_parameter(f"{name}: {len(found)} items are more than {most}.")
    return found


def whole(text: object, name: str, *, least: int, most: int) -> int:
    """A whole number within bounds."""
    if not str(text).isdigit() or not least <= int(str(text)) <= most:
        raise bad_parameter(f"{name}: {text} is not between {least} and {most}.")
    return int(str(text))


def window(value: object, name: str) -> int:
    """Days of an attribution window."""
    if not str(value).isdigit() or int(str(value)) not in WINDOWS:
        raise bad_parameter(f"{value} is not one of {list(WINDOWS)} for '{name}'.")
    return int(str(value))


def days(
    first: str, last: str, today: pd.Timestamp, *, back: int, most: int
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of a question.

    Args:
        first: ``start_date``.
        last: ``end_date``.
        today: UTC day.
        back: Days back that can be asked for.
        most: Longest range.
    """
    try:
        since, until = pd.Timestamp(first or "no date"), pd.Timestamp(last or "no date")
    except ValueError as error:
        raise bad_parameter("start_date and end_date must be dates: YYYY-MM-DD.") from error
    if until < since:
        raise bad_parameter("end_date must not be before start_date.")
    if (today - since).days > back:
        raise bad_parameter(f"start_date cannot be more than {back} days back from today.")
    if (until - since).days > most:
        raise bad_parameter(f"The range cannot be longer than {most} days.")
    return since, until
