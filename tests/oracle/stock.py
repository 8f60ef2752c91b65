"""What lies in stock, for how long it lasts and what does not sell, from the shop's own books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from tests.oracle.books import Books

SOLD_DAYS, SLOW_DAYS = 28, 180
PRODUCT = ["shop", "product_id"]
LEVEL = ["shop", "variant_id", "location_id"]


def stock(
    books: Books,
    entries: pd.DataFrame,
    variants: pd.DataFrame,
    lines: pd.DataFrame,
    looks: Sequence[dt.datetime],
) -> pd.DataFrame:
    """One row per product of which a place keeps stock, as who looked now and then knows it.

    Args:
        books: Of the shop; their `as_of` is the day that is asked about.
        entries: Changes of stock.
        variants: What product a variant is of.
        lines: What product a line of an order is of.
        looks: When somebody looked at all levels, in order.
    """
    on_hand = _seen(books, entries, looks)
    products = variants[["shop", "variant_id", "product_id"]].drop_duplicates()
    found = on_hand.merge(products, on=["shop", "variant_id"])
    found = found.groupby(PRODUCT, as_index=False)["on_hand"].sum()
    found = found.merge(_sold(books, lines), on=PRODUCT, how="left")
    found["sold"] = found["sold"].fillna(0)
    found["cover"] = (SOLD_DAYS * found["on_hand"] / found["sold"]).where(found["sold"] != 0)
    found["is_out_of_stock"] = found["on_hand"] <= 0
    lasts = SOLD_DAYS * found["on_hand"] > SLOW_DAYS * found["sold"]
    return found.assign(is_slow=(found["on_hand"] > 0) & lasts)


def _seen(books: Books, entries: pd.DataFrame, looks: Sequence[dt.datetime]) -> pd.DataFrame:
    """Of each level the newest state that somebody saw and that was reached by the day."""
    seen = []
    for number, look in enumerate(looks):
        known = books.with_days(entries[entries["happened_at"] <= look], "happened_at")
        levels = known.groupby(LEVEL, as_index=False).agg(
            on_hand=("change", "sum"), date=("date", "max")
        )
        seen.append(levels[levels["date"] <= books.as_of].assign(number=number))
    newest = pd.concat(seen).sort_values("number")
    return newest.drop_duplicates(LEVEL, keep="last")


def _sold(books: Books, lines: pd.DataFrame) -> pd.DataFrame:
    """Units of the last four weeks less cancelled ones; what came back was sold all the same."""
    movements = books.table("movements")
    counted = {*books.orders()["order_id"]}
    own = movements[
        movements["order_id"].isin(counted)
        & movements["line_type"].eq("PRODUCT")
        & movements["movement_type"].ne("return")
        & movements["movement_date"].gt(books.as_of - pd.Timedelta(days=SOLD_DAYS))
        & movements["movement_date"].le(books.as_of)
    ]
    products = lines[["line_id", "product_id"]].drop_duplicates()
    sold = own.merge(products, on="line_id").groupby(PRODUCT, as_index=False)["quantity"].sum()
    return sold.rename(columns={"quantity": "sold"})
