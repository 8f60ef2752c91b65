"""Boosted trees as plain arrays: fitted by scikit-learn, kept and evaluated without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CHUNK = 8192
"""Rows that go through the trees together: what they need stays near the processor."""


@dataclass(frozen=True)
class BoostedTrees:
    """A sum of decision trees on the scale of the log odds.

    The nodes of all trees stand one after another; a leaf's children are itself.

    Attributes:
        baseline: Log odds before any tree.
        roots: Number of each tree's first node.
        feature: Column that a node asks for.
        threshold: Up to this value, included, it goes left.
        missing_left: Whether NaN does.
        left: Node on the left.
        right: Node on the right.
        value: What a leaf adds; of an inner node what its leaves add on average.
        depth: Longest way from a root to a leaf.
    """

    baseline: float
    roots: Ints
    feature: Ints
    threshold: Floats
    missing_left: NDArray[np.bool_]
    left: Ints
    right: Ints
    value: Floats
    depth: int

    def log_odds(self, x: Floats) -> Floats:
        """Log odds of each row."""
        total = np.full(len(x), self.baseline)
        for start in range(0, len(x), CHUNK):
            rows = x[start : start + CHUNK]
            for root in self.roots:
                node = np.full(len(rows), root)
                for _ in range(self.depth):
                    node = self._next(rows, node)
                total[start : start + CHUNK] += self.value[node]
        return total

    def contributions(self, x: Floats) -> Floats:
        """What each column adds to the log odds of each row, along the ways through the trees.

        A step from a node to its child adds the difference of their values to the column that the
        node asked for. With the baseline a row adds up to its log odds.
        """
        added = np.zeros(x.shape)
        for start in range(0, len(x), CHUNK):
            rows = x[start : start + CHUNK]
            place = np.arange(start, start + len(rows))
            for root in self.roots:
                node = np.full(len(rows), root)
                for _ in range(self.depth):
                    child = self._next(rows, node)
                    added[place, self.feature[node]] += self.value[child] - self.value[node]
                    node = child
        return added

    def _next(self, rows: Floats, node: Ints) -> Ints:
        asked = rows[np.arange(len(rows)), self.feature[node]]
        goes_left = np.where(
            np.isnan(asked), self.missing_left[node], asked <= self.threshold[node]
        )
        chosen: Ints = np.where(goes_left, self.left[node], self.right[node])
        return chosen

    def to_dict(self) -> dict[str, Any]:
        """Numbers and lists that `from_dict` makes the same trees of."""
        arrays = {name: getattr(self, name).tolist() for name in _ARRAYS}
        # JSON has no infinity: a leaf's threshold is never asked for.
        return {"baseline": self.baseline, "depth": self.depth, **arrays}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The trees that `to_dict` told of."""
        arrays = {name: np.array(stored[name], kind) for name, kind in _ARRAYS.items()}
        return cls(baseline=float(stored["baseline"]), depth=int(stored["depth"]), **arrays)


_ARRAYS: dict[str, Any] = {
    "roots": np.int64,
    "feature": np.int64,
    "threshold": np.float64,
    "missing_left": np.bool_,
    "left": np.int64,
    "right": np.int64,
    "value": np.float64,
}


@dataclass(frozen=True)
class Growth:
    """How trees are grown.

    A customer is in many rows, one a cut-off, which say nearly the same: rows are fewer witnesses
    than they seem. So trees are shallow, and a leaf needs a share of all rows.

    Attributes:
        trees: How many.
        leaves: Most leaves of a tree.
        rate: What a tree's answer is multiplied by.
        leaf_share: Share of the rows that a leaf needs.
        calm: How much leaves are drawn to 0.
    """

    trees: int
    leaves: int
    rate: float
    leaf_share: float = 0.02
    calm: float = 10.0


FULL = Growth(trees=100, leaves=4, rate=0.05)
SMALL = Growth(trees=20, leaves=4, rate=0.25)

FEWEST = 20
"""Rows that a leaf needs however few there are."""


def grow(x: Floats, y: Floats, growth: Growth, seed: int) -> BoostedTrees:
    """Fits trees to rows and their labels, 1 or 0, of which there are both.

    On one thread: the last digits of sums that several make depend on how many there are.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    # A column nobody has a value of cannot be binned; as a constant it is never asked for.
    known = np.where(np.isnan(x).all(axis=0), 0.0, x)
    model = HistGradientBoostingClassifier(
        learning_rate=growth.rate,
        max_iter=growth.trees,
        max_leaf_nodes=growth.leaves,
        min_samples_leaf=max(FEWEST, round(growth.leaf_share * len(x))),
        l2_regularization=growth.calm,
        early_stopping=False,
        random_state=seed,
    )
    with threadpool_limits(limits=1):
        model.fit(known, y)
    return plain(model, growth.rate)


def plain(model: Any, rate: float) -> BoostedTrees:
    """The arrays of a fitted classifier of two classes.

    They are no public part of scikit-learn: a test holds the answers of both against each other.
    """
    trees = [predictor.nodes for (predictor,) in model._predictors]
    sizes = np.array([len(tree) for tree in trees], np.int64)
    roots = np.cumsum(sizes) - sizes
    nodes = np.concatenate(trees)
    first = np.repeat(roots, sizes)
    own = np.arange(len(nodes))
    is_leaf = nodes["is_leaf"].astype(bool)
    return BoostedTrees(
        baseline=float(np.ravel(model._baseline_prediction)[0]),
        roots=roots.astype(np.int64),
        feature=np.where(is_leaf, 0, nodes["feature_idx"]).astype(np.int64),
        threshold=np.where(is_leaf, 0.0, _finite(nodes["num_threshold"])),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        left=np.where(is_leaf, own, nodes["left"] + first).astype(np.int64),
        right=np.where(is_leaf, own, nodes["right"] + first).astype(np.int64),
        # A leaf's value is shrunk when it is grown, an inner node's is not.
        value=np.where(is_leaf, nodes["value"], nodes["value"] * rate),
        depth=int(nodes["depth"].max()),
    )


def _finite(thresholds: Floats) -> Floats:
    """A split of missing from known values has an infinite threshold, which JSON has not."""
    return np.clip(thresholds, -np.finfo(np.float64).max, np.finfo(np.float64).max)
