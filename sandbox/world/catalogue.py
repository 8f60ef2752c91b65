"""What the shops sell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.drawing import (
    ABSENT,
    DAY,
    HOUR,
    NEVER,
    Bools,
    Ints,
    between,
    ragged,
    weighted,
)
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.shops import SHOPS, can, handles
from sandbox.world.timeline import micros
from sandbox.world.words import ADJECTIVES, BRANDS, CATEGORIES, DEPARTMENTS, SIZES

PRODUCT_BASE = 8_100_000_000_000
VARIANT_BASE = 44_100_000_000_000
CATEGORY_BASE = 310_000_000_000
ITEM_BASE = 46_100_000_000_000
PRICE_MEDIAN = 2400
PRICE_SPREAD = 0.45  # of log price, on the logit of a place in the category
GIFT_CARD_CENTS = (2500, 5000, 10000)


@dataclass(frozen=True)
class Catalogue:
    """Articles and their variants in every shop, as arrays for drawing.

    Articles are sorted by category, then price, so that a category is a range and a place in it
    a quantile of price. Arrays of variants are indexed ``[shop]`` by variant number.

    Attributes:
        category_start: First article of each category, and the end.
        fallback: The article to take while this one is not launched.
        launched_at: Microseconds.
        is_reduced: Reduced tax.
        first_variant: First variant number of each article.
        variant_count: Variants of each article.
        article: Article of each variant number; gift cards have -1.
        price: Price before and after the change, ``[shop, version, variant]``, cents.
        cost: Likewise, without tax; ``ABSENT`` where unknown.
        changed_at: Start of the second version, microseconds.
        gift_variants: Variant numbers of the gift cards.
        frames: Tables stores, products, variants, variant_versions.
    """

    category_start: Ints
    fallback: Ints
    launched_at: Ints
    is_reduced: Bools
    first_variant: Ints
    variant_count: Ints
    article: Ints
    price: Ints
    cost: Ints
    changed_at: Ints
    gift_variants: Ints
    frames: dict[str, pd.DataFrame]

    def variant_id(self, shop: Ints, variant: Ints) -> Ints:
        """Shopify's id of a variant number in a shop."""
        return VARIANT_BASE + (shop * len(self.article) + variant) * 32

    def product_id(self, shop: Ints, variant: Ints) -> Ints:
        """Shopify's id of the product of a variant number in a shop."""
        article = self.article[variant]
        gift = len(self.first_variant)
        number = np.where(article < 0, gift, article)
        return PRODUCT_BASE + (shop * (gift + 1) + number) * 256

    def price_at(self, shop: Ints, variant: Ints, times: Ints) -> tuple[Ints, Ints]:
        """Price and cost in force, cents."""
        version = (times >= self.changed_at[variant]).astype(int)
        return self.price[shop, version, variant], self.cost[shop, version, variant]


def build(rng: np.random.Generator, preset: Preset) -> Catalogue:
    """Draw the catalogue."""
    start, end = micros(preset.start), micros(preset.end)
    counts = _articles_per_category(preset.articles)
    category, rank = ragged(counts)
    category_start = np.r_[0, np.cumsum(counts)]
    n = preset.articles
    place = (rank + 0.5) / counts[category]
    base_price = PRICE_MEDIAN * np.exp(PRICE_SPREAD * np.log(place / (1 - place)))
    launched = np.where(rank % 6 == 5, between(rng, start, end, n), start - 30 * DAY)
    variant_count = 1 + weighted(rng, (60, 20, 12, 8), n)
    first_variant = np.cumsum(variant_count) - variant_count
    article, position = ragged(variant_count)
    gifts = np.arange(len(GIFT_CARD_CENTS))
    prices = _charm(base_price[article] * (1 + 0.12 * position))
    costs = (prices * rng.uniform(0.3, 0.5, len(prices))).astype(np.int64)
    costs[rng.random(len(costs)) < 0.06] = ABSENT
    price, cost = _versions(rng, preset, prices, costs)
    article = np.r_[article, np.full(len(gifts), -1)]
    changed_at = np.where(
        rng.random(len(article)) < 0.3, between(rng, start + DAY, end, len(article)), end + DAY
    )
    changed_at[-len(gifts) :] = end + DAY
    catalogue = Catalogue(
        category_start=category_start,
        fallback=np.where(rank % 6 == 5, np.arange(n) - 1, np.arange(n)),
        launched_at=launched,
        is_reduced=np.array([c[2] for c in CATEGORIES])[category],
        first_variant=first_variant,
        variant_count=variant_count,
        article=article,
        price=price,
        cost=cost,
        changed_at=np.maximum(changed_at, np.r_[launched, [start] * 3][article] + DAY),
        gift_variants=len(article) - len(gifts) + gifts,
        frames={},
    )
    catalogue.frames["stores"] = _stores(preset)
    catalogue.frames["products"] = _products(rng, preset, catalogue, category)
    catalogue.frames["categories"] = _categories(preset)
    catalogue.frames["variants"] = _variants(preset, catalogue, np.r_[position, gifts])
    catalogue.frames["variant_versions"] = _variant_versions(catalogue)
    return catalogue


def _articles_per_category(articles: int) -> Ints:
    weights = np.array([c[1] for c in CATEGORIES], float)
    counts = np.maximum(2, np.floor(weights / weights.sum() * articles)).astype(np.int64)
    counts[0] += articles - counts.sum()
    return counts


def _charm(price: np.ndarray) -> Ints:
    """Prices as shops write them: 12.90, 19.50, 24.95, 39.99 or round."""
    units = np.maximum(np.floor(price / 100), 2).astype(np.int64)
    endings = np.array([90, 50, 95, 99, 0])
    return units * 100 + endings[units % 5]


def _versions(
    rng: np.random.Generator, preset: Preset, prices: Ints, costs: Ints
) -> tuple[Ints, Ints]:
    """Price and cost ``[shop, version, variant]``, the gift cards at the end."""
    gift, no_cost = np.array(GIFT_CARD_CENTS), np.full(len(GIFT_CARD_CENTS), ABSENT)
    raised = _charm(prices * rng.choice([0.92, 1.06, 1.1], len(prices)))
    dearer = np.where(costs == ABSENT, ABSENT, (costs * 1.04).astype(np.int64))
    price, cost = [], []
    for shop in SHOPS[: len(preset.shares)]:
        own = [p if shop.price_level == 1 else _charm(p * shop.price_level)
               for p in (prices, raised)]  # fmt: skip
        price.append([np.r_[p, gift] for p in own])
        own_cost = [np.where(c == ABSENT, ABSENT, (c * shop.cost_level).astype(np.int64))
                    for c in (costs, dearer)]  # fmt: skip
        cost.append([np.r_[c, no_cost] for c in own_cost])
    return np.array(price), np.array(cost)


def _stores(preset: Preset) -> pd.DataFrame:
    start, end = micros(preset.start), micros(preset.end)
    shops = SHOPS[: len(preset.shares)]
    opened = np.full(len(shops), start - 60 * DAY)
    switched_on = [
        NEVER if "first_party" not in shop.collectors
        else start + int((end - start) * shop.first_party_from) // DAY * DAY + HOUR * 9
        for shop in shops
    ]  # fmt: skip
    return typed(
        "stores",
        {
            "shop": [shop.handle for shop in shops],
            "shop_id": 61_001_000_001 + np.arange(len(shops)),
            "name": [shop.name for shop in shops],
            "platform": [shop.platform.name for shop in shops],
            "collectors": [",".join(shop.collectors) for shop in shops],
            "first_party_at": np.array(switched_on),
            "currency": [shop.currency for shop in shops],
            "timezone": [shop.zone for shop in shops],
            "country": [shop.country for shop in shops],
            "taxes_included": np.array([shop.taxes_included for shop in shops]),
            "email": [f"shop-{shop.handle.split('-')[1]}@basketline.example" for shop in shops],
            "created_at": opened,
        },
    )


def _products(
    rng: np.random.Generator, preset: Preset, cat: Catalogue, category: Ints
) -> pd.DataFrame:
    n, shops = preset.articles, len(preset.shares)
    names = np.array([c[0] for c in CATEGORIES], object)[category]
    widest = max(len(c[3]) for c in CATEGORIES)
    nouns = np.array([(c[3] * widest)[:widest] for c in CATEGORIES], object)
    noun = nouns[category, np.arange(n) % widest]
    title = np.array(ADJECTIVES, object)[rng.integers(0, len(ADJECTIVES), n)] + " " + noun
    title = np.r_[title + " " + (np.arange(n) + 1).astype(str).astype(object), ["Gift Card"]]
    number, shop = np.tile(np.arange(n + 1), shops), np.repeat(np.arange(shops), n + 1)
    is_gift = number == n
    created = np.r_[cat.launched_at, [micros(preset.start) - 30 * DAY]][number]
    frame = typed(
        "products",
        {
            "product_id": PRODUCT_BASE + np.arange(len(number)) * 256,
            "shop": handles(shop),
            "title": title[number],
            "handle": pd.Series(title).str.lower().str.replace(" ", "-").to_numpy(object)[number],
            "vendor": np.array(BRANDS, object)[number % len(BRANDS)],
            "category": np.r_[names, ["Gift Cards"]][number],
            "tags": np.where(number % 4 == 0, "gift, bestseller", ""),
            "status": np.where(number % 41 == 40, "ARCHIVED", "ACTIVE"),
            "is_gift_card": is_gift,
            "created_at": created,
            "updated_at": created,
        },
    )
    return frame[~is_gift | can(shop, "has_gift_cards")].reset_index(drop=True)


def _categories(preset: Preset) -> pd.DataFrame:
    """Departments and what is in them, by shop; gift cards where there are any."""
    leaves = [(leaf, name) for name, within in DEPARTMENTS for leaf in within]
    names = [*(name for name, _ in DEPARTMENTS), *(leaf for leaf, _ in leaves), "Gift Cards"]
    above = [*[ABSENT] * len(DEPARTMENTS), *(names.index(name) for _, name in leaves), ABSENT]
    shops, count = len(preset.shares), len(names)
    shop, number = np.repeat(np.arange(shops), count), np.tile(np.arange(count), shops)
    ids = CATEGORY_BASE + (shop * count + number) * 16
    parent = np.array(above)[number]
    frame = typed(
        "categories",
        {
            "category_id": ids,
            "shop": handles(shop),
            "name": np.array(names, object)[number],
            "parent_id": np.where(parent < 0, ABSENT, ids - (number - parent) * 16),
        },
    )
    kept = (number < count - 1) | can(shop, "has_gift_cards")
    return frame[kept].reset_index(drop=True)


def _variants(preset: Preset, cat: Catalogue, position: Ints) -> pd.DataFrame:
    total, shops = len(cat.article), len(preset.shares)
    number, shop = np.tile(np.arange(total), shops), np.repeat(np.arange(shops), total)
    is_gift = cat.article < 0
    alone = np.r_[cat.variant_count[cat.article[~is_gift]] == 1, np.zeros(is_gift.sum(), bool)]
    title = np.where(alone, "Default Title", np.array(SIZES, object)[position % len(SIZES)])
    title[is_gift] = [f"{cents // 100}.00" for cents in GIFT_CARD_CENTS]
    code = pd.Series(number + 1001).astype(str)
    created = np.r_[cat.launched_at, [micros(preset.start) - 30 * DAY]][cat.article][number]
    price = cat.price[:, 0, :].ravel()
    frame = typed(
        "variants",
        {
            "variant_id": cat.variant_id(shop, number),
            "inventory_item_id": ITEM_BASE + np.arange(len(number)) * 32,
            "product_id": cat.product_id(shop, number),
            "shop": handles(shop),
            "sku": "BL-" + code,
            "barcode": "40" + code.str.zfill(11),
            "title": title[number],
            "position": position[number] + 1,
            "price": price,
            "compare_at_price": _compare_at(price),
            "unit_cost": cat.cost[:, 0, :].ravel(),
            "weight_grams": np.where(is_gift[number], 0, 120 + 35 * (number % 53)),
            "taxable": ~is_gift[number],
            "requires_shipping": ~is_gift[number],
            "is_gift_card": is_gift[number],
            "inventory_quantity": np.zeros(len(number), np.int64),
            "created_at": created,
            "updated_at": created,
        },
    )
    return frame[_is_sold(cat, shop, number)].reset_index(drop=True)


def _is_sold(cat: Catalogue, shop: Ints, number: Ints) -> Bools:
    """Whether a shop has a variant: gift cards are not everywhere."""
    return (cat.article[number] >= 0) | can(shop, "has_gift_cards")


def _compare_at(price: Ints) -> Ints:
    return np.where(price % 7 == 0, price * 5 // 4, ABSENT)


def _variant_versions(cat: Catalogue) -> pd.DataFrame:
    """Two versions of every variant a shop has; ``[version, shop, variant]`` laid out flat."""
    shops, versions, total = cat.price.shape
    version, shop, number = (grid.ravel() for grid in np.indices((versions, shops, total)))
    price = cat.price[shop, version, number]
    first = cat.frames["variants"].set_index("variant_id")["created_at"]
    ids = cat.variant_id(shop, number)
    sold = _is_sold(cat, shop, number)
    opened = first.reindex(ids).to_numpy("M8[us]").astype(np.int64)
    frame = typed(
        "variant_versions",
        {
            "variant_id": ids[sold],
            "shop": handles(shop)[sold],
            "valid_from": np.where(version == 0, opened, cat.changed_at[number])[sold],
            "price": price[sold],
            "compare_at_price": _compare_at(price)[sold],
            "unit_cost": cat.cost[shop, version, number][sold],
        },
    )
    return frame.sort_values(["valid_from", "variant_id"]).reset_index(drop=True)
