"""Fuzzy c-means: every row belongs to every cluster, to a degree."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import kmeans_plusplus
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from ml.archetypes.batches import Batches, degrees, squared_distances

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """Where one start has led.

    Attributes:
        centers: One row a cluster, measured from the mean of the data.
        objective: Sum of the squared distances, weighted by the degrees to the fuzzifier.
        n_iter: Passes over the rows.
        has_converged: Whether the centres stood still in the end.
    """

    centers: Floats
    objective: float
    n_iter: int
    has_converged: bool


class FuzzyCMeans(ClusterMixin, BaseEstimator):
    """Fuzzy c-means clustering (Bezdek 1981).

    Minimises the sum over rows i and clusters k of ``u_ik ** m * |x_i - c_k| ** 2``, where the
    degrees ``u_ik`` of a row sum to one. From a k-means++ start, degrees and centres are renewed
    in turn until the centres stand still; of several starts the one with the lowest objective is
    kept. Where there are many rows, the starts are made on a sample, and the best is carried on
    with all rows: the objective is that of all rows.

    A pass goes through the rows in batches whose sums add up to those of the whole, so that it
    needs memory for one batch; rows may be mapped from a file (``numpy.memmap``).

    References:
        J. C. Bezdek, *Pattern Recognition with Fuzzy Objective Function Algorithms*, 1981.
        D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
        X. L. Xie, G. Beni, "A validity measure for fuzzy clustering", IEEE PAMI 13 (8), 1991.

    Args:
        n_clusters: Number of clusters.
        fuzzifier: m, above 1: near 1 the clusters are crisp, large they are all alike.
        n_init: Number of starts.
        max_iter: Most passes of a start.
        tol: The centres stand still when none moves by more than this, in root mean variances.
        batch_size: Rows in memory at once, beside the data themselves.
        sample_size: Above so many rows, the starts are made on a sample of so many.
        random_state: Seed.

    Attributes:
        cluster_centers_: One row a cluster.
        labels_: Cluster of the highest degree, a row.
        objective_: The sum that was minimised.
        partition_coefficient_: Mean of the squared degrees' sums: 1 is crisp, 1/k all alike.
        xie_beni_: Objective over rows and smallest squared distance of two centres: low is good.
        n_iter_: Passes over all rows of the start that was kept.
        has_converged_: Whether the centres stood still within ``max_iter``.
        n_features_in_: Number of columns.
    """

    def __init__(
        self,
        n_clusters: int = 3,
        *,
        fuzzifier: float = 2.0,
        n_init: int = 5,
        max_iter: int = 300,
        tol: float = 1e-5,
        batch_size: int = 16_384,
        sample_size: int = 20_000,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.fuzzifier = fuzzifier
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.batch_size = batch_size
        self.sample_size = sample_size
        self.random_state = random_state

    @classmethod
    def from_centers(cls, centers: ArrayLike, *, fuzzifier: float) -> Self:
        """A fitted estimator from what is kept of one: it can `predict` and tell `memberships`."""
        places = np.asarray(centers, dtype=np.float64)
        estimator = cls(len(places), fuzzifier=fuzzifier)
        estimator.cluster_centers_ = places
        estimator.n_features_in_ = places.shape[1]
        return estimator

    def fit(self, X: ArrayLike, y: object = None) -> Self:  # noqa: ARG002 - as scikit-learn asks
        """Finds the clusters.

        Args:
            X: Rows to cluster, without gaps.
            y: Ignored.

        Returns:
            The estimator itself.

        Raises:
            ValueError: Where parameters or data cannot be used.
        """
        self._check_parameters()
        rows = validate_data(self, X, dtype=np.float64, order="C")
        if len(rows) < self.n_clusters:
            raise ValueError(
                f"n_samples={len(rows)} should be >= n_clusters={self.n_clusters}: "
                "there cannot be more clusters than rows"
            )
        random = check_random_state(self.random_state)
        offset = rows.mean(axis=0)
        best = self._best(rows, offset, random)
        self.cluster_centers_: Floats = best.centers + offset
        self.n_iter_ = best.n_iter
        self.has_converged_ = best.has_converged
        self._measure(rows, offset, best.centers)
        self._warn(best)
        return self

    def memberships(self, X: ArrayLike) -> Floats:
        """Degrees to which rows belong to the clusters.

        Args:
            X: Rows, seen or unseen.

        Returns:
            One row a row, one column a cluster; each row sums to one. A row that lies on centres
            belongs to them alone, in equal parts.
        """
        rows = self._checked(X)
        found = np.empty((len(rows), len(self.cluster_centers_)))
        offset = self.cluster_centers_.mean(axis=0)
        batches = Batches(rows, offset, self.batch_size)
        for place, batch in batches.placed():
            found[place] = degrees(batch, self.cluster_centers_ - offset, self.fuzzifier).T
        return found

    def predict(self, X: ArrayLike) -> NDArray[np.int32]:
        """The cluster of the highest degree, which is that of the nearest centre.

        Args:
            X: Rows, seen or unseen.

        Returns:
            Number of the cluster, a row.
        """
        nearest: NDArray[np.int32] = self.memberships(X).argmax(axis=1).astype(np.int32)
        return nearest

    def _checked(self, X: ArrayLike) -> Floats:
        check_is_fitted(self, "cluster_centers_")
        rows: Floats = validate_data(self, X, dtype=np.float64, order="C", reset=False)
        return rows

    def _check_parameters(self) -> None:
        at_least = {"n_clusters": 1, "n_init": 1, "max_iter": 1, "batch_size": 1, "sample_size": 1}
        for name, least in at_least.items():
            if getattr(self, name) < least:
                raise ValueError(f"{name} is at least {least}, not {getattr(self, name)}")
        if not 1 < self.fuzzifier < np.inf:
            raise ValueError(f"fuzzifier is above 1, not {self.fuzzifier}")
        if not self.tol >= 0:
            raise ValueError(f"tol is at least 0, not {self.tol}")

    def _best(self, rows: Floats, offset: Floats, random: np.random.RandomState) -> Fit:
        sample = rows
        if len(rows) > max(self.sample_size, self.n_clusters):
            size = max(self.sample_size, self.n_clusters)
            sample = rows[np.sort(random.choice(len(rows), size, replace=False))]
        batches = Batches(sample, offset, self.batch_size)
        starts = [self._start(sample - offset, random) for _ in range(self.n_init)]
        fits = (self._run(batches, start) for start in starts)
        best = min(fits, key=lambda fit: fit.objective)
        if sample is rows:
            return best
        return self._run(Batches(rows, offset, self.batch_size), best.centers)

    def _start(self, rows: Floats, random: np.random.RandomState) -> Floats:
        with warnings.catch_warnings():
            # Fewer distinct rows than clusters: said once, at the end.
            warnings.simplefilter("ignore")
            centers, _ = kmeans_plusplus(rows, self.n_clusters, random_state=random)
        return np.asarray(centers, dtype=np.float64)

    def _run(self, batches: Batches, centers: Floats) -> Fit:
        """Renews degrees and centres in turn, from a start to where they stand still."""
        limit = self.tol * np.sqrt(batches.mean_variance)
        for passes in range(1, self.max_iter + 1):
            renewed, objective = batches.renewed(centers, self.fuzzifier)
            moved = float(np.abs(renewed - centers).max())
            centers = renewed
            if moved <= limit:
                return Fit(centers, objective, passes, has_converged=True)
        return Fit(centers, objective, self.max_iter, has_converged=False)

    def _measure(self, rows: Floats, offset: Floats, centers: Floats) -> None:
        labels = np.empty(len(rows), dtype=np.int32)
        objective = partition = 0.0
        for place, batch in Batches(rows, offset, self.batch_size).placed():
            found = degrees(batch, centers, self.fuzzifier)
            labels[place] = found.argmax(axis=0)
            apart = squared_distances(batch, centers)
            objective += float((found**self.fuzzifier * apart).sum())
            partition += float((found**2).sum())
        self.labels_ = labels
        self.objective_ = objective
        self.partition_coefficient_ = partition / len(rows)
        self.xie_beni_ = _xie_beni(objective / len(rows), centers)

    def _warn(self, fit: Fit) -> None:
        distinct = len(np.unique(fit.centers, axis=0))
        if distinct < self.n_clusters:
            warnings.warn(
                f"Only {distinct} distinct rows for {self.n_clusters} clusters: "
                "some clusters are the same",
                ConvergenceWarning,
                stacklevel=3,
            )
        if not fit.has_converged:
            warnings.warn(
                f"The centres still moved after {self.max_iter} passes: "
                "raise max_iter, or tol, or look for rows far from all others",
                ConvergenceWarning,
                stacklevel=3,
            )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        return tags


def _xie_beni(mean_objective: float, centers: Floats) -> float:
    """Compactness over separation; infinite where two centres are one, no number for one."""
    if len(centers) < 2:
        return float("nan")
    apart = ((centers[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2)
    separation = float(apart[np.triu_indices(len(centers), 1)].min())
    return mean_objective / separation if separation > 0 else float("inf")
