"""Metrics of recommendations, points, posts, reviews and help."""

from __future__ import annotations

import pandas as pd

from tests.oracle.books import Books
from tests.oracle.figures import Median, Metric, Sum
from tests.oracle.sales_metrics import orders_of

REVIEW_TIME = pd.Timedelta(days=60)


def nps(books: Books) -> Metric:
    """100 x (promoters - detractors) / scored responses."""
    rows = books.table("nps_daily")
    balance = rows["promoters"] - rows["detractors"]
    return Metric(Sum(rows.assign(balance=balance), "balance"), Sum(rows, "responses"), 100)


def loyalty_redemption_rate(books: Books) -> Metric:
    """Points redeemed / points issued in the period."""
    rows = books.table("loyalty_daily")
    return Metric(Sum(rows.assign(used=-rows["redeem"]), "used"), Sum(rows, "earn"))


def review_rate(books: Books) -> Metric:
    """Lines delivered 60 days before as_of or earlier: reviewed within 60 days / all.

    A review names no order: it is of whatever its author had got of the product by then.
    """
    lines = books.with_days(books.table("delivered_lines"), "delivered_at")
    lines = lines.merge(orders_of(books)[["order_id", "person_id"]])
    lines = lines[lines["date"] + REVIEW_TIME <= books.as_of]
    written = books.with_days(books.known("reviews"), "created_at")
    pairs = lines.merge(written, on=["product_id", "person_id"], suffixes=("", "_written"))
    waited = pairs["date_written"] - pairs["date"]
    soon = pairs[(waited >= pd.Timedelta(0)) & (waited <= REVIEW_TIME)]
    return Metric(Sum(lines[lines["line_id"].isin(soon["line_id"])]), Sum(lines))


def _answers(books: Books, seen_by: str) -> Metric:
    """Likes, comments, shares and saves / who saw them, on the day of publication."""
    rows = books.with_days(books.table("social_posts"), "published_at")
    answers = rows[["likes", "comments", "shares", "saves"]].sum(axis="columns")
    return Metric(Sum(rows.assign(answers=answers), "answers"), Sum(rows, seen_by))


def social_engagement_rate(books: Books) -> Metric:
    """Likes, comments, shares, saves / reach of posts published in the period."""
    return _answers(books, "reach")


def social_engagement_rate_by_impressions(books: Books) -> Metric:
    """Likes, comments, shares, saves / impressions of posts published in the period."""
    return _answers(books, "views")


def first_response_time(books: Books) -> Metric:
    """Median minutes to a person's first public answer, of tickets opened in the period."""
    rows = books.table("tickets").query("not is_spam")
    minutes = (rows["wait_seconds"] / 60).round(3)
    return Metric(Median(rows.assign(minutes=minutes), "minutes"))


def csat(books: Books) -> Metric:
    """Answers of 4 and 5 / answers, of tickets opened in the period."""
    rows = books.table("tickets").query("not is_spam").dropna(subset="score")
    return Metric(Sum(rows[rows["score"] >= 4]), Sum(rows))


METRICS = (
    *(nps, loyalty_redemption_rate, review_rate),
    *(social_engagement_rate, social_engagement_rate_by_impressions),
    *(first_response_time, csat),
)
