"""The truth of advertising: what each platform knows of its campaigns' days."""

from __future__ import annotations

import pandas as pd

from sandbox.world.channels import GOOGLE, META
from sandbox.world.ledger import Ledger

META_CLICK_DAYS = 7
"""Meta's reports count conversions up to so many days after a click, unless asked otherwise."""


def ad_daily(view: Ledger) -> pd.DataFrame:
    """One row per account, campaign and local day of the account, as the platform knows it now.

    Conversions and value are purchases, as each platform's report has them by default: Meta those
    within 7 days of a click or 1 day of a view, Google those after a click (views apart), TikTok
    and Pinterest all they claim.
    """
    keys = ["platform", "account_id", "campaign_id", "campaign_name", "campaign_type", "ad_date"]
    campaigns = view.ads[["ad_id", *keys[2:5]]]
    measures = ["impressions", "clicks", "link_clicks", "spend"]
    delivered = view.ad_entries.merge(campaigns).groupby(keys, observed=True)[measures].sum()
    claims = view.ad_conversions[view.ad_conversions["action_type"] == "purchase"]
    counted = _counted(claims)
    rows = claims.assign(
        conversions=counted.astype("int64"),
        conversion_value=claims["value"].where(counted, 0),
        view_conversions=claims["is_view"].astype("int64"),
    ).merge(campaigns)
    claimed = rows.groupby(keys, observed=True)[
        ["conversions", "conversion_value", "view_conversions"]
    ].sum()
    days = delivered.join(claimed, how="outer").fillna(0).astype("int64").reset_index()
    return days.astype({"platform": "str"}).rename(columns={"ad_date": "date"})


def _counted(claims: pd.DataFrame) -> pd.Series:
    too_late = (claims["platform"] == META) & (claims["delay_days"] >= META_CLICK_DAYS)
    apart = (claims["platform"] == GOOGLE) & claims["is_view"]
    return ~too_late & ~apart
