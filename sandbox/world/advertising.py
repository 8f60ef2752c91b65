"""What the ad platform reports: delivery with late corrections, and conversions it claims."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.channels import ACCOUNTS, ADS_PER_ACCOUNT, Ads, ad_ids
from sandbox.world.drawing import DAY, HOUR, Ints, between, weighted
from sandbox.world.events import ADD, BEGIN, ITEM, Timed
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.purchases import Kind, Purchases
from sandbox.world.timeline import local_dates, micros
from sandbox.world.visits import Visits

ACTIONS = ("purchase", "add_to_cart", "initiate_checkout", "view_content")
CLICK_WINDOW = 28 * DAY
CENTS_PER_CLICK = (42, 65)


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
    clicks = link + rng.poisson(0.25 * link + 0.3)
    impressions = clicks * between(rng, 55, 110, len(ad)) + rng.poisson(60, len(ad))
    price = np.array(CENTS_PER_CLICK)[ad // ADS_PER_ACCOUNT] * rng.uniform(0.7, 1.4, len(ad))
    spend = (link * price).astype(np.int64) + rng.integers(0, 60, len(ad))
    final = np.stack([impressions, clicks, link, (impressions * 0.8).astype(np.int64), spend])
    first = final + (final * rng.normal(0, 0.05, len(ad))).astype(np.int64)
    known = [(first * part).astype(np.int64) for part in (0.35, 0.7)] + [first, final]
    increments = np.stack(known) - np.stack([np.zeros_like(final), *known[:-1]])
    return _entries_frame(rng, ad, midnight, increments)


def _landed(visits: Visits, plan: Ads, started: Ints, start: int, days: int) -> Ints:
    """``[ad, day]`` visits that an ad brought on a local day of its account."""
    clicked = np.flatnonzero(visits.ad >= 0)
    day = ad_days(visits.ad[clicked], started[clicked])
    number = (day - start) // DAY
    landed = np.zeros((len(plan.starts), days), np.int64)
    np.add.at(landed, (visits.ad[clicked], number.clip(0, days - 1)), 1)
    return landed


def ad_days(ad: Ints, times: Ints) -> Ints:
    """Local day (midnight, microseconds, no zone) of a time in the account of an ad."""
    days = [local_dates(times, zone).to_numpy("M8[us]").astype(np.int64) for *_, zone in ACCOUNTS]
    return np.where(ad // ADS_PER_ACCOUNT == 0, *days)


def _entries_frame(
    rng: np.random.Generator, ad: Ints, midnight: Ints, increments: Ints
) -> pd.DataFrame:
    """One row a report; ``increments`` is ``[report, measure, row]``."""
    offset = np.where(ad // ADS_PER_ACCOUNT == 0, -1 * HOUR, 8 * HOUR)  # local midnight in UTC
    late = between(rng, 30 * HOUR, 95 * HOUR, len(ad))
    at = np.stack([np.full(len(ad), hours * HOUR) for hours in (11, 19, 26)] + [late])
    reported = (midnight + offset + at).ravel()
    report = {
        "ad_id": np.tile(ad_ids(ad), 4),
        "account_id": np.tile(_account(ad), 4),
        "ad_date": np.tile(midnight.view("M8[us]"), 4),
        "reported_at": reported,
    }
    names = ("impressions", "clicks", "link_clicks", "reach", "spend")
    measures = {name: increments[:, place].ravel() for place, name in enumerate(names)}
    frame = typed("ad_entries", {**report, **measures})
    moved = (frame[list(names)] != 0).any(axis=1)
    return frame[moved].sort_values(["reported_at", "ad_id", "ad_date"]).reset_index(drop=True)


def _account(ad: Ints) -> np.ndarray:
    return np.array([account[0] for account in ACCOUNTS], object)[ad // ADS_PER_ACCOUNT]


def conversions(
    rng: np.random.Generator,
    plan: Ads,
    visits: Visits,
    started: Ints,
    happened: Timed,
    purchases: Purchases,
    totals: Ints,
) -> pd.DataFrame:
    """The table ad_conversions: claims of clicks up to 28 days ago, and of mere views."""
    clicked = _after_clicks(visits, started, purchases)
    viewed = _after_views(rng, plan, purchases)
    on_site = _on_site(visits, happened)
    blocks = [
        _block(*clicked[:2], purchases.time[clicked[2]], 0, False, totals[clicked[2]]),
        _block(*viewed[:2], purchases.time[viewed[2]], 0, True, totals[viewed[2]]),
        *on_site,
    ]
    rows = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    day = ad_days(rows["ad"], rows["click"])
    reported = rows["time"] + between(rng, HOUR, 12 * HOUR, len(day))
    reported = np.minimum(reported, rows["click"] + CLICK_WINDOW)
    frame = typed(
        "ad_conversions",
        {
            "ad_id": ad_ids(rows["ad"]),
            "account_id": _account(rows["ad"]),
            "ad_date": day.view("M8[us]"),
            "reported_at": np.maximum(reported, rows["time"]),
            "action_type": pd.Categorical.from_codes(rows["action"], list(ACTIONS)),
            "delay_days": (rows["time"] - rows["click"]) // DAY,
            "is_view": rows["is_view"].astype(bool),
            "value": rows["value"],
        },
    )
    return frame.sort_values(["reported_at", "ad_id", "ad_date"]).reset_index(drop=True)


def _block(
    ad: Ints, click: Ints, time: Ints, action: int, is_view: bool, value: Ints
) -> dict[str, Ints]:
    same = {"action": np.full(len(ad), action), "is_view": np.full(len(ad), is_view)}
    return {"ad": ad, "click": click, "time": time, "value": value, **same}


def _after_clicks(visits: Visits, started: Ints, purchases: Purchases) -> tuple[Ints, Ints, Ints]:
    """Orders within 28 days of the person's last ad click: ad, time of the click, order."""
    clicks = np.flatnonzero((visits.ad >= 0) & (visits.person >= 0))
    left = pd.DataFrame(
        {"person": visits.person[clicks], "time": started[clicks], "ad": visits.ad[clicks]}
    ).sort_values("time")
    left["click"] = left["time"]
    real = np.flatnonzero((purchases.kind != Kind.TEST) & (purchases.person >= 0))
    right = pd.DataFrame(
        {"person": purchases.person[real], "time": purchases.time[real], "order": real}
    )
    found = pd.merge_asof(
        right, left, on="time", by="person", tolerance=CLICK_WINDOW - HOUR
    ).dropna()
    return tuple(found[name].to_numpy(np.int64) for name in ("ad", "click", "order"))


def _after_views(
    rng: np.random.Generator, plan: Ads, purchases: Purchases
) -> tuple[Ints, Ints, Ints]:
    """Orders that the platform claims after an impression within the day: often not its own."""
    advertised = (purchases.person >= 0) & (purchases.shop < len(ACCOUNTS))
    real = np.flatnonzero((purchases.kind != Kind.TEST) & advertised)
    order = real[rng.random(len(real)) < 0.07]
    seen = purchases.time[order] - between(rng, HOUR, 23 * HOUR, len(order))
    ad = purchases.shop[order] * ADS_PER_ACCOUNT + weighted(
        rng, np.ones(ADS_PER_ACCOUNT), len(order)
    )
    runs = (plan.starts[ad] <= seen) & (seen < plan.ends[ad])
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
