"""The shop's own files: the day's exchange rates and what the fulfilment house bills."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sandbox.feeds import Feed
from sandbox.world.ledger import Ledger
from sandbox.writing import write_text


def publish(view: Ledger, _now: pd.Timestamp, state: Path) -> list[str]:
    """Write both files; returns those that changed."""
    texts = {"files/fx_rates.csv": fx_rates(view), "files/order_costs.csv": order_costs(view)}
    return [name for name, text in texts.items() if write_text(state / name, text)]


def settings(state: Path) -> dict[str, str]:
    """The settings that read them."""
    return {
        "FILES__FEEDS__0__MAPPING": "demo_shop",
        "FILES__FEEDS__0__PATH": str(state / "files"),
    }


def fx_rates(view: Ledger) -> str:
    """``fx_rates.csv``: date, base, currency, rate (units of the currency per euro)."""
    rate = view.fx["rate_e4"] / 10_000
    frame = pd.DataFrame(
        {
            "date": view.fx["rate_date"].dt.strftime("%Y-%m-%d"),
            "base": "EUR",
            "currency": view.fx["currency"],
            "rate": rate.map("{:.4f}".format),
        }
    )
    return frame.to_csv(index=False, lineterminator="\n")


def order_costs(view: Ledger) -> str:
    """``order_costs.csv``: shop, order_id, cost_type, amount, currency, date."""
    costs = view.order_costs
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
