"""States of goods and promotions that follow from the visible entries."""

from __future__ import annotations

import pandas as pd


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


def _sums(rows: pd.DataFrame, key: str, column: str, keys: pd.Series) -> pd.Series:
    """Sum of a column by key, aligned with ``keys``; 0 without any row."""
    sums = rows.groupby(key)[column].sum().reindex(keys).fillna(0).astype("int64")
    return sums.set_axis(keys.index)


def _latest(created: pd.Series, used: pd.Series) -> pd.Series:
    """The time of the last use, else that of the making."""
    return used.set_axis(created.index).fillna(created)
