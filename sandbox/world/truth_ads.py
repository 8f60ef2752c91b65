"""The truth of advertising: what each platform knows of its campaigns' days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.channels import GOOGLE, META
from sandbox.world.drawing import divide_half_up
from sandbox.world.ledger import Ledger
from sandbox.world.truth_parts import euro_rates

META_CLICK_DAYS = 7
"""Meta's reports count conversions up to so many days after a click, unless asked otherwise."""


def ad_daily(view: Ledger) -> pd.DataFrame:
    """One row per account, campaign and local day of the account, as the platform knows it now.

    Conversions and value are purchases, as each platform's report has them by default: Meta those
    within 7 days of a click or 1 day of a view, Google those after a click (views apart), TikTok
    and Pinterest all they claim.

    EUR: what a platform tells of ads is converted ad by ad, what it tells of campaigns alone is
    converted by campaign; at the rate of the day.
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
    euros = _in_euros(view, rows)
    parts = [claimed, euros.groupby(keys, observed=True).sum()]
    days = delivered.join(parts, how="outer").fillna(0).astype("int64").reset_index()
    days["shop"] = days["account_id"].map(view.ad_accounts.set_index("account_id")["shop"])
    return days.astype({"platform": "str"}).rename(columns={"ad_date": "date"})


def _in_euros(view: Ledger, claims: pd.DataFrame) -> pd.DataFrame:
    """Spend and value of each row that a platform tells, in EUR x 10^4."""
    keys = ["platform", "account_id", "campaign_id", "campaign_name", "campaign_type", "ad_date"]
    told = view.ads[["ad_id", *keys[2:5], "has_ad_level"]]
    spent = view.ad_entries[["platform", "account_id", "ad_id", "ad_date", "spend"]].merge(told)
    earned = claims.merge(view.ads[["ad_id", "has_ad_level"]])
    rows = pd.concat([spent, earned[[*keys, "ad_id", "has_ad_level", "conversion_value"]]])
    rows["ad_id"] = rows["ad_id"].where(rows["has_ad_level"], -1)
    amounts = {"spend": "spend_eur_e4", "conversion_value": "conversion_value_eur_e4"}
    rows = rows.astype({"platform": "str"}).groupby([*keys, "ad_id"])[[*amounts]].sum()
    accounts = rows.index.get_level_values("account_id").to_series()
    currency = accounts.map(view.ad_accounts.set_index("account_id")["currency"])
    rate = euro_rates(view, currency, rows.index.get_level_values("ad_date"))
    return pd.DataFrame(
        {
            euros: divide_half_up(rows[amount].to_numpy(np.int64) * rate, 10**6)
            for amount, euros in amounts.items()
        },
        index=rows.index.droplevel("ad_id"),
    )


def _counted(claims: pd.DataFrame) -> pd.Series:
    too_late = (claims["platform"] == META) & (claims["delay_days"] >= META_CLICK_DAYS)
    apart = (claims["platform"] == GOOGLE) & claims["is_view"]
    return ~too_late & ~apart
