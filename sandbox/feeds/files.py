"""The shops' own files: what the fulfilment house bills, and what articles cost and weigh."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sandbox.feeds import Feed
from sandbox.world.ledger import Ledger
from sandbox.world.shops import HANDLES, SHOPIFY
from sandbox.writing import write_text


def publish(view: Ledger, _now: pd.Timestamp, state: Path) -> list[str]:
    """Write the files; returns the names of those that changed."""
    texts = {"files/order_costs.csv": order_costs(view)}
    texts |= {f"articles/{shop}.csv": articles(view, shop) for shop in HANDLES}
    return [name for name, text in texts.items() if write_text(state / name, text)]


def settings(state: Path) -> dict[str, str]:
    """The settings that read them: a list of articles is a feed of its shop's."""
    told = {
        "FILES__FEEDS__0__MAPPING": "demo_shop",
        "FILES__FEEDS__0__PATH": str(state / "files"),
    }
    for number, shop in enumerate(HANDLES, 1):
        feed = f"FILES__FEEDS__{number}__"
        told[f"{feed}MAPPING"] = "demo_articles"
        told[f"{feed}PATH"] = str(state / "articles" / f"{shop}.csv")
        told[f"{feed}ACCOUNT"] = shop
    return told


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


def articles(view: Ledger, shop: str) -> str:
    """A shop's list of articles: sku, cost, currency, grams, since; one line a change of price."""
    own = view.variants[(view.variants["shop"] == shop) & ~view.variants["is_gift_card"]]
    told = view.variant_versions.merge(own[["variant_id", "sku", "weight_grams"]], on="variant_id")
    cost = told["unit_cost"].astype("Float64") / 100
    frame = pd.DataFrame(
        {
            "sku": told["sku"],
            "cost": cost.map("{:.2f}".format, na_action="ignore"),
            "currency": view.stores.set_index("shop")["currency"].get(shop, ""),
            "grams": told["weight_grams"],
            "since": told["valid_from"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    )
    return frame.to_csv(index=False, lineterminator="\n")


FEED = Feed(name="files", settings=settings, publish=publish)
