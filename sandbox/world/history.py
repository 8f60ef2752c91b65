"""When entities change: the times behind every ``updated_at``."""

from __future__ import annotations

import pandas as pd

from sandbox.world.ledger import typed

Frames = dict[str, pd.DataFrame]


def changes(tables: Frames) -> pd.DataFrame:
    """The table changes, read off the tables of the ledger; sorted by time."""
    rows = pd.concat([*_order_changes(tables), *_other_changes(tables)], ignore_index=True)
    rows = rows.dropna(subset="changed_at")
    for column in ("entity", "kind"):
        rows[column] = rows[column].astype("category")
    rows = rows.sort_values(["changed_at", "entity_id"]).reset_index(drop=True)
    return typed("changes", rows.to_dict("series"))


def _rows(entity: str, ids: pd.Series, shop: pd.Series, at: pd.Series, kind: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"entity": entity, "entity_id": ids, "shop": shop, "changed_at": at, "kind": kind}
    )


def _order_changes(t: Frames) -> list[pd.DataFrame]:
    orders = t["orders"]
    times = {
        "created": "created_at",
        "cancelled": "cancelled_at",
        "closed": "closed_at",
        "tagged": "tagged_at",
    }
    own = [
        _rows("order", orders["order_id"], orders["shop"], orders[column], kind)
        for kind, column in times.items()
    ]
    children = (
        ("edited", t["sales_entries"], "visible_at"),
        ("paid", t["transactions"], "processed_at"),
        ("refunded", t["refunds"], "processed_at"),
        ("fulfilled", t["fulfillments"], "shipped_at"),
        ("delivered", t["fulfillments"], "delivered_at"),
    )
    return own + [
        _rows("order", rows["order_id"], rows["shop"], rows[column], kind)
        for kind, rows, column in children
    ]


def _other_changes(t: Frames) -> list[pd.DataFrame]:
    orders = t["orders"][t["orders"]["customer_id"].notna()]
    orders = orders.astype({"customer_id": "int64"})
    products = t["variants"][["variant_id", "product_id"]]
    versions = t["variant_versions"].merge(products)
    stock = t["inventory_entries"].merge(products)
    sources = (
        ("customer", t["customers"], "created_at", "created"),
        ("customer", t["customers"], "marketing_at", "consent"),
        ("customer", orders, "created_at", "ordered"),
        ("checkout", t["checkouts"], "created_at", "created"),
        ("checkout", t["checkouts"], "completed_at", "completed"),
        ("variant", versions, "valid_from", "price"),
        ("product", versions, "valid_from", "price"),
        ("variant", stock, "happened_at", "stock"),
        ("product", stock, "happened_at", "stock"),
    )
    return [
        _rows(entity, rows[f"{entity}_id"], rows["shop"], rows[column], kind)
        for entity, rows, column, kind in sources
    ]
