"""What a customer's rhythm of purchases alone says: MBG/NBD, as one more column for the others."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.churn.features import FEATURES
from ml.errors import NotModelledError

Floats = NDArray[np.float64]

RHYTHM = "silence_by_rhythm"
"""Log odds of no purchase within the horizon, of who knows the purchase days and nothing else."""

COLUMNS = (*FEATURES, RHYTHM)
"""What the classifiers read: the mart's columns and the rhythm's, last."""

HISTORY = [
    FEATURES.index(name)
    for name in ("purchase_day_count", "days_since_first_purchase", "days_since_last_purchase")
]
SUREST = 1e-6


@dataclass(frozen=True)
class Rhythm:
    """How the shop's customers buy and leave.

    Attributes:
        parameters: r, alpha, a and b of the MBG/NBD, in days; None where nobody has come back yet.
    """

    parameters: dict[str, float] | None

    def beside(self, x: Floats, horizon_days: int) -> Floats:
        """The matrix with one more column; missing where there is no valid history."""
        silent = self._told(x, "no_purchase_probability", horizon_days).clip(SUREST, 1 - SUREST)
        return np.column_stack([x, np.log(silent / (1 - silent))])

    def alive_probability(self, x: Floats) -> Floats:
        """Of buying ever again."""
        return self._told(x, "alive_probability")

    def _told(self, x: Floats, what: str, *arguments: float) -> Floats:
        from ml.lifetime_value.purchases import ModifiedBetaGeoNBD

        told = np.full(len(x), np.nan)
        rows, is_valid = _histories(x)
        if self.parameters is not None and is_valid.any():
            model = ModifiedBetaGeoNBD.from_parameters(**self.parameters)
            told[is_valid] = getattr(model, what)(rows[is_valid], *arguments)
        return told


def find_rhythm(x: Floats) -> Rhythm:
    """The rhythm of all customers of one snapshot: those who are quiet for long are part of it."""
    from sklearn.exceptions import ConvergenceWarning

    from ml.lifetime_value.purchases import ModifiedBetaGeoNBD

    rows, is_valid = _histories(x)
    try:
        with warnings.catch_warnings():
            # Where customers hardly differ, the likelihood is flat: any of its best points will do.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return Rhythm(ModifiedBetaGeoNBD().fit(rows[is_valid]).parameters)
    except NotModelledError:
        return Rhythm(None)


def _histories(x: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Repeat purchases, days from the first to the last, days since the first; which are valid."""
    count, first, last = x[:, HISTORY].T
    with np.errstate(invalid="ignore"):
        is_valid = (count >= 1) & (count == np.floor(count)) & (last >= 0) & (first >= last)
        is_valid &= (count == 1) == (first == last)
    is_valid &= np.isfinite(first)
    return np.column_stack([count - 1, first - last, first]), is_valid
