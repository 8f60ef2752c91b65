"""From the chance to leave to how many are left."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DAYS_A_MONTH = 365.25 / 12


def monthly_hazard(churn_probability: ArrayLike, horizon_days: float) -> Floats:
    """Chance to leave in a month that makes a chance to leave within a horizon."""
    stays = 1 - np.asarray(churn_probability, dtype=np.float64)
    return np.asarray(1 - stays ** (DAYS_A_MONTH / horizon_days))


def log_survival(hazards: ArrayLike, months: int) -> Floats:
    """Logarithm of the share that is left after 0, 1, … months.

    Customers differ: those with a high hazard leave first, so the share falls ever more slowly.
    It is the mean of the customers' own curves, not the curve of their mean hazard.
    """
    stays = 1 - np.clip(np.asarray(hazards, dtype=np.float64), 0.0, 1 - 1e-9)
    left = [float(np.mean(stays**month)) for month in range(months + 1)]
    return np.log(np.array(left, dtype=np.float64))


def loss_rates(history: pd.DataFrame) -> Floats:
    """Share of the active customers of a month's begin that were lost in it, a month.

    Args:
        history: Whole months, oldest first, with `new_customers` and `active_customers` at the end.
    """
    active = history["active_customers"].to_numpy(dtype=float)
    new = history["new_customers"].to_numpy(dtype=float)
    before = np.maximum(active[:-1], 1.0)
    rates: Floats = (active[:-1] + new[1:] - active[1:]) / before
    return np.clip(rates, 0.0, 1.0)
