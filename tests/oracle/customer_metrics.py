"""Metrics of what customers have become, to date, and of what they do again."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import numpy as np
import pandas as pd

from tests.oracle.books import EURO_E4, Books
from tests.oracle.customer_states import customer_net, customer_states
from tests.oracle.engagement import slopes
from tests.oracle.figures import Metric, State, Sum
from tests.oracle.replenishment import predictions
from tests.oracle.sales_metrics import acquired, buyers

SLOPE_UNIT = Decimal("1e-8")
"""A slope has eight digits, rounded from ten: with more of them engines differ."""


@cache
def _states(books: Books) -> pd.DataFrame:
    """By shop and day: customers by state, and what they have spent to date."""
    orders, as_of = books.table("orders"), books.as_of
    states = customer_states(orders, as_of).set_index(["shop", "date"])
    changes = customer_net(orders, books.table("movements"), as_of).set_index(["shop", "date"])
    states["changed"] = changes["net_eur_e4"].reindex(states.index).fillna(0).astype("int64")
    states["net_eur_e4"] = states.groupby("shop")["changed"].cumsum()
    return states.reset_index()


def _share(books: Books, above: str, below: str = "customers") -> Metric:
    return Metric(State(_states(books), above), State(_states(books), below))


def repeat_purchase_rate(books: Books) -> Metric:
    """Customers with two purchase days or more / with one or more, to date."""
    return _share(books, "repeat")


def active_customer_rate(books: Books) -> Metric:
    """Customers with a purchase in the last 90 days / customers to date."""
    return _share(books, "active")


def churn_rate(books: Books) -> Metric:
    """Who bought in (d - 360, d - 180] and not since / who bought in (d - 360, d - 180]."""
    return _share(books, "churned", "churn_base")


def ltv(books: Books) -> Metric:
    """Order-dated net to date / customers to date."""
    states = _states(books)
    return Metric(State(states, "net_eur_e4", EURO_E4), State(states, "customers"))


def loyalty_participation(books: Books) -> Metric:
    """Customers who are members of a programme / customers to date."""
    members = books.table("enrolments")
    left = members["opted_out_at"].notna()
    return _joined_in(books, members[~left], "enrolled_at")


def ugc_rate(books: Books) -> Metric:
    """Customers with a photo, video or question / customers to date."""
    return _joined_in(books, books.table("contents"), "created_at")


def _joined_in(books: Books, rows: pd.DataFrame, since: str) -> Metric:
    """Customers with one of the rows, from their first purchase on / customers to date."""
    first = books.with_days(rows, since).groupby("person_id")["date"].min()
    bought = acquired(books)
    bought = bought[bought["person_id"].isin(first.index)]
    both = pd.concat([bought["date"], bought["person_id"].map(first)], axis="columns")
    joined = bought.assign(date=both.max(axis="columns")).groupby(["shop", "date"]).size()
    states = _states(books).set_index(["shop", "date"])
    states["joined"] = joined.reindex(states.index).fillna(0).astype("int64")
    states["joined"] = states.groupby("shop")["joined"].cumsum()
    rows = states.reset_index()
    return Metric(State(rows, "joined"), State(rows, "customers"))


def days_between_purchases(books: Books) -> Metric:
    """Calendar days / gaps between consecutive purchase days, on the later day."""
    rows = buyers(books)[["person_id", "date"]].drop_duplicates().sort_values("date")
    days = rows.groupby("person_id")["date"].diff().dt.days
    home = acquired(books).set_index("person_id")["shop"]
    gaps = rows.assign(days=days, shop=rows["person_id"].map(home)).dropna(subset="days")
    return Metric(Sum(gaps, "days"), Sum(gaps))


def subscription_retention(books: Books) -> Metric:
    """Subscriptions active 30 days before and on the day / active 30 days before."""
    rows = books.table("subscriptions_daily")
    rows = rows[rows["date"] <= books.as_of]
    return Metric(State(rows, "kept"), State(rows, "base"))


def engagement_decay_rate(books: Books) -> Metric:
    """Slopes of answers to e-mail / recipients with enough of it, on Mondays and as_of."""
    rows = books.table("email_messages").query("channel == 'email' and delivered")
    sent = rows.rename(columns={"identity": "customer", "date": "sent"})
    sent = sent.assign(opened=sent["opens"], clicked=sent["clicks"])
    home = acquired(books)
    home = home.assign(customer="person:" + home["person_id"].astype(str))
    shops = sent.groupby("customer")["shop"].first()
    shops.update(home.set_index("customer")["shop"])
    mondays = pd.date_range(sent["sent"].min(), books.as_of, freq="W-MON")
    days = sorted({*mondays, books.as_of})
    found = [{"shop": shops.iloc[0], "date": day, "slope": 0.0, "recipients": 0} for day in days]
    found += [
        {"shop": shops[customer], "date": day, "slope": slope, "recipients": 1}
        for day in days
        for customer, slope in slopes(sent, day).items()
    ]
    told = pd.DataFrame(found).astype({"date": "datetime64[us]"})
    told["slope"] = [_digits(slope) for slope in told["slope"]]
    return Metric(State(told, "slope", SLOPE_UNIT), State(told, "recipients"))


def _digits(slope: float) -> int:
    """How many units a slope is."""
    ten = Decimal(slope).quantize(SLOPE_UNIT / 100, ROUND_HALF_UP)
    return int(ten.quantize(SLOPE_UNIT, ROUND_HALF_UP) / SLOPE_UNIT)


def replenishment_accuracy(books: Books) -> Metric:
    """Repeat purchases of a product about the predicted day / those that were predicted."""
    lines = books.table("bought_lines").merge(buyers(books)[["order_id", "person_id", "date"]])
    lines = lines[lines["date"] <= books.as_of]
    columns = ["person_id", "product", "category", "date"]
    bought = lines[columns].drop_duplicates(["person_id", "product", "date"])
    bought["category"] = bought["category"].astype(object).where(bought["category"].notna(), None)
    told = predictions(bought.itertuples(index=False, name=None))
    bought = bought.sort_values("date")
    bought["next"] = bought.groupby(["person_id", "product"])["date"].shift(-1)
    keys = zip(bought["person_id"], bought["product"], bought["date"], strict=True)
    bought["gap"] = [told[key][2] if key in told else None for key in keys]
    shops = lines.groupby("product")["shop"].first()
    rows = bought.dropna(subset=["next", "gap"])
    rows = rows.assign(shop=rows["product"].map(shops), gap=rows["gap"].astype(float))
    off = (rows["next"] - rows["date"]).dt.days - np.floor(rows["gap"] + 0.5)
    is_timely = off.abs() <= np.maximum(3, 0.2 * rows["gap"])
    rows = rows.assign(date=rows["next"])
    return Metric(Sum(rows[is_timely]), Sum(rows))


METRICS = (
    *(repeat_purchase_rate, active_customer_rate, churn_rate, ltv),
    *(loyalty_participation, ugc_rate, days_between_purchases, subscription_retention),
    *(engagement_decay_rate, replenishment_accuracy),
)
