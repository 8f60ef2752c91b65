"""Metrics of e-mails: everything counts on the day on which its message was sent."""

from __future__ import annotations

from tests.oracle.books import Books
from tests.oracle.figures import Metric, Sum

OPENS, CLICKS, DELIVERED = "opens", "clicks", "delivered"


def _ratio(books: Books, above: str, below: str, purpose: str | None = None) -> Metric:
    """E-mails with one thing by those with another, of all or of flows with a purpose.

    A message is one once it is told that it was received, or came back.
    """
    rows = books.table("email_messages").query("channel == 'email' and (delivered or bounced)")
    if purpose is not None:
        rows = rows[rows["purpose"] == purpose]
    return Metric(Sum(rows[rows[above]]), Sum(rows[rows[below]]))


def email_open_rate(books: Books) -> Metric:
    """Unique opens by people / delivered."""
    return _ratio(books, OPENS, DELIVERED)


def email_ctr(books: Books) -> Metric:
    """Unique clicks by people / delivered."""
    return _ratio(books, CLICKS, DELIVERED)


def email_ctor(books: Books) -> Metric:
    """Unique clicks / unique opens."""
    return _ratio(books, CLICKS, OPENS)


def winback_open_rate(books: Books) -> Metric:
    """Unique opens / delivered of flows that win back."""
    return _ratio(books, OPENS, DELIVERED, "winback")


def post_purchase_open_rate(books: Books) -> Metric:
    """Unique opens / delivered of flows after a purchase."""
    return _ratio(books, OPENS, DELIVERED, "post_purchase")


def post_purchase_click_rate(books: Books) -> Metric:
    """Unique clicks / delivered of flows after a purchase."""
    return _ratio(books, CLICKS, DELIVERED, "post_purchase")


METRICS = (
    *(email_open_rate, email_ctr, email_ctor, winback_open_rate),
    *(post_purchase_open_rate, post_purchase_click_rate),
)
