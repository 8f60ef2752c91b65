"""Customers of a shop that was never there, as the feature mart would describe them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ml.churn.features import FEATURES

AS_OF = dt.date(2026, 6, 29)
START = dt.date(2025, 1, 1)


def purchases(customers=1_500, seed=1, start=START, as_of=AS_OF):
    """Purchase days of customers who buy at their own rate until they leave: MBG/NBD."""
    rng = np.random.default_rng(seed)
    length = (as_of - start).days
    rows = []
    for number in range(customers):
        now, rate, leaves = rng.uniform(0, length), rng.gamma(1.1, 1 / 60), rng.beta(0.9, 4)
        while now < length:
            rows.append((f"c{number:04}", start + dt.timedelta(days=int(now))))
            now = length if rng.random() < leaves else now + 1 + rng.exponential() / rate
    return pd.DataFrame(rows, columns=["customer_key", "purchase_date"])


def snapshots(bought, dates, seed=1):
    """Feature rows of each date, from the purchases up to it; the rest is noise, or missing."""
    rng = np.random.default_rng(seed)
    frames = [_snapshot(bought, pd.Timestamp(day)) for day in dates]
    rows = pd.concat(frames, ignore_index=True)
    for name in FEATURES:
        if name not in rows and name != "overdue_ratio":
            rows[name] = np.where(rng.random(len(rows)) < 0.1, np.nan, rng.random(len(rows)))
    return rows


def _snapshot(bought, day):
    at = pd.to_datetime(bought["purchase_date"])
    known = pd.DataFrame({"customer_key": bought["customer_key"], "at": at})[at <= day]
    by = known.groupby("customer_key")["at"]
    count, first, last = by.count(), by.min(), by.max()
    recent = known[known["at"] > day - pd.Timedelta(days=90)].groupby("customer_key")["at"].count()
    days = pd.Timedelta(days=1)
    return pd.DataFrame(
        {
            "purchase_day_count": count,
            "purchase_day_count_90d": recent.reindex(count.index).fillna(0),
            "days_since_first_purchase": (day - first) // days,
            "days_since_last_purchase": (day - last) // days,
            "recency_days": (last - first) // days,
            "tenure_days": (day - first) // days,
            "mean_gap_days": ((last - first) // days / (count - 1)).where(count > 1),
            "session_count_90d": np.nan,
            "snapshot_date": day,
        }
    ).reset_index()


def month_ends(start=START, as_of=AS_OF):
    return [day.date() for day in pd.date_range(start, as_of, freq="ME")]
