"""The ceiling for churn: what one can know who knows the population, and sees the history alone.

Purchases of the simulated shop are MBG/NBD with known parameters. So the chance of no purchase
within a horizon, given a purchase history, has a closed form, and no score that sees nothing but
the history ranks customers better than it does: its AUC is the ceiling.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def no_purchase_probability(
    histories: pd.DataFrame, population: Mapping[str, float], horizon_days: float
) -> Floats:
    """Chance of no purchase within a horizon, given the history.

    Args:
        histories: A row a customer, in days: `frequency` (purchases after the first), `recency`
            (from the first to the last) and `age` (from the first until now).
        population: The true r, alpha, a, b, as `sandbox.world.parameters` has them.
        horizon_days: The horizon.
    """
    x, last, age = (histories[c].to_numpy(float) for c in ("frequency", "recency", "age"))
    r, alpha, a, b = (population[name] for name in ("r", "alpha", "a", "b"))
    gone_over_alive = a / (b + x) * ((alpha + age) / (alpha + last)) ** (r + x)
    silent_if_alive = ((alpha + age) / (alpha + age + horizon_days)) ** (r + x)
    return (gone_over_alive + silent_if_alive) / (1 + gone_over_alive)


def area_under_curve(score: ArrayLike, happened: ArrayLike) -> float:
    """Chance that one to whom it happened has a higher score than one to whom it did not."""
    ranks = pd.Series(np.asarray(score, float)).rank().to_numpy()
    is_hit = np.asarray(happened, bool)
    hits, others = is_hit.sum(), (~is_hit).sum()
    if not hits or not others:
        return float("nan")
    return float((ranks[is_hit].sum() - hits * (hits + 1) / 2) / (hits * others))


def ceiling(
    histories: pd.DataFrame,
    happened: ArrayLike,
    population: Mapping[str, float],
    horizon_days: float = 90.0,
) -> float:
    """Area under the curve of the closed form: nothing that sees only history is above it.

    Args:
        histories: As above, at the cut-off.
        happened: Whether there was no purchase within the horizon after it.
        population: The true parameters.
        horizon_days: The horizon.
    """
    score = no_purchase_probability(histories, population, horizon_days)
    return area_under_curve(score, happened)
