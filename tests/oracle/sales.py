"""Sales by day and store, summed from the books' movements."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from tests.oracle.books import CENT, EURO_E4, Books, days, decimals

AMOUNTS = ("gross", "discounts", "returns", "net", "tax", "shipping")
GIVEN_BACK = ("PRODUCT", "GIFT_CARD", "SHIPPING", "ADJUSTMENT")


def orders_by_day(books: Books) -> pd.DataFrame:
    """One row per shop and day with an order: orders, purchases, and the people who bought."""
    orders = books.orders().rename(columns={"order_date": "date"})
    bought = orders[orders["counts_as_purchase"] & (orders["person_id"] > 0)]
    sums = orders.assign(orders=1, purchases=orders["counts_as_purchase"].astype(int))
    sums = days(sums[["shop", "date", "orders", "purchases"]])
    people = bought.groupby(["shop", "date"])["person_id"].nunique().rename("customers")
    return sums.join(people, on=["shop", "date"]).fillna({"customers": 0})


def new_customers_by_day(books: Books) -> pd.DataFrame:
    """One row per shop and day on which somebody bought for the first time anywhere."""
    customers = books.read("customers").query("person_id > 0")
    renamed = customers.rename(columns={"first_shop": "shop", "first_purchase_date": "date"})
    return days(renamed[["shop", "date"]].assign(new_customers=1))


def sales_by_day(books: Books) -> pd.DataFrame:
    """One row per shop and day: every amount in EUR, converted movement by movement."""
    moved = books.movements().rename(columns={"movement_date": "date"})
    sums = days(moved[["shop", "date", *(f"{name}_eur_e4" for name in AMOUNTS)]])
    for name in AMOUNTS:
        sums[name] = decimals(sums.pop(f"{name}_eur_e4"), EURO_E4)
    return sums


def refunds_by_day(books: Books, without_lines: Collection[str] = ()) -> pd.DataFrame:
    """One row per shop and day with a refund: what was given back, in the shop's money.

    Args:
        books: The books.
        without_lines: Shops whose platform tells no lines of what a cancellation pays back.

    Returns:
        `refunds`; `units` of goods; `goods`, `shipping` and `adjustments` without tax; `tax`.
    """
    moved = books.movements().rename(columns={"movement_date": "date"})
    back = moved[moved["refund_id"].notna() & moved["line_type"].isin(GIVEN_BACK)]
    is_cancelled = back["movement_type"].eq("cancellation")
    back = back[~(is_cancelled & back["shop"].isin(without_lines))]
    kind = back["line_type"]
    # What a cancellation gives back is booked as negative sales, all else as a return.
    goods = back["returns"] - back["gross"] + back["discounts"] - back["gift_cards"]
    parts = pd.DataFrame(
        {
            "shop": back["shop"],
            "date": back["date"],
            "units": -back["quantity"].where(kind.isin(["PRODUCT", "GIFT_CARD"]), 0),
            "goods": goods.where(kind != "ADJUSTMENT", 0),
            "shipping": -back["shipping"],
            "adjustments": back["returns"].where(kind == "ADJUSTMENT", 0),
            "tax": -back["tax"],
        }
    )
    sums = days(parts)
    for name in ("goods", "shipping", "adjustments", "tax"):
        sums[name] = decimals(sums[name], CENT)
    refunds = back.groupby(["shop", "date"])["refund_id"].nunique().rename("refunds")
    return sums.join(refunds, on=["shop", "date"])
