"""Tips: the ledger has them on the order, Shopify shows each as a line item of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

FIRST_TIP_LINE = 88_000_000_000_000


def with_tip_lines(lines: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Order lines, and behind them a line for every order with a tip."""
    tipped = orders[orders["tip"] > 0]
    values = {
        "line_id": FIRST_TIP_LINE + tipped["order_id"],
        "order_id": tipped["order_id"],
        "shop": tipped["shop"],
        "title": "Tip",
        "tax_rate_bp": 0,
        "discount": 0,
        "tax": 0,
        "quantity": 1,
        "current_quantity": 1,
        "unit_price": tipped["tip"],
        "added_at": tipped["created_at"],
    }
    tips = pd.DataFrame(index=tipped.index)
    for name, kind in lines.dtypes.items():
        tips[name] = pd.Series(values.get(str(name), _nothing(kind)), tipped.index).astype(kind)
    return pd.concat([lines, tips], ignore_index=True)


def with_tip_line_ids(entries: pd.DataFrame) -> pd.DataFrame:
    """Sales entries in which a tip's name their line."""
    is_tip = (entries["line_type"] == "TIP").to_numpy()
    own = pd.Series(FIRST_TIP_LINE + entries["order_id"], entries.index).astype("Int64")
    return entries.assign(line_id=entries["line_id"].where(~is_tip, own))


def _nothing(kind: object) -> object:
    """An absent value: -1 for the id of a product that a tip does not have."""
    if kind == "Int64":
        return pd.NA
    if isinstance(kind, np.dtype) and kind.kind in "ib":
        return -1 if kind.kind == "i" else False
    return ""
