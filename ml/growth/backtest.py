"""How far projections from the past would have been off, beside a naive forecast."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.errors import NotModelledError
from ml.growth.forecast import YEAR, SeasonalForecast, seasonal_naive
from ml.growth.projection import HISTORY_COLUMNS, seasonal_factors
from ml.growth.survival import loss_rates

Floats = NDArray[np.float64]

MEASURES = HISTORY_COLUMNS[1:]


def backtest(history: pd.DataFrame, *, horizon: int = 6, folds: int = 6) -> pd.DataFrame:
    """Projects from the end of earlier months, with what was known then, and compares.

    The projection is the one of `project`, for all customers as one group: forecast of new
    customers, hazard and revenue a customer of the year before. The seasonal naive forecast says
    the same month of the year before.

    Args:
        history: Whole months, oldest first: `month`, `new_customers`, `active_customers`,
            `revenue_amount`.
        horizon: Months ahead.
        folds: Origins, a month apart, the last one `horizon` months before the end.

    Returns:
        One row a measure: mean absolute error `error` and `naive_error`, and `skill`, which is 1
        less their ratio: above 0 the projection is better.

    Raises:
        NotModelledError: Where not even one origin has a year before it.
    """
    ends = range(len(history) - horizon, max(YEAR, len(history) - horizon - folds), -1)
    if not len(ends):
        raise NotModelledError(
            "fewer_months_than_needed", f"{len(history)} months leave no year before {horizon}"
        )
    errors: dict[str, tuple[list[Floats], list[Floats]]] = {name: ([], []) for name in MEASURES}
    for end in ends:
        known, later = history.iloc[:end], history.iloc[end : end + horizon]
        projected = _projected(known, horizon)
        for measure, (ours, naive) in errors.items():
            truth = later[measure].to_numpy(dtype=float)
            ours.append(np.abs(projected[measure] - truth))
            naive.append(np.abs(seasonal_naive(known[measure], horizon) - truth))
    found = [
        (measure, float(np.mean(ours)), float(np.mean(naive)))
        for measure, (ours, naive) in errors.items()
    ]
    table = pd.DataFrame(found, columns=["measure", "error", "naive_error"])
    return table.assign(skill=1 - table["error"] / table["naive_error"].where(lambda e: e > 0))


def _projected(known: pd.DataFrame, horizon: int) -> dict[str, Floats]:
    new = SeasonalForecast().fit(known["new_customers"]).predict(horizon)
    hazard = float(loss_rates(known)[-YEAR:].mean())
    active, customers = float(known["active_customers"].iloc[-1]), np.empty(horizon)
    for month in range(horizon):
        active = active * (1 - hazard) + new[month]
        customers[month] = active
    year = known.iloc[-YEAR:]
    rate = year["revenue_amount"].sum() / max(year["active_customers"].sum(), 1.0)
    factors, _ = seasonal_factors(known)
    last = pd.DatetimeIndex(known["month"])[-1].month - 1
    season = factors[(last + 1 + np.arange(horizon)) % YEAR]
    return {
        "new_customers": new,
        "active_customers": customers,
        "revenue_amount": customers * float(rate) * season,
    }
