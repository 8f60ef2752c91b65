"""Inventory levels: what of each item lies at each location."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.vendors.shopify.columns import (
    gid,
    ints,
    lookup,
    moment,
    number,
    same,
    text,
    times,
)
from sandbox.vendors.shopify.frames import Frame, Leaf, Many, One, Rows, always, rows_of
from sandbox.vendors.shopify.store import Store

STATES = ("available", "on_hand", "committed", "incoming")


def levels(store: Store) -> Frame:
    """Every item at every location where it was ever counted."""
    table = level_table(store)
    ids, count = ints(table, "level_id"), len(table)
    item = rows_of(ints(table, "inventory_item_id"), store.ids("variants", "inventory_item_id"))
    return Frame(
        always("InventoryLevel"),
        ids,
        {
            "id": _level_gid("InventoryLevel", table),
            "createdAt": moment(times(table, "counted_at")),
            "updatedAt": moment(times(table, "changed_at")),
            "isActive": same(True),
            "item": One(store.link("InventoryItem"), lookup(item)),
            "location": One(store.link("Location"), lookup(np.zeros(count, np.int64))),
            "quantities": Many(
                store.link("InventoryQuantity"),
                np.arange(count + 1) * len(STATES),
                np.arange(count * len(STATES)),
            ),
        },
    )


def quantities(store: Store) -> Frame:
    """Every level's units by state: nothing is promised or on its way in the world."""
    table = level_table(store)
    each = table.loc[table.index.repeat(len(STATES))].reset_index(drop=True)
    states = np.tile(np.array(STATES, object), len(table))
    is_there = np.isin(states, ("available", "on_hand"))
    tails = np.array([f"&name={state}" for state in states], object)
    return Frame(
        always("InventoryQuantity"),
        np.empty(0, np.int64),
        {
            "id": _level_gid("InventoryQuantity", each, tails),
            "name": text(states),
            "quantity": number(np.where(is_there, ints(each, "units"), 0)),
            "updatedAt": moment(times(each, "changed_at")),
        },
    )


def levels_by(store: Store, column: str, owners: Rows) -> Many:
    """The levels of each item or location, by its id."""
    found = rows_of(ints(level_table(store), column), owners)
    return store.many("InventoryLevel", found, len(owners))


def level_table(store: Store) -> pd.DataFrame:
    """One row per item and location: units, first and last change."""
    made: pd.DataFrame = store.once(("levels",), lambda: _level_table(store))
    return made


def _level_table(store: Store) -> pd.DataFrame:
    items = store.table("variants")[["variant_id", "inventory_item_id"]]
    entries = store.table("inventory_entries").merge(items, on="variant_id")
    grouped = entries.groupby(["inventory_item_id", "location_id"], as_index=False, sort=True)
    table = grouped.agg(
        units=("change", "sum"),
        counted_at=("happened_at", "min"),
        changed_at=("happened_at", "max"),
    )
    # A number of its own, which the API does not show: there are fewer than ten locations.
    return table.assign(level_id=table["inventory_item_id"] * 10 + table["location_id"] % 10)


def _level_gid(kind: str, table: pd.DataFrame, tails: np.ndarray | None = None) -> Leaf:
    """Ids name the location, and the item behind a question mark."""
    places, items = gid(kind, ints(table, "location_id")), ints(table, "inventory_item_id")
    ends = np.full(len(table), "", object) if tails is None else tails

    def written(rows: Rows) -> list[str]:
        parts = zip(places.values(rows), items[rows].tolist(), ends[rows].tolist(), strict=True)
        return [f"{place}?inventory_item_id={item}{end}" for place, item, end in parts]

    return Leaf(written, "plain")
