"""Reference exchange rates: units of a currency per euro, on business days."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from sandbox.world.drawing import HOUR, Ints
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.shops import currencies
from sandbox.world.timeline import local_dates

LEVELS = {"USD": 1.085, "GBP": 0.851, "CHF": 0.952, "CAD": 1.478}
DAILY_MOVE = 0.0035
PUBLISHED_HOUR = 15
HOLIDAYS = ("01-01", "05-01", "12-25", "12-26")


def build(rng: np.random.Generator, preset: Preset) -> pd.DataFrame:
    """The table fx: a mean-reverting walk a currency, from ten days before the start."""
    days = pd.bdate_range(preset.start - timedelta(days=10), preset.end, unit="us")
    days = days[~days.strftime("%m-%d").isin(HOLIDAYS)]
    frames = []
    for currency, level in LEVELS.items():
        moves = rng.standard_normal(len(days)) * DAILY_MOVE
        drift = np.cumsum(moves)
        drift -= np.linspace(0, 0.8, len(days)) * drift  # does not wander off
        rate = np.round(level * np.exp(drift) * 10_000).astype(np.int64)
        frames.append(pd.DataFrame({"rate_date": days, "currency": currency, "rate_e4": rate}))
    rows = pd.concat(frames).sort_values(["rate_date", "currency"]).reset_index(drop=True)
    midnight = rows["rate_date"].to_numpy("M8[us]").astype(np.int64)
    return typed("fx", {**rows.to_dict("series"), "published_at": midnight + PUBLISHED_HOUR * HOUR})


def rates_for(fx: pd.DataFrame, days: pd.DatetimeIndex, currency: str) -> Ints:
    """Rate x 10^4 of each day: that day's, else the last one of the 7 days before; 0 if none.

    Args:
        fx: The table, or the visible part of it.
        days: Naive days, in any order.
        currency: ISO code; EUR is 10,000 on every day.
    """
    if currency == "EUR":
        return np.full(len(days), 10_000, np.int64)
    own = fx[fx["currency"] == currency]
    dates = own["rate_date"].to_numpy("M8[us]")
    wanted = days.to_numpy("M8[us]")
    place = np.searchsorted(dates, wanted, side="right") - 1
    found = own["rate_e4"].to_numpy()[place.clip(0)]
    fresh = (place >= 0) & (wanted - dates[place.clip(0)] <= np.timedelta64(7, "D"))
    return np.where(fresh, found, 0)


def presentment_rates(
    fx: pd.DataFrame, times: Ints, shop: Ints, currency: np.ndarray
) -> np.ndarray:
    """Units of each order's presentment currency per unit of its shop's currency."""
    days = local_dates(times, "UTC")
    return np.round(_per_euro(fx, days, currency) / _per_euro(fx, days, currencies(shop)), 6)


def _per_euro(fx: pd.DataFrame, days: pd.DatetimeIndex, currency: np.ndarray) -> np.ndarray:
    per_euro = np.ones(len(days))
    for code in LEVELS:
        rows = currency == code
        per_euro[rows] = rates_for(fx, days[rows], code) / 10_000
    return per_euro
