"""The synchronous report: what ads, ad groups, campaigns or the advertiser did day by day."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sandbox.vendors.ad_days import by_day, purchases
from sandbox.vendors.tiktok_ads.errors import bad_parameter
from sandbox.vendors.tiktok_ads.parameters import Params, days, required, words
from sandbox.world.ledger import Ledger

LEVELS = {
    "AUCTION_ADVERTISER": ("advertiser_id", "account_id"),
    "AUCTION_CAMPAIGN": ("campaign_id", "campaign_id"),
    "AUCTION_ADGROUP": ("adgroup_id", "adset_id"),
    "AUCTION_AD": ("ad_id", "ad_id"),
}
ATTRIBUTES = {
    "campaign_id": "campaign_id",
    "campaign_name": "campaign_name",
    "objective_type": "objective",
    "adgroup_id": "adset_id",
    "adgroup_name": "adset_name",
    "ad_name": "ad_name",
}
"""Names that are allowed among the metrics, of the level asked for and of those above it."""

NUMBERS = ("spend", "impressions", "clicks", "reach", "ctr", "cpc", "cpm", "frequency",
           "conversion", "cost_per_conversion", "result", "complete_payment",
           "total_complete_payment_rate", "value_per_complete_payment", "total_purchase_value",
           "video_play_actions", "likes", "comments", "shares", "follows")  # fmt: skip
DAY = "stat_time_day"
GOALS = {"CLICK": "clicks"}
"""What an optimisation goal counts, where that is not payments."""


def rows(view: Ledger, account: pd.Series, params: Params) -> list[dict[str, Any]]:
    """The entries of a report, by day, then id.

    Args:
        view: The ledger as of the clock.
        account: Row of ad_accounts.
        params: Of the request.
    """
    level = params.get("data_level", "")
    if required(params, "report_type") != "BASIC" or level not in LEVELS:
        raise bad_parameter("data_level: report_type must be BASIC, with a data_level of AUCTION.")
    dimension, key = LEVELS[level]
    if sorted(words(params, "dimensions")) != sorted((dimension, DAY)):
        raise bad_parameter(f"dimensions: {level} takes {dimension} and {DAY}.")
    metrics = words(params, "metrics", (*NUMBERS, *ATTRIBUTES)) or ["spend", "impressions"]
    ads = view.ads[view.ads["account_id"] == account["account_id"]].sort_values("ad_id")
    found = by_day(view, ads, [key], days(params), {"payments": purchases})
    known = {ad[key]: ad for ad in ads.to_dict("records")}
    return [
        {
            "dimensions": {dimension: str(row[key]), DAY: f"{row['ad_date']:%Y-%m-%d} 00:00:00"},
            "metrics": _metrics(row, known[row[key]], metrics),
        }
        for row in found.to_dict("records")
    ]


def _metrics(row: dict[str, Any], ad: dict[str, Any], wanted: list[str]) -> dict[str, str]:
    """Every number is a text, and what did not happen is a nought."""
    spend, shown, clicks = row["spend"] / 100, row["impressions"], row["clicks"]
    payments, value = row["payments"], row["payments_value"] / 100
    reached = row[GOALS.get(ad["optimization_goal"], "payments")]
    full = {
        "spend": f"{spend:.2f}",
        "impressions": str(shown),
        "clicks": str(clicks),
        "reach": str(row["reach"]),
        "ctr": _ratio(100 * clicks, shown),
        "cpc": _ratio(spend, clicks),
        "cpm": _ratio(1000 * spend, shown),
        "frequency": _ratio(shown, row["reach"]),
        "conversion": str(reached),
        "result": str(reached),
        "cost_per_conversion": _ratio(spend, reached),
        "complete_payment": str(payments),
        "total_complete_payment_rate": f"{value:.2f}",
        "value_per_complete_payment": _ratio(value, payments),
        **{metric: str(ad[column]) for metric, column in ATTRIBUTES.items()},
    }
    return {name: full.get(name, "0") for name in wanted}


def _ratio(above: float, below: float) -> str:
    return f"{above / below:.2f}" if below else "0.00"
