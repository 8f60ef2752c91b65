"""The tables of orders and their parts, from purchases, baskets and fates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.baskets import DISCOUNTS, SHIPPING, Baskets, per_order
from sandbox.world.catalogue import Catalogue
from sandbox.world.drawing import ABSENT, NEVER, Bools, Ints, pick, weighted
from sandbox.world.fates import SOURCES, WEB, Fates, Stage
from sandbox.world.ledger import typed
from sandbox.world.money import Money, line_ids, order_ids, shipping_ids
from sandbox.world.people import Accounts, People, addresses, phones, spelled
from sandbox.world.purchases import Kind, Purchases
from sandbox.world.shops import SHOPS, can, currencies, handles, taxes_included
from sandbox.world.words import PLACES, PRESENTMENT

CHECKOUT_BASE = 37_000_000_000_000
ALLOCATION_BASE = 710_000_000_000
REASONS = ("CUSTOMER", "INVENTORY", "FRAUD", "OTHER")
TEST_ADDRESS = "test@basketline.example"


def orders_frame(
    rng: np.random.Generator,
    people: People,
    purchases: Purchases,
    baskets: Baskets,
    fates: Fates,
    money: Money,
    accounts: Accounts,
    visit_id: Ints,
    presentment_rate: np.ndarray,
) -> pd.DataFrame:
    """The table orders, sorted by visibility; states are those of the moment of placing."""
    n = len(purchases.time)
    number = np.arange(n)
    known, person = purchases.person >= 0, purchases.person
    customer = _customer_ids(rng, purchases, accounts, fates)
    cancelled = fates.stage_at[Stage.CANCEL]
    reason = np.array(REASONS, object)[weighted(rng, (50, 25, 10, 15), n)]
    frame = typed(
        "orders",
        {
            "order_id": order_ids(number),
            "shop": handles(purchases.shop),
            "number": np.zeros(n, np.int64),
            "name": np.full(n, "", object),
            "person_id": np.where(known, person + 1, -1),
            "customer_id": customer,
            "email": _emails(rng, people, purchases),
            "phone": np.where(known, phones(people, person), ""),
            "is_guest": customer == ABSENT,
            "visit_id": visit_id,
            "checkout_id": np.where(web_orders(fates, purchases), checkout_ids(number), ABSENT),
            "source_name": np.array(SOURCES, object)[fates.source],
            "processed_at": purchases.time,
            "created_at": fates.created,
            "cancelled_at": cancelled,
            "cancel_reason": np.where(cancelled != NEVER, reason, ""),
            "closed_at": fates.closed,
            "deleted_at": fates.deleted,
            "updated_at": fates.created,
            "is_test": purchases.kind == Kind.TEST,
            "tags": np.where(rng.random(n) < 0.08, "gift, express", ""),
            "late_tag": np.where(fates.tagged != NEVER, "reviewed", ""),
            "tagged_at": fates.tagged,
            **_totals(purchases, baskets, money),
            **_presentment(purchases, baskets, presentment_rate),
            "discount_codes": _codes(baskets, n),
            **_receiver(people, purchases, baskets),
            **dict.fromkeys(STATES, np.zeros(n, np.int64)),
            "financial_status": np.full(n, "PENDING", object),
            "fulfillment_status": np.full(n, "UNFULFILLED", object),
            "status": np.full(n, "", object),
        },
    )
    frame = frame.sort_values(["created_at", "order_id"]).reset_index(drop=True)
    frame["number"] = frame.groupby("shop").cumcount() + 1001
    prefix = frame["shop"].map({shop.handle: shop.platform.number_prefix for shop in SHOPS})
    frame["name"] = prefix + frame["number"].astype(str)
    return frame


STATES = (
    "current_subtotal",
    "current_discounts",
    "current_tax",
    "current_shipping",
    "current_total",
    "received",
    "refunded",
)


def checkout_ids(order: Ints) -> Ints:
    """Shopify's checkout id of a web order's number."""
    return CHECKOUT_BASE + order * 64


def _customer_ids(
    rng: np.random.Generator, purchases: Purchases, accounts: Accounts, fates: Fates
) -> Ints:
    """The account of each order; some who have one order as guests all the same."""
    own = accounts.customer_id[purchases.shop, purchases.person]
    guest = pick(rng, (purchases.person >= 0) & (own != ABSENT) & (fates.source == WEB), 0.04)
    return np.where((purchases.person < 0) | guest, ABSENT, own)


def _emails(rng: np.random.Generator, people: People, purchases: Purchases) -> np.ndarray:
    person = purchases.person
    spelling = weighted(rng, (90, 5, 3, 2), len(person))
    emails = spelled(people.email[person], people.first[person], spelling)
    stranger = np.where(purchases.kind == Kind.TEST, TEST_ADDRESS, "")
    return np.where(person >= 0, emails, stranger)


def _totals(purchases: Purchases, baskets: Baskets, money: Money) -> dict[str, np.ndarray]:
    n = len(purchases.time)
    lines, included = baskets.lines, taxes_included(purchases.shop)
    placed = ~lines.by_edit
    tax = per_order(lines, lines.tax * placed, n) + baskets.shipping.tax
    total = per_order(lines, money.line.total * placed, n) + money.ship.total + baskets.tip
    return {
        "currency": currencies(purchases.shop),
        "taxes_included": included,
        "subtotal": per_order(lines, lines.net * placed, n),
        "discounts": per_order(lines, lines.discount * placed, n) + baskets.shipping.discount,
        "tax": tax,
        "shipping": baskets.shipping.price - baskets.shipping.discount,
        "tip": baskets.tip,
        "total": total,
    }


def _presentment(purchases: Purchases, baskets: Baskets, rate: np.ndarray) -> dict[str, np.ndarray]:
    seen = presentment_currencies(purchases, baskets)
    return {
        "presentment_currency": seen,
        "presentment_rate": np.where(seen == currencies(purchases.shop), 1.0, rate),
    }


def presentment_currencies(purchases: Purchases, baskets: Baskets) -> np.ndarray:
    """What the buyer sees: the money of the own country where the platform shows it."""
    country = np.array([place[0] for place in PLACES], object)[baskets.place]
    foreign = pd.Series(country).map(PRESENTMENT).to_numpy(object)
    shows = can(purchases.shop, "has_presentment") & ~pd.isna(foreign)
    return np.where(shows, foreign, currencies(purchases.shop))


def _codes(baskets: Baskets, n: int) -> np.ndarray:
    """Codes of each order, with commas."""
    text = np.full(n, "", object)
    free_shipping = baskets.shipping.discount > 0
    for number, (kind, title, target, *_) in enumerate(DISCOUNTS):
        if kind != "code":
            continue
        used = per_order(baskets.lines, baskets.lines.allocated[number], n) > 0
        used = free_shipping if target == "shipping" else used
        comma = np.where(text != "", ",", "").astype(object)
        text = np.where(used, text + comma + title, text)
    return text


def _receiver(people: People, purchases: Purchases, baskets: Baskets) -> dict[str, np.ndarray]:
    """Shipping address; the shop's own for tills and tests."""
    person = purchases.person
    home = addresses(people, person)
    known = person >= 0
    country, city = (
        np.array([place[field] for place in PLACES], object)[baskets.place] for field in (0, 3)
    )
    stranger = {"country_code": country, "city": city}
    name = people.first[person] + " " + people.last[person]
    columns = {
        f"ship_{column}": np.where(known, values, stranger.get(column, ""))
        for column, values in home.items()
    }
    return {"ship_name": np.where(known, name, ""), **columns}


def lines_frame(
    purchases: Purchases, baskets: Baskets, fates: Fates, catalogue: Catalogue
) -> pd.DataFrame:
    """The table order_lines, in the order in which lines came to be."""
    lines = baskets.lines
    order, shop = lines.order, purchases.shop[lines.order]
    product_id = catalogue.product_id(shop, lines.variant)
    variant_id = catalogue.variant_id(shop, lines.variant)
    products = catalogue.frames["products"].set_index("product_id")
    found = products.loc[product_id, ["title", "category", "vendor"]]
    variants = catalogue.frames["variants"].set_index("variant_id")
    sold = variants.loc[variant_id, ["sku", "title"]]
    added = np.where(lines.by_edit, fates.stage_at[Stage.EDIT][order], fates.created[order])
    frame = typed(
        "order_lines",
        {
            "line_id": line_ids(np.arange(len(order))),
            "order_id": order_ids(order),
            "shop": handles(shop),
            "product_id": product_id,
            "variant_id": variant_id,
            "sku": sold["sku"].array,
            "title": found["title"].array,
            "variant_title": sold["title"].array,
            "category": found["category"].array,
            "vendor": found["vendor"].array,
            "is_gift_card": lines.gift,
            "quantity": lines.quantity,
            "current_quantity": lines.quantity,
            "unit_price": lines.price,
            "unit_cost": lines.cost,
            "tax_rate_bp": lines.rate,
            "discount": lines.discount,
            "tax": lines.tax,
            "requires_shipping": ~lines.gift,
            "added_at": added,
        },
    )
    return frame.sort_values(["added_at", "line_id"]).reset_index(drop=True)


def shipping_frame(purchases: Purchases, baskets: Baskets, fates: Fates) -> pd.DataFrame:
    """The table shipping_lines."""
    shipping = baskets.shipping
    order = np.flatnonzero(shipping.method >= 0)
    method = shipping.method[order]
    free = shipping.price[order] == 0
    title = np.array([option[0] for option in SHIPPING], object)[method]
    frame = typed(
        "shipping_lines",
        {
            "shipping_line_id": shipping_ids(order),
            "order_id": order_ids(order),
            "shop": handles(purchases.shop[order]),
            "title": np.where(free, "Free shipping", title),
            "code": np.array([option[1] for option in SHIPPING], object)[method],
            "price": shipping.price[order],
            "discount": shipping.discount[order],
            "tax_rate_bp": shipping.rate[order],
            "tax": shipping.tax[order],
            "created_at": fates.created[order],
        },
    )
    return frame.sort_values(["created_at", "order_id"]).reset_index(drop=True)


def allocations_frame(purchases: Purchases, baskets: Baskets, fates: Fates) -> pd.DataFrame:
    """The table discount_allocations."""
    number, line = np.nonzero(baskets.lines.allocated)
    order = baskets.lines.order[line]
    shipped = np.flatnonzero(baskets.shipping.discount)
    free_shipping = next(i for i, d in enumerate(DISCOUNTS) if d[2] == "shipping")
    rows = {
        "order": np.r_[order, shipped],
        "number": np.r_[number, np.full(len(shipped), free_shipping)],
        "line_id": np.r_[line_ids(line), np.full(len(shipped), ABSENT)],
        "shipping_line_id": np.r_[np.full(len(line), ABSENT), shipping_ids(shipped)],
        "amount": np.r_[baskets.lines.allocated[number, line], baskets.shipping.discount[shipped]],
    }
    by_order = np.lexsort((rows["line_id"], rows["number"], rows["order"]))
    rows = {name: values[by_order] for name, values in rows.items()}
    fields = [np.array(field, object)[rows["number"]] for field in zip(*DISCOUNTS, strict=True)]
    frame = typed(
        "discount_allocations",
        {
            "allocation_id": ALLOCATION_BASE + np.arange(len(by_order)) * 16,
            "order_id": order_ids(rows["order"]),
            "shop": handles(purchases.shop[rows["order"]]),
            "line_id": rows["line_id"],
            "shipping_line_id": rows["shipping_line_id"],
            "application_index": _places(rows["order"], rows["number"]),
            "kind": fields[0],
            "title": fields[1],
            "target": fields[2],
            "value_type": fields[3],
            "value": fields[4].astype(float),
            "amount": rows["amount"],
            "added_at": fates.created[rows["order"]],
        },
    )
    return frame.sort_values(["added_at", "allocation_id"]).reset_index(drop=True)


def _places(order: Ints, number: Ints) -> Ints:
    """Place of each discount among those of its order; rows are sorted by order, number."""
    pairs = pd.DataFrame({"order": order, "number": number}).drop_duplicates()
    pairs["place"] = pairs.groupby("order").cumcount()
    keys = pd.MultiIndex.from_frame(pairs[["order", "number"]])
    found = pd.Series(pairs["place"].to_numpy(), keys)
    return found.loc[pd.MultiIndex.from_arrays([order, number])].to_numpy(np.int64)


def web_orders(fates: Fates, purchases: Purchases) -> Bools:
    """Orders that were placed in a visit."""
    return (fates.source == WEB) & ~np.isin(purchases.kind, (Kind.TEST, Kind.FAILED))
