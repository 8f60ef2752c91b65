"""Expected net revenue of the next twelve months, a customer, discounted, with its interval."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from ml.errors import NotModelledError
from ml.lifetime_value.purchases import ModifiedBetaGeoNBD
from ml.lifetime_value.spend import GammaGamma

Floats = NDArray[np.float64]

COLUMNS = ("purchase_day_count", "days_since_first_purchase", "days_since_last_purchase")
"""Purchase days; days from the first and from the last of them to the snapshot."""

VALUE_COLUMN = "net_revenue_amount"

NUMBERS = (
    "probabilistic_clv_amount",
    "clv_low_amount",
    "clv_high_amount",
    "alive_probability",
    "expected_order_count",
)
"""What a customer gets who can be valued, beside a date."""

DAYS_A_MONTH = 365.25 / 12
FURTHEST_DAYS = 3_650
BLOCK = 4_096
UNDISCOUNTED = 1e-12


@dataclass(frozen=True)
class HistoryGate:
    """The history that a shop must have before its customers get a value.

    Attributes:
        customers: Buyers at least.
        days: Days since the first purchase of all at least.
        quiet_days: The last purchase of all lies so many days back at most.
        purchases: Purchase days that somebody has at least.
    """

    customers: int = 500
    days: int = 180
    quiet_days: int = 30
    purchases: int = 3

    def reason(self, customers: pd.DataFrame) -> str | None:
        """Why there is too little history; nothing where there is enough.

        Args:
            customers: Frame with `COLUMNS`, a row a buyer.
        """
        count, first, last = (customers[column].to_numpy(dtype=float) for column in COLUMNS)
        lacks = {
            "fewer_buyers_than_needed": len(customers) < self.customers,
            "shop_too_young": not len(first) or first.max() < self.days,
            "no_recent_purchase": not len(last) or last.min() > self.quiet_days,
            "nobody_bought_often_enough": not len(count) or count.max() < self.purchases,
        }
        return next((reason for reason, is_lacking in lacks.items() if is_lacking), None)


class LifetimeValue(BaseEstimator):
    """Expected net revenue of the next months: MBG/NBD purchases times Gamma-Gamma spend.

    The expectation is closed: expected purchases, month by month, each month discounted to its
    middle, times the expected value of a purchase. The interval comes from simulation: for every
    customer, whether alive, own rate, own chance to leave and own spend are drawn from what their
    history leaves open (the posterior at the fitted parameters), then purchases and revenue of the
    whole horizon, discounted by the mean discount of the customer's expected purchases. What is
    uncertain in the parameters themselves is left out, so the interval is that of a customer's
    luck, not of the model's.

    Args:
        months: Horizon.
        discount_rate: A year.
        interval: Share of the draws that lie within the interval.
        draws: Draws a customer.
        gate: History that is needed.
        seed: Of the draws.

    Attributes:
        purchases_: The fitted MBG/NBD, in days.
        spend_: The fitted Gamma-Gamma.
        row_count_: Customers that it was fitted on.
    """

    def __init__(
        self,
        *,
        months: int = 12,
        discount_rate: float = 0.10,
        interval: float = 0.80,
        draws: int = 400,
        gate: HistoryGate | None = None,
        seed: int = 0,
    ) -> None:
        self.months = months
        self.discount_rate = discount_rate
        self.interval = interval
        self.draws = draws
        self.gate = gate
        self.seed = seed

    def fit(self, customers: pd.DataFrame) -> Self:
        """Fits both models.

        Args:
            customers: A row a buyer: `COLUMNS` and `net_revenue_amount` over all purchases.

        Returns:
            The estimator itself.

        Raises:
            NotModelledError: Where there is too little history, or no maximum is found.
        """
        usable = customers[_reasons(customers).isna()]
        if reason := (self.gate or HistoryGate()).reason(usable):
            raise NotModelledError(reason, f"too little history: {reason}")
        with warnings.catch_warnings():
            # Said by the reason below, for all customers.
            warnings.simplefilter("ignore", ConvergenceWarning)
            purchases = ModifiedBetaGeoNBD().fit(_histories(usable))
            spend = GammaGamma().fit(_spends(usable))
        for model in (purchases, spend):
            if not model.has_converged_:
                raise NotModelledError(
                    "no_maximum_found", f"{type(model).__name__} has no maximum on these customers"
                )
        self.purchases_, self.spend_ = purchases, spend
        self.row_count_ = len(usable)
        return self

    @classmethod
    def from_parameters(cls, kept: dict[str, Any], **settings: Any) -> Self:
        """A fitted model from what `parameters` gave."""
        model = cls(**settings)
        model.purchases_ = ModifiedBetaGeoNBD.from_parameters(**kept["purchases"])
        model.spend_ = GammaGamma.from_parameters(**kept["spend"])
        model.row_count_ = kept["row_count"]
        return model

    @property
    def parameters(self) -> dict[str, Any]:
        """All there is to keep of the model, for JSON."""
        check_is_fitted(self, "purchases_")
        return {
            "purchases": self.purchases_.parameters,
            "spend": self.spend_.parameters,
            "row_count": self.row_count_,
        }

    def predict(self, customers: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
        """Values the customers.

        Args:
            customers: As in `fit`.
            as_of: The snapshot's day.

        Returns:
            Frame on the same index: `probabilistic_clv_amount`, `clv_low_amount`,
            `clv_high_amount`, `alive_probability`, `expected_order_count`, `next_purchase_date`,
            `no_value_reason`. Where there is a reason, there is nothing else.
        """
        check_is_fitted(self, "purchases_")
        reasons = _reasons(customers)
        usable = customers[reasons.isna()]
        found = self._valued(usable, as_of) if len(usable) else _nothing(usable)
        return found.reindex(customers.index).assign(no_value_reason=reasons)

    def _valued(self, usable: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
        rows, spends = _histories(usable), _spends(usable)
        until = DAYS_A_MONTH * np.arange(1, self.months + 1)
        made = self.purchases_.expected_purchases_until(rows, until)
        a_month = np.diff(made, axis=1, prepend=0.0)
        middle = (np.arange(self.months) + 0.5) / 12
        discounted = a_month @ (1 + self.discount_rate) ** -middle
        low, high = self._interval(rows, spends, discounted / np.maximum(made[:, -1], UNDISCOUNTED))
        return pd.DataFrame(
            {
                "probabilistic_clv_amount": discounted * self.spend_.expected_value(spends),
                "clv_low_amount": low,
                "clv_high_amount": high,
                "alive_probability": self.purchases_.alive_probability(rows),
                "expected_order_count": made[:, -1],
                "next_purchase_date": _dates(as_of, self.purchases_.median_wait(rows)),
            },
            index=usable.index,
        )

    def _interval(self, rows: Floats, spends: Floats, discount: Floats) -> tuple[Floats, Floats]:
        rng = np.random.default_rng(self.seed)
        ends = [(1 - self.interval) / 2, (1 + self.interval) / 2]
        found = np.empty((2, len(rows)))
        for begin in range(0, len(rows), BLOCK):
            own = slice(begin, begin + BLOCK)
            bought = self.purchases_.draw_purchases(
                rows[own], self.months * DAYS_A_MONTH, self.draws, rng
            )
            revenue = self.spend_.draw_revenue(spends[own], bought, rng) * discount[own, None]
            found[:, own] = np.quantile(revenue, ends, axis=1)
        return found[0], found[1]


def _reasons(customers: pd.DataFrame) -> pd.Series[Any]:
    """Why a customer has no value; nothing where there is one."""
    rows = customers[[*COLUMNS, VALUE_COLUMN]].to_numpy(dtype=float, na_value=np.nan)
    with np.errstate(invalid="ignore"):
        count, first, last, value = rows.T
        is_history = (count == np.floor(count)) & (last >= 0) & (first >= last)
        is_history &= (count == 1) == (first == last)
        breaks = {
            "missing_value": ~np.isfinite(rows).all(axis=1),
            "no_purchase": count < 1,
            "no_valid_history": ~is_history,
            "no_positive_revenue": value <= 0,
        }
    reason = np.full(len(rows), None, dtype=object)
    # The first that applies is said: the last to be written.
    for word, is_broken in reversed(breaks.items()):
        reason[is_broken] = word
    return pd.Series(reason, index=customers.index, dtype=object)


def _histories(customers: pd.DataFrame) -> Floats:
    count, first, last = (customers[column].to_numpy(dtype=float) for column in COLUMNS)
    return np.column_stack([count - 1, first - last, first])


def _spends(customers: pd.DataFrame) -> Floats:
    count = customers["purchase_day_count"].to_numpy(dtype=float)
    return np.column_stack([count, customers[VALUE_COLUMN].to_numpy(dtype=float) / count])


def _dates(as_of: dt.date, days: Floats) -> list[dt.date | None]:
    """Days from now as dates; none where it is never, or beyond what can be meant."""
    return [
        as_of + dt.timedelta(days=int(np.ceil(wait))) if wait <= FURTHEST_DAYS else None
        for wait in days
    ]


def _nothing(usable: pd.DataFrame) -> pd.DataFrame:
    numbers = {name: np.empty(0) for name in NUMBERS}
    return pd.DataFrame(numbers, index=usable.index).assign(next_purchase_date=None)
