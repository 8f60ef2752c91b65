"""What the API of reviews shows of the ledger."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sandbox.world.ledger import Ledger

Row = dict[str, Any]
MEDIA = {"photo": "images", "video": "videos"}
HOST = "https://cdn-yotpo-images.example"


def reviews(view: Ledger, shop: str, *, with_deleted: bool) -> list[Row]:
    """Reviews of a shop, the ones changed first coming first.

    Args:
        view: The ledger as of the clock.
        shop: The shop.
        with_deleted: Also those that were deleted.
    """
    own = view.reviews[view.reviews["shop"] == shop]
    if not with_deleted:
        own = own[~own["is_deleted"]]
    media = _media(view, shop)
    last = view.ugc.groupby("review_id")["created_at"].max()
    changed = own["updated_at"].combine(own["review_id"].map(last), _later)
    ordered = own.assign(changed_at=changed).sort_values(["changed_at", "review_id"])
    return [_review(row, media.get(row["review_id"], {})) for row in ordered.to_dict("records")]


def questions(view: Ledger, shop: str) -> dict[str, list[Row]]:
    """Questions by the product that they are about, oldest first."""
    own = view.ugc[(view.ugc["shop"] == shop) & (view.ugc["kind"] == "question")]
    found: dict[str, list[Row]] = {}
    for row in own.sort_values(["created_at", "ugc_id"]).to_dict("records"):
        found.setdefault(str(row["product_id"]), []).append(_question(row))
    return found


def products(view: Ledger, shop: str) -> list[Row]:
    """Products that somebody wrote about, by id."""
    written = pd.concat([view.reviews, view.ugc])
    numbers = sorted(written.loc[written["shop"] == shop, "product_id"].unique())
    return [
        {"id": 5_000_000 + place, "external_product_id": str(number), "name": f"Product {number}"}
        for place, number in enumerate(numbers)
    ]


def _later(one: pd.Timestamp, other: pd.Timestamp) -> pd.Timestamp:
    return one if pd.isna(other) or one >= other else other


def _media(view: Ledger, shop: str) -> dict[int, dict[str, list[Row]]]:
    own = view.ugc[(view.ugc["shop"] == shop) & view.ugc["kind"].isin(list(MEDIA))]
    found: dict[int, dict[str, list[Row]]] = {}
    for row in own.sort_values("ugc_id").to_dict("records"):
        word = "image" if row["kind"] == "photo" else "video"
        address = f"{HOST}/{row['ugc_id']}"
        shown = {"id": int(row["ugc_id"]), word: address, "thumbnail": f"{address}/small"}
        found.setdefault(row["review_id"], {}).setdefault(MEDIA[row["kind"]], []).append(shown)
    return found


def _review(row: Row, media: dict[str, list[Row]]) -> Row:
    return {
        "id": int(row["review_id"]),
        "title": row["title"],
        "content": row["content"],
        "score": int(row["rating"]),
        "votes_up": int(row["votes_up"]),
        "votes_down": int(row["votes_down"]),
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["changed_at"]),
        "sentiment": (int(row["rating"]) - 3) / 2,
        "sku": str(row["product_id"]),
        "name": row["display_name"],
        "email": row["email"],
        "reviewer_type": "verified_buyer" if row["is_verified"] else "anonymous_user",
        "deleted": bool(row["is_deleted"]),
        "archived": not row["is_published"],
        "escalated": False,
        "is_incentivized": False,
        **media,
    }


def _question(row: Row) -> Row:
    answer = {"id": int(row["ugc_id"]) + 1, "content": row["answer"], "votes_up": 0}
    answer["created_at"] = moment(row["created_at"])
    return {
        "id": int(row["ugc_id"]),
        "content": row["content"],
        "user_type": "User",
        "created_at": moment(row["created_at"]),
        "asker": {"display_name": row["display_name"]},
        "sorted_public_answers": [answer] if row["answer"] else [],
    }


def moment(at: pd.Timestamp) -> str | None:
    """A time as both APIs write it."""
    return None if pd.isna(at) else at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
