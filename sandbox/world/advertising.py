"""What the ad platforms report: delivery with late corrections, and conversions they claim."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.ad_plan import ACCOUNTS, PLATFORMS, Ads
from sandbox.world.channels import GOOGLE, META, PINTEREST, TIKTOK
from sandbox.world.drawing import DAY, HOUR, Ints, between
from sandbox.world.events import ADD, BEGIN, ITEM, Timed
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.purchases import Kind, Purchases
from sandbox.world.timeline import micros
from sandbox.world.visits import Visits

ACTIONS = ("purchase", "add_to_cart", "initiate_checkout", "view_content")
CLICK_WINDOWS = {META: 28, GOOGLE: 30, TIKTOK: 28, PINTEREST: 30}
LONG_WINDOW = 90
"""Some of Google's conversions count for so many days."""
LONG_SHARE = 0.15
VIEW_SHARES = {META: 0.07, GOOGLE: 0.01, TIKTOK: 0.05, PINTEREST: 0.05}
"""Part of the orders of an advertising shop that a platform claims after a mere view."""


def entries(
    rng: np.random.Generator, preset: Preset, plan: Ads, visits: Visits, started: Ints
) -> pd.DataFrame:
    """The table ad_entries: four reports a day and ad, the last up to three days later."""
    days = (preset.end - preset.start).days + 1
    ads = len(plan.starts)
    landed = _landed(visits, plan, started, micros(preset.start), days)
    ad, day = (grid.ravel() for grid in np.indices((ads, days)))
    midnight = micros(preset.start) + day * DAY
    runs = (midnight + DAY > plan.starts[ad]) & (midnight < plan.ends[ad])
    ad, day, midnight = ad[runs], day[runs], midnight[runs]
    visited = landed[ad, day]
    link = visited + rng.poisson(0.12 * visited + 0.4)
    apart = plan.platform_of(ad) == META  # clicks that do not leave the platform
    clicks = link + rng.poisson(0.25 * link + 0.3) * apart
    impressions = clicks * between(rng, 55, 110, len(ad)) + rng.poisson(60, len(ad))
    usual = np.array([account.click_cents for account in ACCOUNTS])[plan.account[ad]]
    price = usual * rng.uniform(0.7, 1.4, len(ad))
    spend = (link * price).astype(np.int64) + rng.integers(0, 60, len(ad))
    reach = (impressions * 0.8).astype(np.int64) * (plan.platform_of(ad) != GOOGLE)
    final = np.stack([impressions, clicks, link, reach, spend])
    first = final + (final * rng.normal(0, 0.05, len(ad))).astype(np.int64)
    known = [(first * part).astype(np.int64) for part in (0.35, 0.7)] + [first, final]
    increments = np.stack(known) - np.stack([np.zeros_like(final), *known[:-1]])
    return _entries_frame(rng, plan, ad, midnight, increments)


def _landed(visits: Visits, plan: Ads, started: Ints, start: int, days: int) -> Ints:
    """``[ad, day]`` visits that an ad brought on a local day of its account."""
    clicked = np.flatnonzero(visits.ad >= 0)
    day = plan.days(visits.ad[clicked], started[clicked])
    number = (day - start) // DAY
    landed = np.zeros((len(plan.starts), days), np.int64)
    np.add.at(landed, (visits.ad[clicked], number.clip(0, days - 1)), 1)
    return landed


def _entries_frame(
    rng: np.random.Generator, plan: Ads, ad: Ints, midnight: Ints, increments: Ints
) -> pd.DataFrame:
    """One row a report; ``increments`` is ``[report, measure, row]``."""
    offset = np.array([account.midnight for account in ACCOUNTS])[plan.account[ad]] * HOUR
    late = between(rng, 30 * HOUR, 95 * HOUR, len(ad))
    at = np.stack([np.full(len(ad), hours * HOUR) for hours in (11, 19, 26)] + [late])
    names = ("impressions", "clicks", "link_clicks", "reach", "spend")
    frame = typed(
        "ad_entries",
        {
            "platform": pd.Categorical(np.tile(plan.platform_of(ad), 4), list(PLATFORMS)),
            "ad_id": np.tile(plan.ids[ad], 4),
            "account_id": np.tile(plan.account_of(ad), 4),
            "ad_date": np.tile(midnight.view("M8[us]"), 4),
            "reported_at": (midnight + offset + at).ravel(),
            **{name: increments[:, place].ravel() for place, name in enumerate(names)},
        },
    )
    moved = (frame[list(names)] != 0).any(axis=1)
    return frame[moved].sort_values(["reported_at", "ad_id", "ad_date"]).reset_index(drop=True)


def conversions(
    rng: np.random.Generator,
    plan: Ads,
    visits: Visits,
    started: Ints,
    happened: Timed,
    purchases: Purchases,
    totals: Ints,
) -> pd.DataFrame:
    """The table ad_conversions: claims of clicks weeks ago and of mere views, by each platform."""
    bought = _purchases(rng, plan, visits, started, purchases, totals)
    blocks = bought + _on_site(visits, happened)
    rows = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    delay = rows["time"] - rows["click"]
    shown = rows["time"] + between(rng, HOUR, 12 * HOUR, len(delay))
    shown = np.minimum(shown, rows["click"] + _windows(plan, rows["ad"], delay))
    frame = typed(
        "ad_conversions",
        {
            "platform": pd.Categorical(plan.platform_of(rows["ad"]), list(PLATFORMS)),
            "ad_id": plan.ids[rows["ad"]],
            "account_id": plan.account_of(rows["ad"]),
            "ad_date": plan.days(rows["ad"], rows["click"]).view("M8[us]"),
            "reported_at": np.maximum(shown, rows["time"]),
            "action_type": pd.Categorical.from_codes(rows["action"], list(ACTIONS)),
            "delay_days": delay // DAY,
            "is_view": rows["is_view"].astype(bool),
            "value": rows["value"],
        },
    )
    return frame.sort_values(["reported_at", "ad_id", "ad_date"]).reset_index(drop=True)


def _windows(plan: Ads, ad: Ints, delay: Ints) -> Ints:
    """How long after its click a conversion may show."""
    windows = np.array([CLICK_WINDOWS[account.platform] for account in ACCOUNTS])[plan.account[ad]]
    return np.where(delay > windows * DAY, LONG_WINDOW, windows) * DAY


def _block(
    ad: Ints, click: Ints, time: Ints, action: int, is_view: bool, value: Ints
) -> dict[str, Ints]:
    same = {"action": np.full(len(ad), action), "is_view": np.full(len(ad), is_view)}
    return {"ad": ad, "click": click, "time": time, "value": value, **same}


def _purchases(
    rng: np.random.Generator,
    plan: Ads,
    visits: Visits,
    started: Ints,
    purchases: Purchases,
    totals: Ints,
) -> list[dict[str, Ints]]:
    """Orders that each platform claims, knowing nothing of the others."""
    blocks = []
    for platform in PLATFORMS:
        clicked = _after_clicks(rng, plan, visits, started, purchases, platform)
        viewed = _after_views(rng, plan, purchases, platform)
        for (ad, click, order), is_view in ((clicked, False), (viewed, True)):
            blocks.append(_block(ad, click, purchases.time[order], 0, is_view, totals[order]))
    return blocks


def _after_clicks(
    rng: np.random.Generator,
    plan: Ads,
    visits: Visits,
    started: Ints,
    purchases: Purchases,
    platform: str,
) -> tuple[Ints, Ints, Ints]:
    """Orders within the window after the person's last click: ad, time of the click, order."""
    own = plan.platform_of(visits.ad) == platform
    clicks = np.flatnonzero(own & (visits.person >= 0))
    left = pd.DataFrame(
        {"person": visits.person[clicks], "time": started[clicks], "ad": visits.ad[clicks]}
    ).sort_values("time")
    left["click"] = left["time"]
    real = np.flatnonzero((purchases.kind != Kind.TEST) & (purchases.person >= 0))
    right = pd.DataFrame(
        {"person": purchases.person[real], "time": purchases.time[real], "order": real}
    )
    longest = LONG_WINDOW if platform == GOOGLE else CLICK_WINDOWS[platform]
    found = pd.merge_asof(
        right, left, on="time", by="person", tolerance=longest * DAY - HOUR
    ).dropna()
    soon = found["time"] - found["click"] < CLICK_WINDOWS[platform] * DAY - HOUR
    found = found[soon | (rng.random(len(found)) < LONG_SHARE)]
    return tuple(found[name].to_numpy(np.int64) for name in ("ad", "click", "order"))


def _after_views(
    rng: np.random.Generator, plan: Ads, purchases: Purchases, platform: str
) -> tuple[Ints, Ints, Ints]:
    """Orders that a platform claims after an impression within the day: often not its own."""
    shop = np.array([account.shop for account in ACCOUNTS])[plan.account]
    own = plan.platform_of(np.arange(len(shop))) == platform
    real = np.flatnonzero((purchases.kind != Kind.TEST) & (purchases.person >= 0))
    order = real[rng.random(len(real)) < VIEW_SHARES[platform]]
    seen = purchases.time[order] - between(rng, HOUR, 23 * HOUR, len(order))
    ad = np.full(len(order), -1)
    for number in np.unique(shop[own]):
        rows = np.flatnonzero(purchases.shop[order] == number)
        ad[rows] = rng.choice(np.flatnonzero(own & (shop == number)), len(rows))
    runs = (ad >= 0) & (plan.starts[ad] <= seen) & (seen < plan.ends[ad])
    return ad[runs], seen[runs], order[runs]


def _on_site(visits: Visits, happened: Timed) -> list[dict[str, Ints]]:
    """Carts, checkouts and product views in visits that an ad brought."""
    blocks = []
    for action, name in ((1, ADD), (2, BEGIN), (3, ITEM)):
        rows = np.flatnonzero((happened.name == name) & (visits.ad[happened.visit] >= 0))
        time, ad = happened.time[rows], visits.ad[happened.visit[rows]]
        nothing = np.zeros(len(rows), np.int64)
        blocks.append(_block(ad, time, time, action, False, nothing))
    return blocks
