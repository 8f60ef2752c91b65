"""The filters of each connection: those of the official schema that the world can answer.

The names are checked against the table in the description of each ``query`` argument. Where the
world knows nothing of a filter's subject (chargebacks, metafields, publications), the filter is
legal and finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sandbox.vendors.shopify.columns import flags, ints, texts, times
from sandbox.vendors.shopify.filter_columns import column, joined, lists, numbers, without_tag
from sandbox.vendors.shopify.frames import rows_of
from sandbox.vendors.shopify.goods_filters import (
    collection_filters,
    discount_filters,
    gift_card_filters,
    level_filters,
)
from sandbox.vendors.shopify.matching import Filter
from sandbox.vendors.shopify.order_filters import order_filters
from sandbox.vendors.shopify.products import item_times
from sandbox.vendors.shopify.store import Store

_UNANSWERED = {
    "orders": (
        "cart_token channel channel_id chargeback_status confirmation_number credit_card_last4 "
        "fraud_protection_level payment_id payment_provider_id po_number risk_level "
        "source_identifier total_weight"
    ),
    "products": (
        "bundles category_id collection_id combined_listing_role delivery_profile_id "
        "error_feedback has_only_composites has_variant_with_components "
        "product_configuration_owner product_publication_status publication_ids "
        "publishable_status"
    ),
    "productVariants": (
        "collection delivery_profile_id managed_by option2 option3 product_publication_status "
        "publishable_status"
    ),
    "abandonedCheckouts": "email_state",
    "collections": (
        "collection_type product_publication_status publishable_status published_at "
        "published_status"
    ),
    "discountNodes": "combines_with context customer_ids market_ids segment_ids tag",
    "giftCards": "customer_id recipient_id",
    "inventoryLevels": "inventory_group_id",
}


def filters(store: Store, root: str) -> dict[str, Filter]:
    """The filters of a connection, by name."""
    nothing = len(store.frame(_TYPES[root]).ids)
    silent = Filter("text", lambda: np.full(nothing, "", object))
    known = dict.fromkeys(_UNANSWERED.get(root, "").split(), silent)
    return known | _BUILDERS[root](store)


_TYPES = {
    "orders": "Order",
    "customers": "Customer",
    "products": "Product",
    "productVariants": "ProductVariant",
    "inventoryItems": "InventoryItem",
    "abandonedCheckouts": "AbandonedCheckout",
    "locations": "Location",
    "collections": "Collection",
    "discountNodes": "DiscountNode",
    "giftCards": "GiftCard",
    "inventoryLevels": "InventoryLevel",
}


def _customers(store: Store) -> dict[str, Filter]:
    table = store.table("customers")

    def words(column: str) -> Filter:
        return Filter("text", lambda: texts(table, column))

    return {
        "default": Filter(
            "text", lambda: joined(store, "Customer", "displayName", "email", "phone")
        ),
        "id": Filter("number", lambda: ints(table, "customer_id")),
        "accepts_marketing": Filter("flag", lambda: flags(table, "accepts_marketing")),
        "country": words("country_code"),
        "customer_date": Filter("time", lambda: times(table, "created_at")),
        "updated_at": Filter("time", lambda: times(table, "updated_at")),
        "email": words("email"),
        "first_name": words("first_name"),
        "last_name": words("last_name"),
        "phone": words("phone"),
        "state": words("state"),
        "orders_count": Filter(
            "number", lambda: column(store, "Customer", "numberOfOrders")().astype(np.int64)
        ),
        "tag": Filter("words", lambda: lists(store, "Customer", "tags")),
        "tag_not": Filter("state", lambda: without_tag(store, "Customer")),
        "total_spent": Filter("number", lambda: _spent(store)),
    }


def _products(store: Store) -> dict[str, Filter]:
    table = store.table("products")

    def words(column: str) -> Filter:
        return Filter("text", lambda: texts(table, column))

    return {
        "default": Filter("text", lambda: joined(store, "Product", "title", "vendor")),
        "id": Filter("number", lambda: ints(table, "product_id")),
        "created_at": Filter("time", lambda: times(table, "created_at")),
        "published_at": Filter("time", lambda: times(table, "created_at")),
        "updated_at": Filter("time", lambda: times(table, "updated_at")),
        "gift_card": Filter("flag", lambda: flags(table, "is_gift_card")),
        "handle": words("handle"),
        "product_type": words("category"),
        "status": words("status"),
        "title": words("title"),
        "vendor": words("vendor"),
        "inventory_total": Filter("number", lambda: numbers(store, "Product", "totalInventory")),
        "tag": Filter("words", lambda: lists(store, "Product", "tags")),
        "tag_not": Filter("state", lambda: without_tag(store, "Product")),
        "tracks_inventory": Filter("flag", lambda: ~flags(table, "is_gift_card")),
    }


def _variants(store: Store) -> dict[str, Filter]:
    table = store.table("variants")

    def words(column: str) -> Filter:
        return Filter("text", lambda: texts(table, column))

    return {
        "default": Filter("text", lambda: joined(store, "ProductVariant", "displayName", "sku")),
        "id": Filter("number", lambda: ints(table, "variant_id")),
        "product_id": Filter("number", lambda: ints(table, "product_id")),
        "updated_at": Filter("time", lambda: times(table, "updated_at")),
        "barcode": words("barcode"),
        "sku": words("sku"),
        "title": words("title"),
        "option1": words("title"),
        "taxable": Filter("flag", lambda: flags(table, "taxable")),
        "gift_card": Filter("flag", lambda: flags(table, "is_gift_card")),
        "inventory_quantity": Filter("number", lambda: ints(table, "inventory_quantity")),
    }


def _inventory_items(store: Store) -> dict[str, Filter]:
    table = store.table("variants")
    return {
        "id": Filter("number", lambda: ints(table, "inventory_item_id")),
        "created_at": Filter("time", lambda: times(table, "created_at")),
        "updated_at": Filter("time", lambda: item_times(store)),
        "sku": Filter("text", lambda: texts(table, "sku")),
    }


def _checkouts(store: Store) -> dict[str, Filter]:
    frame = store.frame("AbandonedCheckout")
    table = store.table("checkouts")
    row = rows_of(frame.ids, ints(table, "checkout_id"))
    done = table["completed_at"].notna().to_numpy()[row]
    states = {"recovered": done, "not_recovered": ~done, "open": ~done, "closed": done}
    return {
        "default": Filter("text", column(store, "AbandonedCheckout", "name")),
        "id": Filter("number", lambda: frame.ids),
        "created_at": Filter("time", lambda: times(table, "created_at")[row]),
        "updated_at": Filter("time", lambda: times(table, "updated_at")[row]),
        "recovery_state": Filter("state", lambda: states),
        "status": Filter("state", lambda: states),
    }


def _locations(store: Store) -> dict[str, Filter]:
    frame = store.frame("Location")
    return {
        "default": Filter("text", column(store, "Location", "name")),
        "name": Filter("text", column(store, "Location", "name")),
        "id": Filter("number", lambda: frame.ids),
        "location_id": Filter("number", lambda: frame.ids),
        "active": Filter("flag", lambda: np.ones(len(frame.ids), np.bool_)),
    }


_BUILDERS: dict[str, Callable[[Store], dict[str, Filter]]] = {
    "orders": order_filters,
    "customers": _customers,
    "products": _products,
    "productVariants": _variants,
    "inventoryItems": _inventory_items,
    "abandonedCheckouts": _checkouts,
    "locations": _locations,
    "collections": collection_filters,
    "discountNodes": discount_filters,
    "giftCards": gift_card_filters,
    "inventoryLevels": level_filters,
}


def _spent(store: Store) -> NDArray[np.float64]:
    orders = store.table("orders")
    owner = store.rows("orders", "customer_id", "customers", "customer_id")
    real = (owner >= 0) & ~flags(orders, "is_test")
    paid = ints(orders, "received") - ints(orders, "refunded")
    return np.bincount(owner[real], paid[real], len(store.table("customers"))) / 100
