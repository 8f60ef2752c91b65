"""From log odds to probabilities that come true as often as they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """Platt's line through the log odds.

    Attributes:
        slope: Below 1 where the model was too sure of itself.
        shift: Above 0 where it foretold too little.
    """

    slope: float = 1.0
    shift: float = 0.0

    def probability(self, log_odds: Floats) -> Floats:
        """Calibrated probabilities."""
        from scipy.special import expit

        calibrated: Floats = expit(self.slope * log_odds + self.shift)
        return calibrated


def calibrate(log_odds: Floats, labels: Floats) -> Calibration:
    """The line that makes labels of another time most likely; none where all are the same."""
    from scipy.optimize import minimize

    if not 0 < labels.mean() < 1:
        return Calibration()

    def loss(line: Floats) -> float:
        told = line[0] * log_odds + line[1]
        return float(np.mean(np.logaddexp(0.0, told) - labels * told))

    def slope(line: Floats) -> Floats:
        off = Calibration(float(line[0]), float(line[1])).probability(log_odds) - labels
        return np.array([np.mean(off * log_odds), np.mean(off)])

    found = minimize(loss, np.array([1.0, 0.0]), jac=slope, method="BFGS")
    return Calibration(slope=float(found.x[0]), shift=float(found.x[1]))
