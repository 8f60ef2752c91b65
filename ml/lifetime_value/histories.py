"""Purchase histories as the models read them, checked and grouped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ml.errors import NotModelledError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COLUMNS = ("frequency", "recency", "age")
"""Repeat purchases; time from the first to the last purchase; time from the first until now."""


@dataclass(frozen=True)
class Histories:
    """Checked histories, a row each.

    Attributes:
        frequency: Repeat purchases (x in the literature): purchase days but the first.
        recency: Time of the last purchase since the first (t_x); 0 where there was one alone.
        age: Time since the first purchase (T).
    """

    frequency: Floats
    recency: Floats
    age: Floats

    def __len__(self) -> int:
        return len(self.age)


def histories(X: pd.DataFrame | ArrayLike) -> Histories:
    """Reads histories and checks them.

    Args:
        X: Frame with the columns `frequency`, `recency` and `age`, or an array of the three.

    Raises:
        ValueError: Where a row is not finite, or is no history.
    """
    values = X[list(COLUMNS)] if isinstance(X, pd.DataFrame) else X
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != len(COLUMNS):
        raise ValueError(f"expected the columns {', '.join(COLUMNS)}, got shape {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError("histories have gaps or infinite values: leave such customers out first")
    frequency, recency, age = rows.T
    wrong = {
        "frequency is a count": (frequency < 0) | (frequency != np.floor(frequency)),
        "recency lies between 0 and age": (recency < 0) | (recency > age),
        "recency is 0 exactly where frequency is": (frequency == 0) != (recency == 0),
    }
    for rule, breaks in wrong.items():
        if breaks.any():
            raise ValueError(f"{rule}: row {int(breaks.argmax())} is {rows[breaks.argmax()]}")
    return Histories(frequency, recency, age)


@dataclass(frozen=True)
class Grouped:
    """Histories in which equal rows are one, prepared for a likelihood that is asked often.

    Frequencies, ages and recencies have few distinct values, so that logarithms are taken of those.

    Attributes:
        counts: Distinct frequencies.
        count_weights: Customers of each.
        count_of: Place of each row's frequency in `counts`.
        ages: Distinct ages.
        age_weights: Customers of each.
        age_repeats: Repeat purchases of these customers.
        age_of: Place of each row's age in `ages`.
        recencies: Distinct recencies.
        recency_of: Place of each row's recency in `recencies`.
        weights: Customers, a row.
        total: Customers.
    """

    counts: Floats
    count_weights: Floats
    count_of: Ints
    ages: Floats
    age_weights: Floats
    age_repeats: Floats
    age_of: Ints
    recencies: Floats
    recency_of: Ints
    weights: Floats
    total: float


def grouped(rows: Histories, sample_weight: ArrayLike | None, scale: float) -> Grouped:
    """Groups histories, with time in units of ``1 / scale``.

    Raises:
        NotModelledError: Where there is nobody, or nobody came back.
        ValueError: Where weights are negative or not finite.
    """
    weights = np.ones(len(rows)) if sample_weight is None else np.asarray(sample_weight, np.float64)
    if weights.shape != (len(rows),) or not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("sample_weight is one finite number a row, none below 0")
    if not weights.sum():
        raise NotModelledError("no_customers", "there is no history to learn from")
    if not (weights * rows.frequency).any():
        raise NotModelledError("no_repeat_purchase", "nobody has come back yet")
    counts, count_of = np.unique(rows.frequency, return_inverse=True)
    ages, age_of = np.unique(rows.age, return_inverse=True)
    recencies, recency_of = np.unique(rows.recency, return_inverse=True)
    key = (recency_of * len(ages) + age_of) * len(counts) + count_of
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    return Grouped(
        counts=counts,
        count_weights=_sums(count_of, weights),
        count_of=count_of[first],
        ages=ages * scale,
        age_weights=_sums(age_of, weights),
        age_repeats=_sums(age_of, weights * rows.frequency),
        age_of=age_of[first],
        recencies=recencies * scale,
        recency_of=recency_of[first],
        weights=_sums(group, weights),
        total=float(weights.sum()),
    )


def _sums(group: Ints, values: Floats) -> Floats:
    return np.bincount(group, values).astype(np.float64)
