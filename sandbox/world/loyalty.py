"""The loyalty programme: members, tiers by the spend of a year, and points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.drawing import (
    ABSENT,
    DAY,
    NEVER,
    SECOND,
    Ints,
    between,
    pick,
)
from sandbox.world.identifiers import tokens
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.served import MAIL_HANDLES, Frames, micros_of
from sandbox.world.timeline import micros

MEMBER_BASE, ENTRY_BASE = 300_000, 64_000_000
TIERS = ("bronze", "silver", "gold", "vip")
FROM_SPEND = (0, 15_000, 40_000, 80_000)
"""Cents in 365 days from which a member has each tier."""
YEAR = 365 * DAY
JOIN = 0.55
WELCOME, GOODWILL, REFERRAL, REWARD = 50, 25, 200, 100
"""Points: for joining, from an agent, for a friend who bought; taken for one reward."""


def members(rng: np.random.Generator, preset: Preset, shop: Frames) -> pd.DataFrame:
    """The table loyalty_members: many accounts join, most of them at once."""
    accounts = shop["customers"][shop["customers"]["shop"].isin(MAIL_HANDLES)]
    rows = accounts[pick(rng, np.ones(len(accounts), bool), JOIN)].reset_index(drop=True)
    n, opened = len(rows), micros_of(rows["created_at"])
    wait = np.where(rng.random(n) < 0.6, 30 * SECOND, between(rng, DAY, 120 * DAY, n))
    rows = rows.assign(joined=opened + wait)
    rows = rows[rows["joined"] < micros(preset.end)].sort_values(["joined", "customer_id"])
    n, joined = len(rows), rows["joined"].to_numpy()
    leaves = pick(rng, np.ones(n, bool), 0.04)
    return typed(
        "loyalty_members",
        {
            "member_id": MEMBER_BASE + np.arange(n),
            "shop": rows["shop"],
            "person_id": rows["person_id"].to_numpy(),
            "customer_id": rows["customer_id"].to_numpy(),
            "email": rows["email"],
            "enrolled_at": joined,
            "tier": np.full(n, TIERS[0], object),
            "points_balance": np.zeros(n, np.int64),
            "opted_out_at": np.where(leaves, joined + between(rng, 20 * DAY, 300 * DAY, n), NEVER),
            "referral_code": tokens(rng, 8, n),
            "updated_at": joined,
        },
    )


def orders_of(members: pd.DataFrame, served: pd.DataFrame) -> pd.DataFrame:
    """Orders with the number of the account's member; by member and time."""
    number = pd.Series(np.arange(len(members)), members["customer_id"].array)
    found = number.reindex(served["customer_id"]).fillna(ABSENT).to_numpy(np.int64)
    rows = served.assign(member=found)[found >= 0]
    return rows.sort_values(["member", "created", "order_id"]).reset_index(drop=True)


def tiers(preset: Preset, members: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """The table loyalty_tiers: the tier at enrolment, and every change until a member leaves."""
    n, joined, until = len(members), micros_of(members["enrolled_at"]), _until(preset, members)
    cancelled = orders["cancelled"].to_numpy()
    over = np.where(cancelled == NEVER, orders["created"] + YEAR, cancelled)
    steps = pd.DataFrame(
        {
            "member": np.r_[orders["member"], orders["member"], np.arange(n)],
            "at": np.r_[orders["created"], over, joined],
            "spend": np.r_[orders["total"], -orders["total"], np.zeros(n, np.int64)],
        }
    ).sort_values(["member", "at"], kind="stable")
    spend = steps.groupby("member")["spend"].cumsum().to_numpy()
    steps["tier"] = np.searchsorted(FROM_SPEND, spend, side="right") - 1
    member, at = steps["member"].to_numpy(), steps["at"].to_numpy()
    steps = steps[(at >= joined[member]) & (at < until[member])]
    changed = steps["tier"] != steps.groupby("member")["tier"].shift(1, fill_value=-1)
    rows = steps[changed].sort_values(["at", "member"])
    owner = members.iloc[rows["member"]]
    return typed(
        "loyalty_tiers",
        {
            "member_id": owner["member_id"],
            "shop": owner["shop"],
            "tier": np.array(TIERS, object)[rows["tier"]],
            "valid_from": rows["at"].to_numpy(),
        },
    )


def _until(preset: Preset, members: pd.DataFrame) -> Ints:
    """When each member leaves, at the latest the world's end."""
    left = micros_of(members["opted_out_at"])
    return np.where(left == NEVER, micros(preset.end), left)


def entries(
    rng: np.random.Generator,
    preset: Preset,
    members: pd.DataFrame,
    orders: pd.DataFrame,
    referrals: pd.DataFrame,
) -> pd.DataFrame:
    """The table loyalty_entries; no balance ever falls below zero."""
    joined, until = micros_of(members["enrolled_at"]), _until(preset, members)
    owner = orders["member"].to_numpy()
    while_member = (orders["created"] >= joined[owner]) & (orders["created"] < until[owner])
    earning = orders[while_member].reset_index(drop=True)
    rows = pd.concat(
        [
            _rows(np.arange(len(members)), "earn", "Joined", WELCOME, joined),
            *_of_orders(rng, earning),
            _goodwill(rng, joined, until),
            _of_friends(referrals, until),
        ]
    )
    rows = pd.concat([rows, _expired(rows, earning, until)])
    rows = rows[rows["at"] < until[rows["member"]]]
    rows = rows.sort_values(["at", "member"], kind="stable").reset_index(drop=True)
    owner = members.iloc[rows["member"]]
    return typed(
        "loyalty_entries",
        {
            "entry_id": ENTRY_BASE + np.arange(len(rows)),
            "shop": owner["shop"],
            "member_id": owner["member_id"],
            "kind": rows["kind"],
            "reason": rows["reason"],
            "points": rows["points"].to_numpy(np.int64),
            "order_id": rows["order_id"].to_numpy(np.int64),
            "happened_at": rows["at"].to_numpy(np.int64),
        },
    )


def _rows(
    member: Ints,
    kind: str,
    reason: str,
    points: Ints | int,
    at: Ints,
    order_id: Ints | int = ABSENT,
) -> pd.DataFrame:
    values = {"kind": kind, "reason": reason, "points": points, "at": at, "order_id": order_id}
    return pd.DataFrame({"member": member, **values}, index=range(len(member)))


def _of_orders(rng: np.random.Generator, orders: pd.DataFrame) -> list[pd.DataFrame]:
    """A point a unit of money, taken back with a cancellation; rewards from earlier points."""
    member, order_id = orders["member"].to_numpy(), orders["order_id"].to_numpy()
    points = orders["total"].to_numpy() // 100
    stays = (orders["cancelled"] == NEVER).to_numpy()
    sure = pd.Series(np.where(stays, points, 0)).groupby(member).cumsum().to_numpy() - np.where(
        stays, points, 0
    )
    keen = rng.choice([0.0, 0.5, 0.9], int(member.max(initial=0)) + 1)[member]
    taken = (sure * keen).astype(np.int64) // REWARD * REWARD
    taken -= pd.Series(taken).groupby(member).shift(1, fill_value=0).to_numpy()
    redeems, earns, gone = taken > 0, points > 0, ~stays & (points > 0)
    at = orders["created"].to_numpy()
    return [
        _rows(member[redeems], "redeem", "Reward", -taken[redeems], at[redeems], order_id[redeems]),
        _rows(member[earns], "earn", "Order", points[earns], at[earns] + SECOND, order_id[earns]),
        _rows(
            member[gone],
            "adjust",
            "Order cancelled",
            -points[gone],
            orders["cancelled"].to_numpy()[gone],
            order_id[gone],
        ),
    ]


def _goodwill(rng: np.random.Generator, joined: Ints, until: Ints) -> pd.DataFrame:
    """An agent's kind words to a few members, at any time of theirs."""
    member = np.flatnonzero(pick(rng, joined < until - DAY, 0.03))
    stay = (until - joined)[member]
    at = joined[member] + (rng.random(len(member)) * stay).astype(np.int64)
    return _rows(member, "adjust", "Goodwill", GOODWILL, at)


def _of_friends(referrals: pd.DataFrame, until: Ints) -> pd.DataFrame:
    bought = referrals[referrals["converted_at"].notna()]
    member = bought["member_id"].to_numpy() - MEMBER_BASE
    at = micros_of(bought["converted_at"]) + DAY
    still = at < until[member]
    return _rows(member[still], "earn", "Friend referred", REFERRAL, at[still])


def _expired(rows: pd.DataFrame, orders: pd.DataFrame, until: Ints) -> pd.DataFrame:
    """What is left a year after the last order expires."""
    last = orders.groupby("member")["created"].max()
    at = rows["member"].map(last) + YEAR
    before = rows[rows["at"] < at]
    left = before.groupby("member")["points"].sum()
    member = left.index.to_numpy()
    when = last.loc[member].to_numpy() + YEAR
    chosen = (left.to_numpy() > 0) & (when < until[member])
    points = -left.to_numpy()[chosen]
    return _rows(member[chosen], "expire", "A year without an order", points, when[chosen])
