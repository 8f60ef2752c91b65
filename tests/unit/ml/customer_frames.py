"""Customers with features, as the mart has them: drawn, so that every axis has something to say."""

import datetime as dt

import numpy as np
import pandas as pd

AS_OF = dt.date(2026, 6, 30)


def customers(size, seed=0):
    rng = np.random.default_rng(seed)
    count = np.minimum(rng.geometric(0.3, size), 60)
    tenure = rng.integers(1, 1_000, size)
    value = np.exp(4 + 0.8 * rng.standard_normal(size))
    returned = rng.beta(0.5, 5, size) * (rng.random(size) < 0.4)
    return pd.DataFrame(
        {
            "customer_key": [f"customer {number:06d}" for number in range(size)],
            "snapshot_date": AS_OF,
            "purchase_day_count": count,
            "purchase_days_per_year": count / np.maximum(tenure, 180) * 365,
            "purchase_day_count_90d": rng.binomial(count, 0.2),
            "purchase_day_count_365d": rng.binomial(count, 0.6),
            "average_order_value_amount": value,
            "highest_order_value_amount": value * rng.uniform(1, 3, size),
            "net_revenue_amount": value * count,
            "category_count": rng.integers(1, 6, size),
            "category_entropy": rng.random(size),
            "top_category_share": rng.beta(5, 2, size),
            "discounted_order_share": rng.beta(1, 3, size),
            "mean_discount_rate": rng.beta(1, 9, size),
            "full_price_share": rng.beta(3, 1, size),
            "mean_gap_days": rng.gamma(2, 40, size),
            "gap_variation": rng.gamma(2, 0.4, size),
            "month_concentration": rng.beta(2, 4, size),
            "tenure_days": tenure,
            "days_since_first_purchase": tenure,
            "days_since_last_purchase": rng.integers(0, 300, size),
            "order_count": count,
            "repeat_line_share": rng.beta(1, 3, size),
            "repeat_gap_regularity": np.where(rng.random(size) < 0.5, np.nan, rng.random(size)),
            "returned_unit_share": returned,
            "returned_value_share": returned,
            "mean_days_to_return": np.where(returned > 0, rng.gamma(3, 5, size), np.nan),
            "is_return_window_over": rng.random(size) < 0.9,
        }
    )
