"""Makes rows of Pinterest's objects and analytics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ingestion.sources.pinterest_ads.spec import DAY, IDS, METRICS
from ingestion.spec import Table


def object_row(item: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """The declared fields of an object; times come in seconds."""
    return {
        column: _moment(item.get(column)) if kind == "timestamp" else item.get(column)
        for column, kind in table.columns.items()
    }


def analytics_row(entry: Mapping[str, Any], level: str) -> dict[str, Any]:
    """One day; a column without a value is left out by Pinterest, and is nought.

    Args:
        entry: As Pinterest gives it, names in capitals.
        level: campaign or ad.
    """
    return {
        **{name.lower(): entry.get(name) for name in IDS[level]},
        DAY: entry["DATE"],
        **{name.lower(): entry.get(name) or 0 for name in METRICS},
    }


def _moment(value: Any) -> Any:
    return dt.datetime.fromtimestamp(int(value), dt.UTC) if value else None
