"""The rows behind a query: objects of an account, with what they did where that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from sandbox.vendors.ad_days import by_day, local_day, objects, purchases
from sandbox.vendors.google_ads.gaql import Query
from sandbox.world.ledger import Ledger

DAY = "segments.date"
FIRST_DAY = pd.Timestamp("2000-01-01")
LEVELS = {
    "campaign": {"campaign_id": "campaign.id"},
    "ad_group": {"adset_id": "ad_group.id"},
    "ad_group_ad": {"ad_id": "ad_group_ad.ad.id"},
}
COUNTED = {
    "conversions": lambda claims: purchases(claims) & ~claims["is_view"],
    "views": lambda claims: purchases(claims) & claims["is_view"],
    "all": lambda claims: ~claims["is_view"],
}
GROUP_TYPES = {
    "SEARCH": "SEARCH_STANDARD",
    "SHOPPING": "SHOPPING_PRODUCT_ADS",
    "DISPLAY": "DISPLAY_STANDARD",
    "VIDEO": "VIDEO_TRUE_VIEW_IN_STREAM",
}
AD_TYPES = {
    "SEARCH": "RESPONSIVE_SEARCH_AD",
    "SHOPPING": "SHOPPING_PRODUCT_AD",
    "DISPLAY": "RESPONSIVE_DISPLAY_AD",
    "VIDEO": "VIDEO_TRUEVIEW_IN_STREAM_AD",
}
STATUSES = {"ACTIVE": "ENABLED"}
CLICK_WINDOW, VIEW_WINDOW = 90, 1
MICROS_A_CENT = 10_000


def frame_of(
    view: Ledger,
    account: pd.Series,
    now: pd.Timestamp,
    query: Query,
    in_range: Callable[[pd.DataFrame], pd.DataFrame],
) -> pd.DataFrame:
    """Every field of the query's resource, by its name.

    Args:
        view: The ledger as of the clock.
        account: Row of ad_accounts.
        now: The clock.
        query: What is asked.
        in_range: Keeps the days that are asked for.
    """
    frame = RESOURCES[query.resource](view, account).assign(**_customer(account))
    if not any(name.startswith(("metrics.", "segments.")) for name in query.fields):
        return frame
    days = in_range(_days(view, account, query, local_day(now, account["timezone"])))
    by_date = [DAY] if DAY in query.fields else []
    key = next(iter(LEVELS.get(query.resource, {}).values()), "customer.id")
    sums = [name for name in days.columns if name not in (key, DAY)]
    totals = days.groupby([key, *by_date], as_index=False)[sums].sum()
    # Without days every object has a row, also one that did nothing.
    found = frame.merge(totals, on=key, how="inner" if by_date else "left")
    return found.assign(**_metrics(found)).sort_values([*by_date, key], kind="stable")


def _days(view: Ledger, account: pd.Series, query: Query, today: pd.Timestamp) -> pd.DataFrame:
    """What the objects did, day by day."""
    ads = view.ads[view.ads["account_id"] == account["account_id"]]
    if query.resource in ("ad_group", "ad_group_ad"):
        ads = ads[ads["has_ad_level"]]
    keys = LEVELS.get(query.resource, {"account_id": "customer.id"})
    days = by_day(view, ads, list(keys), _span(query, today), COUNTED)
    days[DAY] = days["ad_date"].dt.strftime("%Y-%m-%d")
    days = days.drop(columns="ad_date").rename(columns=keys)
    return days.astype(dict.fromkeys(keys.values(), "int64"))


def _span(query: Query, today: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The days of BETWEEN, so that no others need be summed."""
    for condition in query.conditions:
        if (condition.field, condition.operator) == (DAY, "BETWEEN"):
            first, last = (pd.Timestamp(text) for text in condition.values)
            return first, min(last, today)
    return FIRST_DAY, today


def _metrics(rows: pd.DataFrame) -> dict[str, Any]:
    shown, clicks = (rows[name].where(rows[name] > 0) for name in ("impressions", "clicks"))
    return {
        "metrics.impressions": rows["impressions"],
        "metrics.clicks": rows["clicks"],
        "metrics.interactions": rows["clicks"],
        "metrics.cost_micros": rows["spend"] * MICROS_A_CENT,
        "metrics.view_through_conversions": rows["views"],
        "metrics.conversions": rows["conversions"],
        "metrics.conversions_value": rows["conversions_value"] / 100,
        "metrics.all_conversions": rows["all"],
        "metrics.all_conversions_value": rows["all_value"] / 100,
        "metrics.ctr": rows["clicks"] / shown,
        "metrics.average_cpc": rows["spend"] * MICROS_A_CENT / clicks,
    }


def _customer(account: pd.Series) -> dict[str, Any]:
    return {
        "customer.resource_name": f"customers/{account['account_id']}",
        "customer.id": int(account["account_id"]),
        "customer.descriptive_name": account["name"],
        "customer.currency_code": account["currency"],
        "customer.time_zone": account["timezone"],
        "customer.status": "ENABLED",
        "customer.auto_tagging_enabled": True,
        "customer.manager": False,
        "customer.test_account": False,
    }


def _customers(_: Ledger, account: pd.Series) -> pd.DataFrame:
    return pd.DataFrame([_customer(account)])


def _conversion_actions(_: Ledger, account: pd.Series) -> pd.DataFrame:
    """One that counts as a conversion, and one that does not."""
    rows = []
    for number, (name, category) in enumerate((("Purchase", "PURCHASE"), ("Cart", "ADD_TO_CART"))):
        own = int(account["account_id"]) * 1000 + number
        fields = {
            "resource_name": f"customers/{account['account_id']}/conversionActions/{own}",
            "id": own,
            "name": name,
            "status": "ENABLED",
            "type": "WEBPAGE",
            "category": category,
            "primary_for_goal": category == "PURCHASE",
            "click_through_lookback_window_days": CLICK_WINDOW,
            "view_through_lookback_window_days": VIEW_WINDOW,
        }
        rows.append({f"conversion_action.{field}": value for field, value in fields.items()})
    return pd.DataFrame(rows)


def _campaigns(view: Ledger, account: pd.Series) -> pd.DataFrame:
    rows = objects(view, account["account_id"], "campaign")
    zone = account["timezone"]
    return pd.DataFrame(
        {
            "campaign.resource_name": _named(account, "campaigns", rows["campaign"]),
            "campaign.id": rows["campaign"],
            "campaign.name": rows["name"],
            "campaign.status": rows["status"].replace(STATUSES),
            "campaign.serving_status": rows["ended_at"]
            .isna()
            .map({True: "SERVING", False: "ENDED"}),
            "campaign.advertising_channel_type": rows["campaign_type"],
            "campaign.bidding_strategy_type": "MAXIMIZE_CONVERSION_VALUE",
            "campaign.start_date_time": _local(rows["started_at"], zone),
            "campaign.end_date_time": _local(rows["ended_at"], zone),
        }
    )


def _ad_groups(view: Ledger, account: pd.Series) -> pd.DataFrame:
    rows = objects(view, account["account_id"], "adset")
    named = pd.DataFrame(
        {
            "ad_group.resource_name": _named(account, "adGroups", rows["adset"]),
            "ad_group.id": rows["adset"],
            "ad_group.name": rows["name"],
            "ad_group.status": rows["status"].replace(STATUSES),
            "ad_group.type": rows["campaign_type"].map(GROUP_TYPES),
            "ad_group.campaign": _named(account, "campaigns", rows["campaign"]),
            "campaign.id": rows["campaign"],
        }
    )
    return named.merge(_campaigns(view, account), on="campaign.id")


def _ads(view: Ledger, account: pd.Series) -> pd.DataFrame:
    rows = objects(view, account["account_id"], "ad")
    pairs = rows["adset"].astype(str) + "~" + rows["ad_id"].astype(str)
    named = pd.DataFrame(
        {
            "ad_group_ad.resource_name": _named(account, "adGroupAds", pairs),
            "ad_group_ad.status": rows["status"].replace(STATUSES),
            "ad_group_ad.ad_group": _named(account, "adGroups", rows["adset"]),
            "ad_group_ad.ad.resource_name": _named(account, "ads", rows["ad_id"]),
            "ad_group_ad.ad.id": rows["ad_id"],
            # Only image ads and a few others have a name.
            "ad_group_ad.ad.name": rows["name"].where(rows["campaign_type"] == "DISPLAY"),
            "ad_group_ad.ad.type": rows["campaign_type"].map(AD_TYPES),
            "ad_group.id": rows["adset"],
        }
    )
    return named.merge(_ad_groups(view, account), on="ad_group.id")


def _named(account: pd.Series, collection: str, ids: pd.Series) -> pd.Series:
    return f"customers/{account['account_id']}/{collection}/" + ids.astype(str)


def _local(times: pd.Series, zone: str) -> pd.Series:
    return times.dt.tz_convert(zone).dt.strftime("%Y-%m-%d %H:%M:%S")


RESOURCES: dict[str, Callable[[Ledger, pd.Series], pd.DataFrame]] = {
    "customer": _customers,
    "conversion_action": _conversion_actions,
    "campaign": _campaigns,
    "ad_group": _ad_groups,
    "ad_group_ad": _ads,
}
