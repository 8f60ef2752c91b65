"""Where visits come from, and the ads among it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.drawing import ABSENT, DAY, NEVER, Ints
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.shops import HANDLES
from sandbox.world.timeline import micros

# channel, source, medium, campaign, utm_id, referrer, weight
TRAFFIC = (
    ("Direct", "(direct)", "(none)", "", "", "", 22),
    ("Organic Search", "google", "organic", "", "", "https://www.google.com/", 22),
    ("Organic Search", "bing", "organic", "", "", "https://www.bing.com/", 3),
    ("Paid Search", "google", "cpc", "brand-search", "7001", "https://www.google.com/", 7),
    ("Paid Search", "google", "cpc", "generic-search", "7002", "https://www.google.com/", 5),
    ("Paid Shopping", "google", "cpc", "shopping-all", "7003", "https://www.google.com/", 6),
    ("Paid Social", "facebook", "paid_social", "", "", "https://l.facebook.com/", 8),
    ("Paid Social", "instagram", "paid_social", "", "", "https://l.instagram.com/", 8),
    ("Organic Social", "instagram.com", "referral", "", "", "https://instagram.com/", 4),
    ("Email", "klaviyo", "email", "newsletter", "", "", 7),
    ("Referral", "blog.example", "referral", "", "", "https://blog.example/gifts", 3),
    (
        "Affiliate",
        "partner.example",
        "affiliate",
        "spring-deals",
        "",
        "https://partner.example/",
        2,
    ),
    ("Display", "google", "display", "remarketing", "7004", "https://news.example/", 1),
    ("Paid Search", "google", "organic", "", "", "https://www.google.com/", 1),  # only a click id
    ("SMS", "sms", "sms", "drop", "", "", 1),
    ("Other", "flyer", "qr", "", "", "", 0.5),
)
WITH_GCLID = (3, 4, 5, 12, 13)
FROM_ADS = (6, 7)
ORGANIC_SOCIAL = 8  # instead, in shops without ads

ACCOUNTS = (("1001", "EUR", "Europe/Berlin"), ("1002", "USD", "America/Los_Angeles"))
CAMPAIGNS = (
    # name, objective, goal, first and last part of the world in which it runs
    ("prospecting", "OUTCOME_SALES", "OFFSITE_CONVERSIONS", 0.0, 1.0),
    ("retargeting", "OUTCOME_SALES", "OFFSITE_CONVERSIONS", 0.1, 1.0),
    ("season", "OUTCOME_SALES", "VALUE", 0.35, 0.7),
    ("traffic-test", "OUTCOME_TRAFFIC", "LINK_CLICKS", 0.6, 0.95),
)
SETS = ("broad", "lookalike")
ADS = ("video", "carousel")
ADS_PER_ACCOUNT = len(CAMPAIGNS) * len(SETS) * len(ADS)
ADS_PER_CAMPAIGN = len(SETS) * len(ADS)
ID_BASE = 120_200_000_000_000


@dataclass(frozen=True)
class Ads:
    """The ads of both accounts, by ad number (account x campaign x set x ad).

    Attributes:
        starts: First microsecond of each ad.
        ends: Its last.
        frame: Table ads.
        accounts: Table ad_accounts.
    """

    starts: Ints
    ends: Ints
    frame: pd.DataFrame
    accounts: pd.DataFrame


def ads(preset: Preset) -> Ads:
    """The fixed plan of campaigns, stretched over the world."""
    number = np.arange(2 * ADS_PER_ACCOUNT)
    account, rest = np.divmod(number, ADS_PER_ACCOUNT)
    campaign, rest = np.divmod(rest, ADS_PER_CAMPAIGN)
    adset, ad = np.divmod(rest, len(ADS))
    start, end = micros(preset.start), micros(preset.end)
    parts = np.array([c[3:5] for c in CAMPAIGNS])[campaign]
    starts = start + ((end - start) * parts[:, 0]).astype(np.int64)
    ends = start + ((end - start) * parts[:, 1]).astype(np.int64)
    names = np.array([f"{HANDLES[a][-2:]}-{c[0]}" for a in range(2) for c in CAMPAIGNS], object)
    name = names[account * len(CAMPAIGNS) + campaign]
    set_name = name + "-" + np.array(SETS, object)[adset]
    frame = typed(
        "ads",
        {
            "ad_id": ad_ids(number),
            "ad_name": set_name + "-" + np.array(ADS, object)[ad],
            "adset_id": ID_BASE + 500_000 + (number // len(ADS)) * 10,
            "adset_name": set_name,
            "campaign_id": ID_BASE + 900_000 + (number // ADS_PER_CAMPAIGN) * 10,
            "campaign_name": name,
            "objective": np.array([c[1] for c in CAMPAIGNS], object)[campaign],
            "optimization_goal": np.array([c[2] for c in CAMPAIGNS], object)[campaign],
            "daily_budget": np.array([6000, 4000, 3000, 1500])[campaign],
            "status": np.full(len(number), "ACTIVE", object),
            "account_id": np.array([a[0] for a in ACCOUNTS], object)[account],
            "created_at": starts - DAY,
            "started_at": starts,
            "ended_at": np.where(parts[:, 1] < 1, ends, NEVER),
            "updated_at": starts - DAY,
        },
    )
    return Ads(starts, ends, frame, _accounts(preset))


def ad_ids(number: Ints) -> Ints:
    """Meta's id of an ad number; ``ABSENT`` stays."""
    return np.where(number < 0, ABSENT, ID_BASE + number * 10)


def choose_ads(rng: np.random.Generator, plan: Ads, shop: Ints, times: Ints) -> Ints:
    """Ad number behind each ad click: one that runs, else one that always runs."""
    n = len(shop)
    number = shop * ADS_PER_ACCOUNT + rng.integers(0, ADS_PER_ACCOUNT, n)
    runs = (plan.starts[number] <= times) & (times < plan.ends[number])
    always = shop * ADS_PER_ACCOUNT + rng.integers(0, ADS_PER_CAMPAIGN, n)
    return np.where(runs, number, always)


def _accounts(preset: Preset) -> pd.DataFrame:
    return typed(
        "ad_accounts",
        {
            "account_id": [a[0] for a in ACCOUNTS],
            "shop": list(HANDLES[: len(ACCOUNTS)]),
            "name": [f"{shop} ads" for shop in HANDLES[: len(ACCOUNTS)]],
            "currency": [a[1] for a in ACCOUNTS],
            "timezone": [a[2] for a in ACCOUNTS],
            "created_at": np.full(2, micros(preset.start) - 30 * DAY),
        },
    )
