"""Tax lines: of order lines, of shipping lines, and of whole orders, in one frame."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.vendors.shopify.columns import flag, number, same
from sandbox.vendors.shopify.frames import NONE, Frame, Many, Rows, always, children
from sandbox.vendors.shopify.store import Store

BASIS_POINTS = 10_000


def tax_lines(store: Store) -> Frame:
    """All tax lines: those of order lines first, then of shipping lines, then of orders."""
    table = _table(store)
    rate = table["rate"].to_numpy(np.float64) / BASIS_POINTS
    bags = store.bags()
    orders = table["order"].to_numpy(np.int64)
    bags.presentment, bags.rate = bags.presentment[orders], bags.rate[orders]
    return Frame(
        always("TaxLine"),
        np.empty(0, np.int64),
        {
            "title": same("VAT" if store.taxes_included else "Sales tax"),
            "rate": number(rate),
            "ratePercentage": number(np.round(rate * 100, 4)),
            "priceSet": bags.bag(table["tax"].to_numpy(np.int64)),
            "source": same("Shopify"),
            "channelLiable": flag(np.zeros(len(table), np.bool_)),
        },
    )


def taxes_of(store: Store, kind: str, count: int) -> Many:
    """The tax lines of each ``line``, ``shipping`` line or ``order``."""
    table = _table(store)
    owner = np.where(table["kind"] == kind, table["owner"], NONE)
    return Many(store.link("TaxLine"), *children(owner, count))


def tax_rows(store: Store, kind: str, owners: Rows) -> Rows:
    """The row of the one tax line of each line; ``NONE`` for ``NONE`` and untaxed lines."""
    table = _table(store)
    mine = np.flatnonzero((table["kind"] == kind).to_numpy())
    found = np.full(len(store.table(_SOURCES[kind])) + 1, NONE, np.int64)
    found[table["owner"].to_numpy(np.int64)[mine]] = mine
    return found[owners]


_SOURCES = {"line": "order_lines", "shipping": "shipping_lines"}


def _table(store: Store) -> pd.DataFrame:
    made: pd.DataFrame = store.once(("tax lines",), lambda: _all_lines(store))
    return made


def _all_lines(store: Store) -> pd.DataFrame:
    parts = [_of_lines(store, kind, table) for kind, table in _SOURCES.items()]
    lines = pd.concat(parts, ignore_index=True)
    whole = lines.groupby(["order", "rate"], as_index=False, sort=True)["tax"].sum()
    whole = whole.assign(kind="order", owner=whole["order"])
    found: pd.DataFrame = pd.concat([lines, whole], ignore_index=True)
    return found


def _of_lines(store: Store, kind: str, table: str) -> pd.DataFrame:
    rows = store.table(table)
    frame = pd.DataFrame(
        {
            "kind": kind,
            "owner": np.arange(len(rows)),
            "order": store.orders_of(table),
            "rate": rows["tax_rate_bp"].to_numpy(np.int64),
            "tax": rows["tax"].to_numpy(np.int64),
        }
    )
    return frame[frame["rate"] > 0]
