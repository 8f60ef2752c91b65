"""What is in each order: lines, discounts, shipping, tax and totals as placed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.catalogue import PRICE_SPREAD, Catalogue
from sandbox.world.drawing import (
    Bools,
    Floats,
    Ints,
    divide_half_up,
    group_sums,
    pick,
    ragged,
    share,
    sigmoid,
    spread,
    weighted,
)
from sandbox.world.people import People
from sandbox.world.presets import Preset
from sandbox.world.purchases import Kind, Purchases
from sandbox.world.shops import SHOPS, can, pick_each, taxes_included
from sandbox.world.words import HOME_TAX_RATES, PLACES, TAX_RATES

STAPLES = 3
MOST_LINES = 40

# index, kind, title, target, value type, value: every discount there is.
AUTOMATIC, CODE_10, CODE_20, FREE_SHIPPING, FIXED_5, CODE_5, ALL_FREE = range(7)
DISCOUNTS = (
    ("automatic", "Spring Kitchen", "line", "percentage", 15.0),
    ("code", "BASKET10", "order", "percentage", 10.0),
    ("code", "FRIENDS20", "order", "percentage", 20.0),
    ("code", "SHIPFREE", "shipping", "percentage", 100.0),
    ("manual", "Goodwill", "order", "fixed_amount", 5.0),
    ("code", "MINUS5", "order", "fixed_amount", 5.0),
    ("code", "ONUS100", "order", "percentage", 100.0),
)
SHIPPING = (("Standard", "standard"), ("Express", "express"))


@dataclass(frozen=True)
class Lines:
    """Lines as placed, sorted by order; amounts in cents with tax where prices contain it.

    Attributes:
        order: Order number.
        variant: Variant number of the catalogue.
        quantity: Units.
        price: Of a unit.
        cost: Of a unit, without tax; ``ABSENT`` where unknown.
        rate: Tax in basis points.
        gift: Is a gift card.
        allocated: ``[discount, line]`` cents by discount of ``DISCOUNTS``.
        tax: On what is left after discounts.
        by_edit: Was added by an edit, after the order was placed.
    """

    order: Ints
    variant: Ints
    quantity: Ints
    price: Ints
    cost: Ints
    rate: Ints
    gift: Bools
    allocated: Ints
    tax: Ints
    by_edit: Bools

    @property
    def discount(self) -> Ints:
        """All discounts of the line, cents."""
        return self.allocated.sum(axis=0)

    @property
    def net(self) -> Ints:
        """Price times quantity less discounts, cents."""
        return self.price * self.quantity - self.discount


@dataclass(frozen=True)
class Shipping:
    """The shipping of each order (one row an order), cents.

    Attributes:
        method: Number in ``SHIPPING``, -1 without shipping.
        price: Before discount.
        discount: Of a shipping code.
        rate: Tax in basis points.
        tax: On price less discount.
    """

    method: Ints
    price: Ints
    discount: Ints
    rate: Ints
    tax: Ints


@dataclass(frozen=True)
class Baskets:
    """Lines and shipping of all orders.

    Attributes:
        lines: The lines.
        shipping: The shipping by order.
        place: Receiver's place in ``words.PLACES`` by order.
        tip: Cents by order.
        edit_adds: Orders to which an edit adds a line.
        is_free: Orders with a 100 % discount.
    """

    lines: Lines
    shipping: Shipping
    place: Ints
    tip: Ints
    edit_adds: Bools
    is_free: Bools


def tax_of(amount: Ints, rate: Ints, included: Bools) -> Ints:
    """Tax in or on an amount, to the cent, half up."""
    return divide_half_up(amount * rate, 10_000 + np.where(included, rate, 0))


def build(
    rng: np.random.Generator,
    preset: Preset,
    people: People,
    purchases: Purchases,
    catalogue: Catalogue,
) -> Baskets:
    """Fill every order."""
    n = len(purchases.time)
    known = purchases.person >= 0
    at_till = np.array([shop.places.start for shop in SHOPS])[purchases.shop]
    place = np.where(known, people.place[purchases.person], at_till)
    ordinary = known & np.isin(purchases.kind, (Kind.PURCHASE, Kind.SAME_DAY))
    edit_adds = pick(rng, ordinary & can(purchases.shop, "has_edits"), 0.012)
    order, by_edit = _slots(rng, preset, purchases, edit_adds)
    variant, gift = _articles(rng, people, purchases, catalogue, order)
    order, variant, gift, by_edit = _distinct(order, variant, gift, by_edit)
    shop, time = purchases.shop[order], purchases.time[order]
    price, cost = catalogue.price_at(shop, variant, time)
    quantity = np.where(gift, 1, 1 + weighted(rng, (62, 25, 8, 3, 2), len(order)))
    subscribed = purchases.kind[order] == Kind.SUBSCRIPTION
    price = np.where(subscribed, purchases.price[order], price)
    quantity = np.where(subscribed, purchases.quantity[order], quantity)
    included = taxes_included(shop)
    rate = np.where(gift, 0, _rates(shop, place[order], _is_reduced(catalogue, variant)))
    able = ordinary & ~edit_adds & can(purchases.shop, "ships")
    is_free = pick_each(rng, able, 0.003, purchases.shop, at_least=2)
    amount = np.where(by_edit | gift, 0, price * quantity)
    kitchen = ~gift & (catalogue.article[variant] < catalogue.category_start[1])
    has_kitchen = np.bincount(order, kitchen & ~by_edit, n) > 0
    used = _discounts_used(rng, people, purchases, is_free, has_kitchen)
    allocated = _allocate(used, order, amount, kitchen)
    tax = tax_of(price * quantity - allocated.sum(axis=0), rate, included)
    lines = Lines(order, variant, quantity, price, cost, rate, gift, allocated, tax, by_edit)
    shipping = _shipping(rng, purchases, place, lines, used)
    tips = known & ~taxes_included(purchases.shop) & can(purchases.shop, "has_tips")
    tip = np.where(pick(rng, tips, 0.03), rng.integers(1, 8, n) * 100, 0)
    return Baskets(lines, shipping, place, tip, edit_adds, is_free)


def _slots(
    rng: np.random.Generator, preset: Preset, purchases: Purchases, edit_adds: Bools
) -> tuple[Ints, Bools]:
    """Order number of every line to fill, and which of them an edit adds (an order's last)."""
    n = len(purchases.time)
    count = 1 + rng.poisson(preset.lines_per_order - 1, n).clip(0, MOST_LINES - 1)
    single = np.isin(purchases.kind, (Kind.GIFT_CARDS, Kind.SUBSCRIPTION))
    count = np.where(single, 1, count) + edit_adds
    order, place = ragged(count)
    return order, edit_adds[order] & (place == count[order] - 1)


def _articles(
    rng: np.random.Generator,
    people: People,
    purchases: Purchases,
    catalogue: Catalogue,
    order: Ints,
) -> tuple[Ints, Bools]:
    """Variant of every line by the person's taste, spend and habits; gift cards now and then."""
    n = len(order)
    person = purchases.person[order]
    leaves = rng.random(n) < sigmoid(people.category[person])
    staple = ~leaves & (rng.random(n) < sigmoid(people.repurchase[person]))
    category = np.where(
        leaves,
        rng.integers(0, len(catalogue.category_start) - 1, n),
        people.favourite[person],
    )
    wish = people.value[person] / PRICE_SPREAD
    habits = rng.standard_normal((len(people), STAPLES))[person, rng.integers(0, STAPLES, n)]
    noise = np.where(staple, habits, rng.standard_normal(n))
    place = sigmoid(wish + 0.5 * noise)
    start, end = catalogue.category_start[category], catalogue.category_start[category + 1]
    article = start + np.minimum((place * (end - start)).astype(np.int64), end - start - 1)
    waits = catalogue.launched_at[article] > purchases.time[order]
    article = np.where(waits, catalogue.fallback[article], article)
    choice = np.where(staple, person, rng.integers(0, 64, n))
    variant = catalogue.first_variant[article] + choice % catalogue.variant_count[article]
    gift = (purchases.kind[order] == Kind.GIFT_CARDS) | (rng.random(n) < 0.004)
    subscribed = purchases.kind[order] == Kind.SUBSCRIPTION
    gift &= can(purchases.shop[order], "has_gift_cards") & ~subscribed
    variant = np.where(subscribed, purchases.variant[order], variant)
    gift_variant = catalogue.gift_variants[weighted(rng, (50, 35, 15), n)]
    return np.where(gift, gift_variant, variant), gift


def _distinct(
    order: Ints, variant: Ints, gift: Bools, by_edit: Bools
) -> tuple[Ints, Ints, Bools, Bools]:
    """One line an order and variant: repeated draws are dropped, an order's first line stays."""
    frame = pd.DataFrame({"order": order, "variant": variant})
    keep = ~frame.duplicated().to_numpy()
    return order[keep], variant[keep], gift[keep], by_edit[keep]


def _is_reduced(catalogue: Catalogue, variant: Ints) -> Bools:
    return np.r_[catalogue.is_reduced, [False]][catalogue.article[variant]]


def _rates(shop: Ints, place: Ints, reduced: Bools) -> Ints:
    """Tax rate of a line, basis points, by the receiver's country or state."""
    keys = [p[2] if p[2] in TAX_RATES and p[0] in ("US", "CA") else p[0] for p in PLACES]
    table = np.array([[_tax_rates(each.country, key) for key in keys] for each in SHOPS])
    return table[shop, place, reduced.astype(int)]


def _tax_rates(shop_country: str, key: str) -> tuple[int, int]:
    at_home = shop_country == key and key in HOME_TAX_RATES
    return HOME_TAX_RATES[key] if at_home else TAX_RATES[key]


def _discounts_used(
    rng: np.random.Generator,
    people: People,
    purchases: Purchases,
    is_free: Bools,
    has_kitchen: Bools,
) -> Bools:
    """``[discount, order]``: which discounts an order has; a few have three on one another."""
    n = len(purchases.time)
    person = purchases.person
    able = (person >= 0) & ~is_free & (purchases.kind != Kind.SUBSCRIPTION)
    wanted = able & (rng.random(n) < sigmoid(people.price[person]))
    wanted |= pick_each(rng, able, 0.0, purchases.shop)
    titles = [discount[1] for discount in DISCOUNTS]
    offered = np.array([[titles.index(t) for t in shop.platform.discounts] for shop in SHOPS])
    which = offered[purchases.shop, weighted(rng, (25, 35, 20, 12, 8), n)]
    used = np.zeros((len(DISCOUNTS), n), bool)
    used[which, np.arange(n)] = wanted
    stacks = can(purchases.shop, "has_edits")
    stacked = pick(rng, wanted & has_kitchen & stacks, 0.1, at_least=8)
    used[[AUTOMATIC, CODE_10, FIXED_5]] |= stacked
    used[CODE_20] &= ~stacked
    used[ALL_FREE] = is_free
    return used


def _allocate(used: Bools, order: Ints, amount: Ints, kitchen: Bools) -> Ints:
    """Spread the discounts over the lines, each on what the ones before have left."""
    allocated = np.zeros((len(DISCOUNTS), len(order)), np.int64)
    left = amount.copy()
    for number, (_, _, target, value_type, value) in enumerate(DISCOUNTS):
        if target == "shipping":
            continue
        base = np.where(used[number][order] & (kitchen | (number != AUTOMATIC)), left, 0)
        total = group_sums(base, order)
        if value_type == "percentage":
            wanted = share(total, np.int64(value), 100)
        else:
            wanted = np.minimum(np.int64(value * 100), total)
        allocated[number] = spread(wanted, base, order)
        left = left - allocated[number]
    return allocated


def _shipping(
    rng: np.random.Generator, purchases: Purchases, place: Ints, lines: Lines, used: Bools
) -> Shipping:
    """Shipping of what is placed: free from a value on, none at the till or for gift cards."""
    n = len(purchases.time)
    placed = ~lines.by_edit
    goods = np.bincount(lines.order[placed], (lines.net * ~lines.gift)[placed], n).astype(np.int64)
    has_goods = np.bincount(lines.order, ~lines.gift, n) > 0
    method = np.where(rng.random(n) < 0.85, 0, 1)
    sent = has_goods & (purchases.kind != Kind.WALK_IN) & can(purchases.shop, "ships")
    method = np.where(sent, method, -1)
    shop = purchases.shop
    fees = np.array([each.shipping for each in SHOPS])[shop, method]
    free = (goods >= np.array([each.free_from for each in SHOPS])[shop]) & (method == 0)
    price = np.where(free | (method < 0), 0, fees)
    discount = np.where(used[FREE_SHIPPING], price, 0)
    taxed = np.array([each.taxes_shipping for each in SHOPS])[shop] & (method >= 0)
    rate = np.where(taxed, _rates(shop, place, np.zeros(n, bool)), 0)
    tax = tax_of(price - discount, rate, taxes_included(shop))
    return Shipping(method, price, discount, rate, tax)


def per_order(lines: Lines, values: Ints | Floats | Bools, orders: int) -> Ints:
    """Sum of line values by order number."""
    return np.bincount(lines.order, values, orders).astype(np.int64)
