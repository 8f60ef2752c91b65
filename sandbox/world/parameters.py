"""The population behind a world: what a model that knew everything would know."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sandbox.world.people import MIXTURES, SEPARATION
from sandbox.world.presets import PRESETS


def parameters(size: str) -> dict[str, Any]:
    """True parameters of purchases (MBG/NBD, per day) and of the planted mixtures.

    Args:
        size: Key of ``PRESETS``.

    Returns:
        JSON: ``mbg_nbd`` with r, alpha, a, b; ``mixtures`` by axis with the lowest mean, the spread
        within a component and the weights; ``separation`` of neighbouring means in spreads.
    """
    preset = PRESETS[size]
    return {
        "size": size,
        "start": preset.start.isoformat(),
        "has_season": preset.has_season,
        "mbg_nbd": {
            "r": preset.rate_shape,
            "alpha": preset.rate_scale,
            "a": preset.dropout_a,
            "b": preset.dropout_b,
        },
        "mixtures": {axis: asdict(mixture) for axis, mixture in MIXTURES.items()},
        "separation": SEPARATION,
    }
