"""Products, their variants, and the inventory items behind them."""

from __future__ import annotations

import numpy as np

from sandbox.vendors.shopify.categories import category_rows, collections_of
from sandbox.vendors.shopify.columns import (
    Times,
    flag,
    flags,
    gid,
    ints,
    itself,
    lookup,
    moment,
    money,
    number,
    optional,
    price,
    same,
    text,
    texts,
    times,
    unsigned,
    words,
)
from sandbox.vendors.shopify.frames import NONE, Frame, Many, One, Rows, always, children
from sandbox.vendors.shopify.stock import levels_by
from sandbox.vendors.shopify.store import Store


def products(store: Store) -> Frame:
    """Every product."""
    table = store.table("products")
    ids, count = ints(table, "product_id"), len(table)
    created = times(table, "created_at")
    live = (table["status"] == "ACTIVE").to_numpy()
    owner = _product_rows(store)
    stock = np.bincount(owner, store.ids("variants", "inventory_quantity"), count)
    return Frame(
        always("Product"),
        ids,
        {
            "id": gid("Product", ids),
            "legacyResourceId": unsigned(ids),
            "title": text(texts(table, "title")),
            "handle": text(texts(table, "handle")),
            "vendor": text(texts(table, "vendor")),
            "productType": text(texts(table, "category")),
            "category": One(store.link("TaxonomyCategory"), lookup(category_rows(store))),
            "collections": collections_of(store),
            "tags": words(texts(table, "tags")),
            "status": text(texts(table, "status")),
            "isGiftCard": flag(flags(table, "is_gift_card")),
            "tracksInventory": flag(~flags(table, "is_gift_card")),
            "totalInventory": number(stock.astype(np.int64)),
            "createdAt": moment(created),
            "updatedAt": moment(times(table, "updated_at")),
            "publishedAt": moment(np.where(live, created, np.datetime64("NaT"))),
            "variants": _in_position(store, owner, count),
            "variantsCount": _counts(np.bincount(owner, minlength=count)),
        },
    )


def variants(store: Store) -> Frame:
    """Every variant, at the price in force."""
    table = store.table("variants")
    ids, count = ints(table, "variant_id"), len(table)
    product = _product_rows(store)
    title = texts(table, "title")
    names = texts(store.table("products"), "title")[product]
    stock = ints(table, "inventory_quantity")
    item = One(store.link("InventoryItem"), lookup(np.arange(count)))
    return Frame(
        always("ProductVariant"),
        ids,
        {
            "id": gid("ProductVariant", ids),
            "legacyResourceId": unsigned(ids),
            "title": text(title),
            "displayName": text((names + " - " + title).astype(object)),
            "sku": optional(texts(table, "sku")),
            "barcode": optional(texts(table, "barcode")),
            "price": price(ints(table, "price")),
            "compareAtPrice": price(ints(table, "compare_at_price")),
            "position": number(ints(table, "position")),
            "taxable": flag(flags(table, "taxable")),
            "inventoryQuantity": number(stock),
            "availableForSale": flag(stock > 0),
            "createdAt": moment(times(table, "created_at")),
            "updatedAt": moment(times(table, "updated_at")),
            "inventoryItem": item,
            "product": One(store.link("Product"), lookup(product)),
            "selectedOptions": _options(store),
        },
    )


def inventory_items(store: Store) -> Frame:
    """The inventory item of every variant, row by row, with its cost."""
    table = store.table("variants")
    ids = ints(table, "inventory_item_id")
    cost = ints(table, "unit_cost")
    physical = flags(table, "requires_shipping")
    return Frame(
        always("InventoryItem"),
        ids,
        {
            "id": gid("InventoryItem", ids),
            "legacyResourceId": unsigned(ids),
            "sku": optional(texts(table, "sku")),
            "tracked": flag(physical),
            "requiresShipping": flag(physical),
            "unitCost": money(cost, store.currency, present=cost != NONE),
            "createdAt": moment(times(table, "created_at")),
            "updatedAt": moment(item_times(store)),
            "inventoryLevels": levels_by(store, "inventory_item_id", ids),
            "variant": One(store.link("ProductVariant"), itself()),
            "variants": Many(
                store.link("ProductVariant"), np.arange(len(ids) + 1), np.arange(len(ids))
            ),
        },
    )


def item_times(store: Store) -> Times:
    """When each inventory item changed: with its cost, and never with its stock."""
    versions = store.table("variant_versions").groupby("variant_id")["valid_from"].max()
    newest = versions.reindex(store.table("variants")["variant_id"]).reset_index()
    return times(newest, "valid_from")


def _product_rows(store: Store) -> Rows:
    return store.rows("variants", "product_id", "products", "product_id")


def _in_position(store: Store, owner: Rows, count: int) -> Many:
    by_position = np.argsort(store.ids("variants", "position"), kind="stable")
    offsets, order = children(owner[by_position], count)
    return Many(store.link("ProductVariant"), offsets, by_position[order])


def _counts(values: Rows) -> One:
    frame = Frame(
        always("Count"),
        np.empty(0, np.int64),
        {"count": number(values), "precision": same("EXACT")},
    )
    return One(lambda: frame, itself())


def _options(store: Store) -> Many:
    title = texts(store.table("variants"), "title")
    plain = title == "Default Title"
    frame = Frame(
        always("SelectedOption"),
        np.empty(0, np.int64),
        {"name": text(np.where(plain, "Title", "Size").astype(object)), "value": text(title)},
    )
    rows = np.arange(len(title))
    return Many(lambda: frame, np.arange(len(title) + 1), rows)
