"""Archetypes' keys and ids: the same behaviour has the same id for ever.

A key lists the axes in alphabetical order, each with what the level looks at. An id is made of
nothing but level and key: no model, no order of arrival, no day takes part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.archetypes.axis_model import AxisScores

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

STRONG, MODERATE = 0.70, 0.45
SECOND = 0.30
"""Membership from which a second segment takes part."""

ID_DIGITS = 12


class Level(StrEnum):
    """How closely an archetype looks."""

    L1 = "l1"  # the dominant segment of every axis
    L2 = "l2"  # and how strong each is
    L3 = "l3"  # the two strongest segments of an axis, where the second is strong enough


def archetype_id(level: Level, key: str) -> str:
    """The id of a level's key: `arch_` and twelve hexadecimal digits."""
    digest = hashlib.sha256(f"{level.value}|{key}".encode()).hexdigest()
    return f"arch_{digest[:ID_DIGITS]}"


def archetype_key(parts: Mapping[str, str]) -> str:
    """The key of what a level sees on each axis."""
    return "|".join(f"{axis}={parts[axis]}" for axis in sorted(parts))


def keys(level: Level, scores: Mapping[str, AxisScores]) -> Texts:
    """Keys of customers, a row each."""
    axes = sorted(scores)
    parts = {axis: _parts(level, scores[axis]) for axis in axes}
    # Most customers share their key with others: each is written once.
    codes = [pd.factorize(parts[axis]) for axis in axes]
    told, group = np.unique(
        np.column_stack([code for code, _ in codes]), axis=0, return_inverse=True
    )
    written = [archetype_key({a: codes[i][1][row[i]] for i, a in enumerate(axes)}) for row in told]
    return np.array(written, dtype=object)[group.reshape(-1)]


def ids(level: Level, written: Texts) -> Texts:
    """Ids of keys, a row each."""
    codes, distinct = pd.factorize(written)
    return np.array([archetype_id(level, key) for key in distinct], dtype=object)[codes]


def strength_words(strength: Floats) -> Texts:
    """Strong, moderate or weak; empty where there is no membership."""
    conditions = [np.isnan(strength), strength >= STRONG, strength >= MODERATE]
    return np.select(conditions, ["", "strong", "moderate"], default="weak").astype(object)


def _parts(level: Level, scores: AxisScores) -> Texts:
    if level is Level.L1:
        return scores.segment
    if level is Level.L2:
        words = strength_words(scores.strength)
        return np.where(words == "", scores.segment, scores.segment + ":" + words)
    # The two as a set: which of them leads is told by the level above.
    first = np.minimum(scores.segment, scores.second)
    last = np.maximum(scores.segment, scores.second)
    has_second = (scores.second != "") & (scores.second_strength >= SECOND)
    return np.where(has_second, first + "+" + last, scores.segment)
