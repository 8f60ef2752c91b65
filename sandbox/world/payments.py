"""Payments: what was authorised, captured, failed, paid and paid back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.baskets import Baskets, per_order
from sandbox.world.drawing import (
    ABSENT,
    MINUTE,
    NEVER,
    SECOND,
    Bools,
    Ints,
    divide_half_up,
    weighted,
)
from sandbox.world.fates import POS, Fates, Pay, Stage
from sandbox.world.ledger import typed
from sandbox.world.money import REFUNDING, Money, order_ids, refund_ids
from sandbox.world.purchases import Kind, Purchases
from sandbox.world.shops import SHOPS, can, handles

TRANSACTION_BASE, SLOTS = 6_900_000_000_000, 32
FIRST, MAIN, EDIT = 0, 1, 2
"""Slots of an order's transactions: an opening one, the one that pays, one for an edit."""
BACK, BACK_GIFT = 8, 16
"""Slots of refunds to the payment and to the gift card; the stage is added."""

Block = dict[str, Ints]
CARD, TRANSFER = 0, 3
"""Places in ``Platform.gateways``."""


def transactions(
    rng: np.random.Generator, purchases: Purchases, baskets: Baskets, fates: Fates, money: Money
) -> pd.DataFrame:
    """The table transactions, sorted by time."""
    n = len(purchases.time)
    placed = np.where(baskets.lines.by_edit, 0, money.line.total)
    owed = per_order(baskets.lines, placed, n) + money.ship.total + baskets.tip
    gift = np.where(fates.pay == Pay.TWO, owed // 3 // 100 * 100, 0)
    gateway = _gateways(rng, purchases, fates)
    added = per_order(baskets.lines, np.where(baskets.lines.by_edit, money.line.total, 0), n)
    blocks = [
        *_opening(fates, owed, gift, gateway),
        _main(fates, owed - gift, gateway),
        _voids(fates, owed, gateway),
        _for_edits(fates, added, gateway),
        *_backs(fates, money, owed - gift + added, gateway),
    ]
    rows = {
        name: np.concatenate(
            [np.broadcast_to(block[name], len(block["order"])) for block in blocks]
        )
        for name in blocks[0]
    }
    return _frame(purchases, rows)


def _gateways(rng: np.random.Generator, purchases: Purchases, fates: Fates) -> np.ndarray:
    """Card, wallet or pay-later by the platform's names; bank transfers; cash at the till."""
    drawn = weighted(rng, (70, 20, 10), len(purchases.time))
    drawn = np.where(purchases.kind == Kind.SUBSCRIPTION, CARD, drawn)
    names = np.array([shop.platform.gateways for shop in SHOPS], object)[purchases.shop]
    number = np.where(np.isin(fates.pay, (Pay.LATER, Pay.NEVER)), TRANSFER, drawn)
    cash = (fates.source == POS) & (can(purchases.shop, "ships") | (drawn != CARD))
    return np.where(cash, "cash", names[np.arange(len(number)), number])


def _block(order: Ints, **columns: object) -> Block:
    base = {"parent": np.int64(ABSENT), "stage": np.int64(0), "status": "SUCCESS"}
    return {"order": order, **base, **columns}


def _opening(fates: Fates, owed: Ints, gift: Ints, gateway: np.ndarray) -> list[Block]:
    """Authorisations, gift cards, first tries that fail, and transfers on their way."""
    plans = (
        (fates.pay == Pay.ON_SHIPPING, "AUTHORIZATION", "SUCCESS", owed, gateway),
        (gift > 0, "SALE", "SUCCESS", gift, np.full(len(owed), "gift_card", object)),
        (
            np.isin(fates.pay, (Pay.SECOND_TRY, Pay.FAILED)),
            "SALE",
            "FAILURE",
            owed,
            gateway,
        ),
        (np.isin(fates.pay, (Pay.LATER, Pay.NEVER)), "SALE", "PENDING", owed, gateway),
    )
    return [
        _block(
            np.flatnonzero(rows),
            slot=np.int64(FIRST),
            kind=kind,
            status=status,
            amount=amount[rows],
            gateway=gates[rows],
            time=fates.created[rows],
        )
        for rows, kind, status, amount, gates in plans
    ]


def _main(fates: Fates, amount: Ints, gateway: np.ndarray) -> Block:
    """The transaction that pays: at once, with the parcel, or when the transfer arrives."""
    when = np.select(
        [fates.pay == Pay.ON_SHIPPING, fates.pay == Pay.LATER],
        [fates.shipped, fates.paid],
        fates.created + 2 * SECOND,
    )
    unpaid = (Pay.NEVER, Pay.NOTHING, Pay.FAILED, Pay.OPEN)
    rows = ~np.isin(fates.pay, unpaid) & (when != NEVER)
    order = np.flatnonzero(rows)
    has_parent = np.isin(fates.pay[order], (Pay.ON_SHIPPING, Pay.LATER))
    capture = fates.pay[order] == Pay.ON_SHIPPING
    return _block(
        order,
        slot=np.int64(MAIN),
        kind=np.where(capture, "CAPTURE", "SALE").astype(object),
        parent=np.where(has_parent, _ids(order, FIRST), ABSENT),
        amount=amount[order],
        gateway=gateway[order],
        time=when[order],
    )


def _voids(fates: Fates, owed: Ints, gateway: np.ndarray) -> Block:
    cancel = fates.stage_at[Stage.CANCEL]
    order = np.flatnonzero((fates.pay == Pay.ON_SHIPPING) & (cancel != NEVER))
    return _block(
        order,
        slot=np.int64(MAIN),
        kind="VOID",
        parent=_ids(order, FIRST),
        amount=owed[order],
        gateway=gateway[order],
        time=cancel[order],
    )


def _for_edits(fates: Fates, added: Ints, gateway: np.ndarray) -> Block:
    order = np.flatnonzero(fates.edit_adds & (added > 0))
    return _block(
        order,
        slot=np.int64(EDIT),
        kind="SALE",
        amount=added[order],
        gateway=gateway[order],
        time=fates.stage_at[Stage.EDIT][order] + 5 * MINUTE,
    )


def _backs(fates: Fates, money: Money, card: Ints, gateway: np.ndarray) -> list[Block]:
    """Refunds: to the payment as far as it goes, the rest to the gift card."""
    paid_back = np.cumsum(money.refunds.money, axis=0)
    blocks = []
    for stage in REFUNDING:
        after, back = paid_back[stage], money.refunds.money[stage]
        to_card = np.minimum(after, card) - np.minimum(after - back, card)
        when = fates.stage_at[stage]
        for amount, slot, parent, gates in (
            (to_card, BACK, MAIN, gateway),
            (back - to_card, BACK_GIFT, FIRST, np.full(len(card), "gift_card", object)),
        ):
            order = np.flatnonzero(amount > 0)
            blocks.append(
                _block(
                    order,
                    slot=np.int64(slot + stage),
                    stage=np.int64(stage),
                    kind="REFUND",
                    parent=_ids(order, parent),
                    amount=amount[order],
                    gateway=gates[order],
                    time=when[order],
                )
            )
    return blocks


def _ids(order: Ints, slot: int | Ints) -> Ints:
    return TRANSACTION_BASE + order * SLOTS + slot


def _fees(purchases: Purchases, rows: Block) -> Ints:
    shop = purchases.shop[rows["order"]]
    rate, fixed = np.array([each.card_fee for each in SHOPS])[shop].T
    paid: Bools = np.isin(rows["kind"], ("SALE", "CAPTURE")) & (rows["status"] == "SUCCESS")
    known = paid & (rows["gateway"] == "shopify_payments")
    return np.where(known, divide_half_up(rows["amount"] * rate, 10_000) + fixed, ABSENT)


def _frame(purchases: Purchases, rows: Block) -> pd.DataFrame:
    order = rows["order"]
    refunds = rows["kind"] == "REFUND"
    frame = typed(
        "transactions",
        {
            "transaction_id": _ids(order, rows["slot"]),
            "order_id": order_ids(order),
            "shop": handles(purchases.shop[order]),
            "parent_id": rows["parent"],
            "refund_id": np.where(refunds, refund_ids(order, rows["stage"]), ABSENT),
            "kind": rows["kind"],
            "status": rows["status"],
            "gateway": rows["gateway"],
            "amount": rows["amount"],
            "fee": _fees(purchases, rows),
            "is_test": purchases.kind[order] == Kind.TEST,
            "processed_at": rows["time"],
        },
    )
    return frame.sort_values(["processed_at", "transaction_id"]).reset_index(drop=True)
