"""The table sales_entries: every order's dated, signed changes of money."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.baskets import Baskets
from sandbox.world.drawing import ABSENT, NEVER, Ints
from sandbox.world.fates import Fates, Stage
from sandbox.world.ledger import typed
from sandbox.world.money import (
    REFUNDING,
    STAGES,
    Money,
    line_ids,
    order_ids,
    refund_ids,
    shipping_ids,
)
from sandbox.world.purchases import Purchases
from sandbox.world.shops import handles

AGREEMENT_BASE = 910_000_000_000
ENTRY_BASE = 940_000_000_000


def sales_entries(
    purchases: Purchases, baskets: Baskets, fates: Fates, money: Money
) -> pd.DataFrame:
    """The table sales_entries, sorted by the time they happened."""
    blocks = [
        _placed_lines(baskets, money, Stage.ORDER),
        _placed_lines(baskets, money, Stage.EDIT),
        _shipping_block(baskets, fates, money, Stage.ORDER),
        _tip_block(baskets, Stage.ORDER, np.flatnonzero(baskets.tip > 0), 1),
    ]
    blocks += [_taken_lines(baskets, fates, money, stage) for stage in REFUNDING[:-1]]
    for stage in (Stage.CANCEL, Stage.RETURN):
        blocks.append(_shipping_block(baskets, fates, money, stage))
    tipped = np.flatnonzero(money.refunds.tip[Stage.CANCEL] > 0)
    blocks.append(_tip_block(baskets, Stage.CANCEL, tipped, -1))
    for stage in (Stage.RETURN, Stage.GOODWILL):
        blocks.append(_kept_block(money, stage, "fee", "FEE"))
        blocks.append(_kept_block(money, stage, "adjustment", "ADJUSTMENT"))
    rows = {
        name: np.concatenate(
            [np.broadcast_to(block[name], len(block["order"])) for block in blocks]
        )
        for name in blocks[0]
    }
    return _entries_frame(purchases, fates, money, rows)


Block = dict[str, Ints]


def _placed_lines(baskets: Baskets, money: Money, stage: Stage) -> Block:
    rows = np.flatnonzero(baskets.lines.by_edit == (stage == Stage.EDIT))
    kind = np.where(baskets.lines.gift[rows], "GIFT_CARD", "PRODUCT").astype(object)
    return {
        "order": baskets.lines.order[rows],
        "stage": np.int64(stage),
        "action": "ORDER",
        "line_type": kind,
        "line_id": line_ids(rows),
        "quantity": baskets.lines.quantity[rows],
        **money.line.columns(rows),
    }


def _taken_lines(baskets: Baskets, fates: Fates, money: Money, stage: Stage) -> Block:
    rows = np.flatnonzero(fates.units[stage] > 0)
    kind = np.where(baskets.lines.gift[rows], "GIFT_CARD", "PRODUCT").astype(object)
    return {
        "order": baskets.lines.order[rows],
        "stage": np.int64(stage),
        "action": "RETURN",
        "line_type": kind,
        "line_id": line_ids(rows),
        "quantity": -fates.units[stage][rows],
        **money.parts[stage].columns(rows, -1),
    }


def _shipping_block(baskets: Baskets, fates: Fates, money: Money, stage: Stage) -> Block:
    if stage == Stage.ORDER:
        rows, sign, action = np.flatnonzero(baskets.shipping.price > 0), 1, "ORDER"
    else:
        some = money.refunds.shipping[stage] > 0
        if stage == Stage.CANCEL:  # also where nothing is paid back
            some = some | ((fates.stage_at[stage] != NEVER) & (baskets.shipping.price > 0))
        rows, sign, action = np.flatnonzero(some), -1, "RETURN"
    return {
        "order": rows,
        "stage": np.int64(stage),
        "action": action,
        "line_type": "SHIPPING",
        "line_id": np.int64(ABSENT),
        "quantity": np.int64(0),
        **money.ship.columns(rows, sign),
    }


def _tip_block(baskets: Baskets, stage: Stage, rows: Ints, sign: int) -> Block:
    return {
        **_plain(rows, stage, "ORDER" if sign > 0 else "RETURN", "TIP"),
        "total": sign * baskets.tip[rows],
    }


def _kept_block(money: Money, stage: Stage, what: str, line_type: str) -> Block:
    """Fees and adjustments: positive what the shop keeps, negative what it gives."""
    values = getattr(money.refunds, what)[stage]
    rows = np.flatnonzero(values)
    action = "ORDER" if what == "fee" else "RETURN"
    return {**_plain(rows, stage, action, line_type), "total": values[rows]}


def _plain(rows: Ints, stage: Stage, action: str, line_type: str) -> Block:
    nothing = np.int64(0)
    return {
        "order": rows,
        "stage": np.int64(stage),
        "action": action,
        "line_type": line_type,
        "line_id": np.int64(ABSENT),
        "quantity": nothing,
        "total": nothing,
        "tax": nothing,
        "discount": nothing,
        "discount_with_tax": nothing,
    }


MOVEMENTS = np.array(
    ["order", "edit", "return", "cancellation", "return", "return", "adjustment"], object
)


def _reasons(order: Ints, stage: Ints) -> np.ndarray:
    """Shopify's reason: half of the returns come through its returns, half as plain refunds."""
    returned = np.isin(stage, (Stage.RETURN, Stage.SECOND_RETURN)) & (order % 2 == 0)
    reason = np.array(["ORDER", "ORDER_EDIT", *["REFUND"] * 5], object)[stage]
    return np.where(returned, "RETURN", reason)


def _entries_frame(purchases: Purchases, fates: Fates, money: Money, rows: Block) -> pd.DataFrame:
    order, stage = rows["order"], rows["stage"]
    happened = fates.stage_at[stage, order]
    by_time = np.lexsort((rows["line_id"], stage, order, happened))
    rows = {name: values[by_time] for name, values in rows.items()}
    order, stage, happened = rows["order"], rows["stage"], happened[by_time]
    visible = np.where(stage == Stage.ORDER, fates.created[order], happened)
    ship = rows["line_type"] == "SHIPPING"
    has_refund = (stage != Stage.EDIT) & money.refunds.exists[stage, order]
    kept = rows["line_type"] == "ADJUSTMENT"
    return typed(
        "sales_entries",
        {
            "entry_id": ENTRY_BASE + np.arange(len(order)) * 32,
            "agreement_id": AGREEMENT_BASE + (order * STAGES + stage) * 16,
            "order_id": order_ids(order),
            "shop": handles(purchases.shop[order]),
            "happened_at": happened,
            "visible_at": visible,
            "reason": _reasons(order, stage),
            "action_type": rows["action"],
            "movement_type": np.where(kept, "adjustment", MOVEMENTS[stage]),
            "line_type": rows["line_type"],
            "line_id": rows["line_id"],
            "shipping_line_id": np.where(ship, shipping_ids(order), ABSENT),
            "refund_id": np.where(has_refund, refund_ids(order, stage), ABSENT),
            "quantity": rows["quantity"],
            "total": rows["total"],
            "tax": rows["tax"],
            "discount": rows["discount"],
            "discount_with_tax": rows["discount_with_tax"],
        },
    )
