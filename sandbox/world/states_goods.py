"""States of goods and promotions that follow from the visible entries."""

from __future__ import annotations

import pandas as pd

Frames = dict[str, pd.DataFrame]


def stock_states(variants: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Variants with what is on hand."""
    return variants.assign(
        inventory_quantity=_sums(entries, "variant_id", "change", variants["variant_id"])
    )


def gift_card_states(cards: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Gift cards with what is left on them, and when they were last used."""
    spent = _sums(entries, "gift_card_id", "amount", cards["gift_card_id"])
    used = entries.groupby("gift_card_id")["happened_at"].max()
    return cards.assign(
        balance=cards["initial_value"] + spent,
        updated_at=_latest(cards["created_at"], used.reindex(cards["gift_card_id"])),
    )


def discount_states(discounts: pd.DataFrame, allocations: pd.DataFrame) -> pd.DataFrame:
    """Discounts with the orders that used them, and when one last did."""
    uses = allocations.groupby(["shop", "title"]).agg(
        orders=("order_id", "nunique"), used_at=("added_at", "max")
    )
    own = uses.reindex(pd.MultiIndex.from_frame(discounts[["shop", "title"]]))
    return discounts.assign(
        usage_count=own["orders"].fillna(0).astype("int64").to_numpy(),
        updated_at=_latest(discounts["created_at"], own["used_at"]),
    )


STATUSES = {
    "created": "ACTIVE",
    "resumed": "ACTIVE",
    "reactivated": "ACTIVE",
    "paused": "PAUSED",
    "cancelled": "CANCELLED",
    "expired": "EXPIRED",
}


def subscription_states(frames: Frames) -> pd.DataFrame:
    """Subscriptions as their newest event and charge leave them.

    Args:
        frames: Tables already cut to the point in time.
    """
    rows, charges = frames["subscriptions"], frames["subscription_charges"]
    last = frames["subscription_events"].drop_duplicates("subscription_id", keep="last")
    last = last.set_index("subscription_id").reindex(rows["subscription_id"])
    happened = last["happened_at"].set_axis(rows.index)
    status = last["kind"].map(STATUSES).set_axis(rows.index).astype("str")
    charged = charges.groupby("subscription_id")[["scheduled_at", "processed_at"]].max()
    charged = charged.reindex(rows["subscription_id"]).set_axis(rows.index)
    is_active, is_cancelled = status == "ACTIVE", status == "CANCELLED"
    since = charged["scheduled_at"].fillna(rows["created_at"])
    since = since.where(since >= happened, happened)
    interval = pd.to_timedelta(rows["interval_days"], unit="D")
    passed = (since - rows["created_at"]) // interval + 1
    return rows.assign(
        status=status,
        cancelled_at=happened.where(is_cancelled),
        cancellation_reason=rows["cancellation_reason"].where(is_cancelled, ""),
        next_charge_at=(rows["created_at"] + passed * interval).where(is_active),
        updated_at=charged["processed_at"].where(charged["processed_at"] > happened, happened),
    )


def _sums(rows: pd.DataFrame, key: str, column: str, keys: pd.Series) -> pd.Series:
    """Sum of a column by key, aligned with ``keys``; 0 without any row."""
    sums = rows.groupby(key)[column].sum().reindex(keys).fillna(0).astype("int64")
    return sums.set_axis(keys.index)


def _latest(created: pd.Series, used: pd.Series) -> pd.Series:
    """The time of the last use, else that of the making."""
    return used.set_axis(created.index).fillna(created)
