"""The ads of four platforms: accounts, campaigns, and which ad a click belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.channels import GOOGLE, META, PINTEREST, TIKTOK, TRAFFIC
from sandbox.world.drawing import ABSENT, DAY, NEVER, Ints
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.shops import HANDLES
from sandbox.world.timeline import local_dates, micros

PLATFORMS = (META, GOOGLE, TIKTOK, PINTEREST)


@dataclass(frozen=True)
class Account:
    """An ad account.

    Attributes:
        number: Its id.
        platform: Whose.
        shop: Shop number.
        currency: ISO code of its money.
        zone: IANA zone of its days.
        midnight: Hours from midnight UTC to its midnight, about.
        click_cents: Usual price of a click.
    """

    number: str
    platform: str
    shop: int
    currency: str
    zone: str
    midnight: int
    click_cents: int


ACCOUNTS = (
    Account("1001", META, 0, "EUR", "Europe/Berlin", -1, 42),
    Account("1002", META, 1, "USD", "America/Los_Angeles", 8, 65),
    Account("2001", GOOGLE, 0, "EUR", "Europe/Berlin", -1, 38),
    Account("2002", GOOGLE, 1, "USD", "America/New_York", 5, 58),
    Account("2003", GOOGLE, 2, "GBP", "Europe/London", 0, 35),
    Account("3001", TIKTOK, 0, "EUR", "Europe/Berlin", -1, 27),
    Account("4001", PINTEREST, 1, "USD", "UTC", 0, 31),
)


@dataclass(frozen=True)
class Campaign:
    """A campaign that every account of a platform has.

    Attributes:
        platform: Whose.
        name: Without the shop.
        kind: Google's channel type; the others' objective.
        goal: Optimization goal of its sets.
        budget: Cents a day.
        runs: First and last part of the world.
        sets: Names of its sets (ad groups).
        ads: Names of the ads of each.
        has_ad_level: Whether the platform reports below the campaign.
    """

    platform: str
    name: str
    kind: str
    goal: str
    budget: int
    runs: tuple[float, float]
    sets: tuple[str, ...]
    ads: tuple[str, ...]
    has_ad_level: bool = True


_SOCIAL = {"sets": ("broad", "lookalike"), "ads": ("video", "carousel")}
_ALWAYS = (0.0, 1.0)

CAMPAIGNS = (
    Campaign(META, "prospecting", "OUTCOME_SALES", "OFFSITE_CONVERSIONS", 6000, _ALWAYS, **_SOCIAL),
    Campaign(
        META, "retargeting", "OUTCOME_SALES", "OFFSITE_CONVERSIONS", 4000, (0.1, 1.0), **_SOCIAL
    ),
    Campaign(META, "season", "OUTCOME_SALES", "VALUE", 3000, (0.35, 0.7), **_SOCIAL),
    Campaign(META, "traffic-test", "OUTCOME_TRAFFIC", "LINK_CLICKS", 1500, (0.6, 0.95), **_SOCIAL),
    Campaign(GOOGLE, "brand-search", "SEARCH", "CLICKS", 3000, _ALWAYS, ("brand",), ("text",)),
    Campaign(
        GOOGLE, "generic-search", "SEARCH", "CONVERSIONS", 3500, _ALWAYS, ("home", "gifts"),
        ("text",),
    ),
    Campaign(
        GOOGLE, "shopping-all", "SHOPPING", "CONVERSION_VALUE", 4000, _ALWAYS, ("all",),
        ("products",),
    ),
    Campaign(
        GOOGLE, "remarketing", "DISPLAY", "CONVERSIONS", 1200, _ALWAYS, ("visitors",),
        ("banner", "square"),
    ),
    Campaign(
        GOOGLE, "cross-network-max", "PERFORMANCE_MAX", "CONVERSION_VALUE", 3000, _ALWAYS, ("",),
        ("",), has_ad_level=False,
    ),
    Campaign(GOOGLE, "stories", "VIDEO", "REACH", 900, (0.3, 0.95), ("viewers",), ("film",)),
    Campaign(TIKTOK, "discovery", "WEB_CONVERSIONS", "CONVERT", 2500, _ALWAYS, **_SOCIAL),
    Campaign(TIKTOK, "creators", "TRAFFIC", "CLICK", 1000, (0.4, 0.9), ("creators",), ("spark",)),
    Campaign(PINTEREST, "ideas", "WEB_CONVERSION", "CHECKOUT", 2000, _ALWAYS, **_SOCIAL),
    Campaign(PINTEREST, "gifts", "CONSIDERATION", "PIN_CLICK", 800, (0.3, 0.8), ("gifts",),
             ("pin",)),
)  # fmt: skip

# First id of an ad, of a set and of a campaign, by platform.
ID_BASES = {
    META: (120_200_000_000_000, 120_200_000_500_000, 120_200_000_900_000),
    GOOGLE: (690_100_000_000, 160_200_000_000, 21_300_000_000),
    TIKTOK: (1_790_100_000_000_000, 1_790_200_000_000_000, 1_790_300_000_000_000),
    PINTEREST: (687_195_100_000, 2_680_059_000_000, 626_735_500_000),
}
WITH_SHOP = (META, TIKTOK, PINTEREST)
"""Their campaigns are named after the shop; Google's have one name in all accounts."""


@dataclass(frozen=True)
class Ads:
    """The ads of all accounts, by ad number.

    Attributes:
        ids: The platforms' ids; unique over all platforms.
        account: Number in ``ACCOUNTS`` of each ad.
        campaign: Number in ``CAMPAIGNS`` of each ad.
        starts: First microsecond.
        ends: Last.
        frame: Table ads.
        accounts: Table ad_accounts.
    """

    ids: Ints
    account: Ints
    campaign: Ints
    starts: Ints
    ends: Ints
    frame: pd.DataFrame
    accounts: pd.DataFrame

    def id_of(self, ad: Ints) -> Ints:
        """Ids of ad numbers; ``ABSENT`` where there is no ad."""
        return np.where(ad < 0, ABSENT, self.ids[ad])

    def account_of(self, ad: Ints) -> np.ndarray:
        """Account ids of ad numbers."""
        return np.array([account.number for account in ACCOUNTS], object)[self.account[ad]]

    def platform_of(self, ad: Ints) -> np.ndarray:
        """Platforms of ad numbers; empty where there is no ad."""
        names = np.array([account.platform for account in ACCOUNTS], object)
        return np.where(ad < 0, "", names[self.account[ad]])

    def days(self, ad: Ints, times: Ints) -> Ints:
        """Local day (midnight, microseconds, no zone) of times in the accounts of ads."""
        days = np.zeros(len(ad), np.int64)
        for number, account in enumerate(ACCOUNTS):
            rows = np.flatnonzero(self.account[ad] == number)
            local = local_dates(times[rows], account.zone)
            days[rows] = local.to_numpy("M8[us]").astype(np.int64)
        return days


def ads(preset: Preset) -> Ads:
    """The fixed plan of campaigns, stretched over the world."""
    numbers, names = (
        np.array(rows, kind) for rows, kind in zip(_rows(preset), (int, object), strict=True)
    )
    account, campaign, set_number, ad_number = numbers.T
    start, end = micros(preset.start), micros(preset.end)
    runs = np.array([each.runs for each in CAMPAIGNS])[campaign]
    starts, ends = (start + ((end - start) * runs[:, side]).astype(np.int64) for side in (0, 1))
    platform = np.array([each.platform for each in ACCOUNTS], object)[account]
    bases = np.array([ID_BASES[each.platform] for each in ACCOUNTS])[account]
    ids = bases[:, 0] + ad_number * 10
    frame = typed(
        "ads",
        {
            "platform": pd.Categorical(platform, list(PLATFORMS)),
            "ad_id": ids,
            "ad_name": names[:, 2],
            "adset_id": bases[:, 1] + set_number * 10,
            "adset_name": names[:, 1],
            "campaign_id": bases[:, 2] + (account * len(CAMPAIGNS) + campaign) * 10,
            "campaign_name": names[:, 0],
            "campaign_type": _of(campaign, "kind"),
            "objective": _of(campaign, "kind"),
            "optimization_goal": _of(campaign, "goal"),
            "daily_budget": _of(campaign, "budget").astype(np.int64),
            "has_ad_level": _of(campaign, "has_ad_level").astype(bool),
            "status": np.full(len(ids), "ACTIVE", object),
            "account_id": np.array([each.number for each in ACCOUNTS], object)[account],
            "created_at": starts - DAY,
            "started_at": starts,
            "ended_at": np.where(runs[:, 1] < 1, ends, NEVER),
            "updated_at": starts - DAY,
        },
    )
    return Ads(ids, account, campaign, starts, ends, frame, _accounts(preset))


def _rows(preset: Preset) -> tuple[list[tuple[int, ...]], list[tuple[str, str, str]]]:
    """Numbers (account, campaign, set, ad) and names (campaign, set, ad) of every ad."""
    numbers, names, set_number = [], [], -1
    for account_number, account in enumerate(ACCOUNTS):
        if account.shop >= len(preset.shares):
            continue
        prefix = f"{HANDLES[account.shop][-2:]}-" if account.platform in WITH_SHOP else ""
        for number, campaign in enumerate(CAMPAIGNS):
            if campaign.platform != account.platform:
                continue
            for set_name in campaign.sets:
                set_number += 1
                parts = [prefix + campaign.name, set_name]
                for ad in campaign.ads:
                    numbers.append((account_number, number, set_number, len(numbers)))
                    in_set = "-".join(filter(None, parts))
                    names.append((parts[0], in_set, "-".join(filter(None, [in_set, ad]))))
    return numbers, names


def _of(campaign: Ints, attribute: str) -> np.ndarray:
    return np.array([getattr(each, attribute) for each in CAMPAIGNS], object)[campaign]


def choose_ads(
    rng: np.random.Generator, plan: Ads, traffic: Ints, shop: Ints, times: Ints
) -> tuple[Ints, Ints]:
    """The ad behind each visit, and where it comes from if its shop has no such ad.

    Args:
        rng: Random numbers.
        plan: The ads.
        traffic: Row of ``TRAFFIC`` as drawn.
        shop: Shop number of each visit.
        times: Its time.

    Returns:
        Ad number or -1, and the row of ``TRAFFIC``: another one where no ad ran.
    """
    ad, origin = np.full(len(shop), -1), traffic.copy()
    ad_shop = np.array([account.shop for account in ACCOUNTS])[plan.account]
    for number, row in enumerate(TRAFFIC):
        if row.needs not in PLATFORMS:
            continue
        own = _of(plan.campaign, "platform") == row.needs
        if row.campaign:
            own &= _of(plan.campaign, "name") == row.campaign
        for place in np.unique(shop):
            rows = np.flatnonzero((traffic == number) & (shop == place))
            chosen = _running(rng, plan, np.flatnonzero(own & (ad_shop == place)), times[rows])
            ad[rows] = chosen
            origin[rows[chosen < 0]] = row.otherwise
    return ad, origin


def _running(rng: np.random.Generator, plan: Ads, candidates: Ints, times: Ints) -> Ints:
    """One of the candidates that runs at each time, or -1."""
    if not len(candidates):
        return np.full(len(times), -1)
    runs = (plan.starts[candidates] <= times[:, None]) & (times[:, None] < plan.ends[candidates])
    draw = np.where(runs, rng.random(runs.shape), -1.0)
    best = draw.argmax(axis=1)
    return np.where(draw.max(axis=1) < 0, -1, candidates[best])


def _accounts(preset: Preset) -> pd.DataFrame:
    own = [account for account in ACCOUNTS if account.shop < len(preset.shares)]
    return typed(
        "ad_accounts",
        {
            "platform": pd.Categorical([each.platform for each in own], list(PLATFORMS)),
            "account_id": [each.number for each in own],
            "shop": [HANDLES[each.shop] for each in own],
            "name": [f"{HANDLES[each.shop]} ads" for each in own],
            "currency": [each.currency for each in own],
            "timezone": [each.zone for each in own],
            "created_at": np.full(len(own), micros(preset.start) - 30 * DAY),
        },
    )
