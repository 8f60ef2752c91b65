"""The order of each connection: what its sort keys stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandbox.vendors.shopify.columns import ints, texts, times
from sandbox.vendors.shopify.filter_columns import numbers
from sandbox.vendors.shopify.frames import Rows, rows_of
from sandbox.vendors.shopify.store import Store

Keys = NDArray[Any]


def keys(store: Store, root: str, sort_key: str) -> Keys:
    """What the rows of a connection are ordered by; equal keys are ordered by id.

    Args:
        store: The shop.
        root: The connection.
        sort_key: A value of its sort key enum, or ``ID``.

    Returns:
        One number or text a row.
    """
    return _COLUMNS[root][sort_key](store)


def _seconds(values: NDArray[np.datetime64]) -> Rows:
    return values.astype(np.int64)


def _column(table: str, name: str) -> Callable[[Store], Keys]:
    return lambda store: ints(store.table(table), name)


def _moment(table: str, name: str) -> Callable[[Store], Keys]:
    return lambda store: _seconds(times(store.table(table), name))


def _text(table: str, name: str) -> Callable[[Store], Keys]:
    return lambda store: texts(store.table(table), name).astype(str)


def _customer_name(store: Store) -> Keys:
    names = np.append(texts(store.table("customers"), "last_name"), "").astype(str)
    return names[store.rows("orders", "customer_id", "customers", "customer_id")]


def _items(store: Store) -> Keys:
    return numbers(store, "Order", "subtotalLineItemsQuantity")


def _stock(store: Store) -> Keys:
    owner = store.rows("variants", "product_id", "products", "product_id")
    count = len(store.table("products"))
    return np.bincount(owner, store.ids("variants", "inventory_quantity"), count)


def _full_title(store: Store) -> Keys:
    names = texts(store.table("products"), "title")
    owner = store.rows("variants", "product_id", "products", "product_id")
    titles: Keys = (names[owner] + " - " + texts(store.table("variants"), "title")).astype(str)
    return titles


def _spent_of_card(store: Store) -> Keys:
    return store.ids("gift_cards", "initial_value") - store.ids("gift_cards", "balance")


def _expiry(store: Store) -> Keys:
    days = store.table("gift_cards")["expires_on"].to_numpy()
    return _seconds(days.astype("datetime64[s]"))


def _of_checkout(load: Callable[[Store], Keys]) -> Callable[[Store], Keys]:
    """A column of all checkouts, for those that the connection shows."""

    def shown(store: Store) -> Keys:
        known = store.ids("checkouts", "checkout_id")
        return load(store)[rows_of(store.frame("AbandonedCheckout").ids, known)]

    return shown


_ORDER_ID = _column("orders", "order_id")
_VARIANT_ID = _column("variants", "variant_id")
_CHECKOUT_ID = _of_checkout(_column("checkouts", "checkout_id"))

_COLUMNS: Mapping[str, Mapping[str, Callable[[Store], Keys]]] = {
    "orders": {
        "ID": _ORDER_ID,
        "RELEVANCE": _ORDER_ID,
        "PO_NUMBER": _ORDER_ID,
        "ORDER_NUMBER": _column("orders", "number"),
        "CREATED_AT": _moment("orders", "created_at"),
        "UPDATED_AT": _moment("orders", "updated_at"),
        "PROCESSED_AT": _moment("orders", "processed_at"),
        "TOTAL_PRICE": _column("orders", "total"),
        "CURRENT_TOTAL_PRICE": _column("orders", "current_total"),
        "TOTAL_ITEMS_QUANTITY": _items,
        "FINANCIAL_STATUS": _text("orders", "financial_status"),
        "FULFILLMENT_STATUS": _text("orders", "fulfillment_status"),
        "DESTINATION": _text("orders", "ship_city"),
        "CUSTOMER_NAME": _customer_name,
    },
    "customers": {
        "ID": _column("customers", "customer_id"),
        "RELEVANCE": _column("customers", "customer_id"),
        "CREATED_AT": _moment("customers", "created_at"),
        "UPDATED_AT": _moment("customers", "updated_at"),
        "NAME": _text("customers", "last_name"),
        "LOCATION": _text("customers", "city"),
    },
    "products": {
        "ID": _column("products", "product_id"),
        "RELEVANCE": _column("products", "product_id"),
        "CREATED_AT": _moment("products", "created_at"),
        "PUBLISHED_AT": _moment("products", "created_at"),
        "UPDATED_AT": _moment("products", "updated_at"),
        "TITLE": _text("products", "title"),
        "VENDOR": _text("products", "vendor"),
        "PRODUCT_TYPE": _text("products", "category"),
        "INVENTORY_TOTAL": _stock,
    },
    "productVariants": {
        "ID": _VARIANT_ID,
        "RELEVANCE": _VARIANT_ID,
        "POPULAR": _VARIANT_ID,
        "INVENTORY_MANAGEMENT": _VARIANT_ID,
        "INVENTORY_POLICY": _VARIANT_ID,
        "POSITION": _column("variants", "position"),
        "SKU": _text("variants", "sku"),
        "TITLE": _text("variants", "title"),
        "NAME": _full_title,
        "FULL_TITLE": _full_title,
        "INVENTORY_QUANTITY": _column("variants", "inventory_quantity"),
        "INVENTORY_LEVELS_AVAILABLE": _column("variants", "inventory_quantity"),
    },
    "inventoryItems": {"ID": _column("variants", "inventory_item_id")},
    "abandonedCheckouts": {
        "ID": _CHECKOUT_ID,
        "CHECKOUT_ID": _CHECKOUT_ID,
        "RELEVANCE": _CHECKOUT_ID,
        "CUSTOMER_NAME": _CHECKOUT_ID,
        "CREATED_AT": _of_checkout(_moment("checkouts", "created_at")),
        "TOTAL_PRICE": _of_checkout(_column("checkouts", "total")),
    },
    "collections": {
        "ID": _column("categories", "category_id"),
        "RELEVANCE": _column("categories", "category_id"),
        "UPDATED_AT": _column("categories", "category_id"),
        "TITLE": _text("categories", "name"),
    },
    "discountNodes": {
        "ID": _column("discount_codes", "discount_id"),
        "RELEVANCE": _column("discount_codes", "discount_id"),
        "TITLE": _text("discount_codes", "title"),
        "CREATED_AT": _moment("discount_codes", "created_at"),
        "STARTS_AT": _moment("discount_codes", "starts_at"),
        "ENDS_AT": _moment("discount_codes", "ends_at"),
        "UPDATED_AT": _moment("discount_codes", "updated_at"),
    },
    "giftCards": {
        "ID": _column("gift_cards", "gift_card_id"),
        "CODE": _text("gift_cards", "last_characters"),
        "CUSTOMER_NAME": _column("gift_cards", "gift_card_id"),
        "DISABLED_AT": _column("gift_cards", "gift_card_id"),
        "AMOUNT_SPENT": _spent_of_card,
        "BALANCE": _column("gift_cards", "balance"),
        "INITIAL_VALUE": _column("gift_cards", "initial_value"),
        "CREATED_AT": _moment("gift_cards", "created_at"),
        "UPDATED_AT": _moment("gift_cards", "updated_at"),
        "EXPIRES_ON": _expiry,
    },
    "locations": {name: lambda store: store.frame("Location").ids
                  for name in ("ID", "NAME", "RELEVANCE")},
}  # fmt: skip
