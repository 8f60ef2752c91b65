"""How good probabilities are, against what came."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BINS = 10


@dataclass(frozen=True)
class Metrics:
    """Of probabilities of churn on customers whose horizon has passed.

    Attributes:
        customers: How many.
        churn_rate: Share of them that churned.
        roc_auc: Chance that of two, the one who churned was given the higher probability.
        pr_auc: Average precision.
        brier: Mean squared error.
        calibration_error: Mean distance of probability and share, over ten bins of equal counts.
        top_decile_lift: Churn rate of the tenth with the highest probabilities / that of all.
    """

    customers: int
    churn_rate: float
    roc_auc: float
    pr_auc: float
    brier: float
    calibration_error: float
    top_decile_lift: float

    def as_dict(self) -> dict[str, Any]:
        """By name."""
        return asdict(self)


def metrics(labels: Floats, probability: Floats) -> Metrics:
    """All of them; labels are of both kinds."""
    from sklearn.metrics import average_precision_score

    top = np.argsort(-probability, kind="stable")[: max(1, len(labels) // 10)]
    return Metrics(
        customers=len(labels),
        churn_rate=float(labels.mean()),
        roc_auc=roc_auc(labels, probability),
        pr_auc=float(average_precision_score(labels, probability)),
        brier=float(np.mean((probability - labels) ** 2)),
        calibration_error=calibration_error(labels, probability),
        top_decile_lift=float(labels[top].mean() / labels.mean()),
    )


def roc_auc(labels: Floats, score: Floats) -> float:
    """Area under the ROC curve of any score that rises with the risk."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(labels, score))


def calibration_curve(labels: Floats, probability: Floats) -> pd.DataFrame:
    """A row a bin of equal count: customers, their mean probability, the share that churned."""
    order = np.argsort(probability, kind="stable")
    bins = [rows for rows in np.array_split(order, BINS) if len(rows)]
    return pd.DataFrame(
        {
            "customers": [len(rows) for rows in bins],
            "mean_probability": [float(probability[rows].mean()) for rows in bins],
            "churned_share": [float(labels[rows].mean()) for rows in bins],
        }
    )


def calibration_error(labels: Floats, probability: Floats) -> float:
    """Expected calibration error over ten bins of equal counts."""
    curve = calibration_curve(labels, probability)
    distance = (curve["mean_probability"] - curve["churned_share"]).abs()
    return float(np.average(distance, weights=curve["customers"]))
