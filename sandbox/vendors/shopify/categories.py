"""A shop's categories: as collections of its products, and as places in Shopify's taxonomy."""

from __future__ import annotations

import numpy as np

from sandbox.vendors.shopify.columns import (
    gid,
    itself,
    moment,
    number,
    optional,
    same,
    text,
    texts,
)
from sandbox.vendors.shopify.frames import NONE, Frame, Leaf, Many, One, Rows, always, children
from sandbox.vendors.shopify.shops import opened
from sandbox.vendors.shopify.store import Store

PATH_JOINT = " > "


def collections(store: Store) -> Frame:
    """Every category with the products in it and below it."""
    table = store.table("categories")
    ids, names = store.ids("categories", "category_id"), texts(table, "name")
    handles = [name.lower().replace("&", "and").replace(" ", "-") for name in names.tolist()]
    product, collection = _memberships(store)
    counts = Frame(
        always("Count"),
        np.empty(0, np.int64),
        {
            "count": number(np.bincount(collection, minlength=len(table))),
            "precision": same("EXACT"),
        },
    )
    return Frame(
        always("Collection"),
        ids,
        {
            "id": gid("Collection", ids),
            "title": text(names),
            "handle": text(np.array(handles, object)),
            "updatedAt": moment(np.repeat(opened(store), len(table))),
            "products": _grouped(store, "Product", collection, product, len(table)),
            "productsCount": One(lambda: counts, itself()),
        },
    )


def taxonomy(store: Store) -> Frame:
    """The place of every category in the taxonomy, which writes its path out."""
    lines = [_line(store, row) for row in range(len(store.table("categories")))]
    names = texts(store.table("categories"), "name")
    ids = store.ids("categories", "category_id")
    marks = [f"gid://shopify/TaxonomyCategory/bl-{each}" for each in ids.tolist()]
    parents = [marks[line[1]] if len(line) > 1 else None for line in lines]
    paths = [PATH_JOINT.join(names[line[::-1]].tolist()) for line in lines]
    has_children = np.isin(np.arange(len(lines)), [line[1] for line in lines if len(line) > 1])
    return Frame(
        always("TaxonomyCategory"),
        ids,
        {
            "id": text(np.array(marks, object)),
            "name": text(names),
            "fullName": text(np.array(paths, object)),
            "parentId": optional(np.array(parents, object)),
            "ancestorIds": Leaf(
                lambda rows: [[marks[up] for up in lines[row][1:]] for row in rows.tolist()], "list"
            ),
            "level": number(np.array([len(line) for line in lines])),
            "isLeaf": Leaf(lambda rows: (~has_children[rows]).tolist(), "flag"),
            "isRoot": Leaf(lambda rows: [len(lines[row]) == 1 for row in rows.tolist()], "flag"),
            "isArchived": same(False),
        },
    )


def category_rows(store: Store) -> Rows:
    """The category of each product; `NONE` of gift cards, which have none."""
    rows = {name: row for row, name in enumerate(texts(store.table("categories"), "name"))}
    found = [rows.get(name, NONE) for name in texts(store.table("products"), "category")]
    return np.array(found, np.int64)


def collections_of(store: Store) -> Many:
    """The collections of each product."""
    product, collection = _memberships(store)
    return _grouped(store, "Collection", product, collection, len(store.table("products")))


def _memberships(store: Store) -> tuple[Rows, Rows]:
    """Pairs of product and collection: that of its category, and those above."""
    pairs = [
        (product, row)
        for product, leaf in enumerate(category_rows(store).tolist())
        if leaf != NONE
        for row in _line(store, leaf)
    ]
    products, rows = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(products, np.int64), np.array(rows, np.int64)


def _line(store: Store, row: int) -> list[int]:
    """The rows from a category up to the top."""
    up = store.rows("categories", "parent_id", "categories", "category_id")
    line = [row]
    while up[line[-1]] != NONE:
        line.append(int(up[line[-1]]))
    return line


def _grouped(store: Store, frame: str, owners: Rows, targets: Rows, count: int) -> Many:
    offsets, order = children(owners, count)
    return Many(store.link(frame), offsets, targets[order])
