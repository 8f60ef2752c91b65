"""Metrics of orders and money, of new customers, and of spend beside them."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from tests.oracle.ad_metrics import spend
from tests.oracle.attribution import PAID, channels, touches
from tests.oracle.books import EURO_E4, WITHOUT_RECEIPT, Books
from tests.oracle.figures import Distinct, Less, Metric, Standing, Sum

CHECKOUT_WAIT = pd.Timedelta(hours=1)
CHECKOUT_END = pd.Timedelta(days=14)


def orders_of(books: Books) -> pd.DataFrame:
    """Orders that count in sales, on their day."""
    rows = books.table("orders")
    return rows[rows["counts_in_sales"]].assign(date=rows["order_date"])


def movements(books: Books) -> pd.DataFrame:
    """Movements that count in sales, on their own day; also of goods without a receipt."""
    rows = books.table("movements")
    counted = rows["order_id"].isin(orders_of(books)["order_id"])
    counted |= rows["order_id"] == WITHOUT_RECEIPT
    return rows[counted].assign(date=rows["movement_date"])


def _sold(books: Books, *parts: str) -> Sum:
    """A sum of parts of movements, in EUR."""
    rows = movements(books)
    amount = sum(rows[f"{part}_eur_e4"] for part in parts)
    return Sum(rows.assign(amount=amount), "amount", EURO_E4)


def booked(books: Books, *signed: tuple[str, int], placed: bool = False) -> Sum:
    """What was booked on orders, on the order's day, whenever it happened or as placed."""
    rows = movements(books)
    if placed:
        rows = rows[rows["movement_type"] == "order"]
    amount = sum(sign * rows[f"{part}_eur_e4"] for part, sign in signed)
    by_order = amount.groupby(rows["order_id"]).sum()
    orders = orders_of(books)
    found = by_order.reindex(orders["order_id"]).fillna(0).astype("int64").array
    return Sum(orders.assign(amount=found), "amount", EURO_E4)


def orders(books: Books) -> Metric:
    """Orders that count in sales, on their day."""
    return Metric(Sum(orders_of(books)))


def gross_sales(books: Books) -> Metric:
    """Price x quantity of goods without tax."""
    return Metric(_sold(books, "gross"))


def discounts(books: Books) -> Metric:
    """Discounts."""
    return Metric(_sold(books, "discounts"))


def returns(books: Books) -> Metric:
    """Returns, on the day on which they were processed."""
    return Metric(_sold(books, "returns"))


def net_sales(books: Books) -> Metric:
    """Gross - discounts - returns."""
    return Metric(_sold(books, "net"))


def total_sales(books: Books) -> Metric:
    """Net + shipping + tax + fees."""
    return Metric(_sold(books, "net", "shipping", "tax", "fees"))


def aov(books: Books) -> Metric:
    """(Gross - discounts) at placement / orders."""
    return Metric(
        booked(books, ("gross", 1), ("discounts", -1), placed=True), Sum(orders_of(books))
    )


def aov_net(books: Books) -> Metric:
    """Net / orders."""
    return Metric(_sold(books, "net"), Sum(orders_of(books)))


def units_per_order(books: Books) -> Metric:
    """Units of goods / orders."""
    lines = movements(books).query("movement_type == 'order' and line_type == 'PRODUCT'")
    units = lines.groupby("order_id")["quantity"].sum()
    rows = orders_of(books)
    found = units.reindex(rows["order_id"]).fillna(0).astype("int64").array
    return Metric(Sum(rows.assign(units=found), "units"), Sum(rows))


def refund_rate(books: Books) -> Metric:
    """Returns of the period's orders, whenever processed / (gross - discounts) of those orders."""
    return Metric(
        booked(books, ("returns", 1)), booked(books, ("gross", 1), ("discounts", -1), placed=True)
    )


def buyers(books: Books) -> pd.DataFrame:
    """Purchases of people that can be told."""
    return orders_of(books).query("counts_as_purchase and person_id > 0")


def acquired(books: Books) -> pd.DataFrame:
    """People on the day of their first purchase, in the shop of it."""
    rows = buyers(books).sort_values(["placed_at", "order_id"])
    since = rows.groupby("person_id")["date"].min()
    first = rows.drop_duplicates("person_id")
    return first.assign(date=first["person_id"].map(since))


def acquired_so_far(books: Books) -> pd.DataFrame:
    """Those of them up to the newest complete day."""
    people = acquired(books)
    return people[people["date"] <= books.as_of]


def new_customers(books: Books) -> Metric:
    """Customers whose first purchase lies in the period."""
    return Metric(Sum(acquired(books)))


def returning_customers(books: Books) -> Metric:
    """Customers with a purchase in the period who had one before it."""
    return Metric(Less(Distinct(buyers(books), "person_id"), Sum(acquired(books))))


def returning_customer_rate(books: Books) -> Metric:
    """Returning customers / customers with a purchase in the period."""
    everybody = Distinct(buyers(books), "person_id")
    return Metric(Less(everybody, Sum(acquired(books))), everybody)


def mer(books: Books) -> Metric:
    """Net sales / ad spend."""
    return Metric(_sold(books, "net"), spend(books))


def cac(books: Books) -> Metric:
    """Ad spend / new customers."""
    return Metric(spend(books), Sum(acquired(books)))


def blended_cac(books: Books) -> Metric:
    """Ad spend / new customers, however they came."""
    return cac(books)


def paid_cac(books: Books) -> Metric:
    """Ad spend / new customers whose first purchase is attributed to a paid channel."""
    rows = acquired(books)
    return Metric(spend(books), Sum(rows[_is_paid(books, rows)]))


def _is_paid(books: Books, orders: pd.DataFrame) -> pd.Series:
    """Whether a paid channel led to each order."""
    found = touches(books.known("session_persons"), books.known("message_clicks"))
    return channels(orders, found).isin(PAID).array


def net_of_people(books: Books, days: int | None = None) -> pd.DataFrame:
    """People on the day of their first purchase, with what their orders brought to as_of.

    Args:
        books: The books.
        days: Orders up to so many days after the first purchase, of people with whom they have
            passed; None takes all.
    """
    people = acquired(books)
    people = people[people["date"] + pd.Timedelta(days=days or 0) <= books.as_of]
    moved = movements(books)
    moved = moved[moved["movement_date"] <= books.as_of]
    orders = orders_of(books)[["order_id", "person_id", "order_date"]]
    rows = moved[["order_id", "net_eur_e4"]].merge(orders, on="order_id")
    rows = rows.merge(people[["person_id", "date"]], on="person_id")
    if days is not None:
        rows = rows[rows["order_date"] <= rows["date"] + pd.Timedelta(days=days)]
    net = rows.groupby("person_id")["net_eur_e4"].sum()
    found = net.reindex(people["person_id"]).fillna(0).astype("int64").array
    return people.assign(net_eur_e4=found)


def _ltv(books: Books, days: int) -> Metric:
    people = net_of_people(books, days)
    return Metric(Sum(people, "net_eur_e4", EURO_E4), Sum(people))


def ltv_30d(books: Books) -> Metric:
    """Order-dated net within 30 days of the first purchase / customers 30 days or older."""
    return _ltv(books, 30)


def ltv_90d(books: Books) -> Metric:
    """Order-dated net within 90 days of the first purchase / customers 90 days or older."""
    return _ltv(books, 90)


def ltv_365d(books: Books) -> Metric:
    """Order-dated net within 365 days of the first purchase / customers 365 days or older."""
    return _ltv(books, 365)


def source_roi(books: Books) -> Metric:
    """(Net to as_of of new customers / their number) / (spend / their number)."""
    return Metric(Sum(net_of_people(books), "net_eur_e4", EURO_E4), spend(books), may_lack=True)


def source_roi_margin(books: Books) -> Metric:
    """(Contribution to as_of of new customers / their number) / (spend / their number)."""
    people = acquired_so_far(books)
    until = orders_of(books)[["order_id", "person_id", "order_date"]]
    until = until[until["order_date"] <= books.as_of]
    moved = movements(books).merge(books.table("movement_costs"), on="entry_id")
    moved = moved[moved["date"] <= books.as_of].merge(until, on="order_id")
    left = moved["net_eur_e4"] + moved["shipping_eur_e4"] - moved["cost_eur_e4"]
    costs = until.merge(books.table("contributions"), on="order_id").set_index("person_id")
    costs = costs[["fees_eur_e4", "picking_eur_e4", "carriage_eur_e4"]].sum(axis="columns")
    brought = left.groupby(moved["person_id"]).sum() - costs.groupby(level=0).sum()
    untold = (~moved["is_costed"]).groupby(moved["person_id"]).any()
    people["left"] = brought.reindex(people["person_id"]).fillna(0).astype("int64").array
    unknown = Sum(people[untold.reindex(people["person_id"], fill_value=False).array])
    return Metric(Sum(people, "left", EURO_E4), spend(books), unknown=unknown, may_lack=True)


def roas(books: Books) -> Metric:
    """Order-dated net of purchases that paid channels brought / ad spend."""
    rows = orders_of(books).query("counts_as_purchase")
    return Metric(Sum(rows[_is_paid(books, rows)], "net_to_date_eur_e4", EURO_E4), spend(books))


def recovered_revenue(books: Books) -> Metric:
    """Order-dated net of orders whose checkout was open for an hour and done within 14 days."""
    rows = pd.concat([books.table("checkouts"), books.table("carts")]).dropna(subset="order_id")
    waited = rows["completed_at"] - rows["created_at"]
    rows = rows[(waited >= CHECKOUT_WAIT) & (waited <= CHECKOUT_END)]
    found = orders_of(books)
    found = found[found["order_id"].isin(rows["order_id"])]
    return Metric(Sum(found, "net_to_date_eur_e4", EURO_E4))


def gross_margin(books: Books) -> Metric:
    """Net sales - cost of goods of the same movements, if every cost is known."""
    unknown = Sum(books.table("margins_daily"), "uncosted")
    return Metric(_text(books, "margins_daily", "margin_eur"), unknown=unknown)


def gross_margin_coverage(books: Books) -> Metric:
    """Net sales whose cost is known / net sales."""
    return Metric(_text(books, "margins_daily", "costed_net_eur"), _sold(books, "net"))


def contribution_margin(books: Books) -> Metric:
    """Gross margin - fees - fulfilment - shipping + shipping charged, if all is known."""
    unknown = Sum(books.table("contributions_daily"), "uncosted")
    return Metric(_text(books, "contributions_daily", "contribution_eur"), unknown=unknown)


def contribution_after_ads(books: Books) -> Metric:
    """Contribution margin - ad spend."""
    before = contribution_margin(books)
    return Metric(Less(before.numerator, spend(books)), unknown=before.unknown)


def contribution_after_ads_rate(books: Books) -> Metric:
    """(Contribution margin - ad spend) / net sales."""
    after = contribution_after_ads(books)
    return Metric(after.numerator, _sold(books, "net"), unknown=after.unknown)


def payback_days(books: Books) -> Metric:
    """Days since the first purchase by which a month's new customers brought its ad spend."""
    people = acquired(books)[["person_id", "date"]]
    people = people[people["date"] <= books.as_of]
    people["month"] = people["date"].dt.to_period("M").dt.start_time
    orders = orders_of(books)[["order_id", "person_id", "order_date"]]
    orders = orders[orders["order_date"] <= books.as_of].merge(people, on="person_id")
    orders = orders.merge(books.table("contributions"), on="order_id")
    orders["age"] = (orders["order_date"] - orders["date"]).dt.days.clip(lower=0)
    ads = books.table("ad_daily")
    spent = ads.groupby(ads["date"].dt.to_period("M").dt.start_time)["spend_eur_e4"].sum()
    cohorts = people[["month"]].drop_duplicates().rename(columns={"month": "date"})
    cohorts["days"] = [_paid_back(orders, month, spent) for month in cohorts["date"]]
    return Metric(
        Standing(cohorts, "days"), Standing(cohorts.assign(cohorts=1), "cohorts"), may_lack=True
    )


def _paid_back(orders: pd.DataFrame, month: pd.Timestamp, spent: pd.Series) -> float:
    """The day, if it comes before a cost that is not known; not a number without."""
    own = orders[orders["month"] == month].groupby("age")[["contribution_eur_e4", "uncosted"]].sum()
    brought = own.sort_index().cumsum()
    enough = brought["contribution_eur_e4"] >= spent.get(month, 0)
    days = brought.index[enough & (brought["uncosted"] == 0)]
    return float(days[0]) if len(days) and spent.get(month, 0) > 0 else float("nan")


def _text(books: Books, table: str, column: str) -> Sum:
    """A column that is decimal text."""
    rows = books.table(table)
    e4 = [int(Decimal(text) / EURO_E4) for text in rows[column]]
    return Sum(rows.assign(e4=e4), "e4", EURO_E4)


METRICS = (
    *(orders, gross_sales, discounts, returns, net_sales, total_sales),
    *(aov, aov_net, units_per_order, refund_rate, recovered_revenue),
    *(new_customers, returning_customers, returning_customer_rate),
    *(mer, roas, cac, blended_cac, paid_cac, source_roi, source_roi_margin),
    *(ltv_30d, ltv_90d, ltv_365d),
    *(gross_margin, gross_margin_coverage, contribution_margin),
    *(contribution_after_ads, contribution_after_ads_rate, payback_days),
)
