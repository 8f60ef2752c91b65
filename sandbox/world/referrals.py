"""Friends of members: a click on a link is a visit, and some buy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.drawing import ABSENT, DAY, HOUR, NEVER, Ints, pick
from sandbox.world.ledger import typed
from sandbox.world.served import MAIL_HANDLES, Frames, micros_of
from sandbox.world.surveys import PROMOTER

REFERRAL_BASE = 5_500_000
FREE = ("Direct", "Organic Social", "Referral")
"""Channels of visits that may have come by a friend's link instead."""
CONVERTED, ONLY_CLICKED = 0.05, 0.02
"""Part of the first orders, and of the strangers' visits, behind which there is a friend."""
WITHIN = 30 * DAY
PROMOTER_WEIGHT = 5
TAGS = {"channel": "Referral", "source": "friend", "medium": "referral",
        "campaign": "refer-a-friend", "referrer": ""}  # fmt: skip


def frame(
    rng: np.random.Generator,
    shop: Frames,
    served: pd.DataFrame,
    members: pd.DataFrame,
    answers: pd.DataFrame,
) -> pd.DataFrame:
    """The table referral_clicks."""
    visits = shop["visits"]
    free = visits["shop"].isin(MAIL_HANDLES) & visits["channel"].isin(FREE)
    visits = visits[free].assign(at=micros_of(visits.loc[free, "started_at"]))
    rows = pd.concat([_bought(rng, visits, served), _only_came(rng, visits)])
    rows = rows.sort_values(["at", "visit_id"]).reset_index(drop=True)
    rows["member"] = _advocates(rng, rows, members, answers)
    friend = members["person_id"].to_numpy()[rows["member"].clip(0)] == rows["person_id"]
    rows = rows[(rows["member"] >= 0) & ~friend].reset_index(drop=True)
    return typed(
        "referral_clicks",
        {
            "referral_id": REFERRAL_BASE + np.arange(len(rows)),
            "shop": rows["shop"],
            "member_id": members["member_id"].to_numpy()[rows["member"]],
            "person_id": rows["person_id"].to_numpy(np.int64),
            "visit_id": rows["visit_id"].to_numpy(np.int64),
            "user_pseudo_id": rows["user_pseudo_id"],
            "clicked_at": rows["at"].to_numpy(np.int64),
            "friend_email": rows["email"],
            "order_id": rows["order_id"].to_numpy(np.int64),
            "converted_at": rows["converted"].to_numpy(np.int64),
        },
    )


def with_tags(visits: pd.DataFrame, clicks: pd.DataFrame) -> pd.DataFrame:
    """The visits, with the tags of the referral link where one was clicked."""
    clicked = visits["visit_id"].isin(clicks["visit_id"])
    columns = {
        name: visits[name].astype("str").mask(clicked, value).astype("category")
        for name, value in TAGS.items()
    }
    return visits.assign(**columns)


def _bought(rng: np.random.Generator, visits: pd.DataFrame, served: pd.DataFrame) -> pd.DataFrame:
    """Visits of the month before a person's first order, one a person."""
    first = served.drop_duplicates(["shop", "person_id"])
    first = first[first["visit_id"] != ABSENT]
    first = first[["shop", "person_id", "order_id", "email", "created"]]
    pairs = visits[visits["person_id"] > 0].merge(first, on=["shop", "person_id"])
    pairs = pairs[(pairs["at"] < pairs["created"]) & (pairs["at"] > pairs["created"] - WITHIN)]
    pairs = pairs.iloc[rng.permutation(len(pairs))].drop_duplicates("order_id")
    pairs = pairs[pick(rng, np.ones(len(pairs), bool), CONVERTED, at_least=8)]
    return pairs.assign(converted=pairs["created"])


def _only_came(rng: np.random.Generator, visits: pd.DataFrame) -> pd.DataFrame:
    strange = (visits["person_id"] == -1).to_numpy()
    rows = visits[pick(rng, strange, ONLY_CLICKED, at_least=12)]
    return rows.assign(order_id=ABSENT, email="", converted=NEVER)


def _advocates(
    rng: np.random.Generator, rows: pd.DataFrame, members: pd.DataFrame, answers: pd.DataFrame
) -> Ints:
    """A member who was there by then, five times as likely a promoter; -1 where there is none."""
    number = pd.Series(
        np.arange(len(members)), pd.MultiIndex.from_frame(members[["shop", "person_id"]])
    )
    fans = answers[answers["score"] >= PROMOTER].drop_duplicates(["shop", "person_id"])
    found = number.reindex(pd.MultiIndex.from_frame(fans[["shop", "person_id"]]))
    fans = fans.assign(member=found.to_numpy())[found.notna().to_numpy()]
    fans = fans.astype({"member": "int64"})
    joined = micros_of(members["enrolled_at"])
    others = rng.permutation(len(members))[: max(1, len(fans))]
    said = np.maximum(micros_of(fans["submitted_at"]), joined[fans["member"]])
    pool = pd.DataFrame(
        {
            "member": np.r_[np.repeat(fans["member"], PROMOTER_WEIGHT), others],
            "since": np.r_[np.repeat(said, PROMOTER_WEIGHT), joined[others]] + HOUR,
        }
    ).sort_values("since")
    shop, chosen = members["shop"].to_numpy(object), np.full(len(rows), -1)
    for handle in MAIL_HANDLES:
        own = pool[shop[pool["member"]] == handle]
        places = np.flatnonzero(rows["shop"] == handle)
        known = np.searchsorted(own["since"], rows["at"].to_numpy()[places], side="right")
        draw = (rng.random(len(places)) * known).astype(np.int64)
        member = own["member"].to_numpy()[draw.clip(0, len(own) - 1)]
        chosen[places] = np.where(known > 0, member, -1)
    return chosen
