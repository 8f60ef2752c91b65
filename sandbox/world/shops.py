"""The shops and the platforms that they run on: facts, one place for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandbox.world.drawing import Bools, Ints, pick
from sandbox.world.words import EU_PLACES, FR_PLACES, PLACES, UK_PLACES, US_PLACES


@dataclass(frozen=True)
class Platform:
    """A shop system: what does not exist there does not happen there.

    Attributes:
        name: The product's word for the source.
        number_prefix: Before an order's number.
        sources: Weights of web, till and draft as the source of ordinary orders.
        discounts: Titles of ``baskets.DISCOUNTS`` that a discounted order has, drawn by weight.
        gateways: Names of card, wallet, pay-later and bank transfer.
        has_edits: Paid orders are edited.
        has_partial_cancels: Lines are taken off before the parcel leaves, with a refund.
        has_gift_cards: Gift cards are sold and pay.
        has_tips: Buyers tip.
        has_presentment: Buyers see their own currency.
        has_tests: There are test orders.
        has_deletions: Orders are deleted or put in the trash.
        has_failures: Orders whose payment fails stay in the list.
        has_open_payments: So do those that were left at the payment page.
        has_authorisations: Payments are authorised first and captured with the parcel.
        has_transfers: Bank transfers come days later, or never.
        has_goodwill: Money goes back without any goods.
        has_shipping_refunds: Shipping goes back with a return.
        has_return_fees: A return keeps a restocking fee, or is not paid in full.
        has_cancel_refunds: A cancellation pays back by a refund of its own.
        has_archive: Done orders are archived.
        has_subscriptions: An app sells subscriptions.
        has_checkouts: Its API lists checkouts that were left.
        ships: Orders are sent.
    """

    name: str
    number_prefix: str
    sources: tuple[int, int, int]
    discounts: tuple[str, str, str, str, str]
    gateways: tuple[str, str, str, str]
    has_edits: bool = False
    has_partial_cancels: bool = False
    has_gift_cards: bool = False
    has_tips: bool = False
    has_presentment: bool = False
    has_tests: bool = False
    has_deletions: bool = False
    has_failures: bool = False
    has_open_payments: bool = False
    has_authorisations: bool = False
    has_transfers: bool = False
    has_goodwill: bool = False
    has_shipping_refunds: bool = False
    has_return_fees: bool = False
    has_cancel_refunds: bool = False
    has_archive: bool = False
    has_subscriptions: bool = False
    has_checkouts: bool = False
    ships: bool = True


SHOPIFY = Platform(
    name="shopify",
    number_prefix="#",
    sources=(93, 5, 2),
    discounts=("Spring Kitchen", "BASKET10", "FRIENDS20", "SHIPFREE", "Goodwill"),
    gateways=("shopify_payments", "paypal", "klarna", "bank_deposit"),
    has_edits=True,
    has_partial_cancels=True,
    has_gift_cards=True,
    has_tips=True,
    has_presentment=True,
    has_tests=True,
    has_deletions=True,
    has_authorisations=True,
    has_transfers=True,
    has_goodwill=True,
    has_shipping_refunds=True,
    has_return_fees=True,
    has_cancel_refunds=True,
    has_archive=True,
    has_subscriptions=True,
    has_checkouts=True,
)
WOOCOMMERCE = Platform(
    name="woocommerce",
    number_prefix="",
    sources=(1, 0, 0),
    discounts=("BASKET10", "BASKET10", "FRIENDS20", "FRIENDS20", "MINUS5"),
    gateways=("stripe", "ppcp-gateway", "klarna_payments", "bacs"),
    has_partial_cancels=True,
    has_deletions=True,
    has_failures=True,
    has_open_payments=True,
    has_transfers=True,
    has_goodwill=True,
    has_shipping_refunds=True,
)
COMMERCETOOLS = Platform(
    name="commercetools",
    number_prefix="PRO-",
    sources=(1, 0, 0),
    discounts=("Spring Kitchen", "BASKET10", "FRIENDS20", "FRIENDS20", "MINUS5"),
    gateways=("adyen", "paypal", "klarna", "invoice"),
    has_failures=True,
    has_authorisations=True,
    has_transfers=True,
    has_cancel_refunds=True,
)
SQL_ORDERS = Platform(
    name="sql_orders",
    number_prefix="T-",
    sources=(0, 1, 0),
    discounts=("Goodwill",) * 5,
    gateways=("card", "card", "card", "card"),
    has_cancel_refunds=True,
    ships=False,
)
PLATFORMS = (SHOPIFY, WOOCOMMERCE, COMMERCETOOLS, SQL_ORDERS)


@dataclass(frozen=True)
class Shop:
    """A shop.

    Attributes:
        handle: Also the product's account id.
        name: As it calls itself.
        platform: What it runs on.
        currency: ISO code of its money.
        zone: IANA zone of its day.
        country: ISO 3166 alpha-2.
        taxes_included: Prices contain the tax.
        taxes_shipping: Shipping is taxed.
        places: Where its people live, in ``words.PLACES``.
        phone: Prefix of their numbers.
        collectors: Who collects its web events; the own collector may come later.
        first_party_from: Part of the world that passes before the own collector is there.
        price_level: Prices over those of the first shop.
        cost_level: Likewise costs.
        shipping: Standard and express, cents.
        free_from: Value of goods from which standard shipping is free, cents.
        open_tax: Shown at the checkout before the address is known, basis points.
        card_fee: Per 10,000 and fixed cents.
        carrier: Of its parcels.
        walk_ins: Sales to people nobody knows, per sale to a known one, all shops counted.
    """

    handle: str
    name: str
    platform: Platform
    currency: str
    zone: str
    country: str
    taxes_included: bool
    taxes_shipping: bool
    places: slice
    phone: str
    collectors: tuple[str, ...]
    first_party_from: float
    price_level: float
    cost_level: float
    shipping: tuple[int, int]
    free_from: int
    open_tax: int
    card_fee: tuple[int, int]
    carrier: str
    walk_ins: float


_EU = slice(0, len(EU_PLACES))
_US = slice(_EU.stop, _EU.stop + len(US_PLACES))
_UK = slice(_US.stop, _US.stop + len(UK_PLACES))
_FR = slice(_UK.stop, _UK.stop + len(FR_PLACES))

SHOPS = (
    Shop(
        handle="basketline-eu",
        name="Basketline Europe",
        platform=SHOPIFY,
        currency="EUR",
        zone="Europe/Berlin",
        country="DE",
        taxes_included=True,
        taxes_shipping=True,
        places=_EU,
        phone="+49155",
        collectors=("ga4", "first_party"),
        first_party_from=0.5,
        price_level=1.0,
        cost_level=1.0,
        shipping=(490, 990),
        free_from=6000,
        open_tax=1900,
        card_fee=(190, 25),
        carrier="DHL",
        walk_ins=1 / 280,
    ),
    Shop(
        handle="basketline-us",
        name="Basketline America",
        platform=SHOPIFY,
        currency="USD",
        zone="America/New_York",
        country="US",
        taxes_included=False,
        taxes_shipping=False,
        places=_US,
        phone="+1555",
        collectors=("ga4",),
        first_party_from=1.0,
        price_level=1.12,
        cost_level=1.1,
        shipping=(699, 1499),
        free_from=7500,
        open_tax=800,
        card_fee=(290, 30),
        carrier="UPS",
        walk_ins=1 / 280,
    ),
    Shop(
        handle="basketline-uk",
        name="Basketline UK",
        platform=WOOCOMMERCE,
        currency="GBP",
        zone="Europe/London",
        country="GB",
        taxes_included=True,
        taxes_shipping=True,
        places=_UK,
        phone="+4477009",
        collectors=("first_party",),
        first_party_from=0.0,
        price_level=0.9,
        cost_level=0.87,
        shipping=(395, 795),
        free_from=5000,
        open_tax=2000,
        card_fee=(150, 20),
        carrier="Royal Mail",
        walk_ins=0.0,
    ),
    Shop(
        handle="basketline-fr",
        name="Basketline France",
        platform=WOOCOMMERCE,
        currency="EUR",
        zone="Europe/Paris",
        country="FR",
        taxes_included=True,
        taxes_shipping=True,
        places=_FR,
        phone="+336399",
        collectors=("first_party",),
        first_party_from=0.0,
        price_level=1.04,
        cost_level=1.0,
        shipping=(590, 1090),
        free_from=6500,
        open_tax=2000,
        card_fee=(150, 25),
        carrier="Colissimo",
        walk_ins=0.0,
    ),
    Shop(
        handle="basketline-pro",
        name="Basketline Pro",
        platform=COMMERCETOOLS,
        currency="EUR",
        zone="Europe/Berlin",
        country="DE",
        taxes_included=False,
        taxes_shipping=True,
        places=slice(0, 5),
        phone="+4930555",
        collectors=("first_party",),
        first_party_from=0.0,
        price_level=0.72,
        cost_level=1.0,
        shipping=(590, 1290),
        free_from=15000,
        open_tax=1900,
        card_fee=(140, 20),
        carrier="DHL",
        walk_ins=0.0,
    ),
    Shop(
        handle="basketline-till",
        name="Basketline Berlin",
        platform=SQL_ORDERS,
        currency="EUR",
        zone="Europe/Berlin",
        country="DE",
        taxes_included=True,
        taxes_shipping=False,
        places=slice(0, 1),
        phone="+49155",
        collectors=(),
        first_party_from=1.0,
        price_level=1.0,
        cost_level=1.0,
        shipping=(0, 0),
        free_from=0,
        open_tax=1900,
        card_fee=(90, 0),
        carrier="",
        walk_ins=0.12,
    ),
)
"""Their place here is their number everywhere; a small world has only the first ones."""

HANDLES = tuple(shop.handle for shop in SHOPS)
CURRENCIES = tuple(shop.currency for shop in SHOPS)
ZONES = tuple(shop.zone for shop in SHOPS)


def handles(shop: Ints) -> np.ndarray:
    """Handles by shop number."""
    return np.array(HANDLES, object)[shop]


def currencies(shop: Ints) -> np.ndarray:
    """ISO codes of the shops' money."""
    return np.array(CURRENCIES, object)[shop]


def taxes_included(shop: Ints) -> Bools:
    """Whether the prices contain the tax."""
    return np.array([each.taxes_included for each in SHOPS])[shop]


def can(shop: Ints, what: str) -> Bools:
    """Whether the shop's platform has something; ``what`` is a flag of ``Platform``."""
    return np.array([getattr(each.platform, what) for each in SHOPS])[shop]


def has_visits(shop: Ints) -> Bools:
    """Whether anybody collects its web events: a till has no visits."""
    return np.array([bool(each.collectors) for each in SHOPS])[shop]


def pick_each(
    rng: np.random.Generator, candidates: Bools, chance: float, shop: Ints, *, at_least: int = 4
) -> Bools:
    """Choose candidates at random on every platform: each with the chance, never too few.

    Args:
        rng: Random numbers.
        candidates: Rows to choose from.
        chance: Of each.
        shop: Shop number of each row.
        at_least: How many on each platform, if there are as many.
    """
    number = np.array([PLATFORMS.index(each.platform) for each in SHOPS])[shop]
    chosen = np.zeros(len(candidates), bool)
    for platform in range(len(PLATFORMS)):
        chosen |= pick(rng, candidates & (number == platform), chance, at_least=at_least)
    return chosen


def handles_of(platform: Platform) -> tuple[str, ...]:
    """Handles of the shops on a platform."""
    return tuple(shop.handle for shop in SHOPS if shop.platform is platform)


def place_weights(shop: Shop) -> np.ndarray:
    """Weight of each of ``words.PLACES`` among a shop's people."""
    weights = np.zeros(len(PLACES))
    weights[shop.places] = [place[5] for place in PLACES[shop.places]]
    return weights
