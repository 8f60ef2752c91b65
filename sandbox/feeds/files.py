"""The shop's own files: what the fulfilment house bills."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sandbox.feeds import Feed
from sandbox.world.ledger import Ledger
from sandbox.world.shops import SHOPIFY
from sandbox.writing import write_text


def publish(view: Ledger, _now: pd.Timestamp, state: Path) -> list[str]:
    """Write the file; returns its name if it changed."""
    name = "files/order_costs.csv"
    return [name] if write_text(state / name, order_costs(view)) else []


def settings(state: Path) -> dict[str, str]:
    """The settings that read it."""
    return {
        "FILES__FEEDS__0__MAPPING": "demo_shop",
        "FILES__FEEDS__0__PATH": str(state / "files"),
    }


def order_costs(view: Ledger) -> str:
    """``order_costs.csv`` of the shops on Shopify: shop, order_id, cost_type, amount, ..., date."""
    stores = view.stores
    shops = stores.loc[stores["platform"] == SHOPIFY.name, "shop"]
    costs = view.order_costs[view.order_costs["shop"].isin(shops)]
    frame = pd.DataFrame(
        {
            "shop": costs["shop"],
            "order_id": costs["order_id"],
            "cost_type": costs["cost_type"],
            "amount": (costs["amount"] / 100).map("{:.2f}".format),
            "currency": costs["currency"],
            "date": costs["cost_date"].dt.strftime("%Y-%m-%d"),
        }
    )
    return frame.to_csv(index=False, lineterminator="\n")


FEED = Feed(name="files", settings=settings, publish=publish)
