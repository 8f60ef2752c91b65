"""Checkouts: completed at once, recovered later, or left for good."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.baskets import Baskets, per_order, tax_of
from sandbox.world.catalogue import Catalogue
from sandbox.world.drawing import ABSENT, MINUTE, NEVER, Ints
from sandbox.world.events import Items
from sandbox.world.ledger import typed
from sandbox.world.money import order_ids
from sandbox.world.orders import checkout_ids
from sandbox.world.people import Accounts, People
from sandbox.world.purchases import Purchases
from sandbox.world.shops import SHOPS, currencies, handles, taxes_included
from sandbox.world.visits import CHECKOUT, PURCHASE, Visits

LEFT_BASE = 38_000_000_000_000
LINE_BASE = 39_000_000_000_000
LISTED_AFTER = 10 * MINUTE


@dataclass(frozen=True)
class Checkouts:
    """Checkouts of known people: those of orders first, then the ones left for good.

    Attributes:
        visit: Visit number in which it began.
        order: Order number, -1 if left.
        started: Microseconds.
        ids: Shopify's ids.
        of_visit: Checkout id begun in each visit, or ``ABSENT``.
    """

    visit: Ints
    order: Ints
    started: Ints
    ids: Ints
    of_visit: Ints


def build(visits: Visits, begun: Ints, orders: int) -> Checkouts:
    """Find the checkout of every visit that got as far.

    Args:
        visits: The visits.
        begun: Time of each visit's begin_checkout, or ``NEVER``.
        orders: Number of orders.
    """
    first_visit = np.full(orders, -1)
    buying = np.flatnonzero(visits.depth == PURCHASE)
    first_visit[visits.order[buying]] = buying
    earlier = np.flatnonzero((visits.depth == CHECKOUT) & (visits.order >= 0))
    first_visit[visits.order[earlier]] = earlier  # recovered: begun in the earlier visit
    bought = np.flatnonzero(first_visit >= 0)
    left = np.flatnonzero((visits.depth == CHECKOUT) & (visits.order < 0) & (visits.person >= 0))
    visit = np.r_[first_visit[bought], left]
    ids = np.r_[checkout_ids(bought), LEFT_BASE + np.arange(len(left)) * 64]
    of_visit = np.full(len(visits.start), ABSENT)
    of_visit[buying] = checkout_ids(visits.order[buying])
    of_visit[visit] = ids
    order = np.r_[bought, np.full(len(left), -1)]
    return Checkouts(visit, order, begun[visit], ids, of_visit)


def frames(
    checkouts: Checkouts,
    visits: Visits,
    visit_ids: Ints,
    looks: Items,
    people: People,
    purchases: Purchases,
    baskets: Baskets,
    catalogue: Catalogue,
    accounts: Accounts,
    totals: Ints,
) -> dict[str, pd.DataFrame]:
    """The tables checkouts and checkout_lines."""
    lines = _lines(checkouts, visits, looks, baskets, catalogue)
    amounts = _amounts(checkouts, visits, purchases, baskets, lines, totals)
    shop, person = visits.shop[checkouts.visit], visits.person[checkouts.visit]
    bought = checkouts.order >= 0
    completed = np.where(bought, purchases.time[checkouts.order], NEVER)
    listed = checkouts.started + LISTED_AFTER
    account = accounts.customer_id[shop, person]
    opened = accounts.created[shop, person] <= checkouts.started
    frame = typed(
        "checkouts",
        {
            "checkout_id": checkouts.ids,
            "shop": handles(shop),
            "visit_id": visit_ids[checkouts.visit],
            "customer_id": np.where((account != ABSENT) & (opened | bought), account, ABSENT),
            "person_id": person + 1,
            "email": people.email[person],
            "token": "tok" + pd.Series(checkouts.ids * 16_807 % 2_147_483_647).astype(str),
            "created_at": checkouts.started,
            "abandoned_at": np.where(bought & (completed <= listed), NEVER, listed),
            "completed_at": completed,
            "order_id": np.where(bought, order_ids(checkouts.order), ABSENT),
            "updated_at": checkouts.started,
            "currency": currencies(shop),
            "discount_code": np.full(len(shop), "", object),
            **amounts,
        },
    )
    return {
        "checkouts": frame.sort_values(["created_at", "checkout_id"]).reset_index(drop=True),
        "checkout_lines": _lines_frame(checkouts, visits, catalogue, lines),
    }


Lines = dict[str, Ints]


def _lines(
    checkouts: Checkouts, visits: Visits, looks: Items, baskets: Baskets, catalogue: Catalogue
) -> Lines:
    """Lines by checkout number: the order's own, or what was in the cart."""
    of_order = np.full(int(checkouts.order.max()) + 2, -1)
    bought = np.flatnonzero(checkouts.order >= 0)
    of_order[checkouts.order[bought]] = bought
    placed = ~baskets.lines.by_edit & (baskets.lines.order < len(of_order) - 1)
    own = np.flatnonzero(placed)
    own = own[of_order[baskets.lines.order[own]] >= 0]
    of_visit = np.full(len(visits.start), -1)
    left = np.flatnonzero(checkouts.order < 0)
    of_visit[checkouts.visit[left]] = left
    cart = np.flatnonzero((of_visit[looks.visit] >= 0) & (looks.quantity > 0))
    checkout = np.r_[of_order[baskets.lines.order[own]], of_visit[looks.visit[cart]]]
    shop = visits.shop[checkouts.visit[checkout]]
    variant = np.r_[baskets.lines.variant[own], looks.variant[cart]]
    now_price, _ = catalogue.price_at(shop, variant, checkouts.started[checkout])
    rows = {
        "checkout": checkout,
        "variant": variant,
        "quantity": np.r_[baskets.lines.quantity[own], looks.quantity[cart]],
        "price": np.r_[baskets.lines.price[own], now_price[len(own) :]],
        "discount": np.r_[baskets.lines.discount[own], np.zeros(len(cart), np.int64)],
    }
    by_checkout = np.argsort(checkout, kind="stable")
    return {name: values[by_checkout] for name, values in rows.items()}


def _amounts(
    checkouts: Checkouts,
    visits: Visits,
    purchases: Purchases,
    baskets: Baskets,
    lines: Lines,
    totals: Ints,
) -> Lines:
    """Amounts of each checkout: the order's as placed, or those of the cart."""
    n = len(checkouts.ids)
    bought, order = checkouts.order >= 0, checkouts.order
    shop = visits.shop[checkouts.visit]
    charged = lines["price"] * lines["quantity"] - lines["discount"]
    subtotal = np.bincount(lines["checkout"], charged, n).astype(np.int64)
    discount = np.bincount(lines["checkout"], lines["discount"], n).astype(np.int64)
    open_rate = np.array([each.open_tax for each in SHOPS])[shop]
    open_tax = tax_of(subtotal, open_rate, taxes_included(shop))
    placed = ~baskets.lines.by_edit
    order_tax = per_order(baskets.lines, baskets.lines.tax * placed, len(purchases.time))
    order_tax += baskets.shipping.tax
    tax = np.where(bought, order_tax[order], open_tax)
    own_total = subtotal + np.where(taxes_included(shop), 0, open_tax)
    return {
        "subtotal": subtotal,
        "discount": discount,
        "tax": tax,
        "total": np.where(bought, totals[order], own_total),
    }


def _lines_frame(
    checkouts: Checkouts, visits: Visits, catalogue: Catalogue, lines: Lines
) -> pd.DataFrame:
    checkout = lines["checkout"]
    shop = visits.shop[checkouts.visit[checkout]]
    frame = typed(
        "checkout_lines",
        {
            "checkout_line_id": LINE_BASE + np.arange(len(checkout)) * 16,
            "checkout_id": checkouts.ids[checkout],
            "shop": handles(shop),
            "variant_id": catalogue.variant_id(shop, lines["variant"]),
            "product_id": catalogue.product_id(shop, lines["variant"]),
            "quantity": lines["quantity"],
            "unit_price": lines["price"],
            "discount": lines["discount"],
            "created_at": checkouts.started[checkout],
        },
    )
    return frame.sort_values(["created_at", "checkout_line_id"]).reset_index(drop=True)
