"""What METRICS.md demands of the metrics: by which dimensions each is asked, in every form."""

from __future__ import annotations

import sys
from pathlib import Path

from orchestration.metrics.definitions import read_metrics
from tests.integration.metric_forms import ALL, FORMS, Forms, Verdict

DBT = Path(__file__).parents[2] / "dbt_project"

ADS = "store ad_platform channel campaign"
SESSIONS = "store country device channel campaign visitor_type"
SIGN_UPS = "store country device channel"
SPEND = "store channel ad_platform campaign"
ORDERS = "store country channel campaign customer_type rfm_segment archetype"
LINES = f"{ORDERS} product_category product"
CUSTOMERS = "store country channel"
MESSAGES = "store provider campaign"
BY_CATEGORY = f"{SESSIONS} product_category"
DEMANDED = {
    **dict.fromkeys(("ctr", "cpc", "cpm", "ad_spend", "ad_cvr", "platform_roas"), ADS),
    **dict.fromkeys(("cvr", "traffic", "new_visitors", "bounce_rate", "visitors"), SESSIONS),
    **dict.fromkeys(("page_depth", "product_view_depth"), SESSIONS),
    **dict.fromkeys(("session_duration", "engaged_time", "scroll_depth"), SESSIONS),
    **dict.fromkeys(("scroll_90_rate", "cart_abandonment_rate"), SESSIONS),
    **dict.fromkeys(("repeat_visit_7d_rate", "checkout_abandonment_rate"), SESSIONS),
    **dict.fromkeys(("add_to_cart_rate", "view_to_cart_ratio"), BY_CATEGORY),
    **dict.fromkeys(("wishlist_rate", "product_bounce_rate"), BY_CATEGORY),
    **dict.fromkeys(("email_signup_rate", "session_to_signup"), SIGN_UPS),
    **dict.fromkeys(("cac", "roas", "source_roi", "source_roi_margin", "mer"), SPEND),
    **dict.fromkeys(("clv_cac_ratio", "blended_cac", "paid_cac", "cost_per_signup"), SPEND),
    **dict.fromkeys(("repeat_purchase_rate", "days_between_purchases", "ltv"), CUSTOMERS),
    **dict.fromkeys(("active_customer_rate", "churn_rate", "ugc_rate"), CUSTOMERS),
    **dict.fromkeys(("engagement_decay_rate", "loyalty_participation"), CUSTOMERS),
    **dict.fromkeys(("email_open_rate", "email_ctr", "email_ctor"), MESSAGES),
    **dict.fromkeys(("winback_open_rate", "post_purchase_open_rate"), MESSAGES),
    "post_purchase_click_rate": MESSAGES,
    **dict.fromkeys(("engagement_score", "reorder_probability", "subscription_retention"), "store"),
    **dict.fromkeys(("replenishment_accuracy", "nps", "referral_conversion_rate"), "store"),
    **dict.fromkeys(("vip_revenue_share", "loyalty_redemption_rate"), "store"),
    **dict.fromkeys(("first_response_time", "csat"), "store"),
    "review_rate": "store product_category",
    **dict.fromkeys(
        ("social_engagement_rate", "social_engagement_rate_by_impressions"), "store platform"
    ),
    **dict.fromkeys(("gross_sales", "discounts", "returns", "net_sales", "gross_margin"), LINES),
    **dict.fromkeys(("contribution_margin", "refund_rate"), LINES),
    **dict.fromkeys(("orders", "total_sales", "aov", "aov_net", "units_per_order"), ORDERS),
    **dict.fromkeys(("returning_customers", "returning_customer_rate"), ORDERS),
    "recovered_revenue": ORDERS,
    "new_customers": f"{ORDERS} ad_platform",
    **dict.fromkeys(("gross_margin_coverage", "contribution_margin_coverage"), LINES),
    **dict.fromkeys(
        ("contribution_after_ads", "contribution_after_ads_rate"), "store channel campaign cohort"
    ),
    "payback_days": "cohort",
    "reorder_probability_modelled": "store",
    **dict.fromkeys(("ltv_30d", "ltv_90d", "ltv_365d", "predicted_ltv"), CUSTOMERS),
}
"""What METRICS.md's table of dimensions demands; its other rows are the same words."""


WITHOUT_VALUE = {
    "clv_cac_ratio": "no model has scored",
    "predicted_ltv": "no model has scored",
    "reorder_probability_modelled": "no model has scored",
    "payback_days": "a cost is unknown in every cohort",
    "referral_conversion_rate": "the programme tells no day of clicks before the first load",
    "scroll_depth": "the collectors tell one step, of 90 %",
}
"""What may have no value in the simulated shop."""


def hold_against_demands(forms: Forms) -> None:
    """Compares every metric in all that is demanded, and prints how much that was."""
    metrics = read_metrics(DBT)
    verdict = Verdict()
    for metric in metrics.values():
        forms.compare(metric, verdict)
    demanded = {
        (key, name, form)
        for key, words in DEMANDED.items()
        for name in (ALL, *words.split())
        for form in FORMS
    }
    cells = "".join(f"{form}: {count:,} cells\n" for form, count in verdict.cells.items())
    sys.stdout.write(
        f"{cells}comparisons made {len(verdict.made):,}, demanded {len(demanded):,},"
        f" largest difference {verdict.largest:g}\n"
    )
    assert verdict.differences == []
    assert verdict.made == demanded
    assert set(metrics) - verdict.valued <= set(WITHOUT_VALUE)
