"""Metrics outside of their targets on the newest complete day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ingestion.settings import Settings
from orchestration.lib.warehouse import open_reader

TABLE = "rpt_metric_alerts"


@dataclass(frozen=True)
class Alert:
    """A value outside of its target.

    Attributes:
        metric_key: The metric.
        dimension: Of this dimension, or all.
        dimension_value: Of this value of it, or all.
        direction: below or above.
        severity: warn or error.
        value: What it is.
        limit: What it should not pass.
        reason: What to think of.
        day: When.
    """

    metric_key: str
    dimension: str
    dimension_value: str
    direction: str
    severity: str
    value: float
    limit: float
    reason: str
    day: dt.date

    def __str__(self) -> str:
        """One line for people."""
        cell = "" if self.dimension == "all" else f" of {self.dimension} {self.dimension_value}"
        told = f"{self.metric_key}{cell} was {self.value:,.4g} on {self.day}"
        return f"{told}, {self.direction} {self.limit:,.4g}: {self.reason or 'its target'}"


def read_alerts(settings: Settings) -> tuple[Alert, ...]:
    """The alerts of the newest complete day."""
    with open_reader(settings) as reader:
        marts, reports = reader.warehouse.schema("marts"), reader.warehouse.schema("reports")
        found = reader.rows(
            "select metric_key, dimension, dimension_value, direction, severity, value,"
            " case when direction = 'below' then min_value else max_value end,"
            f" coalesce(reason, ''), metric_date from {reports}.{TABLE}"
            f" where metric_date = (select max(date_day) from {marts}.dim_dates where is_complete)"
            " order by metric_key, dimension, dimension_value"
        )
    return tuple(Alert(*row) for row in found)
