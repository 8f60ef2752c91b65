"""Metrics of visits, and of what visitors signed up for."""

from __future__ import annotations

import pandas as pd

from tests.oracle.ad_metrics import spend
from tests.oracle.books import THOUSANDTH, Books
from tests.oracle.figures import Distinct, Metric, Sum

WEEK = pd.Timedelta(days=7)
MILLI = 1000
"""Microseconds in a millisecond."""


def sessions(books: Books) -> pd.DataFrame:
    """Every visit, and whose: `who` is a browser, and each collector knows browsers apart."""
    rows = books.table("sessions").astype({"shop": "str"})
    return rows.assign(who=_who(rows)).sort_values("started_at", ignore_index=True)


def _who(rows: pd.DataFrame) -> pd.Series:
    return rows["shop"] + " " + rows["collector"] + " " + rows["visitor"]


def _share(books: Books, flag: str, of: str) -> Metric:
    """Sessions with something among those with something else."""
    base = sessions(books).query(of)
    return Metric(Sum(base.query(flag)), Sum(base))


def traffic(books: Books) -> Metric:
    """Sessions."""
    return Metric(Sum(sessions(books)))


def visitors(books: Books) -> Metric:
    """Different visitors with a session."""
    return Metric(Distinct(sessions(books)))


def new_visitors(books: Books) -> Metric:
    """Visitors whose first session ever lies in the period."""
    return Metric(Distinct(sessions(books).drop_duplicates("who")))


def cvr(books: Books) -> Metric:
    """Sessions with an order / sessions."""
    rows = sessions(books)
    return Metric(Sum(rows[rows["has_purchase"]]), Sum(rows))


def bounce_rate(books: Books) -> Metric:
    """Sessions that were not engaged / sessions."""
    rows = sessions(books)
    return Metric(Sum(rows[~rows["is_engaged"]]), Sum(rows))


def sign_ups(books: Books) -> pd.DataFrame:
    """Every sign-up for e-mail; `who` is missing where no visit is known."""
    rows = books.table("sign_ups").astype({"shop": "str"})
    return rows.assign(who=_who(rows))


def email_signup_rate(books: Books) -> Metric:
    """Visitors with a sign-up in a visit of the period / visitors of the period."""
    known = sign_ups(books).dropna(subset="who")
    known = known.assign(date=known["visit_date"])
    return Metric(Distinct(known), Distinct(sessions(books)))


def cost_per_signup(books: Books) -> Metric:
    """Ad spend / sign-ups."""
    return Metric(spend(books), Sum(sign_ups(books)))


def session_to_signup(books: Books) -> Metric:
    """Sign-ups / sessions."""
    return Metric(Sum(sign_ups(books)), Sum(sessions(books)))


def add_to_cart_rate(books: Books) -> Metric:
    """Sessions with add_to_cart / sessions."""
    rows = sessions(books)
    return Metric(Sum(rows[rows["has_add_to_cart"]]), Sum(rows))


def view_to_cart_ratio(books: Books) -> Metric:
    """Sessions with add_to_cart of a product viewed in it / sessions with view_item."""
    return _share(books, "has_cart_of_viewed", of="has_view_item")


def wishlist_rate(books: Books) -> Metric:
    """Sessions with add_to_wishlist / sessions with view_item."""
    rows = sessions(books)
    return Metric(Sum(rows[rows["has_add_to_wishlist"]]), Sum(rows[rows["has_view_item"]]))


def cart_abandonment_rate(books: Books) -> Metric:
    """Sessions with add_to_cart and no begin_checkout / sessions with add_to_cart."""
    return _share(books, "not has_begin_checkout", of="has_add_to_cart")


def checkout_abandonment_rate(books: Books) -> Metric:
    """Sessions with begin_checkout and no purchase / sessions with begin_checkout."""
    return _share(books, "not has_purchase", of="has_begin_checkout")


def product_bounce_rate(books: Books) -> Metric:
    """Bounced sessions landing on a product page / sessions landing on one."""
    return _share(books, "not is_engaged", of="landing_path.str.startswith('/products/')")


def page_depth(books: Books) -> Metric:
    """Page views / sessions."""
    rows = sessions(books)
    return Metric(Sum(rows, "page_views"), Sum(rows))


def product_view_depth(books: Books) -> Metric:
    """Times view_item / sessions with view_item."""
    rows = sessions(books)
    return Metric(Sum(rows, "item_views"), Sum(rows[rows["has_view_item"]]))


def session_duration(books: Books) -> Metric:
    """Sum of (last - first event) in seconds / sessions."""
    rows = sessions(books)
    micros = (rows["ended_at"] - rows["started_at"]).dt.as_unit("us").astype("int64")
    millis = (micros + MILLI // 2) // MILLI
    return Metric(Sum(rows.assign(millis=millis), "millis", THOUSANDTH), Sum(rows))


def engaged_time(books: Books) -> Metric:
    """Sum of engaged seconds / sessions, for both collectors measure them."""
    rows = sessions(books)
    engaged = rows["engaged_msec"].fillna(0)
    return Metric(Sum(rows.assign(engaged=engaged), "engaged", THOUSANDTH), Sum(rows))


def scroll_90_rate(books: Books) -> Metric:
    """Pages scrolled to 90 % / page views, for neither collector tells finer steps."""
    rows = sessions(books)
    return Metric(Sum(rows, "scrolled_pages"), Sum(rows, "page_views"))


def repeat_visit_7d_rate(books: Books) -> Metric:
    """Sessions followed by one of the visitor within 7 days / sessions whose 7 days have passed."""
    rows = sessions(books)
    following = rows.groupby("who")["started_at"].shift(-1)
    rows["is_followed"] = following - rows["started_at"] <= WEEK
    passed = rows[rows["date"] + WEEK <= books.as_of]
    return Metric(Sum(passed[passed["is_followed"]]), Sum(passed))


METRICS = (
    *(traffic, visitors, new_visitors, cvr, bounce_rate),
    *(email_signup_rate, cost_per_signup, session_to_signup),
    *(add_to_cart_rate, view_to_cart_ratio, wishlist_rate),
    *(cart_abandonment_rate, checkout_abandonment_rate, product_bounce_rate),
    *(page_depth, product_view_depth, session_duration, engaged_time, scroll_90_rate),
    repeat_visit_7d_rate,
)
