"""The truth of subscriptions: when each was active, and how many were, day by day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.ledger import Ledger
from sandbox.world.timeline import local_dates

STARTS = ("created", "resumed", "reactivated")
BEFORE = 30


def subscription_periods(view: Ledger) -> pd.DataFrame:
    """One row per uninterrupted time in which a subscription is active; open ones end with NaT."""
    events = view.subscription_events.sort_values(["subscription_id", "happened_at"])
    following = events.groupby("subscription_id")["happened_at"].shift(-1)
    periods = events.assign(active_until=following)[events["kind"].isin(STARTS)]
    periods = periods.rename(columns={"happened_at": "active_from"})
    return periods[["shop", "subscription_id", "active_from", "active_until"]].reset_index(
        drop=True
    )


def subscriptions_daily(view: Ledger, now: pd.Timestamp) -> pd.DataFrame:
    """One row per shop and local date, from the first subscription to the day before the clock's.

    ``active`` at the end of the day; ``base`` those active 30 days before, ``kept`` the ones of
    them that are active again or still; ``orders`` and ``charged`` what was charged that day.
    """
    zones = view.stores.set_index("shop")["timezone"]
    periods = subscription_periods(view)
    parts = [_days(view, own, str(shop), zones[shop], now) for shop, own in periods.groupby("shop")]
    columns = ["shop", "date", "active", "base", "kept", "orders", "charged"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _days(
    view: Ledger, periods: pd.DataFrame, shop: str, zone: str, now: pd.Timestamp
) -> pd.DataFrame:
    first = local_dates(periods["active_from"], zone)
    last = now.tz_convert(zone).tz_localize(None).normalize() - pd.Timedelta(days=1)
    days = pd.date_range(first.min(), last, unit="us")
    until = local_dates(periods["active_until"].fillna(now + pd.Timedelta(days=2)), zone)
    number, ids = pd.factorize(periods["subscription_id"])
    active = np.zeros((len(ids), len(days)), bool)
    for own, since, to in zip(number, first, until, strict=True):
        active[own] |= (days >= since) & (days < to)
    before = np.roll(active, BEFORE, axis=1)
    before[:, :BEFORE] = False
    charges = view.subscription_charges
    charges = charges[(charges["shop"] == shop) & (charges["status"] == "SUCCESS")]
    charged = charges.groupby(local_dates(charges["processed_at"], zone))["total"]
    charged = charged.agg(["size", "sum"]).reindex(days).fillna(0).astype("int64")
    return pd.DataFrame(
        {
            "shop": shop,
            "date": days,
            "active": active.sum(axis=0),
            "base": before.sum(axis=0),
            "kept": (before & active).sum(axis=0),
            "orders": charged["size"].to_numpy(),
            "charged": charged["sum"].to_numpy(),
        }
    )
