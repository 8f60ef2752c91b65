"""Which channel led to an order: the last touch before it that was not direct."""

from __future__ import annotations

import pandas as pd

LOOKBACK = pd.Timedelta(days=30)
FOLLOWED = pd.Timedelta(minutes=30)
DIRECT = "Direct"
UNATTRIBUTED = "Unattributed"
PAID = {
    *("Cross-network", "Paid Shopping", "Paid Search"),
    *("Paid Social", "Paid Video", "Display"),
}
MESSAGES = {"email": "Email", "sms": "SMS"}
"""Channel of a message -> what it is called among channels."""


def touches(visits: pd.DataFrame, clicks: pd.DataFrame) -> pd.DataFrame:
    """Starts of visits, and clicks that no visit of the person followed within half an hour.

    Args:
        visits: `person_id`, `started_at`, `channel`.
        clicks: `person_id`, `happened_at`, `channel`.

    Returns:
        `person_id`, `at`, `channel`.
    """
    starts = visits.rename(columns={"started_at": "at"})[["person_id", "at", "channel"]]
    clicks = clicks.rename(columns={"happened_at": "at"})[["person_id", "at", "channel"]]
    following = pd.merge_asof(
        clicks.sort_values("at"),
        starts.assign(start=starts["at"]).sort_values("at")[["person_id", "at", "start"]],
        on="at",
        by="person_id",
        direction="forward",
        tolerance=FOLLOWED,
    )
    alone = following[following["start"].isna()]
    alone = alone.assign(channel=alone["channel"].map(MESSAGES))
    return pd.concat([starts, alone[["person_id", "at", "channel"]]], ignore_index=True)


def channels(orders: pd.DataFrame, found: pd.DataFrame) -> pd.Series:
    """The channel of each order, by its id.

    Args:
        orders: `order_id`, `person_id`, `placed_at`.
        found: Touches.
    """
    pairs = orders[["order_id", "person_id", "placed_at"]].merge(found, on="person_id")
    age = pairs["placed_at"] - pairs["at"]
    pairs = pairs[(age >= pd.Timedelta(0)) & (age < LOOKBACK)]
    pairs = pairs.assign(tells=pairs["channel"] != DIRECT).sort_values(["tells", "at"])
    last = pairs.drop_duplicates("order_id", keep="last").set_index("order_id")["channel"]
    return last.reindex(orders["order_id"]).fillna(UNATTRIBUTED)
