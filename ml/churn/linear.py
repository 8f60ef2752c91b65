"""Logistic regression on logarithms as plain numbers: fitted by scikit-learn, kept without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Regression:
    """Weights of the logarithms of columns, and of their being missing.

    Attributes:
        baseline: Log odds of a middling row.
        middle: Logarithm that stands for a missing value: the median.
        centre: Mean of each logarithm.
        spread: Standard deviation of each; 1 where there is none.
        weight: Of a standard deviation of each.
        missing: Share of rows in which each is missing.
        missing_weight: Of its being missing.
    """

    baseline: float
    middle: Floats
    centre: Floats
    spread: Floats
    weight: Floats
    missing: Floats
    missing_weight: Floats

    def log_odds(self, x: Floats) -> Floats:
        """Log odds of each row."""
        total: Floats = self.baseline + self.contributions(x).sum(axis=1)
        return total

    def contributions(self, x: Floats) -> Floats:
        """What each column adds to the log odds of each row, against a middling one."""
        logarithms, is_missing = _read(x)
        filled = np.where(is_missing, self.middle, logarithms)
        by_value = (filled - self.centre) / self.spread * self.weight
        by_absence = (is_missing - self.missing) * self.missing_weight
        added: Floats = by_value + by_absence
        return added

    def to_dict(self) -> dict[str, Any]:
        """Numbers and lists that `from_dict` makes the same regression of."""
        return {"baseline": self.baseline, **{name: getattr(self, name).tolist() for name in LISTS}}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The regression that `to_dict` told of."""
        lists = {name: np.array(stored[name], np.float64) for name in LISTS}
        return cls(baseline=float(stored["baseline"]), **lists)


LISTS = ("middle", "centre", "spread", "weight", "missing", "missing_weight")


def regress(x: Floats, y: Floats, looseness: float) -> Regression:
    """Fits weights to rows and their labels, 1 or 0, of which there are both.

    Args:
        x: A row each, with gaps.
        y: Labels.
        looseness: scikit-learn's C: the smaller, the nearer weights stay to 0.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    logarithms, is_missing = _read(x)
    is_unknown = is_missing.all(axis=0)
    middle = np.zeros(x.shape[1])
    middle[~is_unknown] = np.nanmedian(logarithms[:, ~is_unknown], axis=0)
    filled = np.where(is_missing, middle, logarithms)
    centre, missing = filled.mean(axis=0), is_missing.mean(axis=0)
    spread = filled.std(axis=0)
    spread[spread < 1e-9 * np.maximum(1, np.abs(centre))] = 1.0
    design = np.hstack([(filled - centre) / spread, is_missing - missing])
    # On one thread, as trees: the last digits depend on how many there are.
    with threadpool_limits(limits=1):
        found = LogisticRegression(C=looseness, max_iter=500).fit(design, y)
    weight, missing_weight = np.split(found.coef_[0], 2)
    return Regression(
        baseline=float(found.intercept_[0]),
        middle=middle,
        centre=centre,
        spread=spread,
        weight=weight,
        missing=missing,
        missing_weight=missing_weight,
    )


def _read(x: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Logarithms, mirrored below 0, and what is missing."""
    logarithms: Floats = np.sign(x) * np.log1p(np.abs(x))
    return logarithms, np.isnan(x)
