"""Parcels, and what the fulfilment house bills for them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.baskets import Baskets, per_order
from sandbox.world.drawing import DAY, NEVER, Ints
from sandbox.world.fates import POS, Fates, Stage
from sandbox.world.ledger import typed
from sandbox.world.money import line_ids, order_ids
from sandbox.world.purchases import Purchases
from sandbox.world.shops import SHOPS, can, currencies, handles
from sandbox.world.timeline import shop_days

PARCEL_BASE = 5_100_000_000_000
COST_PER_ORDER, COST_PER_UNIT = 320, 45


def frames(purchases: Purchases, baskets: Baskets, fates: Fates) -> dict[str, pd.DataFrame]:
    """The tables fulfillments, fulfillment_lines and order_costs."""
    line, number, units = _packed(purchases, baskets, fates)
    order = baskets.lines.order[line]
    shipped = np.where(number == 1, fates.shipped[order], fates.shipped_again[order])
    parcel = PARCEL_BASE + (order * 2 + number - 1) * 16
    by_time = np.lexsort((line, parcel, shipped))
    line, number, units, order, shipped, parcel = (
        values[by_time] for values in (line, number, units, order, shipped, parcel)
    )
    shop = handles(purchases.shop[order])
    contents = typed(
        "fulfillment_lines",
        {
            "fulfillment_id": parcel,
            "order_id": order_ids(order),
            "shop": shop,
            "line_id": line_ids(line),
            "quantity": units,
            "shipped_at": shipped,
        },
    )
    first = np.unique(parcel, return_index=True)[1]
    first = first[np.lexsort((parcel[first], shipped[first]))]
    return {
        "fulfillments": _parcels(purchases, fates, order[first], number[first], parcel[first]),
        "fulfillment_lines": contents,
        "order_costs": _costs(purchases, baskets, fates),
    }


def _packed(purchases: Purchases, baskets: Baskets, fates: Fates) -> tuple[Ints, Ints, Ints]:
    """What is sent: line, parcel number, units; a second parcel takes every other line."""
    lines = baskets.lines
    before = fates.units[[Stage.EDIT, Stage.PARTIAL_CANCEL]].sum(axis=0)
    units = lines.quantity - before
    sent = (fates.shipped[lines.order] != NEVER) & (units > 0) & ~lines.gift
    sent &= can(purchases.shop[lines.order], "ships")
    line = np.flatnonzero(sent)
    order = lines.order[line]
    starts = np.r_[True, order[1:] != order[:-1]]
    place = np.arange(len(line)) - np.flatnonzero(starts)[np.cumsum(starts) - 1]
    later = (fates.shipped_again[order] != NEVER) & (place % 2 == 1)
    return line, np.where(later, 2, 1), units[line]


def _parcels(
    purchases: Purchases, fates: Fates, order: Ints, number: Ints, parcel: Ints
) -> pd.DataFrame:
    shop = purchases.shop[order]
    shipped = np.where(number == 1, fates.shipped[order], fates.shipped_again[order])
    early = (number == 1) & (fates.shipped_again[order] != NEVER)
    delivered = fates.delivered[order]
    delivered = np.where(early & (delivered != NEVER), shipped + DAY, delivered)
    return typed(
        "fulfillments",
        {
            "fulfillment_id": parcel,
            "order_id": order_ids(order),
            "shop": handles(shop),
            "number": number,
            "carrier": np.array([each.carrier for each in SHOPS], object)[shop],
            "tracking_number": "BL" + pd.Series(parcel).astype(str).str[-9:],
            "shipped_at": shipped,
            "delivered_at": delivered,
        },
    )


def _costs(purchases: Purchases, baskets: Baskets, fates: Fates) -> pd.DataFrame:
    """Billed the day after the parcel, by units; nothing for the till; some bills are missing."""
    units = per_order(baskets.lines, baskets.lines.quantity, len(purchases.time))
    sent = (fates.shipped != NEVER) & (fates.source != POS)
    order = np.flatnonzero(sent & (np.arange(len(sent)) % 50 != 49))
    order = order[np.lexsort((order, fates.shipped[order]))]
    shop, shipped = purchases.shop[order], fates.shipped[order]
    return typed(
        "order_costs",
        {
            "order_id": order_ids(order),
            "shop": handles(shop),
            "cost_type": np.full(len(order), "fulfilment", object),
            "amount": COST_PER_ORDER + COST_PER_UNIT * units[order],
            "currency": currencies(shop),
            "cost_date": shop_days(shipped, shop),
            "billed_at": shipped + DAY,
        },
    )
