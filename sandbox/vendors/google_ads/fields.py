"""The fields that the sandbox knows: their kind, and the column of the frame that has them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

KINDS = {
    "customer": "id:int64 descriptive_name:string currency_code:string time_zone:string"
    " status:enum auto_tagging_enabled:bool manager:bool test_account:bool",
    "conversion_action": "id:int64 name:string status:enum category:enum type:enum"
    " primary_for_goal:bool click_through_lookback_window_days:int64"
    " view_through_lookback_window_days:int64",
    "campaign": "id:int64 name:string status:enum serving_status:enum"
    " advertising_channel_type:enum advertising_channel_sub_type:enum"
    " bidding_strategy_type:enum start_date_time:string end_date_time:string",
    "ad_group": "id:int64 name:string status:enum type:enum campaign:string",
    "ad_group_ad": "status:enum ad_group:string ad.id:int64 ad.name:string ad.type:enum"
    " ad.resource_name:string",
    "segments": "date:string",
    "metrics": "impressions:int64 clicks:int64 interactions:int64 cost_micros:int64"
    " view_through_conversions:int64 conversions:double conversions_value:double"
    " all_conversions:double all_conversions_value:double ctr:double average_cpc:double",
}
FIELDS: dict[str, str] = {
    f"{resource}.{name}": kind
    for resource, listed in KINDS.items()
    for name, kind in (entry.rsplit(":", 1) for entry in listed.split())
} | {
    f"{resource}.resource_name": "string"
    for resource in KINDS
    if resource not in ("segments", "metrics")
}
WITH: dict[str, tuple[str, ...]] = {
    "customer": ("customer", "segments", "metrics"),
    "conversion_action": ("conversion_action", "customer"),
    "campaign": ("campaign", "customer", "segments", "metrics"),
    "ad_group": ("ad_group", "campaign", "customer", "segments", "metrics"),
    "ad_group_ad": ("ad_group_ad", "ad_group", "campaign", "customer", "segments", "metrics"),
}
"""Which resources can be selected with the one of FROM."""


@cache
def _path(field: str) -> tuple[str, ...]:
    return tuple(camel(part) for part in field.split("."))


def camel(name: str) -> str:
    """A name in lower camel case."""
    return re.sub(r"_(\w)", lambda found: found.group(1).upper(), name)


def on_the_wire(kind: str, value: Any) -> Any:
    """A value as proto JSON has it; ``None`` where it is zero or not set, and left out."""
    if value is None or value != value or value in ("", 0, False):
        return None
    if kind == "int64":
        return str(int(value))
    if kind == "double":
        return float(value)
    return bool(value) if kind == "bool" else str(value)


def nested(cells: dict[str, Any]) -> dict[str, Any]:
    """Fields with dots as objects in objects."""
    result: dict[str, Any] = {}
    for name, value in cells.items():
        *path, last = _path(name)
        place = result
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return result
