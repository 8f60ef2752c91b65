"""Vectorised drawing, rounding and ragged arrays: the arithmetic that every part shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

NEVER = np.iinfo(np.int64).min
"""The time that does not come; becomes ``NaT``."""

ABSENT = -1
"""The nullable integer that is not there; becomes ``NA``."""


def divide_half_up(numerator: Ints, denominator: ArrayLike) -> Ints:
    """Integer division rounded half away from zero; the denominator is positive."""
    bottom = np.asarray(denominator, np.int64)
    sign = np.sign(numerator)
    return sign * ((2 * np.abs(numerator) + bottom) // (2 * bottom))


def share(amount: Ints, part: ArrayLike, whole: ArrayLike) -> Ints:
    """``amount * part / whole`` in whole cents; 0 where the whole is 0."""
    whole = np.asarray(whole, np.int64)
    cents = divide_half_up(amount * np.asarray(part, np.int64), np.maximum(whole, 1))
    return np.where(whole > 0, cents, 0)


def spread(amount: Ints, weights: Ints, group: Ints) -> Ints:
    """Spread an amount over the rows of each group by weight, to the cent.

    Args:
        amount: The group's amount, repeated on each of its rows.
        weights: Non-negative weight of each row.
        group: Sorted group number of each row.

    Returns:
        Each row's part; the parts of a group equal its amount, or 0 without any weight.
    """
    running = np.cumsum(weights)
    first = np.r_[True, group[1:] != group[:-1]] if len(group) else np.zeros(0, bool)
    before_group = (running - weights)[first][np.cumsum(first) - 1]
    upto = running - before_group
    whole = group_sums(weights, group)
    return share(amount, upto, whole) - share(amount, upto - weights, whole)


def group_sums(values: Ints, group: Ints) -> Ints:
    """Sum of each row's group, aligned with the rows; the group is sorted."""
    if not len(group):
        return np.zeros(0, np.int64)
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    counts = np.diff(np.r_[first, len(group)])
    return np.repeat(np.add.reduceat(values, first), counts)


def ragged(counts: Ints) -> tuple[Ints, Ints]:
    """Rows of a ragged array: the owner of each row and its 0-based place with the owner."""
    owner = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - starts[owner]


def weighted(rng: np.random.Generator, weights: ArrayLike, size: int) -> Ints:
    """Draw indices by weight."""
    edges = np.cumsum(np.asarray(weights, float))
    return np.searchsorted(edges / edges[-1], rng.random(size), side="right").clip(
        0, len(edges) - 1
    )


def pick(rng: np.random.Generator, candidates: Bools, chance: float, *, at_least: int = 4) -> Bools:
    """Choose candidates at random: each with the chance, but never fewer than ``at_least``."""
    places = np.flatnonzero(candidates)
    count = min(len(places), max(at_least, round(chance * len(places))))
    chosen = np.zeros(len(candidates), bool)
    chosen[rng.choice(places, count, replace=False)] = True
    return chosen


def between(rng: np.random.Generator, low: float, high: float, size: int) -> Ints:
    """Draw whole numbers evenly from ``[low, high)``."""
    return rng.uniform(low, high, size).astype(np.int64)


def pick_words(rng: np.random.Generator, words: Sequence[str], size: int) -> np.ndarray:
    """Draw words evenly."""
    return np.array(words, object)[rng.integers(0, len(words), size)]


def sigmoid(logit: Floats) -> Floats:
    """The chance that belongs to a logit."""
    return 1.0 / (1.0 + np.exp(-logit))
