"""The sandbox's truth files, and what stands in all of them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from decimal import Decimal
from pathlib import Path

import pandas as pd

CENT = Decimal("0.01")
EURO_E4 = Decimal("0.0001")
WITHOUT_RECEIPT = -1
"""The order of goods that came back to the till without one."""


class Books:
    """A shop's own books.

    Args:
        folder: Of the truth files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, table: str) -> pd.DataFrame:
        """A table; days are dates, times are UTC."""
        frame = pd.read_parquet(self._folder / f"{table}.parquet")
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
