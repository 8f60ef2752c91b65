"""The shops and what they sell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.drawing import ABSENT, DAY, Bools, Ints, between, ragged, weighted
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.timeline import ZONES, micros
from sandbox.world.words import ADJECTIVES, BRANDS, CATEGORIES, SIZES

PRODUCT_BASE = 8_100_000_000_000
VARIANT_BASE = 44_100_000_000_000
ITEM_BASE = 46_100_000_000_000
PRICE_MEDIAN = 2400
PRICE_SPREAD = 0.45  # of log price, on the logit of a place in the category
GIFT_CARD_CENTS = (2500, 5000, 10000)
SHOPS = ("basketline-eu", "basketline-us")


@dataclass(frozen=True)
class Catalogue:
    """Articles and their variants in both shops, as arrays for drawing.

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
    price, cost = _versions(rng, prices, costs)
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
    position = np.r_[position, gifts]
    catalogue.frames.update(_frames(rng, preset, catalogue, category, position))
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


def _versions(rng: np.random.Generator, prices: Ints, costs: Ints) -> tuple[Ints, Ints]:
    """Price and cost ``[shop, version, variant]``, the gift cards at the end."""
    gift = np.array(GIFT_CARD_CENTS)
    raised = _charm(prices * rng.choice([0.92, 1.06, 1.1], len(prices)))
    dearer = np.where(costs == ABSENT, ABSENT, (costs * 1.04).astype(np.int64))
    us = [_charm(p * 1.12) for p in (prices, raised)]
    us_cost = [np.where(c == ABSENT, ABSENT, (c * 1.1).astype(np.int64)) for c in (costs, dearer)]
    no_cost = np.full(len(gift), ABSENT)
    price = [[np.r_[prices, gift], np.r_[raised, gift]], [np.r_[p, gift] for p in us]]
    cost = [[np.r_[c, no_cost] for c in (costs, dearer)], [np.r_[c, no_cost] for c in us_cost]]
    return np.array(price), np.array(cost)


def _frames(
    rng: np.random.Generator, preset: Preset, cat: Catalogue, category: Ints, position: Ints
) -> dict[str, pd.DataFrame]:
    products = _products(rng, preset, cat, category)
    variants = _variants(rng, preset, cat, position)
    return {
        "stores": _stores(preset),
        "products": products,
        "variants": variants,
        "variant_versions": _variant_versions(cat, variants),
    }


def _stores(preset: Preset) -> pd.DataFrame:
    return typed(
        "stores",
        {
            "shop": list(SHOPS),
            "shop_id": np.array([61_001_000_001, 61_001_000_002]),
            "name": ["Basketline Europe", "Basketline America"],
            "currency": ["EUR", "USD"],
            "timezone": list(ZONES),
            "country": ["DE", "US"],
            "taxes_included": np.array([True, False]),
            "email": ["shop-eu@basketline.example", "shop-us@basketline.example"],
            "created_at": np.full(2, micros(preset.start) - 60 * DAY),
        },
    )


def _products(
    rng: np.random.Generator, preset: Preset, cat: Catalogue, category: Ints
) -> pd.DataFrame:
    n = preset.articles
    names = np.array([c[0] for c in CATEGORIES], object)[category]
    widest = max(len(c[3]) for c in CATEGORIES)
    nouns = np.array([(c[3] * widest)[:widest] for c in CATEGORIES], object)
    noun = nouns[category, np.arange(n) % widest]
    title = np.array(ADJECTIVES, object)[rng.integers(0, len(ADJECTIVES), n)] + " " + noun
    title = np.r_[title + " " + (np.arange(n) + 1).astype(str).astype(object), ["Gift Card"]]
    category_name = np.r_[names, ["Gift Cards"]]
    handle = pd.Series(title).str.lower().str.replace(" ", "-")
    start = micros(preset.start)
    both = np.repeat([0, 1], n + 1)
    created = np.tile(np.r_[cat.launched_at, [start - 30 * DAY]], 2)
    return typed(
        "products",
        {
            "product_id": PRODUCT_BASE + np.arange(2 * (n + 1)) * 256,
            "shop": np.array(SHOPS, object)[both],
            "title": np.tile(title, 2),
            "handle": np.tile(handle, 2),
            "vendor": np.tile(np.array(BRANDS, object)[np.arange(n + 1) % len(BRANDS)], 2),
            "category": np.tile(category_name, 2),
            "tags": np.tile(np.where(np.arange(n + 1) % 4 == 0, "gift, bestseller", ""), 2),
            "status": np.tile(np.where(np.arange(n + 1) % 41 == 40, "ARCHIVED", "ACTIVE"), 2),
            "is_gift_card": np.tile(np.arange(n + 1) == n, 2),
            "created_at": created,
            "updated_at": created,
        },
    )


def _variants(
    rng: np.random.Generator, preset: Preset, cat: Catalogue, position: Ints
) -> pd.DataFrame:
    total = len(cat.article)
    number = np.arange(total)
    shop = np.repeat([0, 1], total)
    is_gift = cat.article < 0
    alone = np.r_[cat.variant_count[cat.article[~is_gift]] == 1, np.zeros(is_gift.sum(), bool)]
    title = np.where(alone, "Default Title", np.array(SIZES, object)[position % len(SIZES)])
    title[is_gift] = [f"{cents // 100}.00" for cents in GIFT_CARD_CENTS]
    code = pd.Series(number + 1001).astype(str)
    created = np.r_[cat.launched_at, [micros(preset.start) - 30 * DAY]][cat.article]
    price = cat.price[:, 0, :].ravel()
    return typed(
        "variants",
        {
            "variant_id": cat.variant_id(shop, np.tile(number, 2)),
            "inventory_item_id": ITEM_BASE + np.arange(2 * total) * 32,
            "product_id": cat.product_id(shop, np.tile(number, 2)),
            "shop": np.array(SHOPS, object)[shop],
            "sku": np.tile("BL-" + code, 2),
            "barcode": np.tile("40" + code.str.zfill(11), 2),
            "title": np.tile(title, 2),
            "position": np.tile(position + 1, 2),
            "price": price,
            "compare_at_price": _compare_at(price),
            "unit_cost": cat.cost[:, 0, :].ravel(),
            "taxable": np.tile(~is_gift, 2),
            "requires_shipping": np.tile(~is_gift, 2),
            "is_gift_card": np.tile(is_gift, 2),
            "inventory_quantity": rng.integers(0, 400, 2 * total),
            "created_at": np.tile(created, 2),
            "updated_at": np.tile(created, 2),
        },
    )


def _compare_at(price: Ints) -> Ints:
    return np.where(price % 7 == 0, price * 5 // 4, ABSENT)


def _variant_versions(cat: Catalogue, variants: pd.DataFrame) -> pd.DataFrame:
    first = variants["created_at"].to_numpy("M8[us]").astype(np.int64)
    ids, shops = variants["variant_id"].to_numpy(), variants["shop"].to_numpy()
    price = cat.price.transpose(1, 0, 2).reshape(-1)
    frame = typed(
        "variant_versions",
        {
            "variant_id": np.tile(ids, 2),
            "shop": np.tile(shops, 2),
            "valid_from": np.r_[first, np.tile(cat.changed_at, 2)],
            "price": price,
            "compare_at_price": _compare_at(price),
            "unit_cost": cat.cost.transpose(1, 0, 2).reshape(-1),
        },
    )
    return frame.sort_values(["valid_from", "variant_id"]).reset_index(drop=True)
