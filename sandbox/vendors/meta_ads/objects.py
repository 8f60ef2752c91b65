"""Campaigns, ad sets and ads, and the account itself."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sandbox.vendors.meta_ads.errors import bad_parameter
from sandbox.vendors.meta_ads.parameters import Params, filtered, words
from sandbox.world.ledger import Ledger

EDGES = {"campaigns": "campaign", "adsets": "adset", "ads": "ad"}
SHARED = ("id", "name", "account_id", "status", "effective_status", "configured_status",
          "created_time", "updated_time")  # fmt: skip
FIELDS = {
    "campaign": (*SHARED, "objective", "buying_type", "daily_budget",
                 "lifetime_budget", "start_time", "stop_time"),
    "adset": (*SHARED, "campaign_id", "optimization_goal", "billing_event", "daily_budget",
              "lifetime_budget", "start_time", "end_time", "attribution_spec"),
    "ad": (*SHARED, "campaign_id", "adset_id", "creative"),
}  # fmt: skip
ATTRIBUTION = [
    {"event_type": "CLICK_THROUGH", "window_days": 7},
    {"event_type": "VIEW_THROUGH", "window_days": 1},
]


def account_node(account: pd.Series, params: Params) -> dict[str, Any]:
    """The ad account."""
    full = {
        "id": f"act_{account['account_id']}",
        "account_id": account["account_id"],
        "name": account["name"],
        "currency": account["currency"],
        "timezone_name": account["timezone"],
        "account_status": 1,
        "created_time": _time(account["created_at"], account["timezone"]),
    }
    chosen = words(params, "fields") or ["account_id"]
    return {name: full[name] for name in full if name in chosen or name == "id"}


def listed(view: Ledger, account: pd.Series, edge: str, params: Params) -> list[dict[str, Any]]:
    """The objects of an edge, newest first, with the fields asked for.

    Args:
        view: The ledger as of the clock.
        account: Row of ad_accounts.
        edge: Key of ``EDGES``.
        params: Of the request.
    """
    kind = EDGES[edge]
    fields = words(params, "fields") or ["id"]
    for name in fields:
        if name not in FIELDS[kind]:
            raise bad_parameter(f"Tried accessing nonexisting field ({name}) on node type ({kind})")
    ads = view.ads[view.ads["account_id"] == account["account_id"]]
    rows = _objects(ads, kind)
    columns = {f"{kind}.{name}": name for name in ("id", "name", "effective_status")}
    rows = filtered(rows, params, {**columns, f"{kind}.updated_time": "updated"})
    if "updated_since" in params:
        rows = rows[rows["updated"] >= float(params["updated_since"])]
    statuses = words(params, "effective_status")
    if statuses:
        rows = rows[rows["effective_status"].isin(statuses)]
    records = rows.sort_values(["created_at", "id"], ascending=False).to_dict("records")
    return [_node(record, kind, fields, account["timezone"]) for record in records]


def _objects(ads: pd.DataFrame, kind: str) -> pd.DataFrame:
    rows = ads.sort_values("ad_id").groupby(f"{kind}_id", as_index=False).agg(
        name=(f"{kind}_name", "first"),
        campaign=("campaign_id", "first"),
        adset=("adset_id", "first"),
        objective=("objective", "first"),
        optimization_goal=("optimization_goal", "first"),
        daily_budget=("daily_budget", "first"),
        effective_status=("status", "first"),
        created_at=("created_at", "min"),
        started_at=("started_at", "min"),
        ended_at=("ended_at", "max"),
        updated_at=("updated_at", "max"),
    )  # fmt: skip
    ids = rows[f"{kind}_id"].astype(str)
    seconds = rows["updated_at"].dt.as_unit("s").astype("int64")
    return rows.assign(id=ids, updated=seconds)


def _node(row: dict[str, Any], kind: str, fields: list[str], timezone: str) -> dict[str, Any]:
    """One object; times in the account's zone, what is not set left out."""
    times = {name: _time(row[name], timezone) for name in
             ("created_at", "started_at", "ended_at", "updated_at")}  # fmt: skip
    full = {
        "id": row["id"],
        "name": row["name"],
        "status": row["effective_status"],
        "effective_status": row["effective_status"],
        "configured_status": row["effective_status"],
        "campaign_id": str(row["campaign"]),
        "adset_id": str(row["adset"]),
        "objective": row["objective"],
        "optimization_goal": row["optimization_goal"],
        "buying_type": "AUCTION",
        "billing_event": "IMPRESSIONS",
        "daily_budget": str(row["daily_budget"]) if kind == "adset" else None,
        "attribution_spec": ATTRIBUTION,
        "creative": {"id": str(int(row["id"]) + 700_000)},
        "created_time": times["created_at"],
        "updated_time": times["updated_at"],
        "start_time": times["started_at"],
        "stop_time": times["ended_at"],
        "end_time": times["ended_at"],
    }
    chosen = {name: full.get(name) for name in (*fields, "id") if name in FIELDS[kind]}
    return {name: value for name, value in chosen.items() if value is not None}


def _time(moment: pd.Timestamp, timezone: str) -> str | None:
    if pd.isna(moment):
        return None
    return moment.tz_convert(timezone).strftime("%Y-%m-%dT%H:%M:%S%z")
