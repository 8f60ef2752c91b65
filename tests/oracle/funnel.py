"""The funnel: steps of sessions and visitors, in any order and each after the one before."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

from tests.oracle.books import EURO_E4, Books
from tests.oracle.sales_metrics import orders_of
from tests.oracle.web_metrics import sessions

STEPS = ("view_item", "add_to_cart", "begin_checkout", "purchase")
UNIT = {"session": ["visit_id"], "visitor": ["who", "date", "channel", "device"]}
CELL = ["shop", "channel", "device", "landing", "date"]
KINDS = {"/products/": "product", "/collections/": "category"}

Counts = tuple[int, ...]


def units(books: Books, basis: str, order: str) -> pd.DataFrame:
    """Sessions, or what a visitor did in a day through one channel on one device.

    Returns:
        The cell, `started_at`, `net`, and a column of times for each step.
    """
    visits = sessions(books).sort_values(["started_at", "visit_id"])
    visits["landing"] = visits["landing_path"].map(_page_type)
    visits["unit"] = visits.groupby(UNIT[basis]).ngroup()
    first = visits.drop_duplicates("unit").set_index("unit")
    taken = books.table("session_steps").merge(visits[["visit_id", "unit"]])
    found = first[[*CELL, "started_at"]].assign(net=_revenues(books, taken))
    since = first["started_at"]
    for step in STEPS:
        rows = taken[taken["event_name"] == step]
        if order == "strict":
            rows = rows[rows["happened_at"] >= rows["unit"].map(since)]
        since = rows.groupby("unit")["happened_at"].min().reindex(found.index)
        found[step] = since
    return found.fillna({"net": 0})


def _page_type(path: str) -> str:
    return next((kind for start, kind in KINDS.items() if path.startswith(start)), "home")


def _revenues(books: Books, taken: pd.DataFrame) -> pd.Series:
    """Net sales of the purchases of each unit, in EUR x 10^4."""
    orders = orders_of(books).query("counts_as_purchase")
    told = taken.dropna(subset="order_id").drop_duplicates("order_id")
    told = told.merge(orders[["order_id", "net_to_date_eur_e4"]], on="order_id")
    return told.groupby("unit")["net_to_date_eur_e4"].sum()


def funnel(books: Books, basis: str, order: str) -> dict[tuple[Any, ...], Counts]:
    """Units, and those that reached each step, by cell."""
    rows = units(books, basis, order)
    rows["date"] = rows["date"].dt.date
    counts = rows.groupby(CELL).agg(
        visits=("started_at", "size"), **{step: (step, "count") for step in STEPS}
    )
    return {
        key: tuple(map(int, row)) for key, row in zip(counts.index, counts.to_numpy(), strict=True)
    }


def step_seconds(books: Books, basis: str) -> list[float]:
    """Seconds to each step from the one before, in strict order, of all units together."""
    rows = units(books, basis, "strict")
    pairs = pairwise(("started_at", *STEPS))
    return [float((rows[step] - rows[before]).dt.total_seconds().sum()) for before, step in pairs]


def revenue(books: Books, basis: str, order: str) -> Decimal:
    """Net sales of the purchases in units that reached the last step."""
    rows = units(books, basis, order)
    return int(rows.loc[rows["purchase"].notna(), "net"].sum()) * EURO_E4
