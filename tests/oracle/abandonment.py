"""Carts and checkouts that were left, and those that came back."""

from __future__ import annotations

import pandas as pd

from tests.oracle.attribution import touches
from tests.oracle.books import Books
from tests.oracle.sales_metrics import CHECKOUT_END, CHECKOUT_WAIT, buyers
from tests.oracle.web_metrics import sessions

COLUMNS = ["shop", "person_id", "left_at", "order_id", "back_at", "by_email"]


def carts(books: Books) -> pd.DataFrame:
    """Sessions with a filled cart and nothing after it.

    The first purchase of the person in the shop within 14 days brings the cart back, but each
    purchase only the newest one before it.
    """
    rows = sessions(books).query("has_add_to_cart and not has_begin_checkout and not has_purchase")
    persons = books.known("session_persons").set_index("visit_id")["person_id"]
    rows = rows.assign(person_id=rows["visit_id"].map(persons), left_at=rows["ended_at"])
    bought = buyers(books)[["shop", "person_id", "order_id", "placed_at"]]
    pairs = rows[["visit_id", "shop", "person_id", "left_at"]].merge(bought)
    waited = pairs["placed_at"] - pairs["left_at"]
    pairs = pairs[(waited > pd.Timedelta(0)) & (waited <= CHECKOUT_END)]
    pairs = pairs.sort_values(["placed_at", "order_id"]).drop_duplicates("visit_id")
    pairs = pairs.sort_values("left_at").drop_duplicates("order_id", keep="last")
    back = pairs.set_index("visit_id")
    rows["order_id"] = rows["visit_id"].map(back["order_id"])
    rows["back_at"] = rows["visit_id"].map(back["placed_at"])
    return _mailed(books, rows)


def checkouts(books: Books) -> pd.DataFrame:
    """Checkouts and platform carts that stayed open for an hour; done within 14 days is back."""
    rows = pd.concat([books.table("checkouts"), books.table("carts")], ignore_index=True)
    waited = rows["completed_at"] - rows["created_at"]
    rows = rows[rows["completed_at"].isna() | (waited >= CHECKOUT_WAIT)]
    rows = rows.assign(
        left_at=rows["created_at"] + CHECKOUT_WAIT,
        back_at=rows["completed_at"].where(waited <= CHECKOUT_END),
    )
    rows["order_id"] = rows["order_id"].where(rows["back_at"].notna())
    return _mailed(books, rows)


def _mailed(books: Books, rows: pd.DataFrame) -> pd.DataFrame:
    """With `by_email`: whether a touch by e-mail lies between leaving and coming back."""
    found = touches(books.known("session_persons"), books.known("message_clicks"))
    emails = found.loc[found["channel"] == "Email", ["person_id", "at"]]
    rows = rows.reset_index(drop=True)
    pairs = rows[["person_id", "left_at", "back_at"]].reset_index().merge(emails, on="person_id")
    between = pairs["at"].between(pairs["left_at"], pairs["back_at"])
    return rows.assign(by_email=rows.index.isin(pairs.loc[between, "index"]))[COLUMNS]
