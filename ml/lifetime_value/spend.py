"""What a purchase of a customer is worth: the Gamma-Gamma model."""

from __future__ import annotations

import warnings
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import digamma, gammaln
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from ml.errors import NotModelledError

Floats = NDArray[np.float64]

COLUMNS = ("purchase_count", "mean_value")
EDGE = 12.0
LEAST_EXCESS = 0.01
"""q stays above 1 by this: below 1 the mean spend of the population would not be finite."""


class GammaGamma(BaseEstimator):
    """Gamma-Gamma: each customer has a mean spend of their own, around which purchases vary.

    A purchase's value is Gamma(p, nu), and nu, the customer's own, Gamma(q, v). It assumes that
    spend and frequency of purchases are independent. A customer with few purchases is drawn
    towards the population's mean, one with many stays with their own.

    References:
        P. S. Fader, B. G. S. Hardie, K. L. Lee, "RFM and CLV: using iso-value curves for customer
        base analysis", Journal of Marketing Research 42, 2005.
        P. S. Fader, B. G. S. Hardie, "The gamma-gamma model of monetary value", 2013.

    Args:
        max_iter: Most steps of the optimiser.
        tol: Tolerance of the optimiser.

    Attributes:
        p_: Shape of a purchase's value.
        q_: Shape of the customers' scales, above 1.
        v_: Their scale, an amount.
        log_likelihood_: Of the mean values, at these parameters.
        n_iter_: Steps of the optimiser.
        has_converged_: Whether it found a maximum.
    """

    def __init__(self, *, max_iter: int = 500, tol: float = 1e-9) -> None:
        self.max_iter = max_iter
        self.tol = tol

    def fit(
        self,
        X: pd.DataFrame | ArrayLike,
        y: object = None,  # noqa: ARG002 - as scikit-learn asks
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Finds the population's parameters by maximum likelihood.

        Args:
            X: Columns `purchase_count` and `mean_value`; customers without a purchase or with a
                mean value of 0 or less have to be left out.
            y: Ignored.
            sample_weight: Customers that a row stands for; 1 each by default.

        Returns:
            The estimator itself.

        Raises:
            NotModelledError: Where there is nobody, or everybody spends the same.
            ValueError: Where a row cannot be used.
        """
        count, mean = _spends(X)
        weights = np.ones(len(count)) if sample_weight is None else np.asarray(sample_weight, float)
        if weights.shape != count.shape or not np.isfinite(weights).all() or (weights < 0).any():
            raise ValueError("sample_weight is one finite number a row, none below 0")
        count, mean, weights = count[weights > 0], mean[weights > 0], weights[weights > 0]
        if not len(count):
            raise NotModelledError("no_customers", "there is no spend to learn from")
        if np.ptp(mean) <= 1e-9 * mean.max():
            raise NotModelledError("constant_spend", "all customers spend the same")
        scale = float(np.average(mean, weights=weights))
        data = _Spends(count, mean / scale, weights)
        found = minimize(
            data.mean_loss,
            x0=np.array([0.0, 1.0, 0.0]),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-EDGE, EDGE), (np.log(LEAST_EXCESS), EDGE), (-EDGE, EDGE)],
            options={"maxiter": self.max_iter, "ftol": self.tol * 1e-3, "gtol": self.tol * 1e3},
        )
        p, excess, v = np.exp(found.x)
        self.p_, self.q_, self.v_ = float(p), float(1 + excess), float(v * scale)
        self.log_likelihood_ = -(float(found.fun) + np.log(scale)) * float(weights.sum())
        self.n_iter_ = int(found.nit)
        is_inside = (np.abs(found.x) < EDGE).all() and excess > LEAST_EXCESS * 1.001
        self.has_converged_ = bool(found.success and is_inside)
        if not self.has_converged_:
            warnings.warn(
                "The likelihood has no maximum for moderate parameters: too few customers, "
                "or a few that spend far more than all others",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    @classmethod
    def from_parameters(cls, *, p: float, q: float, v: float) -> Self:
        """A fitted model from its three parameters."""
        model = cls()
        model.p_, model.q_, model.v_ = p, q, v
        return model

    @property
    def parameters(self) -> dict[str, float]:
        """The three parameters by name: all there is to keep of the model."""
        check_is_fitted(self, "p_")
        return {"p": self.p_, "q": self.q_, "v": self.v_}

    @property
    def population_mean(self) -> float:
        """Value that a purchase of a new customer is expected to have."""
        check_is_fitted(self, "p_")
        return self.p_ * self.v_ / (self.q_ - 1)

    def expected_value(self, X: pd.DataFrame | ArrayLike) -> Floats:
        """Value that a further purchase of each customer is expected to have."""
        check_is_fitted(self, "p_")
        count, mean = _spends(X)
        expected: Floats = self.p_ * (self.v_ + count * mean) / (self.p_ * count + self.q_ - 1)
        return expected

    def draw_revenue(
        self,
        X: pd.DataFrame | ArrayLike,
        purchases: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> Floats:
        """Draws what numbers of further purchases will be worth together.

        Customers of the same count share the draws of their own scale.

        Args:
            X: Columns `purchase_count` and `mean_value`.
            purchases: One row a customer, one column a draw.
            rng: Where chance comes from.

        Returns:
            Amounts, shaped as the purchases.
        """
        check_is_fitted(self, "p_")
        count, mean = _spends(X)
        counts, count_of = np.unique(count, return_inverse=True)
        shape = (len(counts), purchases.shape[1])
        own = rng.gamma((self.p_ * counts + self.q_)[:, None], 1.0, shape)
        row, draw = np.nonzero(purchases)
        worth = rng.gamma(self.p_ * purchases[row, draw]) / own[count_of[row], draw]
        revenue = np.zeros(purchases.shape)
        revenue[row, draw] = worth * (self.v_ + count * mean)[row]
        return revenue


def _spends(X: pd.DataFrame | ArrayLike) -> tuple[Floats, Floats]:
    values = X[list(COLUMNS)] if isinstance(X, pd.DataFrame) else X
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != len(COLUMNS):
        raise ValueError(f"expected the columns {', '.join(COLUMNS)}, got shape {rows.shape}")
    if not np.isfinite(rows).all() or (rows <= 0).any():
        raise ValueError("counts and mean values are finite and above 0: leave the others out")
    return rows[:, 0], rows[:, 1]


class _Spends:
    """Mean values, prepared for a likelihood that is asked often."""

    def __init__(self, count: Floats, mean: Floats, weights: Floats) -> None:
        self._counts, self._count_of = np.unique(count, return_inverse=True)
        self._count_weights = np.bincount(self._count_of, weights)
        self._weights = weights
        self._sum = count * mean
        self._log_mean = np.bincount(self._count_of, weights * np.log(mean))
        self._total = float(weights.sum())

    def mean_loss(self, logs: Floats) -> tuple[float, Floats]:
        """Negative mean log-likelihood and its gradient, over log p, log (q - 1) and log v."""
        p, excess, v = np.exp(logs)
        q = 1 + excess
        x, w = self._counts, self._count_weights
        shape = p * x
        log_both = np.log(self._sum + v)
        both_of_count = np.bincount(self._count_of, self._weights * log_both)
        counted = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * logs[2]
        counted += shape * np.log(x)
        value = w @ counted + (shape - 1) @ self._log_mean - (shape + q) @ both_of_count
        d_shape = digamma(shape + q)
        d_p = (w * x) @ (d_shape - digamma(shape) + np.log(x))
        d_p += x @ (self._log_mean - both_of_count)
        d_q = w @ (d_shape - digamma(q) + logs[2]) - both_of_count.sum()
        shares = np.bincount(self._count_of, self._weights / (self._sum + v))
        d_v = self._total * q / v - (shape + q) @ shares
        gradient = np.array([d_p * p, d_q * excess, d_v * v])
        return -float(value) / self._total, -gradient / self._total
