"""What a metric is made of: parts that can be had of any days, in one shop or in all."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import pandas as pd

EVERYWHERE = "all"
ONE = Decimal(1)

Cells = dict[tuple[str, Hashable], Decimal]
"""By shop, or `EVERYWHERE`, and period."""
Period = Callable[[pd.Series], pd.Series]
"""From days to what they are put together to."""


def day(dates: pd.Series) -> pd.Series:
    """Each day by itself."""
    return dates.dt.date


def month(dates: pd.Series) -> pd.Series:
    """The month's first day."""
    return dates.dt.to_period("M").dt.start_time.dt.date


def ever(dates: pd.Series) -> pd.Series:
    """All days in one."""
    return pd.Series("ever", dates.index)


class Part(Protocol):
    """Something that is counted."""

    def over(self, period: Period) -> Cells:
        """By shop and in all, period by period; no rows, no cell."""


def _both(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of each shop, and again of all of them."""
    rows = rows.astype({"shop": "str"})
    return pd.concat([rows, rows.assign(shop=EVERYWHERE)], ignore_index=True)


@dataclass(frozen=True)
class Sum:
    """A sum of whole numbers of a unit.

    Attributes:
        rows: `shop`, `date` and the column.
        column: What is summed; None counts rows.
        unit: What one is.
    """

    rows: pd.DataFrame
    column: str | None = None
    unit: Decimal = ONE

    def over(self, period: Period) -> Cells:
        amount = 1 if self.column is None else self.rows[self.column].astype("int64")
        rows = self.rows[["shop", "date"]].assign(amount=amount)
        rows = _both(rows.assign(period=period(rows["date"])))
        sums = rows.groupby(["shop", "period"])["amount"].sum()
        return {cell: int(number) * self.unit for cell, number in sums.items()}


@dataclass(frozen=True)
class Distinct:
    """How many different ones there are.

    Attributes:
        rows: `shop`, `date` and the column.
        column: What tells one from another.
    """

    rows: pd.DataFrame
    column: str = "who"

    def over(self, period: Period) -> Cells:
        rows = _both(self.rows.assign(period=period(self.rows["date"])))
        counts = rows.groupby(["shop", "period"])[self.column].nunique()
        return {cell: Decimal(number) for cell, number in counts.items()}


@dataclass(frozen=True)
class State:
    """What stands at the end of the period's last day that is known.

    Attributes:
        rows: One per `shop` and `date`, with the column.
        column: What stands.
        unit: What one is.
    """

    rows: pd.DataFrame
    column: str
    unit: Decimal = ONE

    def over(self, period: Period) -> Cells:
        rows = self.rows.assign(period=period(self.rows["date"]))
        last = rows.groupby("period")["date"].transform("max")
        return Sum(rows[rows["date"] == last], self.column, self.unit).over(period)


@dataclass(frozen=True)
class Standing:
    """What stands on the period's last day that is known, of all shops together alone.

    Attributes:
        rows: `date` and the column; what is missing is not known.
        column: What stands.
    """

    rows: pd.DataFrame
    column: str

    def over(self, period: Period) -> Cells:
        rows = self.rows.assign(period=period(self.rows["date"])).sort_values("date")
        last = rows.drop_duplicates("period", keep="last").dropna(subset=self.column)
        pairs = zip(last["period"], last[self.column], strict=True)
        return {(EVERYWHERE, name): Decimal(int(amount)) for name, amount in pairs}


@dataclass(frozen=True)
class Median:
    """The middle of the values.

    Attributes:
        rows: `shop`, `date` and the column.
        column: The values; those that are missing do not count.
    """

    rows: pd.DataFrame
    column: str

    def over(self, period: Period) -> Cells:
        rows = _both(self.rows.assign(period=period(self.rows["date"])))
        middles = rows.groupby(["shop", "period"])[self.column].median().dropna()
        return {cell: Decimal(repr(float(middle))) for cell, middle in middles.items()}


@dataclass(frozen=True)
class Less:
    """One part less another."""

    whole: Part
    part: Part

    def over(self, period: Period) -> Cells:
        whole, part, none = self.whole.over(period), self.part.over(period), Decimal(0)
        return {cell: whole.get(cell, none) - part.get(cell, none) for cell in {*whole, *part}}


@dataclass(frozen=True)
class Metric:
    """A metric.

    Attributes:
        numerator: Above the line.
        denominator: Below it; None where the numerator is the value.
        scale: The ratio is multiplied with it.
        unknown: How many there are of which a part is not known: with any there is no value.
        may_lack: Without a numerator there is no value, rather than 0.
    """

    numerator: Part
    denominator: Part | None = None
    scale: int = 1
    unknown: Part | None = None
    may_lack: bool = False

    def values(self, period: Period) -> dict[tuple[str, Hashable], float]:
        """By shop and in all, period by period; what was never tried has no value."""
        above = self.numerator.over(period)
        unknown = self.unknown.over(period) if self.unknown else {}
        values = self._ratios(above, period)
        return {cell: value for cell, value in values.items() if not unknown.get(cell)}

    def _ratios(self, above: Cells, period: Period) -> dict[tuple[str, Hashable], float]:
        if self.denominator is None:
            return {cell: float(count) * self.scale for cell, count in above.items() if count}
        return {
            cell: float(self.scale * above.get(cell, Decimal(0)) / count)
            for cell, count in self.denominator.over(period).items()
            if count and (cell in above or not self.may_lack)
        }
