"""Boosted trees and a regression, averaged: bends that one sees, calm that the other has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ml.churn.linear import Regression, regress
from ml.churn.trees import BoostedTrees, Growth, grow

Floats = NDArray[np.float64]

LOOSENESS = 0.03


@dataclass(frozen=True)
class Blend:
    """The mean of both log odds.

    Attributes:
        trees: Of scikit-learn's boosting.
        regression: On logarithms.
    """

    trees: BoostedTrees
    regression: Regression

    def log_odds(self, x: Floats) -> Floats:
        """Log odds of each row."""
        mean: Floats = (self.trees.log_odds(x) + self.regression.log_odds(x)) / 2
        return mean

    def contributions(self, x: Floats) -> Floats:
        """What each column adds to the log odds of each row."""
        mean: Floats = (self.trees.contributions(x) + self.regression.contributions(x)) / 2
        return mean

    def to_dict(self) -> dict[str, Any]:
        """Numbers and lists that `from_dict` makes the same of."""
        return {"trees": self.trees.to_dict(), "regression": self.regression.to_dict()}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """What `to_dict` told of."""
        return cls(
            trees=BoostedTrees.from_dict(stored["trees"]),
            regression=Regression.from_dict(stored["regression"]),
        )


def blend(x: Floats, y: Floats, growth: Growth, seed: int) -> Blend:
    """Fits both to rows and their labels, 1 or 0, of which there are both."""
    return Blend(grow(x, y, growth, seed), regress(x, y, LOOSENESS))
