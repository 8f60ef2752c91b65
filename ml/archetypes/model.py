"""All axes together: customers in, segments and archetypes out; kept as JSON."""

from __future__ import annotations

import datetime as dt
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning

from ml.archetypes.axes import AXES, AXIS_NAMES, COLUMNS
from ml.archetypes.axis_model import AxisModel, AxisScores
from ml.archetypes.keys import Level, ids, keys

FORMAT = 2


@dataclass(frozen=True)
class ArchetypeModel:
    """The models of all axes, of one version.

    Attributes:
        version: Name of this fit.
        as_of: Day of the snapshot it was fitted on.
        axes: Model of each axis, by name.
        warnings: What was said in fitting, by axis.
    """

    version: str
    as_of: dt.date
    axes: Mapping[str, AxisModel]
    warnings: Mapping[str, str]

    @classmethod
    def fitted(
        cls, customers: pd.DataFrame, *, version: str, as_of: dt.date, seed: int = 0
    ) -> Self:
        """Fits every axis that the customers carry; the others say why not.

        Args:
            customers: A row a customer, with `ml.archetypes.axes.COLUMNS`.
            version: Name of this fit.
            as_of: Day of the snapshot.
            seed: Of the starts: the same input and seed give the same model.
        """
        _check(customers)
        axes, said = {}, {}
        # The order of rows must not matter: a warehouse gives them in any.
        ordered = customers.sort_values("customer_key", kind="stable")
        for axis in AXES:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always", ConvergenceWarning)
                axes[axis.name] = AxisModel.fitted(axis, ordered, seed=seed)
            if caught:
                said[axis.name] = str(caught[-1].message)
        return cls(version, as_of, axes, said)

    def score(self, customers: pd.DataFrame) -> Scores:
        """Segments and archetypes of customers, seen or unseen."""
        _check(customers)
        return Scores(
            customers["customer_key"].to_numpy(),
            {name: model.score(customers) for name, model in self.axes.items()},
        )

    def to_json(self) -> str:
        """All there is to keep: plain numbers and names."""
        kept = {
            "format": FORMAT,
            "version": self.version,
            "as_of": self.as_of.isoformat(),
            "axes": [model.as_json() for model in self.axes.values()],
            "warnings": dict(self.warnings),
        }
        return json.dumps(kept, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What was kept, as a model again.

        Raises:
            ValueError: Where it is of another format.
        """
        kept = json.loads(text)
        if kept["format"] != FORMAT:
            raise ValueError(f"a model of format {kept['format']}, where {FORMAT} is read: refit")
        by_name = {axis["axis"]: axis for axis in kept["axes"]}
        axes = {axis.name: AxisModel.from_json(axis, by_name[axis.name]) for axis in AXES}
        return cls(kept["version"], dt.date.fromisoformat(kept["as_of"]), axes, kept["warnings"])


@dataclass(frozen=True)
class Scores:
    """What a model says of customers.

    Attributes:
        customer_key: The customers.
        axes: What each axis says, by name.
    """

    customer_key: np.ndarray
    axes: Mapping[str, AxisScores]

    def archetypes(self) -> pd.DataFrame:
        """One row a customer: key, and key and id of the archetype on each level."""
        columns = {"customer_key": self.customer_key}
        for level in Level:
            written = keys(level, self.axes)
            columns[f"archetype_{level.value}_key"] = written
            columns[f"archetype_{level.value}_id"] = ids(level, written)
        return pd.DataFrame(columns)

    def segments(self) -> pd.DataFrame:
        """One row a customer, one column an axis: the dominant segment."""
        return self._wide("segment")

    def strengths(self) -> pd.DataFrame:
        """One row a customer, one column an axis: membership in the dominant segment."""
        return self._wide("strength")

    def memberships(self) -> pd.DataFrame:
        """One row a customer, axis and segment with a membership, or with the reason for none."""
        parts = [self._of_axis(AXES[AXIS_NAMES.index(name)].all_segments, name)
                 for name in self.axes]  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    def table(self) -> pd.DataFrame:
        """One row a customer, as the warehouse keeps it: ids, and two columns of JSON."""
        rows = self.archetypes().drop(columns=[f"archetype_{level.value}_key" for level in Level])
        strengths = self.strengths().drop(columns="customer_key").round(4)
        segments = self.segments().drop(columns="customer_key")
        return rows.assign(
            dominant_segments=[json.dumps(row) for row in segments.to_dict("records")],
            membership_strengths=[
                json.dumps({axis: None if value != value else value for axis, value in row.items()})
                for row in strengths.to_dict("records")
            ],
        )

    def _wide(self, name: str) -> pd.DataFrame:
        columns = {axis: getattr(scores, name) for axis, scores in self.axes.items()}
        return pd.DataFrame({"customer_key": self.customer_key} | columns)

    def _of_axis(self, names: tuple[str, ...], axis: str) -> pd.DataFrame:
        scores = self.axes[axis]
        row, column = np.nonzero(scores.memberships)
        told = pd.DataFrame(
            {
                "customer_key": self.customer_key[row],
                "axis": axis,
                "segment": np.array(names, dtype=object)[column],
                "membership": scores.memberships[row, column],
                "reason": None,
            }
        )
        none = scores.reason != ""
        untold = pd.DataFrame(
            {
                "customer_key": self.customer_key[none],
                "axis": axis,
                "segment": scores.segment[none],
                "membership": np.nan,
                "reason": scores.reason[none],
            }
        )
        return pd.concat([part for part in (told, untold) if len(part)] or [told])


def _check(customers: pd.DataFrame) -> None:
    lacking = [column for column in COLUMNS if column not in customers]
    if lacking:
        raise ValueError(f"the frame of customers lacks {', '.join(lacking)}")
    if customers["customer_key"].duplicated().any():
        raise ValueError("a customer stands twice in the frame: one snapshot at a time")
