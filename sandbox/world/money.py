"""Every amount of the money ledger: what is charged, taken off again, and paid back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandbox.world.baskets import Baskets, per_order, tax_of
from sandbox.world.drawing import NEVER, Bools, Ints, pick, share
from sandbox.world.fates import Fates, Pay, Stage
from sandbox.world.purchases import Purchases
from sandbox.world.shops import can, pick_each, taxes_included

ORDER_BASE, ORDER_STEP = 5_500_000_000_000, 512
LINE_BASE, LINE_STEP = 13_900_000_000_000, 32
SHIPPING_BASE = 4_600_000_000_000
REFUND_BASE = 880_000_000_000
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
        exists: There is a refund; not for cancellations where the platform books none.
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
    return Money(line, ship, parts, _refunds(rng, purchases, baskets, fates, line, ship, parts))


def _line_amounts(purchases: Purchases, baskets: Baskets) -> Amounts:
    lines = baskets.lines
    included = taxes_included(purchases.shop[lines.order])
    return amounts(lines.price * lines.quantity, lines.discount, lines.rate, lines.tax, included)


def _ship_amounts(purchases: Purchases, baskets: Baskets) -> Amounts:
    s = baskets.shipping
    return amounts(s.price, s.discount, s.rate, s.tax, taxes_included(purchases.shop))


def _refunds(
    rng: np.random.Generator,
    purchases: Purchases,
    baskets: Baskets,
    fates: Fates,
    line: Amounts,
    ship: Amounts,
    parts: tuple[Amounts, ...],
) -> Refunds:
    n = len(purchases.time)
    shape = (len(Stage), n)
    exists = fates.stage_at != NEVER
    exists[Stage.ORDER] = False
    exists[Stage.EDIT] = fates.edit_reduces
    cancels = exists[Stage.CANCEL].copy()
    exists[Stage.CANCEL] &= can(purchases.shop, "has_cancel_refunds")
    lines = np.stack([per_order(baskets.lines, part.total, n) for part in parts])
    shipping, tip, fee, adjustment = (np.zeros(shape, np.int64) for _ in range(4))
    shipping[Stage.CANCEL] = np.where(cancels, ship.total, 0)
    tip[Stage.CANCEL] = np.where(cancels, baskets.tip, 0)
    back = exists[Stage.RETURN] & (lines[Stage.RETURN] >= 1000)
    keeps = back & can(purchases.shop, "has_return_fees")
    with_fee = pick(rng, keeps, 0.06)
    fee[Stage.RETURN] = np.where(with_fee, 300, 0)
    kept = pick(rng, keeps & ~with_fee, 0.05)
    adjustment[Stage.RETURN] = np.where(kept, lines[Stage.RETURN] // 10, 0)
    able = back & (ship.total > 0) & can(purchases.shop, "has_shipping_refunds")
    whole = lines[Stage.RETURN] == per_order(baskets.lines, line.total, n)
    with_shipping = pick_each(rng, able, 0.2, purchases.shop) | (able & whole)
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
