"""New customers of the next months: exponential smoothing, with season where two years tell one."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ml.errors import NotModelledError

Floats = NDArray[np.float64]

YEAR = 12
LEAST_MONTHS = 6
MONTHS_OF_TREND = 10


class SeasonalForecast(BaseEstimator):
    """Exponential smoothing of the logarithm (Holt-Winters, damped trend).

    With two whole years there is a season of twelve months; with fewer a trend alone: a season
    that was seen once cannot be told from chance. With less than ten months there is a level.

    References:
        R. J. Hyndman, A. B. Koehler, J. K. Ord, R. D. Snyder, *Forecasting with Exponential
        Smoothing: The State Space Approach*, 2008.

    Attributes:
        method_: `seasonal`, `trend` or `level`.
        month_count_: Months it was fitted on.
    """

    def fit(self, y: ArrayLike) -> Self:
        """Fits the series.

        Args:
            y: Counts of whole months, oldest first, without gaps.

        Returns:
            The estimator itself.

        Raises:
            NotModelledError: Where there are fewer than six months, or nothing in them.
            ValueError: Where a month is missing, infinite or below 0.
        """
        counts = np.asarray(y, dtype=np.float64)
        if counts.ndim != 1 or not np.isfinite(counts).all() or (counts < 0).any():
            raise ValueError("one finite count a month, none below 0")
        if len(counts) < LEAST_MONTHS:
            raise NotModelledError(
                "fewer_months_than_needed", f"{len(counts)} months, where {LEAST_MONTHS} are needed"
            )
        if not counts.any():
            raise NotModelledError("no_customers", "there has been no new customer")
        self.method_ = _method(len(counts))
        self.month_count_ = len(counts)
        self._level = float(np.log1p(counts).mean())
        self._fitted = None if np.ptp(counts) == 0 else self._smoothed(np.log1p(counts))
        return self

    def predict(self, months: int) -> Floats:
        """Counts expected in each of the next months."""
        check_is_fitted(self, "method_")
        if self._fitted is None:
            return np.full(months, np.expm1(self._level))
        ahead: Floats = np.expm1(np.asarray(self._fitted.forecast(months)))
        return np.maximum(ahead, 0.0)

    def simulate(self, months: int, draws: int, rng: np.random.Generator) -> Floats:
        """Draws of the next months: one row a draw, one column a month."""
        check_is_fitted(self, "method_")
        if self._fitted is None:
            return rng.poisson(np.expm1(self._level), (draws, months)).astype(np.float64)
        spread = float(np.sqrt(self._fitted.mse))
        errors = rng.standard_normal((months, draws)) * spread
        paths = self._fitted.simulate(months, anchor="end", repetitions=draws, random_errors=errors)
        logs = np.asarray(paths).reshape(months, draws).T
        # A hundredfold of all that was seen is no forecast, but a path that ran away.
        return np.asarray(np.expm1(np.clip(logs, 0.0, self._highest + np.log(100))))

    def _smoothed(self, logs: Floats) -> Any:
        # Half a second to import: only where it is used.
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        settings: dict[str, Any] = {"initialization_method": "estimated"}
        if len(logs) >= MONTHS_OF_TREND:
            settings = {"trend": "add", "damped_trend": True, "initialization_method": "heuristic"}
        if len(logs) >= 2 * YEAR:
            settings |= {"seasonal": "add", "seasonal_periods": YEAR}
        self._highest = float(logs.max())
        model = ETSModel(logs, **settings)
        with warnings.catch_warnings():
            # Smoothing weights at the edge of what is allowed are an answer, not a fault.
            warnings.simplefilter("ignore")
            return model.fit(disp=False)


def _method(months: int) -> str:
    if months >= 2 * YEAR:
        return "seasonal"
    return "trend" if months >= MONTHS_OF_TREND else "level"


def seasonal_naive(y: ArrayLike, months: int) -> Floats:
    """The same month of the last year again; with less than a year the last month."""
    counts = np.asarray(y, dtype=np.float64)
    period = YEAR if len(counts) >= YEAR else 1
    return np.resize(counts[-period:], months)
