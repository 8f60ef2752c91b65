"""What campaigns, ad groups and ads did by UTC day: the same for both kinds of report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sandbox.vendors.ad_days import by_day, purchases
from sandbox.world.ledger import Ledger

LEVELS = {
    "campaigns": ("campaign_id", "CAMPAIGN_ID"),
    "ad_groups": ("adset_id", "AD_GROUP_ID"),
    "ads": ("ad_id", "AD_ID"),
}
IDS = {"CAMPAIGN_ID": "campaign_id", "AD_GROUP_ID": "adset_id", "AD_ID": "ad_id",
       "CAMPAIGN_NAME": "campaign_name", "AD_GROUP_NAME": "adset_name",
       "AD_NAME": "ad_name"}  # fmt: skip
METRICS = (
    "SPEND_IN_MICRO_DOLLAR",
    "SPEND_IN_DOLLAR",
    "IMPRESSION_1",
    "TOTAL_IMPRESSION",
    "CLICKTHROUGH_1",
    "TOTAL_CLICKTHROUGH",
    "TOTAL_CHECKOUT",
    "TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR",
    "TOTAL_CONVERSIONS",
)
COLUMNS = (*IDS, *METRICS)
MICROS_A_CENT = 10_000
EARNED_PART = 8
"""Each so many impressions one is of a pin that was passed on."""


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        level: Key of ``LEVELS``.
        ids: Only these; empty: all.
        days: First and last day.
        columns: Of ``COLUMNS``.
        click_days: Conversions count so many days after a click or another engagement,
        view_days: and so many after a view.
    """

    level: str
    ids: tuple[str, ...]
    days: tuple[pd.Timestamp, pd.Timestamp]
    columns: tuple[str, ...]
    click_days: int
    view_days: int


def entries(view: Ledger, account: pd.Series, asked: Question) -> list[dict[str, Any]]:
    """One entry per object and day, by id, then day; columns without a value are left out.

    Args:
        view: The ledger as of the clock.
        account: Row of ad_accounts.
        asked: The question.
    """
    key, name = LEVELS[asked.level]
    ads = view.ads[view.ads["account_id"] == account["account_id"]].sort_values("ad_id")
    if asked.ids:
        ads = ads[ads[key].astype(str).isin(asked.ids)]

    def in_window(claims: pd.DataFrame) -> pd.Series[bool]:
        most = claims["is_view"].map({True: asked.view_days, False: asked.click_days})
        return purchases(claims) & (claims["delay_days"] < most)

    counted = {
        "checkouts": in_window,
        "actions": lambda claims: claims["delay_days"] < asked.click_days,
    }
    found = by_day(view, ads, [key], asked.days, counted).sort_values([key, "ad_date"])
    known = {ad[key]: ad for ad in ads.to_dict("records")}
    return [_entry(row, known[row[key]], name, asked.columns) for row in found.to_dict("records")]


def _entry(
    row: dict[str, Any], ad: dict[str, Any], name: str, columns: tuple[str, ...]
) -> dict[str, Any]:
    shown, clicks = row["impressions"], row["clicks"]
    full = {column: str(ad[field]) for column, field in IDS.items()} | {
        "SPEND_IN_MICRO_DOLLAR": row["spend"] * MICROS_A_CENT,
        "SPEND_IN_DOLLAR": row["spend"] / 100,
        "IMPRESSION_1": shown - shown // EARNED_PART,
        "TOTAL_IMPRESSION": shown,
        "CLICKTHROUGH_1": clicks - clicks // EARNED_PART,
        "TOTAL_CLICKTHROUGH": clicks,
        "TOTAL_CHECKOUT": row["checkouts"],
        "TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR": row["checkouts_value"] * MICROS_A_CENT,
        "TOTAL_CONVERSIONS": row["actions"],
    }
    told = {column: full[column] for column in columns if full[column]}
    return {"DATE": f"{row['ad_date']:%Y-%m-%d}", name: full[name], **told}
