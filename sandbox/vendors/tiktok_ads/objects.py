"""Advertisers, campaigns, ad groups and ads."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sandbox.vendors import ad_days
from sandbox.vendors.tiktok_ads.errors import bad_parameter
from sandbox.vendors.tiktok_ads.parameters import Params, decoded, words
from sandbox.world.ledger import Ledger

KINDS = {"campaign": "campaign", "adgroup": "adset", "ad": "ad"}
STATUSES = ("STATUS_ALL", "STATUS_NOT_DELETE", "STATUS_DELIVERY_OK", "STATUS_DISABLE")
SHARED = ("advertiser_id", "campaign_id", "campaign_name", "operation_status", "secondary_status",
          "create_time", "modify_time")  # fmt: skip
FIELDS = {
    "campaign": (*SHARED, "objective_type", "campaign_type", "budget", "budget_mode",
                 "is_new_structure"),
    "adgroup": (*SHARED, "adgroup_id", "adgroup_name", "optimization_goal", "billing_event",
                "budget", "budget_mode", "schedule_start_time", "schedule_end_time"),
    "ad": (*SHARED, "adgroup_id", "adgroup_name", "ad_id", "ad_name"),
}  # fmt: skip


def advertiser(account: pd.Series) -> dict[str, Any]:
    """An entry of advertiser/info."""
    offset = account["created_at"].tz_convert(account["timezone"]).utcoffset()
    hours = int(offset.total_seconds() // 3600)
    return {
        "advertiser_id": account["account_id"],
        "name": account["name"],
        "status": "STATUS_ENABLE",
        "currency": account["currency"],
        "country": account["timezone"].split("/")[-1][:2].upper(),
        # Signs of these zones are the other way round.
        "timezone": f"Etc/GMT{-hours:+d}",
        "display_timezone": account["timezone"],
        "create_time": int(account["created_at"].timestamp()),
        "balance": 0,
        "role": "ROLE_ADVERTISER",
    }


def listed(view: Ledger, account: pd.Series, kind: str, params: Params) -> list[dict[str, Any]]:
    """The entries of campaign/get, adgroup/get and ad/get, newest first.

    Args:
        view: The ledger as of the clock.
        account: Row of ad_accounts.
        kind: Key of ``KINDS``.
        params: Of the request.
    """
    chosen = words(params, "fields", FIELDS[kind]) or list(FIELDS[kind])
    status = decoded(params, "filtering", {}).get("primary_status", "STATUS_NOT_DELETE")
    if status not in STATUSES:
        raise bad_parameter(f"filtering.primary_status: Invalid value '{status}'.")
    rows = ad_days.objects(view, account["account_id"], KINDS[kind])
    if status in ("STATUS_DELIVERY_OK", "STATUS_DISABLE"):
        rows = rows[(rows["status"] == "ACTIVE") == (status == "STATUS_DELIVERY_OK")]
    names = view.ads.drop_duplicates("campaign_id").set_index("campaign_id")["campaign_name"]
    sets = view.ads.drop_duplicates("adset_id").set_index("adset_id")["adset_name"]
    rows = rows.assign(
        campaign_name=rows["campaign"].map(names), adset_name=rows["adset"].map(sets)
    )
    records = rows.sort_values(["created_at", f"{KINDS[kind]}_id"], ascending=False)
    entries = (_entry(row, account, kind) for row in records.to_dict("records"))
    return [{name: entry[name] for name in chosen} for entry in entries]


def _entry(row: dict[str, Any], account: pd.Series, kind: str) -> dict[str, Any]:
    runs = row["status"] == "ACTIVE"
    return {
        "advertiser_id": account["account_id"],
        "campaign_id": str(row["campaign"]),
        "campaign_name": row["campaign_name"],
        "adgroup_id": str(row["adset"]),
        "adgroup_name": row["adset_name"],
        "ad_id": str(row.get("ad_id", "")),
        "ad_name": row["name"],
        "objective_type": row["objective"],
        "campaign_type": "REGULAR_CAMPAIGN",
        "optimization_goal": row["optimization_goal"],
        "billing_event": "OCPM",
        "budget": row["daily_budget"] / 100,
        "budget_mode": "BUDGET_MODE_DAY",
        "is_new_structure": True,
        "operation_status": "ENABLE" if runs else "DISABLE",
        "secondary_status": f"{kind.upper()}_STATUS_{'ENABLE' if runs else 'DISABLE'}",
        "create_time": _time(row["created_at"]),
        "modify_time": _time(row["updated_at"]),
        "schedule_start_time": _time(row["started_at"]),
        "schedule_end_time": _time(row["ended_at"]),
    }


def _time(moment: pd.Timestamp) -> str | None:
    """UTC, and it does not say so."""
    return None if pd.isna(moment) else moment.strftime("%Y-%m-%d %H:%M:%S")
