"""The filters of orders."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sandbox.vendors.shopify.columns import flags, ints, texts, times
from sandbox.vendors.shopify.filter_columns import column, joined, lists, numbers, without_tag
from sandbox.vendors.shopify.matching import Filter
from sandbox.vendors.shopify.store import Store


def order_filters(store: Store) -> dict[str, Filter]:
    """The filters of the root connection ``orders``, by name."""
    table = store.table("orders")

    def field(name: str) -> Filter:
        return Filter("text", column(store, "Order", name))

    def moment(column: str) -> Filter:
        return Filter("time", lambda: times(table, column))

    def figure(column: str) -> Filter:
        return Filter("number", lambda: ints(table, column))

    return {
        "default": Filter("text", lambda: joined(store, "Order", "name", "email")),
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
        "gateway": Filter("words", lambda: lists(store, "Order", "paymentGatewayNames")),
        "status": Filter("state", lambda: _order_states(store)),
        "tag": Filter("words", lambda: lists(store, "Order", "tags")),
        "tag_not": Filter("state", lambda: without_tag(store, "Order")),
        "test": Filter("flag", lambda: flags(table, "is_test")),
        "sku": Filter("words", lambda: _skus(store)),
        "subtotal_line_items_quantity": Filter(
            "number", lambda: numbers(store, "Order", "subtotalLineItemsQuantity")
        ),
        **_at_the_warehouse(store, len(table)),
    }


def _at_the_warehouse(store: Store, size: int) -> dict[str, Filter]:
    """Filters by location: there is one."""
    place = Filter("number", lambda: np.full(size, store.frame("Location").ids[0]))
    names = ("fulfillment_location_id", "location_id", "reference_location_id")
    return dict.fromkeys(names, place)


def _both_ways(names: NDArray[np.object_]) -> list[list[str]]:
    """Order names are found with and without their ``#``."""
    return [[name, name.removeprefix("#")] for name in names.tolist()]


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
