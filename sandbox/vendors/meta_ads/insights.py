"""Insights: what the platform knows of an account's ads by day, as of the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sandbox.vendors.meta_ads.errors import bad_parameter
from sandbox.vendors.meta_ads.parameters import Days, Params, days, filtered, words
from sandbox.world.ledger import Ledger

LEVELS = {
    "account": (),
    "campaign": ("campaign_id", "campaign_name"),
    "adset": ("campaign_id", "campaign_name", "adset_id", "adset_name"),
    "ad": ("campaign_id", "campaign_name", "adset_id", "adset_name", "ad_id", "ad_name"),
}
MEASURES = ("impressions", "clicks", "link_clicks", "reach", "spend")
WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view")
RETIRED_WINDOWS = ("7d_view", "28d_view", "1d_ev", "default", "dda")
"""Accepted, but nothing comes back for them."""

TYPES = {
    "purchase": ("purchase", "omni_purchase", "offsite_conversion.fb_pixel_purchase"),
    "add_to_cart": ("add_to_cart", "omni_add_to_cart", "offsite_conversion.fb_pixel_add_to_cart"),
    "initiate_checkout": (
        "initiate_checkout",
        "omni_initiated_checkout",
        "offsite_conversion.fb_pixel_initiate_checkout",
    ),
    "view_content": (
        "view_content",
        "omni_view_content",
        "offsite_conversion.fb_pixel_view_content",
    ),
}
"""Meta's overlapping names of the same conversions."""

FIELDS = frozenset(
    [
        "account_id",
        "account_name",
        "account_currency",
        "campaign_id",
        "campaign_name",
        "adset_id",
        "adset_name",
        "ad_id",
        "ad_name",
        "objective",
        "optimization_goal",
        "attribution_setting",
        "buying_type",
        "date_start",
        "date_stop",
        "impressions",
        "clicks",
        "inline_link_clicks",
        "outbound_clicks",
        "reach",
        "frequency",
        "spend",
        "cpm",
        "cpc",
        "ctr",
        "actions",
        "action_values",
        "cost_per_action_type",
        "purchase_roas",
        "created_time",
        "updated_time",
    ]
)
EMPTY_FIELDS = frozenset(
    [
        "conversions",
        "conversion_values",
        "cost_per_conversion",
        "mobile_app_purchase_roas",
        "video_p25_watched_actions",
        "video_p50_watched_actions",
        "video_p75_watched_actions",
        "video_p95_watched_actions",
        "video_p100_watched_actions",
        "video_play_actions",
        "video_30_sec_watched_actions",
        "unique_actions",
    ]
)
"""Fields that Meta has, and leaves out of rows where there is nothing to tell."""

FILTERS = {
    "campaign.id": "campaign_id",
    "adset.id": "adset_id",
    "ad.id": "ad_id",
    "campaign.name": "campaign_name",
    "impressions": "impressions",
    "spend": "spend_units",
}
DEFAULT_FIELDS = ("account_id", "campaign_id", "date_start", "date_stop", "impressions", "spend")


@dataclass(frozen=True)
class Query:
    """What a request asks for.

    Attributes:
        account: The account's row of ad_accounts.
        level: Key of ``LEVELS``.
        days: Time range.
        daily: One row a day, else one for the whole range.
        fields: Fields of each row.
        windows: Attribution windows to show beside ``value``.
        params: All parameters, for filters.
    """

    account: pd.Series
    level: str
    days: Days
    daily: bool
    fields: tuple[str, ...]
    windows: tuple[str, ...]
    params: Params


def query(account: pd.Series, params: Params, today: pd.Timestamp) -> Query:
    """Read and check the parameters of an insights request."""
    level = params.get("level", "account")
    if level not in LEVELS:
        raise bad_parameter(f"Param level must be one of {{{', '.join(LEVELS)}}}")
    increment = params.get("time_increment", "all_days")
    if increment not in ("1", "all_days"):
        raise bad_parameter("Param time_increment must be 1 or all_days")
    if words(params, "breakdowns"):
        raise bad_parameter("breakdowns are not available for this account")
    fields = tuple(words(params, "fields")) or DEFAULT_FIELDS
    for name in fields:
        if name not in FIELDS | EMPTY_FIELDS:
            raise bad_parameter(f"{name} is not valid for fields param")
    windows = words(params, "action_attribution_windows")
    for name in windows:
        if name not in WINDOWS + RETIRED_WINDOWS:
            raise bad_parameter(f"Param action_attribution_windows: {name} is not a valid window")
    kept = tuple(name for name in windows if name in WINDOWS)
    return Query(account, level, days(params, today), increment == "1", fields, kept, params)


def rows(view: Ledger, asked: Query) -> list[dict[str, Any]]:
    """The rows of an insights answer, by day, then id; ads without impressions have none."""
    ads = view.ads[view.ads["account_id"] == asked.account["account_id"]]
    keys = [*LEVELS[asked.level], *(["ad_date"] if asked.daily else [])] or ["account_id"]
    delivered = _in_range(view.ad_entries, asked.days).merge(_dimensions(ads), on="ad_id")
    totals = delivered.groupby(keys, as_index=False)[list(MEASURES)].sum()
    facts = delivered.groupby(keys, as_index=False)[["objective", "optimization_goal"]].first()
    totals = totals.merge(facts, on=keys).assign(spend_units=lambda t: t["spend"] / 100)
    totals = filtered(totals[totals["impressions"] > 0], asked.params, _filters(totals))
    order = [*(["ad_date"] if asked.daily else []), *(k for k in keys if k.endswith("_id"))]
    claims = _claims(view, ads, keys, asked)
    return [
        _row(row, claims.get(tuple(row[key] for key in keys), []), asked)
        for row in totals.sort_values(order).to_dict("records")
    ]


def _dimensions(ads: pd.DataFrame) -> pd.DataFrame:
    """Ids as text, as Meta writes them."""
    ids = {column: ads[column].astype(str) for column in ("campaign_id", "adset_id")}
    names = ["ad_id", "campaign_name", "adset_name", "ad_name", "objective", "optimization_goal"]
    return ads[names].assign(**ids)


def _filters(totals: pd.DataFrame) -> dict[str, str]:
    return {name: column for name, column in FILTERS.items() if column in totals}


def _in_range(entries: pd.DataFrame, chosen: Days) -> pd.DataFrame:
    return entries[entries["ad_date"].between(chosen.since, chosen.until)]


def _claims(
    view: Ledger, ads: pd.DataFrame, keys: list[str], asked: Query
) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """Conversions of each row by type: counts and values by window."""
    claims = _in_range(view.ad_conversions, asked.days).merge(_dimensions(ads), on="ad_id")
    delay, seen = claims["delay_days"], claims["is_view"]
    inside = {
        "1d_click": ~seen & (delay < 1),
        "7d_click": ~seen & (delay < 7),
        "28d_click": ~seen & (delay < 28),
        "1d_view": seen & (delay < 1),
    }
    inside["value"] = inside["7d_click"] | inside["1d_view"]
    counts = {f"n_{name}": rows.astype("int64") for name, rows in inside.items()}
    values = {f"v_{name}": claims["value"].where(rows, 0) for name, rows in inside.items()}
    claims = claims.assign(action_type=claims["action_type"].astype(str), **counts, **values)
    sums = claims.groupby([*keys, "action_type"], as_index=False)[[*counts, *values]].sum()
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in sums.to_dict("records"):
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return found


def _row(row: dict[str, Any], claims: list[dict[str, Any]], asked: Query) -> dict[str, Any]:
    """One row of the answer: every number as text, what is not there left out."""
    full = {
        **_facts(row, asked),
        **_numbers(row),
        "actions": _actions(row, claims, asked.windows),
        "action_values": _action_values(claims, asked.windows),
        "cost_per_action_type": _costs(row, claims),
        "purchase_roas": _roas(row, claims),
    }
    chosen = {name: full.get(name) for name in (*asked.fields, "date_start", "date_stop")}
    return {name: value for name, value in chosen.items() if value not in (None, [])}


def _facts(row: dict[str, Any], asked: Query) -> dict[str, Any]:
    first = row["ad_date"] if asked.daily else asked.days.since
    last = row["ad_date"] if asked.daily else asked.days.until
    names = {name: str(row[name]) for name in LEVELS[asked.level]}
    return {
        **names,
        "account_id": asked.account["account_id"],
        "account_name": asked.account["name"],
        "account_currency": asked.account["currency"],
        "objective": row["objective"],
        "optimization_goal": row["optimization_goal"],
        "attribution_setting": "7d_click_1d_view",
        "buying_type": "AUCTION",
        "date_start": first.strftime("%Y-%m-%d"),
        "date_stop": last.strftime("%Y-%m-%d"),
        "created_time": last.strftime("%Y-%m-%d"),
        "updated_time": last.strftime("%Y-%m-%d"),
    }


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    impressions, clicks, spend = row["impressions"], row["clicks"], row["spend"] / 100
    link, reach = row["link_clicks"], max(row["reach"], 1)
    return {
        "impressions": str(impressions),
        "clicks": str(clicks),
        "inline_link_clicks": str(link) if link else None,
        "outbound_clicks": [{"action_type": "outbound_click", "value": str(link)}] if link else [],
        "reach": str(reach),
        "frequency": f"{impressions / reach:.6f}",
        "spend": f"{spend:.2f}",
        "cpm": f"{1000 * spend / impressions:.6f}",
        "cpc": f"{spend / clicks:.6f}" if clicks else None,
        "ctr": f"{100 * clicks / impressions:.6f}",
    }


def _stat(
    kind: str, claim: dict[str, Any], prefix: str, windows: tuple[str, ...]
) -> dict[str, str]:
    """One entry of ``actions`` or ``action_values``."""
    divide = 100 if prefix == "v_" else 1
    shown = {"value": claim[f"{prefix}value"]}
    shown |= {name: claim[f"{prefix}{name}"] for name in windows}
    texts = {
        name: f"{number / divide:.2f}" if prefix == "v_" else str(number)
        for name, number in shown.items()
        if number or name == "value"
    }
    return {"action_type": kind, **texts}


def _actions(
    row: dict[str, Any], claims: list[dict[str, Any]], windows: tuple[str, ...]
) -> list[dict[str, str]]:
    stats = [
        _stat(kind, claim, "n_", windows)
        for claim in claims
        for kind in TYPES[claim["action_type"]]
        if any(claim[f"n_{name}"] for name in ("value", *windows))
    ]
    if row["link_clicks"]:
        stats.append({"action_type": "link_click", "value": str(row["link_clicks"])})
    return stats


def _action_values(claims: list[dict[str, Any]], windows: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        _stat(kind, claim, "v_", windows)
        for claim in claims
        if claim["action_type"] == "purchase"
        for kind in TYPES["purchase"]
        if any(claim[f"v_{name}"] for name in ("value", *windows))
    ]


def _costs(row: dict[str, Any], claims: list[dict[str, Any]]) -> list[dict[str, str]]:
    spend = row["spend"] / 100
    return [
        {"action_type": kind, "value": f"{spend / claim['n_value']:.6f}"}
        for claim in claims
        if claim["n_value"]
        for kind in TYPES[claim["action_type"]]
    ]


def _roas(row: dict[str, Any], claims: list[dict[str, Any]]) -> list[dict[str, str]]:
    value = sum(claim["v_value"] for claim in claims if claim["action_type"] == "purchase")
    if not value or not row["spend"]:
        return []
    return [{"action_type": "omni_purchase", "value": f"{value / row['spend']:.6f}"}]
