"""The model of one axis: who can be told, one fuzzy c-means, segments by name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.archetypes.axes import (
    INSUFFICIENT_HISTORY,
    NOT_MODELLED,
    PURCHASES,
    RETURNS_KNOWN,
    Axis,
)
from ml.archetypes.fuzzy_c_means import FuzzyCMeans
from ml.archetypes.scaling import Scale, fitted_scale, scaled, transformed
from ml.errors import NotModelledError

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

FUZZIFIER = 2.0

LEAST_LEARNERS = 500
"""Where fewer have bought as often as an axis is learned from, it is from so many who have most."""


@dataclass(frozen=True)
class AxisScores:
    """What an axis says of customers, a row each.

    Attributes:
        segment: The dominant one.
        strength: Membership in it; not a number where there is none.
        second: The second strongest; empty where there is none.
        second_strength: Membership in that.
        reason: Why there is no segment of behaviour; empty where there is one.
        memberships: A column a segment, in the order of the axis's names; 0 where there is none.
    """

    segment: Texts
    strength: Floats
    second: Texts
    second_strength: Floats
    reason: Texts
    memberships: Floats


@dataclass(frozen=True)
class AxisModel:
    """One fitted axis, or why it is not.

    Attributes:
        axis: The facts.
        reason: Why there is no model; nothing where there is one.
        scale: Of the features.
        centers: One row a segment, in the order of the axis's names.
        row_count: Customers that it was fitted on.
        measures: Objective, partition coefficient, Xie-Beni index.
    """

    axis: Axis
    reason: str | None = None
    scale: Scale | None = None
    centers: Floats | None = None
    row_count: int = 0
    measures: dict[str, float] | None = None

    @classmethod
    def fitted(cls, axis: Axis, customers: pd.DataFrame, *, seed: int) -> Self:
        """Fits an axis, or says why it cannot be."""
        values = transformed(axis, customers)
        is_usable = _is_clustered(axis, customers) & np.isfinite(values).all(axis=1)
        usable = values[is_usable][_is_learned_from(axis, customers[is_usable])]
        try:
            return cls._clustered(axis, usable, seed)
        except NotModelledError as error:
            return cls(axis, reason=error.reason, row_count=len(usable))

    @classmethod
    def _clustered(cls, axis: Axis, usable: Floats, seed: int) -> Self:
        wanted = len(axis.segments)
        if len(usable) < wanted:
            raise NotModelledError(
                "fewer_customers_than_clusters", f"{len(usable)} customers for {wanted} clusters"
            )
        if not np.ptp(usable, axis=0).any():
            raise NotModelledError("constant_features", "all customers are the same")
        if len(np.unique(usable, axis=0)) < wanted:
            raise NotModelledError(
                "fewer_distinct_customers_than_clusters", "there are too few kinds of customers"
            )
        scale = fitted_scale(usable)
        rows = scaled(axis, usable, scale)
        found = FuzzyCMeans(wanted, fuzzifier=FUZZIFIER, random_state=seed).fit(rows)
        return cls(
            axis,
            scale=scale,
            centers=found.cluster_centers_[_named_order(axis, found.cluster_centers_)],
            row_count=len(usable),
            measures={
                "objective": found.objective_,
                "partition_coefficient": found.partition_coefficient_,
                "xie_beni": found.xie_beni_,
                "passes": float(found.n_iter_),
                "has_converged": float(found.has_converged_),
            },
        )

    def score(self, customers: pd.DataFrame) -> AxisScores:
        """Segments of customers, seen or unseen."""
        reason = _reasons(self.axis, customers)
        clustered = _is_clustered(self.axis, customers)
        values = transformed(self.axis, customers)
        reason[clustered & ~np.isfinite(values).all(axis=1)] = "missing_or_infinite_feature"
        if self.reason is not None:
            reason[clustered & (reason == "")] = self.reason
        names = self.axis.all_segments
        found = np.zeros((len(customers), len(names)))
        told = clustered & (reason == "")
        if self.centers is not None and self.scale is not None and told.any():
            rows = scaled(self.axis, values[told], self.scale)
            means = FuzzyCMeans.from_centers(self.centers, fuzzifier=FUZZIFIER)
            found[np.ix_(told, np.arange(len(names) - len(self.centers), len(names)))] = (
                means.memberships(rows)
            )
        by_rule = ~clustered & (reason == "")
        found[by_rule, 0] = 1.0
        return _ranked(self.axis, found, reason)

    def as_json(self) -> dict[str, Any]:
        """All there is to keep of it."""
        kept: dict[str, Any] = {
            "axis": self.axis.name,
            "row_count": self.row_count,
            "reason": self.reason,
        }
        if self.scale is not None and self.centers is not None:
            kept |= {
                "features": [feature.column for feature in self.axis.features],
                "segments": list(self.axis.segments),
                "middle": list(self.scale.middle),
                # A constant feature has no spread: JSON knows no infinity.
                "spread": [None if math.isinf(s) else s for s in self.scale.spread],
                "centers": self.centers.tolist(),
                "measures": {
                    name: value if math.isfinite(value) else None
                    for name, value in (self.measures or {}).items()
                },
            }
        return kept

    @classmethod
    def from_json(cls, axis: Axis, kept: dict[str, Any]) -> Self:
        """What was kept, as a model again.

        Raises:
            NotModelledError: Where it was fitted for other features or segments.
        """
        if kept["reason"] is not None:
            return cls(axis, reason=kept["reason"], row_count=kept["row_count"])
        features = [feature.column for feature in axis.features]
        if kept["features"] != features or kept["segments"] != list(axis.segments):
            raise NotModelledError(
                "model_of_other_features", f"the model of {axis.name} reads other features: refit"
            )
        spread = tuple(math.inf if s is None else float(s) for s in kept["spread"])
        measures = {name: math.inf if v is None else v for name, v in kept["measures"].items()}
        return cls(
            axis,
            scale=Scale(tuple(map(float, kept["middle"])), spread),
            centers=np.array(kept["centers"]),
            row_count=kept["row_count"],
            measures=measures,
        )


def _reasons(axis: Axis, customers: pd.DataFrame) -> Texts:
    """Why customers lack the history; empty where they have it."""
    count = customers[PURCHASES].to_numpy(dtype=float, na_value=np.nan)
    reason = np.full(len(customers), "", dtype=object)
    if axis.needs_returns:
        known = customers[RETURNS_KNOWN].fillna(False).to_numpy(dtype=bool)
        reason[~known] = "return_window_open"
    reason[~(count >= axis.minimum_purchases)] = "too_few_purchases"
    return reason


def _is_clustered(axis: Axis, customers: pd.DataFrame) -> NDArray[np.bool_]:
    """Who has the history and is told by the clusters, not by a rule."""
    has_history = _reasons(axis, customers) == ""
    if axis.single_purchase is None:
        return np.asarray(has_history)
    count = customers[PURCHASES].to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(has_history & (count != 1))


def _is_learned_from(axis: Axis, customers: pd.DataFrame) -> NDArray[np.bool_]:
    """Who has bought often enough to show their kind; of few, those who have most often."""
    count = customers[PURCHASES].to_numpy(dtype=float)
    if len(count) <= LEAST_LEARNERS:
        return np.full(len(count), fill_value=True)
    most = np.partition(count, -LEAST_LEARNERS)[-LEAST_LEARNERS]
    return np.asarray(count >= min(axis.learned_from, most))


def _named_order(axis: Axis, centers: Floats) -> NDArray[np.intp]:
    """Clusters in the order of the axis's names."""
    columns = [feature.column for feature in axis.features]
    if axis.peak is None or axis.then is None:
        return np.argsort(centers[:, 0], kind="stable")
    order = np.argsort(centers[:, columns.index(axis.then)], kind="stable")
    highest = int(centers[:, columns.index(axis.peak)].argmax())
    return np.append(order[order != highest], highest)


def _ranked(axis: Axis, found: Floats, reason: Texts) -> AxisScores:
    names = np.array(axis.all_segments, dtype=object)
    order = np.argsort(-found, axis=1, kind="stable")
    rows = np.arange(len(found))
    has_none = reason != ""
    lacks_history = np.isin(reason, ("too_few_purchases", "return_window_open"))
    explicit = np.where(lacks_history, INSUFFICIENT_HISTORY, NOT_MODELLED).astype(object)
    second_strength = found[rows, order[:, 1]]
    return AxisScores(
        segment=np.where(has_none, explicit, names[order[:, 0]]),
        strength=np.where(has_none, np.nan, found[rows, order[:, 0]]),
        second=np.where(second_strength > 0, names[order[:, 1]], ""),
        second_strength=second_strength,
        reason=reason,
        memberships=found,
    )
