"""The filters of collections, discounts, gift cards and inventory levels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sandbox.vendors.shopify.columns import ints, texts, times
from sandbox.vendors.shopify.discount_nodes import discount_states
from sandbox.vendors.shopify.filter_columns import column
from sandbox.vendors.shopify.frames import Many
from sandbox.vendors.shopify.matching import Filter
from sandbox.vendors.shopify.shops import opened
from sandbox.vendors.shopify.stock import level_table
from sandbox.vendors.shopify.store import Store


def collection_filters(store: Store) -> dict[str, Filter]:
    """The filters of ``collections``, by name."""
    table = store.table("categories")
    title = Filter("text", lambda: texts(table, "name"))
    return {
        "default": title,
        "title": title,
        "id": Filter("number", lambda: ints(table, "category_id")),
        "handle": Filter("text", column(store, "Collection", "handle")),
        "product_id": Filter("words", lambda: _products(store)),
        "updated_at": Filter("time", lambda: np.repeat(opened(store), len(table))),
    }


def discount_filters(store: Store) -> dict[str, Filter]:
    """The filters of ``discountNodes``, by name."""
    table = store.table("discount_codes")

    def moment(name: str) -> Filter:
        return Filter("time", lambda: times(table, name))

    def words(name: str) -> Filter:
        return Filter("text", lambda: texts(table, name))

    coded = (table["code"] != "").to_numpy()
    shipping = (table["kind"] == "free_shipping").to_numpy()
    nothing = np.zeros(len(table), np.bool_)
    return {
        "default": words("title"),
        "title": words("title"),
        "code": words("code"),
        "id": Filter("number", lambda: ints(table, "discount_id")),
        "method": Filter("state", lambda: {"code": coded, "automatic": ~coded}),
        "discount_type": words("kind"),
        "type": words("kind"),
        "discount_class": Filter(
            "state", lambda: {"shipping": shipping, "order": ~shipping, "product": nothing}
        ),
        "status": Filter("text", lambda: discount_states(store)),
        "times_used": Filter("number", lambda: ints(table, "usage_count")),
        "starts_at": moment("starts_at"),
        "ends_at": moment("ends_at"),
        "created_at": moment("created_at"),
        "updated_at": moment("updated_at"),
    }


def gift_card_filters(store: Store) -> dict[str, Filter]:
    """The filters of ``giftCards``, by name. None of them knows when a card changed."""
    table = store.table("gift_cards")
    return {
        "default": Filter("text", lambda: texts(table, "last_characters")),
        "id": Filter("number", lambda: ints(table, "gift_card_id")),
        "balance_status": Filter("state", lambda: _balances(store)),
        "created_at": Filter("time", lambda: times(table, "created_at")),
        "expires_on": Filter(
            "time", lambda: table["expires_on"].to_numpy().astype("datetime64[s]")
        ),
        "initial_value": Filter("number", lambda: ints(table, "initial_value") / 100),
        "source": Filter("state", lambda: _origins(store)),
        "status": Filter("state", lambda: _states(store)),
    }


def level_filters(store: Store) -> dict[str, Filter]:
    """The filters of ``inventoryLevels`` below an item or a location, by name."""
    table = level_table(store)
    return {
        "id": Filter("number", lambda: ints(table, "location_id")),
        "inventory_item_id": Filter("number", lambda: ints(table, "inventory_item_id")),
        "created_at": Filter("time", lambda: times(table, "counted_at")),
        "updated_at": Filter("time", lambda: times(table, "changed_at")),
    }


def _products(store: Store) -> list[list[str]]:
    """The ids of each collection's products."""
    products = store.frame("Collection").fields["products"]
    assert isinstance(products, Many)
    ids = store.ids("products", "product_id")
    count = len(store.table("categories"))
    return [[str(each) for each in ids[products.of(row)].tolist()] for row in range(count)]


def _balances(store: Store) -> dict[str, NDArray[np.bool_]]:
    table = store.table("gift_cards")
    full = (table["balance"] == table["initial_value"]).to_numpy()
    empty = (table["balance"] == 0).to_numpy()
    partial = ~full & ~empty
    return {"full": full, "partial": partial, "empty": empty, "full_or_partial": full | partial}


def _origins(store: Store) -> dict[str, NDArray[np.bool_]]:
    bought = store.table("gift_cards")["order_id"].notna().to_numpy()
    return {"purchased": bought, "manual": ~bought, "api_client": np.zeros(len(bought), np.bool_)}


def _states(store: Store) -> dict[str, NDArray[np.bool_]]:
    last_day = store.table("gift_cards")["expires_on"]
    expired = (last_day < store.now.tz_localize(None).normalize()).to_numpy()
    nothing = np.zeros(len(expired), np.bool_)
    return {"enabled": ~expired, "expired": expired, "disabled": nothing, "expiring": nothing}
