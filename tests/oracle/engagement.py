"""Engagement of persons on one day, one at a time, as its definition is written."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

WEIGHTS = {
    "session": 0.20,
    "item_view": 0.15,
    "add_to_cart": 0.15,
    "open": 0.10,
    "click": 0.25,
    "purchase": 0.15,
}


def scores(signals: pd.DataFrame, contactable: set[str], day: pd.Timestamp) -> dict[str, float]:
    """The engagement score of everybody who may be sent e-mail on the day.

    Args:
        signals: `customer`, `signal`, `date`, `times`.
        contactable: Who may be sent e-mail.
        day: The day.

    Returns:
        From customer to score.
    """
    age = (day - signals["date"]).dt.days
    recent = signals[(age >= 0) & (age < 90) & signals["customer"].isin(contactable)]
    left = recent["times"] * 0.5 ** (age[recent.index] / 30)
    sums = left.groupby([recent["customer"], recent["signal"]]).sum().to_dict()
    found = dict.fromkeys(contactable, 0.0)
    for signal, weight in WEIGHTS.items():
        values = {customer: sums.get((customer, signal), 0.0) for customer in contactable}
        cap = sorted(values.values())[math.ceil(0.95 * len(values)) - 1]
        for customer, value in values.items():
            found[customer] += 100 * weight * min(value, cap) / cap if cap else 0.0
    return found


def slopes(messages: pd.DataFrame, day: pd.Timestamp) -> dict[str, float]:
    """The e-mail slope of everybody with a delivery in six of the last twelve complete weeks.

    Args:
        messages: Those delivered: `customer`, `sent`, `opened`, `clicked`.
        day: The day.

    Returns:
        From customer to slope a week.
    """
    end = day + pd.Timedelta(days=1)
    end -= pd.Timedelta(days=end.weekday())
    week = 12 - (((end - messages["sent"]).dt.days - 1) // 7)
    own = messages.assign(
        week=week, points=messages["opened"].astype(int) + 3 * messages["clicked"].astype(int)
    )[(week >= 1) & (week <= 12)]
    rates = own.groupby(["customer", "week"])["points"].mean()
    return {
        str(customer): float(np.polyfit(rate.index.get_level_values("week"), rate, 1)[0])
        for customer, rate in rates.groupby("customer")
        if len(rate) >= 6
    }
