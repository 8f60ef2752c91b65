"""The discounts that a shop offers: codes, automatic ones, and one that is over."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.baskets import ALL_FREE, DISCOUNTS
from sandbox.world.drawing import DAY, NEVER
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.shops import SHOPS, Shop
from sandbox.world.timeline import micros

DISCOUNT_BASE = 1_170_000_000_000
OVER = ("code", "LASTYEAR15", "order", "percentage", 15.0)


def frame(preset: Preset) -> pd.DataFrame:
    """The table discount_codes; what staff take off by hand is no discount of the shop."""
    rows = [(shop, offer) for shop in SHOPS[: len(preset.shares)] for offer in _offers(shop)]
    start = micros(preset.start)
    created = start - 45 * DAY + np.arange(len(rows)) * DAY // 24
    is_over = np.array([offer is OVER for _, offer in rows], bool)
    by_code = np.array([offer[0] == "code" for _, offer in rows], bool)
    titles = np.array([offer[1] for _, offer in rows], object)
    free = np.array([offer[2] == "shipping" for _, offer in rows], bool)
    return typed(
        "discount_codes",
        {
            "discount_id": DISCOUNT_BASE + np.arange(len(rows)) * 64,
            "shop": [shop.handle for shop, _ in rows],
            "code": np.where(by_code, titles, ""),
            "title": titles,
            "kind": np.where(free, "free_shipping", [offer[3] for _, offer in rows]),
            "value": np.array([offer[4] for _, offer in rows]),
            "starts_at": np.full(len(rows), start - 30 * DAY),
            "ends_at": np.where(is_over, start - DAY, NEVER),
            "created_at": created,
            "updated_at": created,
            "usage_count": np.zeros(len(rows), np.int64),
        },
    )


def _offers(shop: Shop) -> list[tuple[str, str, str, str, float]]:
    known = {offer[1]: offer for offer in DISCOUNTS}
    offers = [known[title] for title in dict.fromkeys(shop.platform.discounts)]
    if shop.platform.ships:
        offers += [DISCOUNTS[ALL_FREE], OVER]
    return [offer for offer in offers if offer[0] != "manual"]
