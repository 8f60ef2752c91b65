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
from sandbox.vendors.shopify.frames import rows_of
from sandbox.vendors.shopify.matching import Filter
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
}


def filters(store: Store, root: str) -> dict[str, Filter]:
    """The filters of a root connection, by name."""
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
}


def _column(store: Store, frame: str, name: str) -> Callable[[], NDArray[np.object_]]:
    """A text field of a frame, empty where it is null."""

    def load() -> NDArray[np.object_]:
        found = store.frame(frame)
        values = found.fields[name].values(np.arange(len(found.ids)))  # type: ignore[union-attr]
        return np.array([value or "" for value in values], object)

    return load


def _orders(store: Store) -> dict[str, Filter]:
    table = store.table("orders")

    def field(name: str) -> Filter:
        return Filter("text", _column(store, "Order", name))

    def moment(column: str) -> Filter:
        return Filter("time", lambda: times(table, column))

    def figure(column: str) -> Filter:
        return Filter("number", lambda: ints(table, column))

    return {
        "default": Filter("text", lambda: _joined(store, "Order", "name", "email")),
        "id": figure("order_id"),
        "name": Filter("words", lambda: _both_ways(texts(table, "name"))),
        "created_at": moment("created_at"),
        "updated_at": moment("updated_at"),
        "processed_at": moment("processed_at"),
        "customer_id": figure("customer_id"),
        "current_total_price": Filter("number", lambda: ints(table, "current_total") / 100),
        "discount_code": field("discountCode"),
        "checkout_token": field("checkoutToken"),
        "email": field("email"),
        "source_name": field("sourceName"),
        "sales_channel": field("sourceName"),
        "financial_status": field("displayFinancialStatus"),
        "fulfillment_status": Filter("state", lambda: _fulfilment(store)),
        "return_status": field("returnStatus"),
        "delivery_method": Filter("state", lambda: _delivery(store)),
        "gateway": Filter("words", lambda: _lists(store, "Order", "paymentGatewayNames")),
        "status": Filter("state", lambda: _order_states(store)),
        "tag": Filter("words", lambda: _lists(store, "Order", "tags")),
        "tag_not": Filter("state", lambda: _without_tag(store, "Order")),
        "test": Filter("flag", lambda: flags(table, "is_test")),
        "sku": Filter("words", lambda: _skus(store)),
        "subtotal_line_items_quantity": Filter(
            "number", lambda: store.sums("order_lines", "quantity")
        ),
        **_at_the_warehouse(store, len(table)),
    }


def _at_the_warehouse(store: Store, size: int) -> dict[str, Filter]:
    """Filters by location: there is one."""
    place = Filter("number", lambda: np.full(size, store.frame("Location").ids[0]))
    names = ("fulfillment_location_id", "location_id", "reference_location_id")
    return dict.fromkeys(names, place)


def _customers(store: Store) -> dict[str, Filter]:
    table = store.table("customers")

    def words(column: str) -> Filter:
        return Filter("text", lambda: texts(table, column))

    return {
        "default": Filter(
            "text", lambda: _joined(store, "Customer", "displayName", "email", "phone")
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
            "number", lambda: _column(store, "Customer", "numberOfOrders")().astype(np.int64)
        ),
        "tag": Filter("words", lambda: _lists(store, "Customer", "tags")),
        "tag_not": Filter("state", lambda: _without_tag(store, "Customer")),
        "total_spent": Filter("number", lambda: _spent(store)),
    }


def _products(store: Store) -> dict[str, Filter]:
    table = store.table("products")

    def words(column: str) -> Filter:
        return Filter("text", lambda: texts(table, column))

    return {
        "default": Filter("text", lambda: _joined(store, "Product", "title", "vendor")),
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
        "inventory_total": Filter("number", lambda: _numbers(store, "Product", "totalInventory")),
        "tag": Filter("words", lambda: _lists(store, "Product", "tags")),
        "tag_not": Filter("state", lambda: _without_tag(store, "Product")),
        "tracks_inventory": Filter("flag", lambda: ~flags(table, "is_gift_card")),
    }


def _variants(store: Store) -> dict[str, Filter]:
    table = store.table("variants")

    def words(column: str) -> Filter:
        return Filter("text", lambda: texts(table, column))

    return {
        "default": Filter("text", lambda: _joined(store, "ProductVariant", "displayName", "sku")),
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
        "updated_at": Filter("time", lambda: times(table, "updated_at")),
        "sku": Filter("text", lambda: texts(table, "sku")),
    }


def _checkouts(store: Store) -> dict[str, Filter]:
    frame = store.frame("AbandonedCheckout")
    table = store.table("checkouts")
    row = rows_of(frame.ids, ints(table, "checkout_id"))
    done = table["completed_at"].notna().to_numpy()[row]
    states = {"recovered": done, "not_recovered": ~done, "open": ~done, "closed": done}
    return {
        "default": Filter("text", _column(store, "AbandonedCheckout", "name")),
        "id": Filter("number", lambda: frame.ids),
        "created_at": Filter("time", lambda: times(table, "created_at")[row]),
        "updated_at": Filter("time", lambda: times(table, "updated_at")[row]),
        "recovery_state": Filter("state", lambda: states),
        "status": Filter("state", lambda: states),
    }


def _locations(store: Store) -> dict[str, Filter]:
    frame = store.frame("Location")
    return {
        "default": Filter("text", _column(store, "Location", "name")),
        "name": Filter("text", _column(store, "Location", "name")),
        "id": Filter("number", lambda: frame.ids),
        "location_id": Filter("number", lambda: frame.ids),
        "active": Filter("flag", lambda: np.ones(len(frame.ids), np.bool_)),
    }


_BUILDERS: dict[str, Callable[[Store], dict[str, Filter]]] = {
    "orders": _orders,
    "customers": _customers,
    "products": _products,
    "productVariants": _variants,
    "inventoryItems": _inventory_items,
    "abandonedCheckouts": _checkouts,
    "locations": _locations,
}


def _joined(store: Store, frame: str, *names: str) -> NDArray[np.object_]:
    columns = [_column(store, frame, name)() for name in names]
    return np.array([" ".join(parts) for parts in zip(*columns, strict=True)], object)


def _lists(store: Store, frame: str, name: str) -> list[list[str]]:
    found = store.frame(frame)
    return found.fields[name].values(np.arange(len(found.ids)))  # type: ignore[union-attr]


def _numbers(store: Store, frame: str, name: str) -> NDArray[np.float64]:
    return np.array(_lists(store, frame, name), np.float64)


def _both_ways(names: NDArray[np.object_]) -> list[list[str]]:
    """Order names are found with and without their ``#``."""
    return [[name, name.removeprefix("#")] for name in names.tolist()]


class _WithoutTag(dict[str, NDArray[np.bool_]]):
    """Rows without a tag, for any tag."""

    def __init__(self, tags: list[list[str]]) -> None:
        super().__init__()
        self._tags = [{tag.lower() for tag in words} for words in tags]

    def __contains__(self, tag: object) -> bool:
        return True

    def __missing__(self, tag: str) -> NDArray[np.bool_]:
        return np.array([tag not in words for words in self._tags], np.bool_)


def _without_tag(store: Store, frame: str) -> _WithoutTag:
    return _WithoutTag(_lists(store, frame, "tags"))


def _order_states(store: Store) -> dict[str, NDArray[np.bool_]]:
    table = store.table("orders")
    closed = table["closed_at"].notna().to_numpy()
    cancelled = table["cancelled_at"].notna().to_numpy()
    return {
        "open": ~closed & ~cancelled,
        "closed": closed,
        "cancelled": cancelled,
        "not_closed": ~closed,
        "any": np.ones(len(table), np.bool_),
    }


def _fulfilment(store: Store) -> dict[str, NDArray[np.bool_]]:
    shown = texts(store.table("orders"), "fulfillment_status")
    done, partial = shown == "FULFILLED", shown == "PARTIALLY_FULFILLED"
    nothing = np.zeros(len(shown), np.bool_)
    return {
        "fulfilled": done,
        "shipped": done,
        "partial": partial,
        "unfulfilled": ~done & ~partial,
        "unshipped": ~done & ~partial,
        **dict.fromkeys(("scheduled", "on_hold", "request_declined"), nothing),
    }


def _delivery(store: Store) -> dict[str, NDArray[np.bool_]]:
    shipped = np.bincount(
        store.orders_of("shipping_lines"), minlength=len(store.table("orders"))
    ) > 0  # fmt: skip
    nothing = np.zeros(len(shipped), np.bool_)
    others = dict.fromkeys(("pick-up", "retail", "local", "pickup-point"), nothing)
    return {"shipping": shipped, "none": ~shipped, **others}


def _skus(store: Store) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(len(store.table("orders")))]
    skus = texts(store.table("order_lines"), "sku").tolist()
    for order, sku in zip(store.orders_of("order_lines").tolist(), skus, strict=True):
        found[order].append(sku)
    return found


def _spent(store: Store) -> NDArray[np.float64]:
    orders = store.table("orders")
    owner = store.rows("orders", "customer_id", "customers", "customer_id")
    real = (owner >= 0) & ~flags(orders, "is_test")
    paid = ints(orders, "received") - ints(orders, "refunded")
    return np.bincount(owner[real], paid[real], len(store.table("customers"))) / 100
