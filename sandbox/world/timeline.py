"""Time: microseconds since 1970 (UTC) inside the generator, and the rhythm of demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sandbox.world.drawing import DAY, HOUR, Bools, Floats, Ints
from sandbox.world.presets import Preset
from sandbox.world.shops import SHOPS, ZONES

HOUR_WEIGHTS = np.array(
    [4, 2, 1, 1, 1, 2, 4, 8, 12, 15, 17, 17, 18, 17, 16, 16, 17, 19, 22, 26, 28, 24, 16, 9],
    float,
)
WEEKDAY_WEIGHTS = np.array([1.05, 1.0, 0.98, 1.0, 0.95, 0.92, 1.12])
MONTH_WEIGHTS = np.array([0.9, 0.85, 0.92, 0.95, 1.0, 0.95, 0.85, 0.88, 1.0, 1.05, 1.5, 1.45])


def micros(day: date) -> int:
    """Microseconds since 1970 of the day's start in UTC."""
    return int(np.datetime64(day, "us").astype(np.int64))


def local_dates(times: Ints | pd.Series, zone: str) -> pd.DatetimeIndex:
    """Local calendar day (naive midnight) of UTC times in an IANA zone."""
    if isinstance(times, np.ndarray):
        times = pd.DatetimeIndex(times.view("M8[us]")).tz_localize("UTC")
    return pd.DatetimeIndex(times).tz_convert(zone).tz_localize(None).normalize()


def is_closed(times: Ints, zone: str) -> Bools:
    """Whether the shop takes no orders: on Christmas Day, so that a day has returns alone."""
    days = local_dates(times, zone)
    return np.asarray((days.month == 12) & (days.day == 25))


Values = Ints | Floats | Bools


def by_shop(shop: Ints, make: Callable[[int, Ints], Values]) -> Values:
    """Values of rows that are made shop by shop.

    Args:
        shop: Shop number of each row.
        make: From a shop's number and its rows to their values.
    """
    values = np.zeros(0, np.int64)
    for number in np.unique(shop):
        rows = np.flatnonzero(shop == number)
        made = make(int(number), rows)
        if not len(values):
            values = np.zeros(len(shop), made.dtype)
        values[rows] = made
    return values


def shop_days(times: Ints, shop: Ints) -> np.ndarray:
    """Local calendar day of each time in its shop's zone, as ``datetime64[us]``."""
    days = by_shop(
        shop,
        lambda number, rows: (
            local_dates(times[rows], ZONES[number]).to_numpy("M8[us]").astype(np.int64)
        ),
    )
    return days.view("M8[us]")


@dataclass(frozen=True)
class Rhythm:
    """Demand over time, as a map from even ("operational") days to real time.

    Attributes:
        times: Hourly grid of real time, microseconds.
        even: Operational days passed at each grid point; as many as real days in all.
    """

    times: Ints
    even: Floats

    def real(self, even_days: Floats) -> Ints:
        """Real time of an operational time."""
        return np.interp(even_days, self.even, self.times).astype(np.int64)

    def even_at(self, times: Ints) -> Floats:
        """Operational time of a real time."""
        return np.interp(times, self.times, self.even)


Rhythms = Sequence[Rhythm]
"""One a shop, by shop number."""


def real_times(rhythms: Rhythms, shop: Ints, even_days: Floats) -> Ints:
    """Real time of operational times, each by its shop's rhythm."""
    return by_shop(shop, lambda number, rows: rhythms[number].real(even_days[rows]))


def even_times(rhythms: Rhythms, shop: Ints, times: Ints) -> Floats:
    """Operational time of real times, each by its shop's rhythm."""
    return by_shop(shop, lambda number, rows: rhythms[number].even_at(times[rows]))


def rhythms_of(preset: Preset) -> Rhythms:
    """The rhythms of all shops of a world."""
    return [rhythm(preset, shop.zone) for shop in SHOPS[: len(preset.shares)]]


def rhythm(preset: Preset, zone: str) -> Rhythm:
    """The rhythm of a shop: season, weekdays and hours of its zone, or even time without."""
    times = np.arange(micros(preset.start), micros(preset.end) + HOUR, HOUR)
    if preset.has_season:
        local = pd.DatetimeIndex(times.view("M8[us]")).tz_localize("UTC").tz_convert(zone)
        weights = (
            HOUR_WEIGHTS[local.hour]
            * WEEKDAY_WEIGHTS[local.day_of_week]
            * MONTH_WEIGHTS[local.month - 1]
        )
        weights[is_closed(times, zone)] = 0.0
    else:
        weights = np.ones(len(times))
    passed = np.r_[0.0, np.cumsum(weights[:-1])]
    days = (times[-1] - times[0]) / DAY
    return Rhythm(times, passed / passed[-1] * days)
