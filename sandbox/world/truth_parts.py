"""What every truth is made with: the days of shops, the rates of days, amounts as text."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.drawing import Ints, divide_half_up
from sandbox.world.ledger import Ledger
from sandbox.world.rates import rates_for
from sandbox.world.timeline import local_dates


def store_dates(view: Ledger, shops: pd.Series, times: pd.Series) -> pd.Series:
    """Local dates of times in the zone of each row's shop."""
    dates = pd.Series(pd.NaT, index=times.index, dtype="datetime64[us]")
    for shop, zone in zip(view.stores["shop"], view.stores["timezone"], strict=True):
        rows = (shops == shop).to_numpy()
        dates[rows] = local_dates(times[rows], zone)
    return dates


def euro_rates(view: Ledger, currencies: pd.Series, dates: pd.Series) -> Ints:
    """EUR per unit of each row's currency x 10^8, of each row's day."""
    days = pd.DatetimeIndex(dates)
    rate = np.zeros(len(days), np.int64)
    for code in currencies.unique():
        rows = (currencies == code).to_numpy()
        per_euro = rates_for(view.fx, days[rows], code)
        if (per_euro == 0).any():
            missing = days[rows][per_euro == 0][0].date()
            raise ValueError(f"no {code} rate within 7 days of {missing}")
        rate[rows] = divide_half_up(np.full(len(per_euro), 10**12), per_euro)
    return rate


def decimal_text(e4: pd.Series) -> pd.Series:
    """Whole ten-thousandths as decimal text with 4 digits: -12345 is -1.2345."""
    whole, rest = np.divmod(e4.abs(), 10_000)
    sign = pd.Series(np.where(e4 < 0, "-", ""), index=e4.index, dtype="str")
    return sign + whole.astype(str) + "." + rest.astype(str).str.zfill(4)
