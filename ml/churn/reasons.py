"""Why, in words, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.churn.rhythm import COLUMNS, RHYTHM

Floats = NDArray[np.float64]

DRIVERS = 3


def _count(words: str) -> Callable[[float], str]:
    return lambda value: f"{words}: {value:.0f}"


def _rate(words: str) -> Callable[[float], str]:
    return lambda value: f"{words}: {value:.1f}"


def _percent(words: str) -> Callable[[float], str]:
    return lambda value: f"{words}: {100 * value:.0f} %"


def _odds(words: str) -> Callable[[float], str]:
    return lambda value: _percent(words)(1 / (1 + np.exp(-value)))


WORDS: dict[str, Callable[[float], str]] = {
    "days_since_last_purchase": _count("days since the last purchase"),
    "days_since_first_purchase": _count("days since the first purchase"),
    "recency_days": _count("days from the first purchase to the last"),
    "tenure_days": _count("days since first seen"),
    "purchase_day_count": _count("days with a purchase"),
    "purchase_day_count_90d": _count("purchases in 90 days"),
    "purchase_day_count_365d": _count("purchases in a year"),
    "purchase_days_per_year": _rate("purchases a year"),
    "order_count": _count("orders"),
    "mean_gap_days": _count("usual days between purchases"),
    "gap_variation": _rate("variation of the gaps between purchases"),
    "overdue_ratio": _rate("usual gaps that have passed since the last purchase"),
    "month_concentration": _percent("purchases in the same time of the year"),
    "average_order_value_amount": _count("average order value"),
    "highest_order_value_amount": _count("highest order value"),
    "net_revenue_amount": _count("net revenue so far"),
    "category_count": _count("categories bought"),
    "category_entropy": _rate("spread over categories"),
    "top_category_share": _percent("lines in the favourite category"),
    "discounted_order_share": _percent("orders with a discount"),
    "mean_discount_rate": _percent("average discount"),
    "full_price_share": _percent("lines at full price"),
    "repeat_line_share": _percent("lines that repeat a product"),
    "repeat_gap_regularity": _percent("regularity of repeat purchases"),
    "returned_unit_share": _percent("units returned"),
    "returned_value_share": _percent("value returned"),
    "session_count_90d": _count("visits in 90 days"),
    "email_open_count_90d": _count("e-mails opened in 90 days"),
    "support_ticket_count_90d": _count("support tickets in 90 days"),
    "last_nps_score": _count("last recommendation score of 10"),
    RHYTHM: _odds("chance of silence, by the rhythm of purchases alone"),
}


def drivers(x: Floats, contributions: Floats) -> list[list[str]]:
    """The columns that moved each row's risk most, in words, the strongest first."""
    strongest = np.argsort(-np.abs(contributions), axis=1, kind="stable")[:, :DRIVERS]
    return [
        [_told(column, x[row, column], contributions[row, column]) for column in columns]
        for row, columns in enumerate(strongest)
    ]


def _told(column: int, value: float, contribution: float) -> str:
    name = COLUMNS[column]
    if np.isnan(value):
        what = WORDS[name](0.0).partition(":")[0] + ": unknown"
    else:
        what = WORDS[name](float(value))
    return f"{what} ({'raises' if contribution > 0 else 'lowers'} the risk)"


def actions(levels: pd.Series[Any], features: pd.DataFrame) -> pd.Series[Any]:
    """What to do about each customer, by level, worth and taste for discounts.

    Args:
        levels: Risk levels.
        features: The same customers' features. Worth much is the fifth with the highest revenue.
    """
    revenue = pd.to_numeric(features["net_revenue_amount"]).astype(np.float64)
    is_worth_much = (revenue.rank(pct=True) > 0.8).to_numpy()
    discounts = pd.to_numeric(features["discounted_order_share"]).astype(np.float64)
    is_for_discounts = (discounts >= 0.5).to_numpy()
    at = {level: (levels == level).to_numpy() for level in ("critical", "high", "medium")}
    conditions = [
        at["critical"] & is_worth_much,
        at["critical"],
        at["high"] & is_for_discounts,
        at["high"],
        at["medium"] & is_worth_much,
        at["medium"],
    ]
    texts = [
        "Write or call personally, with an offer to come back",
        "Send one win-back message, and spend no more on ads for them",
        "Send a discount that ends soon",
        "Show what is new in the favourite category, without a discount",
        "Thank with early access or a small present",
        "Remind of the next purchase when the usual gap has passed",
    ]
    chosen = np.select(conditions, texts, default="Nothing to do but keep the promise")
    return pd.Series(chosen, index=levels.index)
