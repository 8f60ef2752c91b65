"""What the shops with e-mail and a help desk know of their orders: the base of all around them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.channels import MAIL_SHOPS
from sandbox.world.drawing import ABSENT, DAY, NEVER, Ints
from sandbox.world.shops import HANDLES

Frames = dict[str, pd.DataFrame]

PROMISE = 4 * DAY
"""A parcel that takes longer is late."""
MAIL_HANDLES = tuple(HANDLES[number] for number in MAIL_SHOPS)


def micros_of(times: pd.Series) -> Ints:
    """Microseconds since 1970; ``NEVER`` for ``NaT``."""
    return times.dt.tz_localize(None).to_numpy("M8[us]").astype(np.int64)


def numbers_of(values: pd.Series) -> Ints:
    """Whole numbers; ``ABSENT`` for ``NA``."""
    return values.fillna(ABSENT).to_numpy(np.int64)


def served_orders(shop: Frames) -> pd.DataFrame:
    """One row per order of a known person in those shops, by time; no tests, no deleted ones.

    Times are microseconds or ``NEVER``: ``at`` the sale, ``cancelled``, ``delivered`` the last
    parcel, ``returned`` the first return. ``is_late``: a parcel took longer than the promise.
    """
    orders = shop["orders"]
    real = ~orders["is_test"] & orders["deleted_at"].isna() & (orders["person_id"] > 0)
    orders = orders[real & orders["shop"].isin(MAIL_HANDLES)]
    delivered, is_late = _deliveries(shop["fulfillments"])
    back = shop["refund_lines"]
    back = back[back["restock_type"] != "CANCEL"]
    returned = pd.Series(micros_of(back["processed_at"]), back["order_id"].array)
    returned = returned.groupby(level=0).min()
    ids = orders["order_id"]
    frame = pd.DataFrame(
        {
            "order_id": ids.array,
            "shop": orders["shop"].array,
            "person_id": orders["person_id"].array,
            "customer_id": numbers_of(orders["customer_id"]),
            "visit_id": numbers_of(orders["visit_id"]),
            "email": orders["email"].str.strip().str.lower().array,
            "name": orders["ship_name"].array,
            "at": micros_of(orders["processed_at"]),
            "created": micros_of(orders["created_at"]),
            "total": orders["total"].array,
            "cancelled": micros_of(orders["cancelled_at"]),
            "delivered": delivered.reindex(ids).fillna(NEVER).to_numpy(np.int64),
            "is_late": is_late.reindex(ids, fill_value=False).to_numpy(),
            "returned": returned.reindex(ids).fillna(NEVER).to_numpy(np.int64),
        }
    )
    return frame.sort_values(["at", "order_id"]).reset_index(drop=True)


def _deliveries(parcels: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """When the last parcel of each order arrived, and whether one took too long."""
    known = parcels[parcels["delivered_at"].notna()]
    came, sent = micros_of(known["delivered_at"]), micros_of(known["shipped_at"])
    rows = pd.DataFrame({"order_id": known["order_id"].array, "came": came})
    grouped = rows.assign(is_late=came - sent > PROMISE).groupby("order_id")
    return grouped["came"].max(), grouped["is_late"].any()
