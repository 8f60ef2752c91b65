"""What the model reads, and what it is to foretell: rows of `fct_customer_features`, and labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEATURES = (
    "days_since_last_purchase",
    "days_since_first_purchase",
    "recency_days",
    "tenure_days",
    "purchase_day_count",
    "purchase_day_count_90d",
    "purchase_day_count_365d",
    "purchase_days_per_year",
    "order_count",
    "mean_gap_days",
    "gap_variation",
    "overdue_ratio",
    "month_concentration",
    "average_order_value_amount",
    "highest_order_value_amount",
    "net_revenue_amount",
    "category_count",
    "category_entropy",
    "top_category_share",
    "discounted_order_share",
    "mean_discount_rate",
    "full_price_share",
    "repeat_line_share",
    "repeat_gap_regularity",
    "returned_unit_share",
    "returned_value_share",
    "session_count_90d",
    "email_open_count_90d",
    "support_ticket_count_90d",
    "last_nps_score",
)
"""Columns of the matrix, in order; `overdue_ratio` is made here, the others are the mart's."""

RECENCY = FEATURES.index("days_since_last_purchase")


def matrix(features: pd.DataFrame) -> Floats:
    """The model's matrix; what the mart leaves open, or is infinite, is NaN."""
    columns = [column for column in FEATURES if column != "overdue_ratio"]
    missing = [column for column in columns if column not in features]
    if missing:
        raise ValueError(f"features lack {', '.join(missing)}")
    numbers = features[columns].apply(pd.to_numeric).astype(np.float64)
    # How many usual gaps have passed since the last purchase.
    numbers["overdue_ratio"] = numbers["days_since_last_purchase"] / numbers["mean_gap_days"]
    values: Floats = numbers[list(FEATURES)].to_numpy(np.float64)
    values[~np.isfinite(values)] = np.nan
    return values


def eligible(features: pd.DataFrame, eligible_days: int) -> NDArray[np.bool_]:
    """Whose last purchase is near enough for the next to be asked about."""
    quiet: Floats = pd.to_numeric(features["days_since_last_purchase"]).to_numpy(np.float64)
    near: NDArray[np.bool_] = quiet < eligible_days
    return near


def days(frame: pd.DataFrame, column: str) -> pd.Series[Any]:
    """A column of dates as times, whatever the warehouse's driver made of it."""
    return pd.to_datetime(frame[column]).astype("datetime64[us]")


def has_churned(features: pd.DataFrame, purchases: pd.DataFrame, horizon_days: int) -> Floats:
    """1 where no purchase came in the days after the snapshot, else 0.

    Args:
        features: Rows with customer_key and snapshot_date.
        purchases: A row a purchase: customer_key and purchase_date.
        horizon_days: The snapshot's day not counted, the last one counted.
    """
    keys = pd.Index(purchases["customer_key"].unique())
    bought = pd.DataFrame(
        {"at": days(purchases, "purchase_date"), "who": keys.get_indexer(purchases["customer_key"])}
    ).sort_values("at")
    asked = pd.DataFrame(
        {"at": days(features, "snapshot_date"), "who": keys.get_indexer(features["customer_key"])}
    )
    asked["row"] = np.arange(len(asked))
    found = pd.merge_asof(
        asked.sort_values("at"),
        bought.assign(next_at=bought["at"]),
        on="at",
        by="who",
        direction="forward",
        allow_exact_matches=False,
    ).sort_values("row")
    waited = (found["next_at"] - found["at"]).dt.days.to_numpy(np.float64)
    return np.where(waited <= horizon_days, 0.0, 1.0)


def labelled_dates(features: pd.DataFrame, as_of: date, horizon_days: int) -> list[pd.Timestamp]:
    """Snapshots whose horizon has passed, the oldest first."""
    last = pd.Timestamp(as_of) - pd.Timedelta(days=horizon_days)
    dates = days(features, "snapshot_date").drop_duplicates().sort_values()
    return [pd.Timestamp(day) for day in dates if day <= last]


def split_dates(
    dates: Sequence[pd.Timestamp], horizon_days: int, splits: int
) -> list[pd.Timestamp]:
    """Cut-offs that the model is held against: the newest, and others a horizon apart before it.

    Each needs an older cut-off, whose horizon had passed by then, to learn from.
    """
    horizon = pd.Timedelta(days=horizon_days)
    chosen: list[pd.Timestamp] = []
    for day in reversed(dates):
        is_apart = not chosen or chosen[-1] - day >= horizon
        if is_apart and day - dates[0] >= horizon and len(chosen) < splits:
            chosen.append(day)
    return chosen
