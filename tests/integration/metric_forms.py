"""The four forms of a metric, asked in sets and held against each other.

The semantic layer counts on the facts; marts, tall table and functions come from the components.
"""

from __future__ import annotations

import calendar
import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingestion.settings import Engine
from orchestration.metrics.definitions import MetricDefinition
from orchestration.metrics.semantic_layer import SemanticLayer

ALL = "all"
# In the semantic layer's SQL: the days of a range take their places.
FIRST, LAST = dt.date(2001, 2, 3), dt.date(2039, 4, 5)
FORMS = ("mart by day", "tall by day", "function by month", "function of all time", "random ranges")
RELATIVE = 1e-9
SEED = 44

Range = tuple[dt.date, dt.date]
Cells = dict[tuple[Any, ...], float]


@dataclass
class Verdict:
    """What was compared, and what differs.

    Attributes:
        made: Comparisons of (key, dimension, form), also of those that have no value.
        valued: Keys that had a value in some comparison.
        cells: Values compared.
        largest: The largest relative difference of any pair of values.
        differences: Of the first few that differ, in words.
    """

    made: set[tuple[str, str, str]] = field(default_factory=set)
    valued: set[str] = field(default_factory=set)
    cells: Counter[str] = field(default_factory=Counter)
    largest: float = 0.0
    differences: list[str] = field(default_factory=list)

    def compare(
        self, metric: MetricDefinition, dimension: str, form: str, expected: Cells, found: Cells
    ) -> None:
        """Holds two sets of cells against each other; cells without a value are none."""
        names = set(expected) | set(found)
        self.made.add((metric.key, dimension, form))
        if names:
            self.valued.add(metric.key)
        self.cells[form] += len(names)
        bound = RELATIVE if metric.denominator else 0.0
        for name in names:
            distance = _distance(expected.get(name), found.get(name))
            self.largest = max(self.largest, distance)
            if distance > bound:
                self.differences.append(
                    f"{metric.key} by {dimension}, {form}, {name}: semantic layer"
                    f" {expected.get(name)}, {form.split()[0]} {found.get(name)}"
                )


def _distance(one: float | None, other: float | None) -> float:
    if one is None or other is None:
        return float("inf")
    return abs(one - other) / max(1.0, abs(one), abs(other))


class Forms:
    """Asks one warehouse for a metric in each of its forms.

    Args:
        connection: DB-API, open for reading.
        engine: What it is connected to.
        manifest: dbt's `semantic_manifest.json` for this warehouse.
        ranges: How many random ranges functions are asked for.
    """

    def __init__(self, connection: Any, engine: Engine, manifest: Path, ranges: int) -> None:
        self._connection = connection
        self._layer = SemanticLayer(manifest, connection, engine)
        first, last = self._rows(
            "select min(metric_date), max(metric_date) from reports.rpt_metrics_daily"
        )[0]
        self.span: Range = (first, last)
        self.months = list(_months(first, last))
        self.random_ranges = _random_ranges(first, last, ranges)

    def compare(self, metric: MetricDefinition, verdict: Verdict) -> None:
        """Every form of one metric, in all and by each of its dimensions."""
        for name in _all_and(metric):
            expected = self._by_time(metric.key, name, "day")
            mart, tall = self._mart(metric, name), self._tall(metric, name)
            verdict.compare(metric, name, "mart by day", expected, mart)
            verdict.compare(metric, name, "tall by day", expected, tall)
        ranges = [*self.months, self.span, *self.random_ranges]
        found = self._function(metric, ranges)
        for name in _all_and(metric):
            expected = self._over(metric, name)
            for form, wanted in zip(
                FORMS[2:], (self.months, [self.span], self.random_ranges), strict=True
            ):
                verdict.compare(
                    metric,
                    name,
                    form,
                    _of(expected[form], wanted),
                    _of(found.get(name, {}), wanted),
                )

    def _mart(self, metric: MetricDefinition, dimension: str) -> Cells:
        return self._cells(
            f"select metric_date, dimension_value, {metric.key}"
            f" from marts.fct_{metric.category}_metrics_daily where dimension = '{dimension}'"
        )

    def _tall(self, metric: MetricDefinition, dimension: str) -> Cells:
        return self._cells(
            "select metric_date, dimension_value, value from reports.rpt_metrics_daily"
            f" where metric_key = '{metric.key}' and dimension = '{dimension}'"
        )

    def _function(self, metric: MetricDefinition, ranges: Sequence[Range]) -> Mapping[str, Cells]:
        """By dimension: (first day, last day, value) → the function's value; one statement."""
        days = " union all ".join(
            f"select date '{first}' as first_day, date '{last}' as last_day"
            for first, last in dict.fromkeys(ranges)
        )
        rows = self._rows(
            "with cells as (select distinct dimension, dimension_value"
            f" from reports.rpt_metrics_daily where metric_key = '{metric.key}'),"
            f" days as ({days})"
            " select cells.dimension, days.first_day, days.last_day, cells.dimension_value,"
            f" functions.calculate_{metric.key}(days.first_day, days.last_day,"
            " cells.dimension, cells.dimension_value) from days cross join cells"
        )
        found: dict[str, Cells] = {}
        for dimension, first, last, cell, value in rows:
            if value is not None:
                found.setdefault(dimension, {})[(first, last, cell)] = float(value)
        return found

    def _over(self, metric: MetricDefinition, dimension: str) -> dict[str, Cells]:
        """By form: what the semantic layer says of the ranges that functions are asked for."""
        months = {
            (*self._whole_month(day), cell): value
            for (day, cell), value in self._by_time(metric.key, dimension, "month").items()
        }
        span = {(*self.span, cell): value for cell, value in self._total(metric, dimension).items()}
        return {
            "function by month": months,
            "function of all time": span,
            "random ranges": self._random(metric, dimension),
        }

    def _whole_month(self, day: dt.date) -> Range:
        return next(month for month in self.months if month[0] <= day <= month[1])

    def _random(self, metric: MetricDefinition, dimension: str) -> Cells:
        """The semantic layer's own query, of every range in one statement."""
        by = () if dimension == ALL else (dimension,)
        asked = self._layer.sql([metric.key], by=by, start=FIRST, end=LAST)
        found = self._rows(
            " union all ".join(
                f"select date '{first}', date '{last}', answer.* from ("
                + asked.replace(f"'{FIRST}'", f"'{first}'").replace(f"'{LAST}'", f"'{last}'")
                + ") as answer"
                for first, last in dict.fromkeys(self.random_ranges)
            )
        )
        return {
            (row[0], row[1], row[2] if by else ALL): float(row[-1])
            for row in found
            if row[-1] is not None
        }

    def _total(self, metric: MetricDefinition, dimension: str) -> dict[str, float]:
        by = () if dimension == ALL else (dimension,)
        rows = self._layer.ask([metric.key], by=by).rows
        return {(row[0] if by else ALL): float(row[-1]) for row in rows if row[-1] is not None}

    def _by_time(self, key: str, dimension: str, grain: str) -> Cells:
        by = (f"metric_time__{grain}", *(() if dimension == ALL else (dimension,)))
        rows = self._layer.ask([key], by=by).rows
        return {
            (_day(row[0]), row[1] if dimension != ALL else ALL): float(row[-1])
            for row in rows
            if row[-1] is not None
        }

    def _cells(self, sql: str) -> Cells:
        return {
            (day, cell): float(value) for day, cell, value in self._rows(sql) if value is not None
        }

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        cursor = self._connection.cursor()
        cursor.execute(sql)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _all_and(metric: MetricDefinition) -> tuple[str, ...]:
    return (ALL, *metric.dimensions)


def _day(moment: dt.date | dt.datetime) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _of(cells: Cells, ranges: Iterable[Range]) -> Cells:
    wanted = set(ranges)
    return {name: value for name, value in cells.items() if (name[0], name[1]) in wanted}


def _months(first: dt.date, last: dt.date) -> Iterable[Range]:
    day = first.replace(day=1)
    while day <= last:
        end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        yield day, end
        day = end + dt.timedelta(days=1)


def _random_ranges(first: dt.date, last: dt.date, count: int) -> list[Range]:
    drawn = random.Random(SEED)
    length = (last - first).days
    found = []
    for _ in range(count):
        ends = sorted(drawn.randint(0, length) for _ in range(2))
        found.append((first + dt.timedelta(days=ends[0]), first + dt.timedelta(days=ends[1])))
    return found
