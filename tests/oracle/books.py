"""The sandbox's truth files, and what stands in all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Iterable
from decimal import Decimal
from pathlib import Path

import pandas as pd

CENT = Decimal("0.01")
THOUSANDTH = Decimal("0.001")
EURO_E4 = Decimal("0.0001")
WITHOUT_RECEIPT = -1
"""The order of goods that came back to the till without one."""


class Books:
    """A shop's own books.

    Args:
        folder: Of the truth files.
        as_of: The newest day that is asked about; unset, the day before the shop's clock.
    """

    def __init__(self, folder: Path, as_of: dt.date | None = None) -> None:
        self._folder = folder
        self._as_of = as_of
        self._tables: dict[str, pd.DataFrame] = {}

    @property
    def as_of(self) -> pd.Timestamp:
        """The newest day that is asked about."""
        if self._as_of is not None:
            return pd.Timestamp(self._as_of)
        return self.table("rfm_inputs")["as_of"].iloc[0]

    def table(self, name: str) -> pd.DataFrame:
        """A table as it is written, read once: days are midnights, times are UTC."""
        if name not in self._tables:
            self._tables[name] = pd.read_parquet(self._folder / f"{name}.parquet")
        return self._tables[name].copy()

    def with_days(self, frame: pd.DataFrame, column: str) -> pd.DataFrame:
        """The rows with `date`: the day of a time in the zone of each row's shop."""
        zones = self.table("stores").set_index("shop")["timezone"]
        parts = [
            rows.assign(
                date=rows[column].dt.tz_convert(zones[shop]).dt.tz_localize(None).dt.normalize()
            )
            for shop, rows in frame.groupby("shop", observed=True)
        ]
        return pd.concat(parts)

    def known(self, name: str) -> pd.DataFrame:
        """Rows of a table that are of people who can be told."""
        rows = self.table(name)
        return rows[rows["person_id"] > 0]

    def read(self, table: str) -> pd.DataFrame:
        """A table; days are dates, times are UTC."""
        frame = self.table(table)
        for column in frame.columns[frame.dtypes == "datetime64[us]"]:
            frame[column] = frame[column].dt.date
        return frame

    def orders(self) -> pd.DataFrame:
        """Orders that count in sales."""
        orders = self.read("orders")
        return orders[orders["counts_in_sales"]]

    def movements(self) -> pd.DataFrame:
        """Movements of the orders that count in sales, and of goods without a receipt."""
        movements = self.read("movements")
        counted = {*self.orders()["order_id"], WITHOUT_RECEIPT}
        return movements[movements["order_id"].isin(counted)]


def decimals(whole: pd.Series, unit: Decimal) -> pd.Series:
    """Whole numbers of a unit as decimals."""
    return pd.Series([int(number) * unit for number in whole], whole.index, dtype="object")


def facts(
    frame: pd.DataFrame, keys: Iterable[str], value: str
) -> dict[tuple[Hashable, ...], Hashable]:
    """Keys -> value, rows of nothing left out: a day without is no row on either side."""
    rows = frame[[*keys, value]].itertuples(index=False, name=None)
    return {row[:-1]: row[-1] for row in rows if row[-1]}


def days(frame: pd.DataFrame, by: Collection[str] = ("shop", "date")) -> pd.DataFrame:
    """Sums by shop and day."""
    return frame.groupby(list(by), as_index=False, observed=True).sum()
