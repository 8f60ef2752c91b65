"""Makes rows of TikTok's reports and objects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ingestion.sources.tiktok_ads.spec import DAY
from ingestion.spec import Table

NO_VALUE = "-"


def report_row(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Dimensions and metrics side by side; a day comes as its midnight, what is unknown as `-`."""
    cells = {**entry["dimensions"], **entry["metrics"]}
    row = {name: None if value == NO_VALUE else value for name, value in cells.items()}
    return row | {DAY: str(row[DAY])[:10]}


def object_row(item: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """The declared fields of an object; times come in seconds or as UTC without a zone."""
    return {
        column: _moment(item.get(column)) if kind == "timestamp" else item.get(column)
        for column, kind in table.columns.items()
    }


def _moment(value: Any) -> Any:
    if isinstance(value, int):
        return dt.datetime.fromtimestamp(value, dt.UTC)
    return value
