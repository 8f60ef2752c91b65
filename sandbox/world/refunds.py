"""The tables of refunds and their parts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.baskets import Baskets
from sandbox.world.drawing import Bools, Ints
from sandbox.world.fates import Fates, Stage
from sandbox.world.ledger import typed
from sandbox.world.money import Money, line_ids, order_ids, refund_ids, shipping_ids
from sandbox.world.purchases import Purchases
from sandbox.world.shops import can, handles, taxes_included

REFUND_LINE_BASE = 560_000_000_000
ADJUSTMENT_BASE = 290_000_000_000

Block = dict[str, Ints]


def frames(
    purchases: Purchases, baskets: Baskets, fates: Fates, money: Money
) -> dict[str, pd.DataFrame]:
    """The tables refunds, refund_lines, refund_shipping_lines and refund_adjustments."""
    stage, order = np.nonzero(money.refunds.exists)
    when = fates.stage_at[stage, order]
    by_time = np.lexsort((order, when))
    stage, order, when = stage[by_time], order[by_time], when[by_time]
    notes = np.array(
        ["", "", "Item out of stock", "Cancelled", "", "", "Sorry for the delay"], object
    )
    base = {
        "refund_id": refund_ids(order, stage),
        "order_id": order_ids(order),
        "shop": handles(purchases.shop[order]),
        "processed_at": when,
    }
    refunds = typed(
        "refunds",
        {
            **base,
            "note": notes[stage],
            "is_cancellation": stage == Stage.CANCEL,
            "has_receipt": _with_receipt(purchases, stage, order),
            "total": money.refunds.money[stage, order],
        },
    )
    return {
        "refunds": refunds,
        "refund_lines": _refund_lines(purchases, baskets, fates, money),
        "refund_shipping_lines": _refund_shipping(purchases, baskets, money, stage, order, base),
        "refund_adjustments": _refund_adjustments(money, stage, order, base),
    }


def _with_receipt(purchases: Purchases, stage: Ints, order: Ints) -> Bools:
    """Every third return at the till comes without its receipt."""
    at_till = ~can(purchases.shop[order], "ships") & (stage != Stage.CANCEL)
    return ~(at_till & (np.cumsum(at_till) % 3 == 1))


def _refund_lines(
    purchases: Purchases, baskets: Baskets, fates: Fates, money: Money
) -> pd.DataFrame:
    units = fates.units.copy()
    units[[Stage.ORDER, Stage.EDIT]] = 0
    stage, line = np.nonzero(units)
    refunded = money.refunds.exists[stage, baskets.lines.order[line]]
    stage, line = stage[refunded], line[refunded]
    order = baskets.lines.order[line]
    when = fates.stage_at[stage, order]
    by_time = np.lexsort((line, when))
    stage, line, order, when = stage[by_time], line[by_time], order[by_time], when[by_time]
    total = np.stack([part.total for part in money.parts])[stage, line]
    tax = np.stack([part.tax for part in money.parts])[stage, line]
    restock = np.array(["", "", "CANCEL", "CANCEL", "RETURN", "RETURN", ""], object)[stage]
    return typed(
        "refund_lines",
        {
            "refund_line_id": REFUND_LINE_BASE + np.arange(len(line)) * 16,
            "refund_id": refund_ids(order, stage),
            "order_id": order_ids(order),
            "shop": handles(purchases.shop[order]),
            "line_id": line_ids(line),
            "quantity": units[stage, line],
            "subtotal": total - np.where(taxes_included(purchases.shop[order]), 0, tax),
            "tax": tax,
            "restock_type": np.where(
                (restock == "RETURN") & (line % 9 == 0), "NO_RESTOCK", restock
            ),
            "processed_at": when,
        },
    )


def _refund_shipping(
    purchases: Purchases, baskets: Baskets, money: Money, stage: Ints, order: Ints, base: Block
) -> pd.DataFrame:
    refunded = money.refunds.shipping[stage, order] > 0
    order = order[refunded]
    included = taxes_included(purchases.shop[order])
    tax = baskets.shipping.tax[order]
    return typed(
        "refund_shipping_lines",
        {
            **{name: values[refunded] for name, values in base.items()},
            "shipping_line_id": shipping_ids(order),
            "amount": money.ship.total[order] - np.where(included, 0, tax),
            "tax": tax,
        },
    )


def _refund_adjustments(money: Money, stage: Ints, order: Ints, base: Block) -> pd.DataFrame:
    amount = money.refunds.adjustment[stage, order]
    some = amount != 0
    reason = np.where(amount < 0, "CUSTOMER", "REFUND_DISCREPANCY").astype(object)
    return typed(
        "refund_adjustments",
        {
            **{name: values[some] for name, values in base.items()},
            "adjustment_id": ADJUSTMENT_BASE + np.arange(int(some.sum())) * 16,
            "amount": amount[some],
            "tax": np.zeros(int(some.sum()), np.int64),
            "reason": reason[some],
        },
    )
