"""Archetypes in words: what a segment says of a customer."""

from __future__ import annotations

from collections.abc import Mapping

from ml.archetypes.axes import AXES, INSUFFICIENT_HISTORY, NOT_MODELLED

WORDS = {
    "purchase_frequency": {
        "one_time": "bought once",
        "occasional": "buys now and then",
        "regular": "buys regularly",
        "power_buyer": "buys very often",
    },
    "purchase_value": {
        "budget": "spends little per order",
        "mid": "spends an average amount per order",
        "high": "spends much per order",
        "premium": "spends most per order",
    },
    "category_affinity": {
        "single_category": "stays within one category",
        "focused": "has a favourite category",
        "multi_category": "buys across categories",
    },
    "price_sensitivity": {
        "full_price": "pays full prices",
        "deal_responsive": "takes a discount when there is one",
        "discount_driven": "buys at a discount",
    },
    "purchase_cadence": {
        "steady": "buys at a steady pace",
        "irregular": "buys at irregular times",
        "seasonal": "buys at the same time of the year",
    },
    "customer_maturity": {
        "new": "is new",
        "developing": "has been here for a while",
        "established": "is an established customer",
        "veteran": "has been here for longest",
    },
    "repurchase_behavior": {
        "explorer": "tries new products",
        "mixed": "mixes new and known products",
        "repurchaser": "buys the same products again",
    },
    "return_behavior": {
        "keeper": "keeps what was bought",
        "occasional_returner": "returns something now and then",
        "frequent_returner": "returns often",
    },
}
"""One phrase a segment, to be read after "a customer who"."""

UNSAID = (INSUFFICIENT_HISTORY, NOT_MODELLED)


def traits(segments: Mapping[str, str]) -> list[str]:
    """Phrases for the dominant segments of a customer or archetype.

    Args:
        segments: Segment by axis.

    Returns:
        One phrase an axis, in the order of the axes; none for an axis that cannot be told.
    """
    told = [(axis.name, segments[axis.name]) for axis in AXES if axis.name in segments]
    return [WORDS[axis][segment] for axis, segment in told if segment not in UNSAID]
