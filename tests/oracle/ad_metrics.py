"""Metrics of ads alone: what was paid, what came of it by the platforms' own count."""

from __future__ import annotations

from tests.oracle.books import EURO_E4, Books
from tests.oracle.figures import Metric, Sum


def spend(books: Books) -> Sum:
    """What ads cost, in EUR."""
    return Sum(books.table("ad_daily"), "spend_eur_e4", EURO_E4)


def clicks(books: Books) -> Sum:
    """Clicks on ads."""
    return Sum(books.table("ad_daily"), "clicks")


def impressions(books: Books) -> Sum:
    """Times that ads were shown."""
    return Sum(books.table("ad_daily"), "impressions")


def ad_spend(books: Books) -> Metric:
    """Spend."""
    return Metric(spend(books))


def ctr(books: Books) -> Metric:
    """Clicks / impressions."""
    return Metric(clicks(books), impressions(books))


def cpc(books: Books) -> Metric:
    """Spend / clicks."""
    return Metric(spend(books), clicks(books))


def cpm(books: Books) -> Metric:
    """1000 x spend / impressions."""
    return Metric(spend(books), impressions(books), 1000)


def ad_cvr(books: Books) -> Metric:
    """Conversions that platforms claim / clicks."""
    return Metric(Sum(books.table("ad_daily"), "conversions"), clicks(books))


def platform_roas(books: Books) -> Metric:
    """Value that platforms claim / spend."""
    value = Sum(books.table("ad_daily"), "conversion_value_eur_e4", EURO_E4)
    return Metric(value, spend(books))


METRICS = (ad_spend, ctr, cpc, cpm, ad_cvr, platform_roas)
