"""How often customers come back: BG/NBD and MBG/NBD.

While alive, a customer buys with a rate of their own, drawn from Gamma(r, alpha); after every
purchase they may leave for good, with a chance of their own, drawn from Beta(a, b). In the
BG/NBD the first purchase is safe: whoever has bought once is alive for sure. In the modified
model the coin is thrown after the first purchase too. That is the only difference, and with n the
number of coins a customer has survived (x or x + 1), both have the same formulas.
"""

from __future__ import annotations

import warnings
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, gammaln
from scipy.stats import nbinom
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from ml.lifetime_value.histories import Grouped, Histories, grouped, histories

Floats = NDArray[np.float64]

EDGE = 12.0
"""Logarithms of parameters stay within this: a population beyond it has no spread to speak of."""

LONGEST_AGE = 10.0
"""Times are scaled so that the longest history is this long: all parameters are then near 1."""

NODES = 64
"""Of the quadrature over the chance to leave: twelve digits for horizons of many lifetimes."""


class _PurchaseModel(BaseEstimator):
    """What both models share; a subclass says whether the first purchase has a coin too."""

    _FIRST_COINS: ClassVar[int]

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
            X: Histories: columns `frequency`, `recency`, `age` (see `ml.lifetime_value.histories`).
            y: Ignored.
            sample_weight: Customers that a row stands for; 1 each by default.

        Returns:
            The estimator itself.

        Raises:
            NotModelledError: Where there is nobody, or nobody came back.
            ValueError: Where a row is no history.
        """
        rows = histories(X)
        longest = float(rows.age.max(initial=0.0))
        scale = LONGEST_AGE / longest if longest else 1.0
        data = grouped(rows, sample_weight, scale)
        found = minimize(
            _mean_loss,
            x0=np.zeros(4),
            args=(data, self._FIRST_COINS),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-EDGE, EDGE)] * 4,
            options={"maxiter": self.max_iter, "ftol": self.tol * 1e-3, "gtol": self.tol * 1e3},
        )
        r, alpha, a, b = np.exp(found.x)
        self.r_, self.alpha_, self.a_, self.b_ = float(r), float(alpha / scale), float(a), float(b)
        # The density of the times, not that of the scaled times.
        repeats = float((data.counts * data.count_weights).sum())
        self.log_likelihood_ = -float(found.fun) * data.total + repeats * np.log(scale)
        self.n_iter_ = int(found.nit)
        self.has_converged_ = bool(found.success) and bool((np.abs(found.x) < EDGE).all())
        if not self.has_converged_:
            warnings.warn(
                "The likelihood has no maximum for moderate parameters: "
                "too few histories, or hardly any difference between customers",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    @classmethod
    def from_parameters(cls, *, r: float, alpha: float, a: float, b: float) -> Self:
        """A fitted model from its four parameters."""
        model = cls()
        model.r_, model.alpha_, model.a_, model.b_ = r, alpha, a, b
        return model

    @property
    def parameters(self) -> dict[str, float]:
        """The four parameters by name: all there is to keep of the model."""
        check_is_fitted(self, "r_")
        return {"r": self.r_, "alpha": self.alpha_, "a": self.a_, "b": self.b_}

    def log_likelihood(
        self, X: pd.DataFrame | ArrayLike, sample_weight: ArrayLike | None = None
    ) -> float:
        """Log-likelihood of histories at the model's parameters."""
        data = grouped(self._read(X), sample_weight, scale=1.0)
        loss, _ = _mean_loss(np.log(list(self.parameters.values())), data, self._FIRST_COINS)
        return -loss * data.total

    def alive_probability(self, X: pd.DataFrame | ArrayLike) -> Floats:
        """Chance of not having left yet, given the history."""
        return self._alive(self._read(X))

    def no_purchase_probability(self, X: pd.DataFrame | ArrayLike, horizon: float) -> Floats:
        """Chance of no purchase within the horizon, given the history, in closed form.

        Who is alive leaves only by buying, so that no purchase is either to have left before, or
        to be alive and let the whole horizon pass.
        """
        rows = self._read(X)
        passes = self._passes(rows, horizon)
        return 1 - self._alive(rows) * (1 - passes)

    def expected_purchases(self, X: pd.DataFrame | ArrayLike, horizon: float) -> Floats:
        """Purchases expected within the horizon, given the history."""
        return self.expected_purchases_until(X, [horizon])[:, 0]

    def expected_purchases_until(self, X: pd.DataFrame | ArrayLike, horizons: ArrayLike) -> Floats:
        """Purchases expected within each of several horizons.

        Alive, with the chance p to leave after a purchase, a customer will have made
        ``(1 - exp(-rate p t)) / p`` purchases until t. The mean over the rate is elementary, that
        over p a sum over the nodes of a Gauss-Jacobi quadrature: the literature's hypergeometric
        function, without its poles at a = 1 and its overflows.

        Args:
            X: Histories.
            horizons: Times from now on.

        Returns:
            One row a history, one column a horizon.
        """
        rows = self._read(X)
        until = np.asarray(horizons, dtype=np.float64)
        expected = np.zeros((len(rows), len(until)))
        for count in np.unique(rows.frequency):
            own = np.flatnonzero(rows.frequency == count)
            chances, weights = _beta_nodes(self.a_, self.b_ + count + self._FIRST_COINS)
            ages, age_of = np.unique(rows.age[own], return_inverse=True)
            for column, horizon in enumerate(until):
                grown = np.outer(1 / (self.alpha_ + ages), chances * horizon)
                made = -np.expm1(-(self.r_ + count) * np.log1p(grown)) @ (weights / chances)
                expected[own, column] = made[age_of]
        return expected * self._alive(rows)[:, None]

    def median_wait(self, X: pd.DataFrame | ArrayLike) -> Floats:
        """Time after which a customer is as likely as not to have bought; no number where never.

        Who is more likely gone than not has no such time.
        """
        rows = self._read(X)
        alive = self._alive(rows)
        left = np.where(alive > 0.5, 1 - 0.5 / np.maximum(alive, 0.5), 0.0)
        with np.errstate(divide="ignore", over="ignore"):
            wait = (self.alpha_ + rows.age) * np.expm1(-np.log(left) / (self.r_ + rows.frequency))
        return np.where(np.isfinite(wait), wait, np.nan)

    def count_probabilities(self, age: float, most: int) -> Floats:
        """Chances that a new customer makes 0, 1, … `most` repeat purchases until an age."""
        check_is_fitted(self, "r_")
        made = np.arange(most + 1)
        coins = made + self._FIRST_COINS
        share = self.alpha_ / (self.alpha_ + age)
        stays = np.exp(betaln(self.a_, self.b_ + coins) - betaln(self.a_, self.b_))
        leaves = np.exp(
            betaln(self.a_ + 1, self.b_ + np.maximum(coins, 1) - 1) - betaln(self.a_, self.b_)
        )
        bought = nbinom.pmf(made, self.r_, share)
        at_least = nbinom.sf(made - 1, self.r_, share)
        found: Floats = stays * bought + np.where(coins > 0, leaves * at_least, 0.0)
        return found

    def expected_counts(self, X: pd.DataFrame | ArrayLike, most: int) -> Floats:
        """Customers expected to have made 0, 1, … `most` repeat purchases, given their ages."""
        ages, customers = np.unique(self._read(X).age, return_counts=True)
        parts = [
            n * self.count_probabilities(t, most) for t, n in zip(ages, customers, strict=True)
        ]
        return np.asarray(np.sum(parts, axis=0))

    def draw_purchases(
        self, X: pd.DataFrame | ArrayLike, horizon: float, draws: int, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draws how often each customer will buy, from what the history leaves open.

        Customers of the same frequency share the draws of their rates and lives, which makes this
        several times faster: each customer's distribution is right, but the draws of two customers
        are not independent of each other.

        Args:
            X: Histories.
            horizon: Time from now on.
            draws: Number of draws.
            rng: Where chance comes from.

        Returns:
            One row a history, one column a draw.
        """
        rows = self._read(X)
        counts, count_of = np.unique(rows.frequency, return_inverse=True)
        shape = (len(counts), draws)
        rate = rng.gamma((self.r_ + counts)[:, None], 1.0, shape)
        coins = (counts + self._FIRST_COINS)[:, None]
        # The purchase after which the customer leaves is still made.
        lives = rng.geometric(rng.beta(self.a_, self.b_ + coins, shape).clip(1e-12, 1.0))
        strata = (rng.permutation(draws) + rng.random(draws)) / draws
        row, draw = np.nonzero(strata < self._alive(rows)[:, None])
        pace = horizon / (self.alpha_ + rows.age)
        wanted = rng.poisson(rate[count_of[row], draw] * pace[row])
        made = np.zeros((len(rows), draws), dtype=np.int64)
        made[row, draw] = np.minimum(wanted, lives[count_of[row], draw])
        return made

    def _read(self, X: pd.DataFrame | ArrayLike) -> Histories:
        check_is_fitted(self, "r_")
        return histories(X)

    def _passes(self, rows: Histories, horizon: float) -> Floats:
        """Chance that a customer who is alive lets the horizon pass without a purchase."""
        shape = self.r_ + rows.frequency
        passes: Floats = np.exp(-shape * np.log1p(horizon / (self.alpha_ + rows.age)))
        return passes

    def _alive(self, rows: Histories) -> Floats:
        coins = rows.frequency + self._FIRST_COINS
        silence = np.log((self.alpha_ + rows.age) / (self.alpha_ + rows.recency))
        odds = np.log(self.a_ / (self.b_ + np.maximum(coins, 1) - 1))
        gone = odds + (self.r_ + rows.frequency) * silence
        alive: Floats = np.where(coins > 0, expit(-gone), 1.0)
        return alive


class BetaGeoNBD(_PurchaseModel):
    """BG/NBD: beta-geometric lives, negative binomial purchases; the first purchase is safe.

    References:
        P. S. Fader, B. G. S. Hardie, K. L. Lee, "'Counting your customers' the easy way: an
        alternative to the Pareto/NBD model", Marketing Science 24 (2), 2005.

    Args:
        max_iter: Most steps of the optimiser.
        tol: Tolerance of the optimiser.

    Attributes:
        r_: Shape of the customers' purchase rates.
        alpha_: Their scale, a time.
        a_: First parameter of the customers' chances to leave after a purchase.
        b_: The second.
        log_likelihood_: Of the histories, at these parameters.
        n_iter_: Steps of the optimiser.
        has_converged_: Whether it found a maximum.
    """

    _FIRST_COINS = 0


class ModifiedBetaGeoNBD(_PurchaseModel):
    """MBG/NBD: as the BG/NBD, but a customer may leave after the first purchase too.

    So it does not hold that whoever bought once, years ago, is alive for sure.

    References:
        E. P. Batislam, M. Denizel, A. Filiztekin, "Empirical validation and comparison of models
        for customer base analysis", International Journal of Research in Marketing 24 (3), 2007.
        U. Wagner, D. Hoppe, "Erratum on the MBG/NBD model", the same 25 (3), 2008.

    What it is told and what it finds are those of `BetaGeoNBD`.
    """

    _FIRST_COINS = 1


def _mean_loss(logs: Floats, data: Grouped, first_coins: int) -> tuple[float, Floats]:
    """Negative mean log-likelihood and its gradient, over the parameters' logarithms.

    What depends on the frequency alone, or on the age alone, is summed over the few distinct
    values; a row is looked at only for the chance that its customer has gone.
    """
    r, alpha, a, b = np.exp(logs)
    x, w, coins = data.counts, data.count_weights, data.counts + first_coins
    age, seen = alpha + data.ages, alpha + data.recencies
    log_age, bought_by_age = np.log(age), r * data.age_weights + data.age_repeats
    value = w @ (gammaln(r + x) - gammaln(r) + r * logs[1]) - bought_by_age @ log_age
    value += w @ (gammaln(a + b) + gammaln(b + coins) - gammaln(b) - gammaln(a + b + coins))

    tails = np.maximum(coins, 1) - 1
    # A customer without a coin yet cannot be gone.
    odds = np.where(coins > 0, logs[2] - np.log(b + tails), -np.inf)
    bought = (r + x)[data.count_of]
    silence = log_age[data.age_of] - np.log(seen)[data.recency_of]
    logit = odds[data.count_of] + bought * silence
    small = np.exp(-np.abs(logit))
    value += data.weights @ (np.maximum(logit, 0.0) + np.log(1 + small))
    gone = data.weights * np.where(logit > 0, 1.0, small) / (1 + small)

    gone_bought = gone * bought
    over = digamma(a + b) - digamma(a + b + coins)
    d_r = w @ (digamma(r + x) - digamma(r) + logs[1]) - data.age_weights @ log_age + gone @ silence
    d_alpha = data.total * r / alpha + (
        np.bincount(data.age_of, gone_bought, len(age)) - bought_by_age
    ) @ (1 / age)
    d_alpha -= np.bincount(data.recency_of, gone_bought, len(seen)) @ (1 / seen)
    d_a = w @ over + gone.sum() / a
    d_b = w @ (over + digamma(b + coins) - digamma(b))
    d_b -= np.bincount(data.count_of, gone, len(x)) @ (1 / (b + tails))
    gradient = np.array([d_r * r, d_alpha * alpha, d_a * a, d_b * b])
    return -float(value) / data.total, -gradient / data.total


def _beta_nodes(a: float, b: float, size: int = NODES) -> tuple[Floats, Floats]:
    """Nodes and weights for means over Beta(a, b): Gauss-Jacobi by Golub and Welsch (1969)."""
    left, right = b - 1, a - 1
    k = np.arange(size, dtype=np.float64)
    both = 2 * k + left + right
    with np.errstate(invalid="ignore", divide="ignore"):
        diagonal = (right**2 - left**2) / (both * (both + 2))
    diagonal[0] = (right - left) / (left + right + 2)
    k, both = k[1:], both[1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = 4 * k * (k + left) * (k + right) * (k + left + right)
        squares = squares / (both**2 * (both + 1) * (both - 1))
    total = left + right
    squares[0] = 4 * (1 + left) * (1 + right) / ((2 + total) ** 2 * (3 + total))
    nodes, vectors = eigh_tridiagonal(diagonal, np.sqrt(squares))
    return np.clip((1 + nodes) / 2, 1e-15, 1.0), vectors[0] ** 2
