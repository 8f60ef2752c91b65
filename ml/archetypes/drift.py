"""Drift: how far the customers, or the model, have moved since a fit.

References:
    N. Siddiqi, *Credit Risk Scorecards*, 2006: below 0.1 nothing has moved, above 0.25 much has.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ml.archetypes.axes import AXES, INSUFFICIENT_HISTORY, NOT_MODELLED
from ml.archetypes.model import Scores

SMALLEST_SHARE = 1e-4
"""A share of nothing counts as this: its logarithm would be infinite."""


def population_stability_index(before: ArrayLike, after: ArrayLike) -> float:
    """Sum over the groups of the shares' difference times the difference of their logarithms.

    Args:
        before: Members of each group then.
        after: Members of the same groups now.

    Returns:
        0 where the shares are the same; no number where one side has nobody.

    Raises:
        ValueError: Where the two do not have the same groups.
    """
    counts = [np.asarray(side, dtype=np.float64) for side in (before, after)]
    if counts[0].shape != counts[1].shape:
        raise ValueError("the same groups on both sides")
    if not counts[0].sum() or not counts[1].sum():
        return float("nan")
    old, new = (np.maximum(side / side.sum(), SMALLEST_SHARE) for side in counts)
    return float(((new - old) * np.log(new / old)).sum())


def drift(before: Scores, after: Scores) -> pd.DataFrame:
    """Stability of the segments' shares, an axis a row.

    The same model on customers then and now tells how the population has moved; two models on the
    same customers, what a refit has changed.

    Returns:
        Columns `axis` and `stability_index`.
    """
    rows = []
    for axis in AXES:
        groups = [*axis.all_segments, INSUFFICIENT_HISTORY, NOT_MODELLED]
        sides = [
            pd.Series(side.axes[axis.name].segment).value_counts().reindex(groups, fill_value=0)
            for side in (before, after)
        ]
        rows.append((axis.name, population_stability_index(*sides)))
    return pd.DataFrame(rows, columns=["axis", "stability_index"])
