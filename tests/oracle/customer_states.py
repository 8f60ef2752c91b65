"""How many customers each shop has day by day, in which state, and what they have spent.

A customer belongs to the shop of the first purchase. Windows are half open: with one of X days the
day d looks at (d - X, d]. Counted a day and customer at a time, as the definitions are written.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

PARTS = ["customers", "repeat", "active", "churn_base", "churned"]


def customer_states(
    orders: pd.DataFrame, as_of: pd.Timestamp, *, active_days: int = 90, churn_days: int = 180
) -> pd.DataFrame:
    """One row per shop and day from its first customer to `as_of`.

    Args:
        orders: Truth of orders: `shop`, `person_id`, `identity`, `placed_at`, `order_id`,
            `order_date`, `counts_as_purchase`.
        as_of: Last day.
        active_days: Window of `active`.
        churn_days: Window of `churn_base` and `churned`.

    Returns:
        `shop`, `date` and the counts of PARTS.
    """
    bought = _purchases(orders)
    home = bought.groupby("identity")["shop"].first()
    found = []
    for shop, people in home.groupby(home):
        own = bought[bought["identity"].isin(people.index)]
        days = pd.date_range(own["order_date"].min(), as_of)
        counts = pd.DataFrame(0, index=days, columns=PARTS)
        for _, orders_of_one in own.groupby("identity"):
            dates = np.unique(orders_of_one["order_date"].to_numpy("datetime64[D]"))
            counts += _of_one(dates, days, active_days, churn_days)
        found.append(counts.rename_axis("date").reset_index().assign(shop=shop))
    return pd.concat(found, ignore_index=True)


def _purchases(orders: pd.DataFrame) -> pd.DataFrame:
    """Of persons that can be told, by time."""
    bought = orders[orders["counts_as_purchase"] & (orders["person_id"] >= 0)]
    return bought.sort_values(["placed_at", "order_id"])


def _of_one(
    dates: np.ndarray, days: pd.DatetimeIndex, active_days: int, churn_days: int
) -> pd.DataFrame:
    """Whether a customer with these purchase days is in each state, day by day."""
    age = (days.to_numpy("datetime64[D]")[:, None] - dates[None, :]).astype(int)
    is_base = ((age >= churn_days) & (age < 2 * churn_days)).any(axis=1)
    has_bought = ((age >= 0) & (age < churn_days)).any(axis=1)
    parts = [
        (age >= 0).any(axis=1),
        (age >= 0).sum(axis=1) >= 2,
        ((age >= 0) & (age < active_days)).any(axis=1),
        is_base,
        is_base & ~has_bought,
    ]
    return pd.DataFrame(np.column_stack(parts).astype(int), index=days, columns=PARTS)


def customer_net(
    orders: pd.DataFrame, movements: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """One row per shop and day on which its customers' net sales to date changed: the change.

    By the day of the order, or of the first purchase where the order came before it.

    Args:
        orders: Truth of orders.
        movements: Truth of movements: `order_id`, `movement_date`, `net_eur_e4`.
        as_of: Last day of movements that are known.

    Returns:
        `shop`, `date`, `net_eur_e4`.
    """
    bought = _purchases(orders)
    first = bought.groupby("identity").agg(shop=("shop", "first"), since=("order_date", "min"))
    known = movements[movements["movement_date"] <= as_of]
    net = known.groupby("order_id")["net_eur_e4"].sum().rename("net_eur_e4")
    counted = orders.loc[orders["counts_in_sales"], ["identity", "order_id", "order_date"]]
    rows = counted.merge(net, on="order_id").merge(first, on="identity")
    rows["date"] = rows[["order_date", "since"]].max(axis="columns")
    return rows.groupby(["shop", "date"], as_index=False)["net_eur_e4"].sum()
