"""The money ledger: every order's dated, signed entries, and the refunds behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.baskets import Baskets, per_order, tax_of
from sandbox.world.catalogue import SHOPS
from sandbox.world.drawing import ABSENT, NEVER, Bools, Ints, pick, share
from sandbox.world.fates import Fates, Pay, Stage
from sandbox.world.ledger import typed
from sandbox.world.purchases import Purchases

ORDER_BASE, ORDER_STEP = 5_500_000_000_000, 512
LINE_BASE, LINE_STEP = 13_900_000_000_000, 32
SHIPPING_BASE = 4_600_000_000_000
AGREEMENT_BASE = 910_000_000_000
ENTRY_BASE = 940_000_000_000
REFUND_BASE = 880_000_000_000
REFUND_LINE_BASE = 560_000_000_000
ADJUSTMENT_BASE = 290_000_000_000
STAGES = 8  # room for the stages of an order in the ids made from both

REFUNDING = (
    Stage.EDIT,
    Stage.PARTIAL_CANCEL,
    Stage.CANCEL,
    Stage.RETURN,
    Stage.SECOND_RETURN,
    Stage.GOODWILL,
)
GOODWILL_CENTS = 500


@dataclass(frozen=True)
class Amounts:
    """Money of order lines or shipping, signed cents.

    Attributes:
        total: After discount, with tax.
        tax: Of it.
        discount: Before tax.
        discount_with_tax: With tax.
    """

    total: Ints
    tax: Ints
    discount: Ints
    discount_with_tax: Ints

    def portion(self, whole: Ints, before: Ints, after: Ints) -> Amounts:
        """The part of the units from ``before`` to ``after`` of ``whole``; parts add up."""
        parts = (self.total, self.tax, self.discount, self.discount_with_tax)
        return Amounts(*(share(part, after, whole) - share(part, before, whole) for part in parts))

    def columns(self, rows: Ints | Bools | slice, sign: int = 1) -> dict[str, Ints]:
        """Money columns of sales_entries for some rows."""
        names = ("total", "tax", "discount", "discount_with_tax")
        return {name: sign * getattr(self, name)[rows] for name in names}


def amounts(gross: Ints, discount: Ints, rate: Ints, tax: Ints, included: Bools) -> Amounts:
    """Split what is charged into goods, tax and discount.

    Args:
        gross: Price times quantity, with tax if included.
        discount: Allocated to it, with tax if included.
        rate: Tax in basis points.
        tax: On gross less discount.
        included: Prices contain the tax.
    """
    full_tax = tax_of(gross, rate, included)
    total = gross - discount + np.where(included, 0, tax)
    before_tax = np.where(included, (gross - full_tax) - (total - tax), discount)
    with_tax = np.where(included, discount, discount + full_tax - tax)
    return Amounts(total, tax, before_tax, with_tax)


@dataclass(frozen=True)
class Refunds:
    """Money back by ``[stage, order]``, cents; ``exists`` where there is a refund record.

    Attributes:
        exists: There is a refund.
        lines: Value of the goods back, with tax.
        shipping: Shipping back, with tax.
        tip: Tip back.
        fee: Restocking fee kept.
        adjustment: Kept back (positive) or paid beyond the goods (negative).
        money: Paid back.
    """

    exists: Bools
    lines: Ints
    shipping: Ints
    tip: Ints
    fee: Ints
    adjustment: Ints
    money: Ints


@dataclass(frozen=True)
class Money:
    """All that the money ledger is made of.

    Attributes:
        line: Amounts of each line as added.
        ship: Amounts of each order's shipping.
        parts: ``[stage]`` amounts that the stage takes off each line (positive).
        refunds: Money back.
    """

    line: Amounts
    ship: Amounts
    parts: tuple[Amounts, ...]
    refunds: Refunds


def placed_totals(purchases: Purchases, baskets: Baskets) -> Ints:
    """What each order costs as placed, cents."""
    line, ship = _line_amounts(purchases, baskets), _ship_amounts(purchases, baskets)
    placed = np.where(baskets.lines.by_edit, 0, line.total)
    return per_order(baskets.lines, placed, len(purchases.time)) + ship.total + baskets.tip


def build(rng: np.random.Generator, purchases: Purchases, baskets: Baskets, fates: Fates) -> Money:
    """Compute every amount of the ledger."""
    line, ship = _line_amounts(purchases, baskets), _ship_amounts(purchases, baskets)
    after = np.cumsum(fates.units, axis=0)
    parts = tuple(
        line.portion(baskets.lines.quantity, after[stage] - fates.units[stage], after[stage])
        for stage in Stage
    )
    return Money(line, ship, parts, _refunds(rng, purchases, baskets, fates, ship, parts))


def _line_amounts(purchases: Purchases, baskets: Baskets) -> Amounts:
    lines = baskets.lines
    included = purchases.shop[lines.order] == 0
    return amounts(lines.price * lines.quantity, lines.discount, lines.rate, lines.tax, included)


def _ship_amounts(purchases: Purchases, baskets: Baskets) -> Amounts:
    s = baskets.shipping
    return amounts(s.price, s.discount, s.rate, s.tax, purchases.shop == 0)


def _refunds(
    rng: np.random.Generator,
    purchases: Purchases,
    baskets: Baskets,
    fates: Fates,
    ship: Amounts,
    parts: tuple[Amounts, ...],
) -> Refunds:
    n = len(purchases.time)
    shape = (len(Stage), n)
    exists = fates.stage_at != NEVER
    exists[Stage.ORDER] = False
    exists[Stage.EDIT] = fates.edit_reduces
    lines = np.stack([per_order(baskets.lines, part.total, n) for part in parts])
    shipping, tip, fee, adjustment = (np.zeros(shape, np.int64) for _ in range(4))
    cancels = exists[Stage.CANCEL]
    shipping[Stage.CANCEL] = np.where(cancels, ship.total, 0)
    tip[Stage.CANCEL] = np.where(cancels, baskets.tip, 0)
    back = exists[Stage.RETURN] & (lines[Stage.RETURN] >= 1000)
    with_fee = pick(rng, back, 0.06)
    fee[Stage.RETURN] = np.where(with_fee, 300, 0)
    kept = pick(rng, back & ~with_fee, 0.05)
    adjustment[Stage.RETURN] = np.where(kept, lines[Stage.RETURN] // 10, 0)
    with_shipping = pick(rng, back & (ship.total > 0), 0.2)
    shipping[Stage.RETURN] = np.where(with_shipping, ship.total, 0)
    adjustment[Stage.GOODWILL] = np.where(exists[Stage.GOODWILL], -GOODWILL_CENTS, 0)
    money = np.where(exists, lines + shipping + tip - fee - adjustment, 0)
    unpaid = np.isin(fates.pay, (Pay.NEVER, Pay.ON_SHIPPING)) & cancels
    money[Stage.CANCEL] = np.where(unpaid, 0, money[Stage.CANCEL])
    return Refunds(exists, lines, shipping, tip, fee, adjustment, money)


def order_ids(order: Ints) -> Ints:
    """Shopify's order id of an order number."""
    return ORDER_BASE + order * ORDER_STEP


def line_ids(line: Ints) -> Ints:
    """Shopify's line item id of a line number."""
    return LINE_BASE + line * LINE_STEP


def shipping_ids(order: Ints) -> Ints:
    """Shopify's shipping line id of an order number."""
    return SHIPPING_BASE + order * 64


def refund_ids(order: Ints, stage: int | Ints) -> Ints:
    """Shopify's refund id of an order's stage."""
    return REFUND_BASE + (order * STAGES + stage) * 16


def sales_entries(
    purchases: Purchases, baskets: Baskets, fates: Fates, money: Money
) -> pd.DataFrame:
    """The table sales_entries, sorted by the time they happened."""
    blocks = [
        _placed_lines(baskets, money, Stage.ORDER),
        _placed_lines(baskets, money, Stage.EDIT),
        _shipping_block(baskets, money, Stage.ORDER),
        _tip_block(baskets, Stage.ORDER, np.flatnonzero(baskets.tip > 0), 1),
    ]
    blocks += [_taken_lines(baskets, fates, money, stage) for stage in REFUNDING[:-1]]
    for stage in (Stage.CANCEL, Stage.RETURN):
        blocks.append(_shipping_block(baskets, money, stage))
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
    return _entries_frame(purchases, fates, rows)


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


def _shipping_block(baskets: Baskets, money: Money, stage: Stage) -> Block:
    if stage == Stage.ORDER:
        rows, sign, action = np.flatnonzero(baskets.shipping.price > 0), 1, "ORDER"
    else:
        some = (money.refunds.shipping[stage] > 0) | (
            (stage == Stage.CANCEL) & money.refunds.exists[stage] & (baskets.shipping.price > 0)
        )
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


def _entries_frame(purchases: Purchases, fates: Fates, rows: Block) -> pd.DataFrame:
    order, stage = rows["order"], rows["stage"]
    happened = fates.stage_at[stage, order]
    by_time = np.lexsort((rows["line_id"], stage, order, happened))
    rows = {name: values[by_time] for name, values in rows.items()}
    order, stage, happened = rows["order"], rows["stage"], happened[by_time]
    visible = np.where(stage == Stage.ORDER, fates.created[order], happened)
    ship = rows["line_type"] == "SHIPPING"
    has_refund = ~np.isin(stage, (Stage.ORDER, Stage.EDIT))
    kept = rows["line_type"] == "ADJUSTMENT"
    return typed(
        "sales_entries",
        {
            "entry_id": ENTRY_BASE + np.arange(len(order)) * 32,
            "agreement_id": AGREEMENT_BASE + (order * STAGES + stage) * 16,
            "order_id": order_ids(order),
            "shop": np.array(SHOPS, object)[purchases.shop[order]],
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


def refund_frames(
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
        "shop": np.array(SHOPS, object)[purchases.shop[order]],
        "processed_at": when,
    }
    refunds = typed(
        "refunds",
        {
            **base,
            "note": notes[stage],
            "is_cancellation": stage == Stage.CANCEL,
            "total": money.refunds.money[stage, order],
        },
    )
    return {
        "refunds": refunds,
        "refund_lines": _refund_lines(purchases, baskets, fates, money),
        "refund_shipping_lines": _refund_shipping(baskets, money, stage, order, base),
        "refund_adjustments": _refund_adjustments(money, stage, order, base),
    }


def _refund_lines(
    purchases: Purchases, baskets: Baskets, fates: Fates, money: Money
) -> pd.DataFrame:
    units = fates.units.copy()
    units[[Stage.ORDER, Stage.EDIT]] = 0
    stage, line = np.nonzero(units)
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
            "shop": np.array(SHOPS, object)[purchases.shop[order]],
            "line_id": line_ids(line),
            "quantity": units[stage, line],
            "subtotal": total - np.where(purchases.shop[order] == 0, 0, tax),
            "tax": tax,
            "restock_type": np.where(
                (restock == "RETURN") & (line % 9 == 0), "NO_RESTOCK", restock
            ),
            "processed_at": when,
        },
    )


def _refund_shipping(
    baskets: Baskets, money: Money, stage: Ints, order: Ints, base: Block
) -> pd.DataFrame:
    refunded = money.refunds.shipping[stage, order] > 0
    order = order[refunded]
    included = base["shop"][refunded] == SHOPS[0]
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
