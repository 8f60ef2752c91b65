"""What the e-mail tool predicts of every buyer, week by week: near the truth, never exact."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.drawing import ABSENT, DAY, HOUR, NEVER, SECOND, Ints
from sandbox.world.ledger import typed
from sandbox.world.mail_profiles import Profiles
from sandbox.world.presets import Preset
from sandbox.world.served import MAIL_HANDLES
from sandbox.world.timeline import micros

WEEKS_BEFORE = 16
HORIZON = 365
LOST = 0.7
"""Churned beyond it: no next order is expected."""
_SHIFT = 2**32  # above any time in seconds


def frame(
    rng: np.random.Generator,
    preset: Preset,
    profiles: Profiles,
    served: pd.DataFrame,
    people: pd.DataFrame,
) -> pd.DataFrame:
    """The table profile_predictions."""
    past = _past(_orders(profiles, served), _mondays(preset))
    profile, at = past["profile"].to_numpy(), past["at"].to_numpy()
    count, value, last = (past[name].to_numpy() for name in ("orders", "value", "last"))
    gap = np.where(count > 1, (last - past["first"]) / DAY / np.maximum(count - 1, 1), np.nan)
    known = people.set_index("person_id").loc[profiles.person[profile]]
    error = np.exp(0.25 * rng.standard_normal(len(profiles.shop)))[profile]
    rate, dropout = known["purchase_rate"].to_numpy() * error, known["dropout"].to_numpy()
    alive = _alive(rate, dropout, (at - last) / DAY)
    orders_to_come = alive * (1 - np.exp(-rate * dropout * HORIZON)) / dropout.clip(1e-9)
    upcoming = np.maximum(last + (DAY / rate).clip(DAY, 400 * DAY), at).astype(np.int64)
    expected = np.where(1 - alive > LOST, NEVER, upcoming // DAY * DAY)
    return typed(
        "profile_predictions",
        {
            "shop": np.array(MAIL_HANDLES, object)[profiles.shop[profile]],
            "profile_id": profiles.ids[profile],
            "predicted_at": at,
            "historic_orders": count,
            "historic_clv": value,
            "predicted_orders": orders_to_come.round(4),
            "predicted_clv": (orders_to_come * value / count).astype(np.int64),
            "churn_probability": (1 - alive).round(4),
            "average_days_between_orders": gap.round(2),
            "expected_date_of_next_order": expected.view("M8[us]"),
        },
    ).sort_values(["predicted_at", "profile_id"]).reset_index(drop=True)  # fmt: skip


def _past(orders: pd.DataFrame, mondays: Ints) -> pd.DataFrame:
    """One row per profile with an order before x Monday: how many, their value, first and last."""
    owner = np.unique(orders["profile"])
    profile, at = np.repeat(owner, len(mondays)), np.tile(mondays, len(owner))
    starts = np.searchsorted(orders["key"], profile * _SHIFT)
    ends = np.searchsorted(orders["key"], profile * _SHIFT + at // SECOND, side="right")
    some = ends > starts
    starts, ends = starts[some], ends[some]
    times, spent = orders["at"].to_numpy(), np.r_[0, np.cumsum(orders["total"])]
    return pd.DataFrame(
        {
            "profile": profile[some],
            "at": at[some],
            "orders": ends - starts,
            "value": spent[ends] - spent[starts],
            "first": times[starts],
            "last": times[ends - 1],
        }
    )


def _orders(profiles: Profiles, served: pd.DataFrame) -> pd.DataFrame:
    """Orders that were not cancelled, with the profile; by profile and time."""
    bought = served[served["cancelled"] == NEVER]
    profile = profiles.find(bought["shop"], bought["person_id"])
    rows = bought.assign(profile=profile, key=profile * _SHIFT + bought["at"] // SECOND)
    return rows[profile != ABSENT].sort_values("key").reset_index(drop=True)


def _mondays(preset: Preset) -> Ints:
    days = np.arange(micros(preset.now) - WEEKS_BEFORE * 7 * DAY, micros(preset.end), DAY)
    return days[(days // DAY + 3) % 7 == 0] + 3 * HOUR


def _alive(rate: np.ndarray, dropout: np.ndarray, quiet_days: np.ndarray) -> np.ndarray:
    """Chance to be alive after a quiet time, with the rate and dropout known."""
    odds = dropout / (1 - dropout).clip(1e-9) * np.exp((rate * quiet_days).clip(0, 30))
    return 1 / (1 + odds)
