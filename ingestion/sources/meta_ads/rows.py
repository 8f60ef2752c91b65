"""Makes rows of Meta's objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Row = dict[str, Any]
WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view")
_NESTED = ("actions", "action_values")


def insight_row(insight: Mapping[str, Any]) -> Row:
    """An insight without its lists, and without the ids of the account that is in every row."""
    return {
        name: value
        for name, value in insight.items()
        if name not in (*_NESTED, "account_id", "account_name")
    }


def action_rows(insight: Mapping[str, Any], *, id_column: str, day: str) -> Iterator[Row]:
    """One row per action type: how often, and worth how much.

    Args:
        insight: An insight with `actions` and `action_values`.
        id_column: What the insight is of: `ad_id` or `campaign_id`.
        day: The column of its day.
    """
    found: dict[str, Row] = {}
    for field, total, prefix in (
        ("actions", "action_count", "count"),
        ("action_values", "action_value", "value"),
    ):
        for action in insight.get(field) or ():
            row = found.setdefault(
                action["action_type"],
                {
                    id_column: insight[id_column],
                    day: insight[day],
                    "action_type": action["action_type"],
                },
            )
            row[total] = action.get("value")
            row |= {f"{prefix}_{window}": action.get(window) for window in WINDOWS}
    yield from found.values()
