"""What the model has to beat: simple answers to the same question."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.churn.evaluate import roc_auc
from ml.churn.features import RECENCY
from ml.churn.linear import regress

Floats = NDArray[np.float64]

ALIVE = "alive_probability"


def baseline_aucs(
    known: tuple[Floats, Floats], asked: tuple[Floats, Floats], alive: Floats
) -> dict[str, float]:
    """ROC AUC of each baseline on a split.

    Args:
        known: Matrix and labels to learn from.
        asked: Matrix and labels of the customers that are asked about.
        alive: Their P(alive), a baseline where somebody has one. Who has none is in the middle.
    """
    x, labels = asked
    aucs = {
        "recency": roc_auc(labels, np.nan_to_num(x[:, RECENCY])),
        "logistic_regression": roc_auc(labels, regress(*known, looseness=1.0).log_odds(x)),
    }
    if not np.isnan(alive).all():
        gone = 1 - np.where(np.isnan(alive), np.nanmedian(alive), alive)
        aucs[ALIVE] = roc_auc(labels, gone)
    return aucs
