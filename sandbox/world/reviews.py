"""Product reviews, and the photos, videos and questions beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.drawing import (
    ABSENT,
    DAY,
    MINUTE,
    NEVER,
    Ints,
    between,
    pick,
    pick_words,
)
from sandbox.world.ledger import typed
from sandbox.world.phrases import (
    ANSWERS,
    BLAME,
    BLAME_TITLES,
    MIXED,
    MIXED_TITLES,
    PRAISE,
    PRAISE_TITLES,
    QUESTIONS,
)
from sandbox.world.presets import Preset
from sandbox.world.served import MAIL_HANDLES, Frames, micros_of
from sandbox.world.timeline import micros
from sandbox.world.words import FIRST_NAMES, LAST_NAMES

REVIEW_BASE, UGC_BASE = 610_000_000, 88_000_000
REVIEWED = 0.1
"""Part of the delivered lines that are reviewed."""


def frames(rng: np.random.Generator, preset: Preset, shop: Frames, served: pd.DataFrame) -> Frames:
    """The tables reviews and ugc."""
    rows = pd.concat([_of_buyers(rng, shop, served), _of_strangers(rng, preset, shop, 0.012)])
    rows = rows[rows["at"] < micros(preset.end)]
    rows = rows.sort_values(["at", "product_id"]).reset_index(drop=True)
    reviews = _frame(rng, rows)
    return {"reviews": reviews, "ugc": _ugc(rng, preset, shop, rows, reviews)}


def _of_buyers(rng: np.random.Generator, shop: Frames, served: pd.DataFrame) -> pd.DataFrame:
    """Reviews of delivered lines; late parcels and returns lower the rating."""
    lines = shop["order_lines"]
    lines = lines.loc[~lines["is_gift_card"], ["line_id", "order_id", "product_id"]]
    rows = lines.merge(served[served["delivered"] != NEVER], on="order_id")
    rows = rows.sort_values("line_id").reset_index(drop=True)
    back = rows["line_id"].isin(shop["refund_lines"]["line_id"])
    mood = rng.standard_normal(int(served["person_id"].max()) + 1)
    rating = 4.6 + 0.6 * mood[rows["person_id"]] + 0.6 * rng.standard_normal(len(rows))
    rating -= 1.3 * rows["is_late"] + 1.8 * back
    waits = 3 * DAY + rng.exponential(8 * DAY, len(rows)).astype(np.int64)
    rows = rows.assign(rating=rating.round().clip(1, 5).astype("int64"), is_verified=True)
    rows["at"] = rows["delivered"] + waits
    chosen = pick(rng, np.ones(len(rows), bool), REVIEWED)
    columns = ["shop", "order_id", "line_id", "product_id", "person_id", "email", "name",
               "rating", "is_verified", "at"]  # fmt: skip
    return rows.loc[chosen, columns]


def _of_strangers(
    rng: np.random.Generator, preset: Preset, shop: Frames, part: float
) -> pd.DataFrame:
    """Reviews and questions of people who never bought, about products that were there."""
    n = max(10, round(part * len(shop["orders"])))
    goods = shop["products"]
    goods = goods[goods["shop"].isin(MAIL_HANDLES) & ~goods["is_gift_card"]].reset_index(drop=True)
    product = rng.integers(0, len(goods), n)
    since = np.maximum(micros_of(goods["created_at"]), micros(preset.start))[product]
    at = since + (rng.random(n) * (micros(preset.end) - since)).astype(np.int64)
    name = pd.Series(pick_words(rng, FIRST_NAMES, n) + " " + pick_words(rng, LAST_NAMES, n))
    number = np.arange(n).astype(str).astype(object)
    return pd.DataFrame(
        {
            "shop": goods["shop"].to_numpy(object)[product],
            "order_id": ABSENT,
            "line_id": ABSENT,
            "product_id": goods["product_id"].to_numpy()[product],
            "person_id": -1,
            "email": name.str.lower().str.replace(" ", ".") + ".r" + number + "@post.example",
            "name": name,
            "rating": rng.integers(1, 6, n),
            "is_verified": False,
            "at": at,
        }
    )


def _frame(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    n, rating = len(rows), rows["rating"].to_numpy()
    title, content = (
        np.select(
            [rating >= 4, rating == 3],
            [pick_words(rng, good, n), pick_words(rng, mixed, n)],
            pick_words(rng, bad, n),
        )
        for good, mixed, bad in (
            (PRAISE_TITLES, MIXED_TITLES, BLAME_TITLES),
            (PRAISE, MIXED, BLAME),
        )
    )
    at = rows["at"].to_numpy(np.int64)
    deleted = pick(rng, np.ones(n, bool), 0.02)
    return typed(
        "reviews",
        {
            "review_id": REVIEW_BASE + np.arange(n) * 3,
            "shop": rows["shop"],
            "order_id": rows["order_id"].to_numpy(np.int64),
            "line_id": rows["line_id"].to_numpy(np.int64),
            "product_id": rows["product_id"].to_numpy(np.int64),
            "person_id": rows["person_id"].to_numpy(np.int64),
            "email": rows["email"],
            "display_name": _shown(rows["name"]),
            "rating": rating,
            "title": title,
            "content": content,
            "is_verified": rows["is_verified"].astype(bool),
            "votes_up": rng.poisson(0.8, n),
            "votes_down": rng.poisson(0.2, n),
            "is_published": rng.random(n) < np.where(rating >= 3, 0.98, 0.85),
            "is_deleted": np.zeros(n, bool),
            "created_at": at,
            "updated_at": at,
            "deleted_at": np.where(deleted, at + between(rng, 5 * DAY, 100 * DAY, n), NEVER),
        },
    )


def _shown(name: pd.Series) -> pd.Series:
    """Given name and the first letter of the family name."""
    parts = name.str.split(" ", n=1)
    return parts.str[0] + " " + parts.str[1].str[0] + "."


def _questions(rng: np.random.Generator, preset: Preset, shop: Frames) -> pd.DataFrame:
    """Questions of strangers about products; three of four are answered."""
    asked = _of_strangers(rng, preset, shop, 0.02)
    answered = rng.random(len(asked)) < 0.75
    return asked.assign(
        kind="question",
        review_id=ABSENT,
        content=pick_words(rng, QUESTIONS, len(asked)),
        answer=np.where(answered, pick_words(rng, ANSWERS, len(asked)), ""),
    )


def _ugc(
    rng: np.random.Generator,
    preset: Preset,
    shop: Frames,
    rows: pd.DataFrame,
    reviews: pd.DataFrame,
) -> pd.DataFrame:
    """The table ugc: pictures hang on reviews, questions stand alone."""
    pictured = np.flatnonzero(pick(rng, np.ones(len(rows), bool), 0.14))
    kind = np.where(rng.random(len(pictured)) < 0.2, "video", "photo").astype(object)
    with_review = rows.iloc[pictured].assign(
        kind=kind, review_id=reviews["review_id"].to_numpy()[pictured], answer=""
    )
    with_review["at"] += MINUTE
    asked = _questions(rng, preset, shop)
    both = pd.concat([with_review, asked]).sort_values(["at", "product_id"])
    both = both[both["at"] < micros(preset.end)].reset_index(drop=True)
    ids: Ints = UGC_BASE + np.arange(len(both)) * 2
    address = "https://cdn.reviews.example/" + pd.Series(ids).astype(str)
    return typed(
        "ugc",
        {
            "ugc_id": ids,
            "shop": both["shop"],
            "kind": both["kind"],
            "review_id": both["review_id"].to_numpy(np.int64),
            "product_id": both["product_id"].to_numpy(np.int64),
            "person_id": both["person_id"].to_numpy(np.int64),
            "email": both["email"],
            "display_name": _shown(both["name"]),
            "content": both["content"].fillna(address),
            "answer": both["answer"],
            "created_at": both["at"].to_numpy(np.int64),
        },
    )
