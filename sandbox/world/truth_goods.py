"""The truth of goods: what is on the shelf at the end of a day."""

from __future__ import annotations

import pandas as pd

from sandbox.world.ledger import Ledger
from sandbox.world.timeline import local_dates


def inventory_daily(view: Ledger) -> pd.DataFrame:
    """One row per variant and local date on which its stock changed: on hand at the day's end."""
    zones = view.stores.set_index("shop")["timezone"]
    rows = view.inventory_entries
    parts = [
        own.assign(date=local_dates(own["happened_at"], zones[shop]))
        for shop, own in rows.groupby("shop", sort=False)
    ]
    keys = ["shop", "variant_id", "date"]
    days = pd.concat(parts).groupby(keys, as_index=False)["change"].sum()
    days["on_hand"] = days.groupby("variant_id")["change"].cumsum()
    return days.rename(columns={"change": "changed"})
