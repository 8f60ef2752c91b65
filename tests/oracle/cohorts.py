"""Cohorts: what customers of one store, channel, first category and period did in each since."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from tests.oracle.attribution import channels, touches
from tests.oracle.books import EURO_E4, Books
from tests.oracle.sales_metrics import acquired_so_far, movements, orders_of

CELL = ["shop", "channel", "category", "cohort"]
PERIODS = {"month": "M", "week": "W-SUN"}
"""A week ends on Sunday."""

Key = tuple[str, str, str, pd.Timestamp, int]
Row = tuple[int, int, Decimal, Decimal | None]


def members(books: Books) -> pd.DataFrame:
    """Customers with their store, channel, category of the first purchase, and its day."""
    people = acquired_so_far(books)
    found = touches(books.known("session_persons"), books.known("message_clicks"))
    category = people["order_id"].map(_first_categories(books)).fillna("none")
    channel = channels(people, found).array
    columns = ["person_id", "shop", "date"]
    return people[columns].assign(channel=channel, category=category).astype({"shop": "str"})


def _first_categories(books: Books) -> pd.Series:
    """By order: the category of which most was bought, by gross."""
    placed = movements(books).query("movement_type == 'order' and line_type == 'PRODUCT'")
    gross = placed.groupby(["order_id", "line_id"])["gross_eur_e4"].sum().reset_index()
    lines = books.table("bought_lines").query("quantity > 0").merge(gross)
    lines["category"] = lines["category"].astype(object).fillna("unknown")
    sums = lines.groupby(["order_id", "category"])["gross_eur_e4"].sum().reset_index()
    sums = sums.sort_values(["gross_eur_e4", "category"], ascending=[False, True])
    return sums.drop_duplicates("order_id").set_index("order_id")["category"]


def sizes(books: Books, period: str) -> dict[tuple[str, str, str, pd.Timestamp], int]:
    """Customers of each cohort."""
    rows = members(books)
    rows = rows.assign(cohort=_starts(rows["date"], period))
    return rows.groupby(CELL).size().to_dict()


def cohorts(books: Books, period: str, last_number: int | None = None) -> dict[Key, Row]:
    """Active customers, purchases, net sales and contribution margin, where there is any."""
    rows = _entries(books).merge(members(books), on="person_id")
    rows["cohort"], start = _starts(rows["date"], period), _starts(rows["day"], period)
    rows["number"] = _between(rows["cohort"], start, period)
    rows = rows[rows["number"] >= 0]
    if last_number is not None:
        rows = rows[rows["number"] <= last_number]
    rows["buyer"] = rows["person_id"].where(rows["purchases"] > 0)
    found = rows.groupby([*CELL, "number"]).agg(
        active=("buyer", "nunique"),
        purchases=("purchases", "sum"),
        net=("net", "sum"),
        margin=("margin", "sum"),
        unknown=("unknown", "sum"),
    )
    return {key: _row(row) for key, row in zip(found.index, found.to_dict("records"), strict=True)}


def _row(row: Mapping[str, int]) -> Row:
    margin = None if row["unknown"] else int(row["margin"]) * EURO_E4
    return int(row["active"]), int(row["purchases"]), int(row["net"]) * EURO_E4, margin


def _entries(books: Books) -> pd.DataFrame:
    """What orders and their movements add to as_of, on the order's day, in EUR x 10^4."""
    orders = orders_of(books).query("person_id > 0")
    orders = orders[orders["date"] <= books.as_of].rename(columns={"date": "day"})
    costs = orders.merge(books.table("contributions"), on="order_id")
    beside = costs[["fees_eur_e4", "picking_eur_e4", "carriage_eur_e4"]].sum(axis="columns")
    placed = costs.assign(
        purchases=costs["counts_as_purchase"].astype(int),
        net=0,
        margin=-beside,
        unknown=costs["uncosted"],
    )
    moved = movements(books).merge(books.table("movement_costs"), on="entry_id")
    moved = moved[moved["date"] <= books.as_of].merge(orders[["order_id", "person_id", "day"]])
    left = moved["net_eur_e4"] + moved["shipping_eur_e4"] - moved["cost_eur_e4"]
    moved = moved.assign(
        purchases=0, net=moved["net_eur_e4"], margin=left, unknown=(~moved["is_costed"]).astype(int)
    )
    columns = ["person_id", "day", "purchases", "net", "margin", "unknown"]
    return pd.concat([placed[columns], moved[columns]], ignore_index=True)


def _starts(days: pd.Series, period: str) -> pd.Series:
    return days.dt.to_period(PERIODS[period]).dt.start_time.dt.date


def _between(first: pd.Series, later: pd.Series, period: str) -> pd.Series:
    first, later = pd.to_datetime(first), pd.to_datetime(later)
    if period == "week":
        return (later - first).dt.days // 7
    return (later.dt.year - first.dt.year) * 12 + later.dt.month - first.dt.month
