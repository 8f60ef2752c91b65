"""The arithmetic of fuzzy c-means, batch by batch: two matrix products and what lies between.

A batch carries its rows with two more columns, the squared norm and a one. With the centres as
``(-2c, 1, |c|**2)``, one product gives all squared distances; with the degrees, one product gives
the sums for the new centres and their weights.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

KEPT_BYTES = 2**28
"""Up to this size, prepared batches are kept from pass to pass; above it they are made anew."""

TINY = 1e-280
"""Stands for a distance of zero: its reciprocal is still a number."""


class Batches:
    """Rows, measured from an offset, prepared in batches.

    Args:
        rows: All rows; may be mapped from a file.
        offset: What is subtracted, so that products of large numbers do not drown differences.
        size: Rows of a batch.
    """

    def __init__(self, rows: Floats, offset: Floats, size: int) -> None:
        self._rows = rows
        self._offset = offset
        self._size = size
        is_kept = len(rows) * (rows.shape[1] + 2) * 8 <= KEPT_BYTES
        self._kept = list(self._made()) if is_kept else None

    @property
    def mean_variance(self) -> float:
        """Mean over the columns of the mean square, which is the variance around the offset."""
        total = sum(float(batch[:, -2].sum()) for batch in self)
        return total / self._rows.size

    def __iter__(self) -> Iterator[Floats]:
        return self._made() if self._kept is None else iter(self._kept)

    def placed(self) -> Iterator[tuple[slice, Floats]]:
        """Batches, each with where its rows stand."""
        begin = 0
        for batch in self:
            yield slice(begin, begin + len(batch)), batch
            begin += len(batch)

    def renewed(self, centers: Floats, fuzzifier: float) -> tuple[Floats, float]:
        """One pass: the centres that follow from the degrees, and the objective before it."""
        columns = centers.shape[1]
        sums = np.zeros((len(centers), columns + 2))
        objective = 0.0
        for batch in self:
            weights, part = _weights(batch, centers, fuzzifier)
            sums += weights @ batch
            objective += part
        # A cluster that nothing belongs to stays where it is.
        total = sums[:, -1:]
        return np.where(total > 0, sums[:, :columns] / np.maximum(total, TINY), centers), objective

    def _made(self) -> Iterator[Floats]:
        columns = self._rows.shape[1]
        for begin in range(0, len(self._rows), self._size):
            rows = self._rows[begin : begin + self._size]
            batch = np.ones((len(rows), columns + 2))
            np.subtract(rows, self._offset, out=batch[:, :columns])
            np.einsum("ij,ij->i", batch[:, :columns], batch[:, :columns], out=batch[:, -2])
            yield batch


def squared_distances(batch: Floats, centers: Floats) -> Floats:
    """Squared distances, one row a center, one column a row of the batch.

    What is no more than rounding counts as zero, and zero as tiny, so that it can be divided by.
    """
    norms = np.einsum("ij,ij->i", centers, centers)
    sides = np.column_stack([-2 * centers, np.ones(len(centers)), norms])
    apart: Floats = sides @ batch.T
    floor = max(8 * np.finfo(np.float64).eps * float(norms.max()), TINY)
    return np.maximum(apart, floor, out=apart)


def degrees(batch: Floats, centers: Floats, fuzzifier: float) -> Floats:
    """Degrees of membership, one row a center, one column a row of the batch."""
    found, _ = _closeness(squared_distances(batch, centers), fuzzifier)
    found /= found.sum(axis=0)
    return found


def _closeness(apart: Floats, fuzzifier: float) -> tuple[Floats, Floats]:
    """Degrees before they are made to sum to one, in units of the nearest center's."""
    nearest = apart.min(axis=0)
    return (nearest / apart) ** (1 / (fuzzifier - 1)), nearest


def _weights(batch: Floats, centers: Floats, fuzzifier: float) -> tuple[Floats, float]:
    """Degrees to the power of the fuzzifier, and their part of the objective.

    The objective needs no second pass: with closeness w and S its sum over the centres, the sum
    of ``u**m * d`` over them is ``nearest * S**(1 - m)``.
    """
    apart = squared_distances(batch, centers)
    if fuzzifier == 2:
        close = np.reciprocal(apart, out=apart)
        shrink = 1 / close.sum(axis=0)
        objective = float(shrink.sum())
        close *= shrink
        close *= close
        return close, objective
    close, nearest = _closeness(apart, fuzzifier)
    total = close.sum(axis=0)
    objective = float((nearest * total ** (1 - fuzzifier)).sum())
    close /= total
    return close**fuzzifier, objective
