"""Time: microseconds since 1970 (UTC) inside the generator, and the rhythm of demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sandbox.world.drawing import DAY, HOUR, Bools, Floats, Ints
from sandbox.world.presets import Preset

ZONES = ("Europe/Berlin", "America/New_York")
"""Of the shops, in their order."""

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
