"""Features brought to scales on which distances mean the same: transformed, centred, spread one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit

from ml.archetypes.axes import PURCHASES, Axis, Feature, Transform

Floats = NDArray[np.float64]

NORMAL_QUARTILES = 1.349
"""Distance of the quartiles of a normal distribution, in standard deviations."""


@dataclass(frozen=True)
class Scale:
    """Middle and spread of each feature of an axis, after its transform.

    Attributes:
        middle: Median, a feature.
        spread: Robust standard deviation; infinite where a feature does not vary at all.
    """

    middle: tuple[float, ...]
    spread: tuple[float, ...]


def transformed(axis: Axis, customers: pd.DataFrame) -> Floats:
    """Features of an axis on their scales, a column each.

    Infinite values and gaps that mean nothing come out as NaN.
    """
    count = customers[PURCHASES].to_numpy(dtype=float, na_value=np.nan)
    return np.column_stack([_column(feature, customers, count) for feature in axis.features])


def _column(feature: Feature, customers: pd.DataFrame, count: Floats) -> Floats:
    raw = customers[feature.column].to_numpy(dtype=float, na_value=np.nan)
    values = np.where(np.isinf(raw), np.nan, raw)
    if feature.absent is not None:
        values = np.where(np.isnan(raw), feature.absent, values)
    with np.errstate(invalid="ignore", over="ignore"):
        if feature.transform is Transform.LOG:
            return np.asarray(np.sign(values) * np.log1p(np.abs(values)))
        if feature.transform is Transform.LOGIT:
            shares = np.clip(values, 0.0, 1.0)
            return np.asarray(logit((shares * count + 0.5) / (count + 1)))
        if feature.transform is Transform.SPEED:
            return np.asarray(1 / (1 + np.maximum(values, 0.0)))
    return np.asarray(values)


def fitted_scale(values: Floats) -> Scale:
    """Median and robust spread of each column.

    Half of the customers may share one value (never returned anything): where the quartiles are
    one, the standard deviation stands in.
    """
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75], axis=0)
    spread = (high - low) / NORMAL_QUARTILES
    spread = np.where(spread > 1e-12, spread, values.std(axis=0))
    spread = np.where(spread > 1e-12, spread, np.inf)
    return Scale(tuple(map(float, middle)), tuple(map(float, spread)))


def scaled(axis: Axis, values: Floats, scale: Scale) -> Floats:
    """Columns centred and of spread one, times the features' weights; constant ones are 0."""
    weights = np.array([feature.weight for feature in axis.features])
    apart: Floats = (values - np.array(scale.middle)) / np.array(scale.spread) * weights
    return apart
