"""What the warehouse says of each metric against what the oracle makes of the shop's own books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.metrics.definitions import MetricDefinition
from tests.oracle.books import Books
from tests.oracle.figures import EVERYWHERE, Metric, day, ever, month
from tests.oracle.metrics import METRICS

RELATIVE = 1e-9
EXACT = Decimal("1e-9")
"""Below the last digit of every amount."""
SHOWN = 5
"""Differences of a metric that are told."""

Cell = tuple[str, Hashable]


class MetricsTruth:
    """Holds the metrics of a warehouse against the books.

    Args:
        connection: To the warehouse, open for reading.
        folder: Of the truth files.

    Attributes:
        cells: How many have been compared.
        without_values: Metrics of which the books of this world have no day.
    """

    def __init__(self, connection: Any, folder: Path) -> None:
        self._connection = connection
        # The warehouse knows of no day without an order or a visit, so it says which is the newest.
        ((as_of,),) = self._rows("select as_of_date from intermediate.int_as_of")
        self._books = Books(folder, as_of)
        self.cells = 0
        self.without_values: list[str] = []

    def differences(self, metric: MetricDefinition) -> list[str]:
        """What differs by day, by month unless months are sums of days, and over all time.

        What the books have no day of, the warehouse has none of either.
        """
        truth = METRICS[metric.key](self._books)
        span = self._span(metric)
        if not truth.values(day):
            self.without_values.append(metric.key)
        found = [*self._parts(metric, truth), *self._days(metric, truth)]
        found += self._over(metric, truth, "ever", {"ever": span})
        if metric.kind != "additive":
            found += self._over(metric, truth, "month", _months(*span))
        return [f"{metric.key}: {words}" for words in found]

    def _parts(self, metric: MetricDefinition, truth: Metric) -> Iterator[str]:
        """Numerators and denominators of days, which are exact.

        Of what is partly unknown each side may know another part: there the values are compared.
        """
        if truth.unknown is not None:
            return
        sides = ((metric.numerator, truth.numerator), (metric.denominator, truth.denominator))
        for component, part in sides:
            if part is not None:
                yield from self._compared(
                    str(component), part.over(day), self._mart(metric, str(component))
                )

    def _days(self, metric: MetricDefinition, truth: Metric) -> list[str]:
        return self._values(truth, "value", truth.values(day), self._mart(metric, metric.key))

    def _over(
        self,
        metric: MetricDefinition,
        truth: Metric,
        name: str,
        periods: Mapping[Hashable, tuple[dt.date, dt.date]],
    ) -> list[str]:
        period = {"ever": ever, "month": month}[name]
        told = self._function(metric.key, periods)
        return self._values(truth, name, truth.values(period), told)

    def _values(
        self, truth: Metric, what: str, expected: Mapping[Cell, Any], told: Mapping[Cell, Any]
    ) -> list[str]:
        """A ratio of nothing is 0, but one that was never tried has no value."""
        if truth.denominator is not None:
            untold = [name for name in expected if name not in told]
            untold += [name for name in told if name not in expected]
            if untold:
                return [f"{what}: a value on one side alone, {untold[:SHOWN]} ({len(untold)})"]
        return self._compared(what, expected, told)

    def _compared(
        self, what: str, expected: Mapping[Cell, Any], told: Mapping[Cell, Any]
    ) -> list[str]:
        """Cells that differ; what is nothing on one side may be missing on the other."""
        names = sorted({*expected, *told}, key=str)
        self.cells += len(names)
        differ = [
            f"{what} {name}: books {expected.get(name)}, warehouse {told.get(name)}"
            for name in names
            if not _equal(expected.get(name, 0), told.get(name, 0))
        ]
        rest = [f"{what}: {len(differ)} of {len(names)} cells differ"] if differ else []
        return [*rest, *differ[:SHOWN]]

    def _span(self, metric: MetricDefinition) -> tuple[dt.date, dt.date]:
        mart = f"marts.fct_{metric.category}_metrics_daily"
        ((first, last),) = self._rows(f"select min(metric_date), max(metric_date) from {mart}")
        return first, last

    def _mart(self, metric: MetricDefinition, column: str) -> dict[Cell, Any]:
        rows = self._rows(
            f"select coalesce(stores.account_id, '{EVERYWHERE}'), metric_date, {column}"
            f" from marts.fct_{metric.category}_metrics_daily as metrics"
            " left join marts.dim_stores as stores"
            " on metrics.dimension_value = stores.store_key"
            " where dimension in ('store', 'all')"
        )
        return {row[:2]: row[2] for row in rows if row[2] is not None}

    def _function(
        self, key: str, periods: Mapping[Hashable, tuple[dt.date, dt.date]]
    ) -> dict[Cell, float]:
        days = ", ".join(
            f"('{name}', date '{first}', date '{last}')" for name, (first, last) in periods.items()
        )
        rows = self._rows(
            f"with days(name, first_day, last_day) as (values {days}), cells as ("
            " select account_id, 'store' as dimension, store_key as cell from marts.dim_stores"
            f" union all select '{EVERYWHERE}', null, null)"
            f" select account_id, name, functions.calculate_{key}("
            "   first_day, last_day, dimension, cell) from days cross join cells"
        )
        names = {str(name): name for name in periods}
        return {(shop, names[name]): value for shop, name, value in rows if value is not None}

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._connection.execute(sql).fetchall()
        return rows


def _months(first: dt.date, last: dt.date) -> dict[Hashable, tuple[dt.date, dt.date]]:
    starts = {(first + dt.timedelta(days=n)).replace(day=1) for n in range((last - first).days + 1)}
    return {
        start: (start, (start + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1))
        for start in sorted(starts)
    }


def _equal(expected: Any, told: Any) -> bool:
    if isinstance(expected, Decimal) and isinstance(told, Decimal | int):
        return abs(expected - told) < EXACT
    distance = abs(float(expected) - float(told))
    return distance <= RELATIVE * max(1.0, abs(float(expected)))
