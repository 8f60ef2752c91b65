"""What ad platforms share: whose account it is, its day, and what its ads did day by day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from sandbox.world.ledger import Ledger

MEASURES = ("impressions", "clicks", "reach", "spend")
Claims = Callable[[pd.DataFrame], "pd.Series[bool]"]


def account_of(view: Ledger, platform: str, number: str) -> pd.Series | None:
    """The row of ad_accounts, or ``None`` where the platform has no such account.

    Args:
        view: The ledger as of the clock.
        platform: Whose account it must be.
        number: Its id.
    """
    rows = view.ad_accounts
    found = rows[(rows["platform"] == platform) & (rows["account_id"] == number)]
    return None if found.empty else found.iloc[0]


def local_day(now: pd.Timestamp, timezone: str) -> pd.Timestamp:
    """Midnight, without a zone, of the day that it is in a zone."""
    return now.tz_convert(timezone).tz_localize(None).normalize()


def objects(view: Ledger, account_id: str, kind: str) -> pd.DataFrame:
    """One row per campaign, ad set or ad of an account, by id.

    Args:
        view: The ledger as of the clock.
        account_id: The account.
        kind: ``campaign``, ``adset`` or ``ad``.
    """
    ads = view.ads[view.ads["account_id"] == account_id]
    if kind != "campaign":
        ads = ads[ads["has_ad_level"]]
    ordered = ads.sort_values("ad_id").assign(
        status=lambda rows: rows["status"].astype(str),
        campaign_type=lambda rows: rows["campaign_type"].astype(str),
    )
    return ordered.groupby(f"{kind}_id", as_index=False).agg(
        name=(f"{kind}_name", "first"),
        campaign=("campaign_id", "first"),
        adset=("adset_id", "first"),
        campaign_type=("campaign_type", "first"),
        objective=("objective", "first"),
        optimization_goal=("optimization_goal", "first"),
        daily_budget=("daily_budget", "first"),
        # Whatever is above an ad runs as long as one of its ads does.
        status=("status", "min"),
        created_at=("created_at", "min"),
        started_at=("started_at", "min"),
        ended_at=("ended_at", "max"),
        updated_at=("updated_at", "max"),
    )  # fmt: skip


def by_day(
    view: Ledger,
    ads: pd.DataFrame,
    keys: Sequence[str],
    days: tuple[pd.Timestamp, pd.Timestamp],
    counted: Mapping[str, Claims],
) -> pd.DataFrame:
    """Sums by key and the account's day, as the platform knows them now.

    Args:
        view: The ledger as of the clock.
        ads: Rows of ads to tell of.
        keys: Columns of ads; with ``ad_date`` they are the grain.
        days: First and last day.
        counted: From name to the claims it counts; each gives a count and a ``<name>_value``.

    Returns:
        Rows by day, then key, where there is anything but nought.
    """
    grain = [*keys, "ad_date"]
    names = ads[["ad_id", *(key for key in keys if key != "ad_id")]]
    entries = view.ad_entries[["ad_id", "ad_date", *MEASURES]]
    entries = entries[entries["ad_date"].between(*days)]
    totals = entries.merge(names, on="ad_id").groupby(grain)[list(MEASURES)].sum()
    claims = view.ad_conversions[view.ad_conversions["ad_date"].between(*days)]
    claims = claims.drop(columns="account_id").merge(names, on="ad_id")
    for name, counts in counted.items():
        found = claims[counts(claims)].groupby(grain)["value"].agg(["size", "sum"])
        columns = {"size": name, "sum": f"{name}_value"}
        totals = totals.join(found.rename(columns=columns), how="outer")
    totals = totals.fillna(0).astype("int64")
    return totals[(totals != 0).any(axis=1)].reset_index().sort_values(["ad_date", *keys])


def purchases(claims: pd.DataFrame) -> pd.Series[bool]:
    """Claims of orders."""
    return claims["action_type"] == "purchase"
