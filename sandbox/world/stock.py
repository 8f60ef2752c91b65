"""Stock: what is counted, delivered, sold and brought back, so that a shelf is never below zero."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.drawing import DAY, HOUR, Floats, Ints
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.served import micros_of
from sandbox.world.timeline import micros

ENTRY_BASE = 780_000_000_000
PERIOD = 28 * DAY
"""From delivery to delivery."""
COUNTED_AGAIN = 0.2
MOST_MISSING = 3
COUNT, RESTOCK, SALE, RETURN = range(4)
KINDS = ("count", "restock", "sale", "return")

Frames = dict[str, pd.DataFrame]
Columns = dict[str, Ints]


def entries(rng: np.random.Generator, preset: Preset, shop: Frames, orders: Ints) -> pd.DataFrame:
    """The table inventory_entries.

    Every period's delivery covers what is sold in it, less what came back in the one before: so
    the shelf never holds less than at the opening. Small worlds of exact purchases are counted
    once and then left alone.

    Args:
        rng: Random numbers.
        preset: Of the world.
        shop: Finished tables: stores, variants, order_lines, sales_entries, refund_lines.
        orders: Ids of the orders that take goods off the shelf.
    """
    variants = shop["variants"]
    variants = variants[~variants["is_gift_card"]].reset_index(drop=True)
    opened = micros_of(variants["created_at"])
    opening = rng.integers(0, 40, len(variants))
    rows = [_rows(np.arange(len(variants)), COUNT, opening, opened)]
    if preset.has_extras:
        moved = _moved(shop, variants, orders)
        rows += [moved, _deliveries(preset, opened, moved), _counts(rng, preset, opened, opening)]
    columns = {name: np.concatenate([block[name] for block in rows]) for name in rows[0]}
    return _frame(shop, variants, columns)


def _rows(variant: Ints, kind: int | Ints, change: Ints, time: Ints) -> Columns:
    kinds = np.broadcast_to(np.asarray(kind, np.int64), len(variant))
    return {"variant": variant, "kind": kinds, "change": change, "time": time}


def _moved(shop: Frames, variants: pd.DataFrame, orders: Ints) -> Columns:
    """Units sold, and units back on the shelf; what is not restocked is lost."""
    moves = shop["sales_entries"]
    moves = moves[(moves["line_type"] == "PRODUCT") & moves["order_id"].isin(orders)]
    lost = shop["refund_lines"].query("restock_type == 'NO_RESTOCK'")
    gone = pd.MultiIndex.from_frame(lost[["refund_id", "line_id"]].astype("int64"))
    keys = pd.MultiIndex.from_frame(moves[["refund_id", "line_id"]].fillna(-1).astype("int64"))
    moves = moves[~keys.isin(gone)]
    article = shop["order_lines"].set_index("line_id")["variant_id"]
    sold = article.loc[moves["line_id"].astype("int64")].to_numpy()
    place = pd.Index(variants["variant_id"]).get_indexer(sold)
    units = moves["quantity"].to_numpy()
    kind = np.where(units > 0, SALE, RETURN)
    return _rows(place, kind, -units, micros_of(moves["visible_at"]))


def _deliveries(preset: Preset, opened: Ints, moved: Columns) -> Columns:
    start = micros(preset.start)
    periods = (micros(preset.end) - start) // PERIOD + 1
    cell = moved["variant"] * periods + (moved["time"] - start) // PERIOD
    size = len(opened) * periods
    sold, back = (
        _sums(cell, np.abs(moved["change"]) * (moved["kind"] == kind), size, periods)
        for kind in (SALE, RETURN)
    )
    before = np.hstack([np.zeros((len(opened), 1)), back[:, :-1]])
    wanted = np.maximum(sold - before, 0).astype(np.int64)
    variant, period = np.nonzero(wanted)
    time = np.maximum(start + period * PERIOD, opened[variant])
    return _rows(variant, RESTOCK, wanted[variant, period], time)


def _sums(cell: Ints, units: Ints, size: int, periods: int) -> Floats:
    return np.bincount(cell, units, size).reshape(-1, periods)


def _counts(rng: np.random.Generator, preset: Preset, opened: Ints, opening: Ints) -> Columns:
    """Counts later on that find some pieces missing; never more than there were at first."""
    some = (rng.random(len(opened)) < COUNTED_AGAIN) & (opening >= MOST_MISSING)
    variant = np.flatnonzero(some)
    missing = rng.integers(1, MOST_MISSING + 1, len(variant))
    first = np.maximum(opened[variant], micros(preset.start)) + HOUR
    time = first + ((micros(preset.end) - first) * rng.random(len(variant))).astype(np.int64)
    return _rows(variant, COUNT, -missing, time)


def _frame(shop: Frames, variants: pd.DataFrame, rows: Columns) -> pd.DataFrame:
    by_time = np.lexsort((rows["kind"], rows["variant"], rows["time"]))
    rows = {name: values[by_time] for name, values in rows.items()}
    own = variants.iloc[rows["variant"]]
    stores = shop["stores"].set_index("shop").loc[own["shop"]]
    at_till = stores["platform"].to_numpy() == "sql_orders"
    return typed(
        "inventory_entries",
        {
            "entry_id": ENTRY_BASE + np.arange(len(own)) * 8,
            "variant_id": own["variant_id"].array,
            "shop": own["shop"].array,
            "location_id": stores["shop_id"].to_numpy() * 10 + 1,
            "location_name": np.where(at_till, "Shop floor", "Warehouse"),
            "change": rows["change"],
            "kind": np.array(KINDS, object)[rows["kind"]],
            "happened_at": rows["time"],
        },
    )
