"""The Instagram account: posts, what becomes of them day by day, and its followers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.drawing import DAY, HOUR, Ints, between, pick_words, weighted
from sandbox.world.identifiers import tokens
from sandbox.world.ledger import typed
from sandbox.world.phrases import CAPTIONS
from sandbox.world.presets import Preset
from sandbox.world.served import MAIL_HANDLES, Frames, micros_of
from sandbox.world.timeline import micros

ACCOUNT_ID = "17841400000000042"
POST_BASE = 17_900_000_000_000_000
SHOP = MAIL_HANDLES[0]
POSTS_PER_WEEK = 3
LIVES = 45
"""Days on which a post is still seen."""
REPORTED_AFTER = 30 * HOUR
FIRST_FOLLOWERS = 5_200


def frames(rng: np.random.Generator, preset: Preset) -> Frames:
    """The tables social_posts, social_entries and social_account_days."""
    start, end = micros(preset.start), micros(preset.end)
    posts = _posts(rng, start, end)
    entries = _entries(rng, posts, end)
    return {
        "social_posts": posts,
        "social_entries": entries,
        "social_account_days": _days(rng, entries, start, end),
    }


def _posts(rng: np.random.Generator, start: int, end: int) -> pd.DataFrame:
    n = (end - start) // DAY * POSTS_PER_WEEK // 7
    at = np.sort(between(rng, start, end, n))
    kind = weighted(rng, (45, 35, 20), n)
    codes = tokens(rng, 11, n)
    return typed(
        "social_posts",
        {
            "post_id": pd.Series(POST_BASE + np.arange(n) * 7_919).astype(str),
            "account_id": np.full(n, ACCOUNT_ID, object),
            "shop": np.full(n, SHOP, object),
            "media_type": np.array(["IMAGE", "VIDEO", "CAROUSEL_ALBUM"], object)[kind],
            "product_type": np.where(kind == 1, "REELS", "FEED"),
            "caption": pick_words(rng, CAPTIONS, n),
            "permalink": [f"https://www.instagram.com/p/{code}/" for code in codes],
            "published_at": at,
        },
    )


def _entries(rng: np.random.Generator, posts: pd.DataFrame, end: int) -> pd.DataFrame:
    """The table social_entries: most is seen in the first days."""
    at = micros_of(posts["published_at"])
    post, age = (grid.ravel() for grid in np.indices((len(posts), LIVES)))
    day = at[post] // DAY * DAY + age * DAY
    post, age, day = (values[day < end] for values in (post, age, day))
    liked = np.exp(rng.normal(6.2, 0.8, len(posts)))[post]
    views = rng.poisson(liked * np.exp(-age / 3.5))
    reach = rng.binomial(views, 0.8)
    parts = {
        name: rng.binomial(reach, chance)
        for name, chance in (("likes", 0.06), ("comments", 0.006), ("shares", 0.008),
                             ("saves", 0.012))
    }  # fmt: skip
    frame = typed(
        "social_entries",
        {
            "post_id": posts["post_id"].to_numpy(object)[post],
            "day": day.view("M8[us]"),
            "reported_at": day + REPORTED_AFTER,
            "views": views,
            "reach": reach,
            **parts,
        },
    )
    return frame[views > 0].sort_values(["reported_at", "post_id"]).reset_index(drop=True)


def _days(rng: np.random.Generator, entries: pd.DataFrame, start: int, end: int) -> pd.DataFrame:
    """The table social_account_days; some followers leave, so that the count is no sum."""
    day: Ints = np.arange(start, end, DAY)
    sums = entries.groupby("day")[["views", "reach"]].sum()
    sums = sums.reindex(pd.DatetimeIndex(day.view("M8[us]"))).fillna(0).astype("int64")
    views, n = sums["views"].to_numpy(), len(day)
    gained, lost = rng.poisson(4 + views / 300), rng.poisson(3, n)
    return typed(
        "social_account_days",
        {
            "account_id": np.full(n, ACCOUNT_ID, object),
            "shop": np.full(n, SHOP, object),
            "day": day.view("M8[us]"),
            "reported_at": day + REPORTED_AFTER,
            "views": views,
            "reach": rng.binomial(sums["reach"].to_numpy(), 0.85),
            "profile_views": rng.poisson(10 + views / 60),
            "follower_count": FIRST_FOLLOWERS + np.cumsum(gained - lost),
            "new_followers": gained,
        },
    )
