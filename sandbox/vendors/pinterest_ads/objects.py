"""The account, its campaigns, ad groups and ads."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sandbox.vendors import ad_days
from sandbox.world.ledger import Ledger

KINDS = {"campaigns": "campaign", "ad_groups": "adset", "ads": "ad"}
STATUSES = ("ACTIVE", "PAUSED", "ARCHIVED", "DRAFT", "DELETED_DRAFT")
DEFAULT_STATUSES = ("ACTIVE", "PAUSED")
# What is over for a month gets archived.
ARCHIVED_AFTER = pd.Timedelta(days=30)
MICROS_A_CENT = 10_000


def account_node(account: pd.Series) -> dict[str, Any]:
    """The ad account."""
    seconds = _seconds(account["created_at"])
    return {
        "id": account["account_id"],
        "name": account["name"],
        "owner": {"id": "383791336903426391", "username": "basketline"},
        "country": "US",
        "currency": account["currency"],
        "permissions": ["ANALYST"],
        "created_time": seconds,
        "updated_time": seconds,
    }


def listed(
    view: Ledger, account: pd.Series, kind: str, statuses: list[str], now: pd.Timestamp
) -> list[dict[str, Any]]:
    """The items of a list, the newest ids first.

    Args:
        view: The ledger as of the clock.
        account: Row of ad_accounts.
        kind: Key of ``KINDS``.
        statuses: Only these; empty: active and paused ones.
        now: The clock.
    """
    rows = ad_days.objects(view, account["account_id"], KINDS[kind])
    status = rows["status"].where(rows["status"] == "ACTIVE", "PAUSED")
    is_old = (now - rows["ended_at"] > ARCHIVED_AFTER).fillna(False)
    rows = rows.assign(status=status.mask(is_old, "ARCHIVED"))
    rows = rows[rows["status"].isin(statuses or DEFAULT_STATUSES)]
    records = rows.sort_values(f"{KINDS[kind]}_id", ascending=False).to_dict("records")
    make = {"campaigns": _campaign, "ad_groups": _ad_group, "ads": _ad}[kind]
    return [_shared(row, account) | make(row) for row in records]


def _shared(row: dict[str, Any], account: pd.Series) -> dict[str, Any]:
    return {
        "ad_account_id": account["account_id"],
        "name": row["name"],
        "status": row["status"],
        "created_time": _seconds(row["created_at"]),
        "updated_time": _seconds(row["updated_at"]),
    }


def _campaign(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(row["campaign"]),
        "type": "campaign",
        "summary_status": _summary(row["status"]),
        "objective_type": row["objective"],
        "daily_spend_cap": row["daily_budget"] * MICROS_A_CENT,
        "lifetime_spend_cap": None,
        "is_campaign_budget_optimization": False,
        **_schedule(row),
    }


def _ad_group(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(row["adset"]),
        "type": "adgroup",
        "campaign_id": str(row["campaign"]),
        "summary_status": _summary(row["status"]),
        "budget_in_micro_currency": row["daily_budget"] * MICROS_A_CENT,
        "budget_type": "DAILY",
        "billable_event": "CLICKTHROUGH",
        **_schedule(row),
    }


def _ad(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(row["ad_id"]),
        "type": "pinpromotion",
        "campaign_id": str(row["campaign"]),
        "ad_group_id": str(row["adset"]),
        "pin_id": str(row["ad_id"] + 394_205_000_000_000_000),
        "creative_type": "VIDEO" if row["name"].endswith("video") else "REGULAR",
        "summary_status": "APPROVED" if row["status"] == "ACTIVE" else row["status"],
        "review_status": "APPROVED",
    }


def _summary(status: str) -> str:
    return "RUNNING" if status == "ACTIVE" else status


def _schedule(row: dict[str, Any]) -> dict[str, Any]:
    return {"start_time": _seconds(row["started_at"]), "end_time": _seconds(row["ended_at"])}


def _seconds(moment: pd.Timestamp) -> int | None:
    return None if pd.isna(moment) else int(moment.timestamp())
