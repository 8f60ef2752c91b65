"""What the API of loyalty & referrals shows of the ledger: members, and each one's history."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sandbox.per_view import PerView
from sandbox.vendors.yotpo.reviews import moment
from sandbox.world.ledger import Ledger

Row = dict[str, Any]
TITLES = {"adjust": "Points adjusted", "expire": "Points expired"}


def members(view: Ledger, shop: str) -> list[Row]:
    """Every member's summary, the one changed last first."""
    return _summaries(view, view.loyalty_members[view.loyalty_members["shop"] == shop])


def details(
    view: Ledger, shop: str, who: str, *, rendered: PerView, has_history: bool, has_code: bool
) -> Row | None:
    """One member.

    Args:
        view: The ledger as of the clock.
        shop: The shop.
        who: The shop's id of the customer, or an address.
        rendered: What was rendered of the view already.
        has_history: With the points history.
        has_code: With the referral code and what came of it.
    """
    names = rendered.get(view, ("names", shop), lambda: _by_name(view, shop))
    if who.lower() not in names:
        return None
    number, code = names[who.lower()]
    known = rendered.get(view, ("summaries", shop), lambda: _by_number(members(view, shop)))
    found = dict(known[number])
    if has_history:
        histories = rendered.get(view, "histories", lambda: _histories(view))
        found["history_items"] = histories.get(number, [])
    if has_code:
        clicks = rendered.get(view, "clicks", lambda: _clicks(view))
        found["referral_code"] = _code(clicks.get(number, []), code)
    return found


def _summaries(view: Ledger, own: pd.DataFrame) -> list[Row]:
    entries = view.loyalty_entries[view.loyalty_entries["member_id"].isin(own["member_id"])]
    earned = entries[entries["points"] > 0].groupby("member_id")["points"].sum()
    tiers = view.loyalty_tiers.groupby("member_id")["valid_from"].max()
    ordered = own.assign(
        earned=own["member_id"].map(earned).fillna(0),
        tier_since=own["member_id"].map(tiers),
    ).sort_values(["updated_at", "member_id"], ascending=False)
    return [_summary(row) for row in ordered.to_dict("records")]


def _summary(row: Row) -> Row:
    return {
        "yotpo_customer_id": int(row["member_id"]),
        "third_party_id": str(int(row["customer_id"])),
        "thirty_party_id": str(int(row["customer_id"])),
        "pos_account_id": None,
        "has_store_account": True,
        "first_name": None,
        "last_name": None,
        "email": row["email"],
        "points_balance": int(row["points_balance"]),
        "points_earned": int(row["earned"]),
        "total_purchases": 0,
        "total_spend_cents": 0,
        "perks_redeemed": 0,
        "last_purchase_at": None,
        "last_seen_at": moment(row["updated_at"]),
        "opt_in": bool(pd.isna(row["opted_out_at"])),
        "opted_in_at": moment(row["enrolled_at"]),
        "points_expire_at": None,
        "vip_tier_name": str(row["tier"]).title(),
        "vip_tier_entry_date": moment(row["tier_since"]),
        "vip_tier_expiration": None,
    }


def _by_number(rows: list[Row]) -> dict[int, Row]:
    return {row["yotpo_customer_id"]: row for row in rows}


def _histories(view: Ledger) -> dict[int, list[Row]]:
    """Of each member, newest first; a redemption's status is its coupon."""
    ordered = view.loyalty_entries.sort_values(["happened_at", "entry_id"], ascending=False)
    found: dict[int, list[Row]] = {}
    for row in ordered.to_dict("records"):
        found.setdefault(int(row["member_id"]), []).append(_item(row))
    return found


def _item(row: Row) -> Row:
    title = TITLES.get(row["kind"]) or str(row["reason"]).replace("_", " ").capitalize()
    is_coupon = row["kind"] == "redeem"
    return {
        "created_at": moment(row["happened_at"]),
        "completed_at": moment(row["happened_at"]),
        "date": row["happened_at"].strftime("%Y-%m-%d"),
        "action": title,
        "action_name": row["reason"],
        "points": int(row["points"]),
        "status": f"COUPON-{row['entry_id']}" if is_coupon else "Approved",
        "order_ids": [] if pd.isna(row["order_id"]) else [str(int(row["order_id"]))],
    }


def _by_name(view: Ledger, shop: str) -> dict[str, tuple[int, str]]:
    """Number and referral code of a member, by the shop's id and by the address."""
    own = view.loyalty_members[view.loyalty_members["shop"] == shop]
    found: dict[str, tuple[int, str]] = {}
    for row in own.to_dict("records"):
        told = int(row["member_id"]), str(row["referral_code"])
        for name in (str(row["customer_id"]), str(row["email"]).lower()):
            found.setdefault(name, told)
    return found


def _clicks(view: Ledger) -> dict[int, list[Row]]:
    """The clicks on each member's code, those that bought in the order in which they did."""
    found: dict[int, list[Row]] = {}
    ordered = view.referral_clicks.sort_values(["converted_at", "referral_id"])
    for row in ordered.to_dict("records"):
        found.setdefault(int(row["member_id"]), []).append(row)
    return found


def _code(clicks: list[Row], code: str) -> Row:
    bought = [click for click in clicks if not pd.isna(click["converted_at"])]
    return {
        "code": code,
        "total_clicks": len(clicks),
        "unique_clicks": len(clicks),
        "shares": 0,
        "orders": len(bought),
        "amount_cents": 0,
        "expired": False,
        "expires_at": None,
        "completed_referral_customers": [
            {"email": click["friend_email"], "first_name": None, "last_name": None}
            for click in bought
        ],
    }
