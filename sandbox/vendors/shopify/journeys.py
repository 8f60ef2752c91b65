"""The visits that Shopify saw before an order."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.vendors.shopify.columns import (
    Times,
    gid,
    ints,
    itself,
    lookup,
    moment,
    number,
    optional,
    same,
    text,
    texts,
    times,
)
from sandbox.vendors.shopify.frames import NONE, Frame, One, Rows, always, rows_of
from sandbox.vendors.shopify.store import Store

WINDOW = np.timedelta64(30, "D")


def summaries(store: Store) -> Frame:
    """One journey per order; orders without a known visit have an empty one."""
    orders = store.table("orders")
    last = rows_of(ints(orders, "visit_id"), store.ids("visits", "visit_id"))
    first = _first_visits(store, last)
    days = _days(store, first)
    counts = Frame(
        always("Count"),
        np.empty(0, np.int64),
        {"count": number(_moments(first, last)), "precision": same("EXACT")},
    )
    return Frame(
        always("CustomerJourneySummary"),
        np.empty(0, np.int64),
        {
            "ready": same(True),
            "customerOrderIndex": number(_order_index(store)),
            "daysToConversion": number(days),
            "momentsCount": One(lambda: counts, itself()),
            "firstVisit": One(store.link("CustomerVisit"), lookup(first)),
            "lastVisit": One(store.link("CustomerVisit"), lookup(last)),
        },
    )


def visits(store: Store) -> Frame:
    """Every visit of the online shop."""
    table = store.table("visits")
    ids = ints(table, "visit_id")
    host = f"https://{store.handle}.myshopify.com"
    paths = texts(table, "landing_path")
    tagged = (table["campaign"] != "").to_numpy()
    tags = Frame(
        always("UTMParameters"),
        np.empty(0, np.int64),
        {
            "source": optional(texts(table, "source")),
            "medium": optional(texts(table, "medium")),
            "campaign": optional(texts(table, "campaign")),
            "content": optional(texts(table, "utm_content")),
            "term": same(None),
        },
    )
    return Frame(
        always("CustomerVisit"),
        ids,
        {
            "id": gid("CustomerVisit", ids),
            "occurredAt": moment(times(table, "started_at")),
            "landingPage": text((host + paths).astype(object)),
            "referrerUrl": optional(texts(table, "referrer")),
            "source": text(_sources(texts(table, "source"))),
            "sourceType": same(None),
            "utmParameters": One(lambda: tags, itself(tagged)),
        },
    )


def _sources(values: np.ndarray) -> np.ndarray:
    return np.where(values == "(direct)", "direct", values).astype(object)


def _first_visits(store: Store, last: Rows) -> Rows:
    """The same device's first visit in the 30 days before; the visit itself without consent."""
    table = store.table("visits")
    device = texts(table, "user_pseudo_id")
    started = times(table, "started_at")
    seen = pd.DataFrame({"device": device, "at": started, "row": np.arange(len(table))})
    seen = seen[seen["device"] != ""].sort_values("at")
    known = np.flatnonzero(last != NONE)
    wanted = pd.DataFrame({"device": device[last[known]], "order": known})
    wanted["since"] = started[last[known]] - WINDOW
    wanted = wanted[wanted["device"] != ""].sort_values("since")
    found = pd.merge_asof(
        wanted, seen, left_on="since", right_on="at", by="device", direction="forward"
    )
    first = last.copy()
    first[found["order"].to_numpy(np.int64)] = found["row"].fillna(NONE).to_numpy(np.int64)
    return first


def _days(store: Store, first: Rows) -> np.ndarray:
    placed: Times = times(store.table("orders"), "processed_at")
    started = np.append(times(store.table("visits"), "started_at"), np.datetime64("NaT"))[first]
    days = (placed - started) / np.timedelta64(1, "D")
    return np.array([None if np.isnan(day) else max(int(day), 0) for day in days], object)


def _moments(first: Rows, last: Rows) -> Rows:
    return np.where(last == NONE, 0, np.where(first == last, 1, 2))


def _order_index(store: Store) -> np.ndarray:
    orders = store.table("orders")
    counted = (ints(orders, "customer_id") != NONE) & ~orders["is_test"].to_numpy()
    placed = orders.assign(row=np.arange(len(orders)))[counted].sort_values(
        ["processed_at", "order_id"]
    )
    index = np.full(len(orders), None, object)
    index[placed["row"].to_numpy()] = placed.groupby("customer_id").cumcount().to_numpy() + 1
    return index
