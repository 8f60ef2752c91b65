"""What the archetypes' ids stand for: their keys, and the same in words."""

from __future__ import annotations

import json

import pandas as pd

from ml.archetypes.axes import AXES
from ml.archetypes.keys import Level
from ml.archetypes.model import Scores
from ml.archetypes.traits import UNSAID, WORDS


def described(scores: Scores) -> pd.DataFrame:
    """One row a level and archetype that a customer is in, in the order of level and id.

    Args:
        scores: What a model says of customers.

    Returns:
        Columns `archetype_level`, `archetype_id`, `archetype_key` and `traits`, a list as JSON.
    """
    rows = scores.archetypes()
    parts = [_of_level(rows, level) for level in Level]
    return pd.concat(parts, ignore_index=True)


def words_of(key: str) -> list[str]:
    """Phrases of a key of any level, in the order of the axes.

    Args:
        key: As `ml.archetypes.keys` writes it: `purchase_value=mid+high` or `=mid:strong`.

    Returns:
        One phrase an axis that can be told: how strong it is stands behind it in brackets, and of
        two segments both are said.
    """
    seen = dict(part.split("=") for part in key.split("|"))
    phrases = [_phrase(axis.name, axis.all_segments, seen[axis.name]) for axis in AXES]
    return [phrase for phrase in phrases if phrase]


def _of_level(rows: pd.DataFrame, level: Level) -> pd.DataFrame:
    columns = [f"archetype_{level.value}_id", f"archetype_{level.value}_key"]
    found = rows[columns].drop_duplicates().sort_values(columns[0], kind="stable")
    found.columns = pd.Index(["archetype_id", "archetype_key"])
    return found.assign(
        archetype_level=level.value,
        traits=[json.dumps(words_of(key)) for key in found["archetype_key"]],
    )[["archetype_level", "archetype_id", "archetype_key", "traits"]]


def _phrase(axis: str, order: tuple[str, ...], seen: str) -> str:
    if seen in UNSAID:
        return ""
    names, _, strength = seen.partition(":")
    # Of two segments the lower one is said first, however the key sorts them.
    said = " or ".join(WORDS[axis][name] for name in sorted(names.split("+"), key=order.index))
    return f"{said} ({strength})" if strength else said
