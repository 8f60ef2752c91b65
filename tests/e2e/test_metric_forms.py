"""Every metric says the same as mart, tall table, function and semantic layer, in every cell."""

import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.metrics.definitions import read_metrics
from tests.integration.metric_forms import ALL, FORMS, Forms, Verdict

pytestmark = pytest.mark.e2e

DBT = Path(__file__).parents[2] / "dbt_project"
RANDOM_RANGES = 2

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


def test_four_forms_agree_in_every_cell(whole_shop):
    metrics = read_metrics(DBT)
    verdict = Verdict()
    manifest = whole_shop.folder / "dbt/target/semantic_manifest.json"
    with duckdb.connect(str(whole_shop.warehouse.path), read_only=True) as connection:
        forms = Forms(connection, "duckdb", manifest, RANDOM_RANGES)
        for metric in metrics.values():
            forms.compare(metric, verdict)
    for form, cells in verdict.cells.items():
        sys.stdout.write(f"{form}: {cells:,} cells\n")
    demanded = {
        (key, name, form)
        for key, words in DEMANDED.items()
        for name in (ALL, *words.split())
        for form in FORMS
    }
    sys.stdout.write(
        f"comparisons made {len(verdict.made):,}, demanded {len(demanded):,},"
        f" largest difference {verdict.largest:g}\n"
    )
    assert verdict.differences == []
    assert verdict.made == demanded
    assert set(metrics) - verdict.valued <= set(WITHOUT_VALUE)


def test_every_metric_has_the_dimensions_that_are_demanded():
    found = {key: set(metric.dimensions) for key, metric in read_metrics(DBT).items()}
    assert found == {key: set(words.split()) for key, words in DEMANDED.items()}


@pytest.mark.parametrize("key", ["visitors", "repeat_purchase_rate", "ltv"])
def test_what_is_distinct_or_a_state_is_not_the_sum_of_a_months_days(whole_shop, key):
    ((first, last),) = whole_shop.ask("""
        select min(date_day), max(date_day) from marts.dim_dates
        where month_start_date = (
            select max(month_start_date) from marts.dim_dates where is_complete
        ) and is_complete
    """)
    days = whole_shop.ask(f"""
        select value from reports.rpt_metrics_daily
        where metric_key = '{key}' and dimension = 'all'
            and metric_date between '{first}' and '{last}'
        order by metric_date
    """)
    ((month,),) = whole_shop.ask(f"select functions.calculate_{key}(date '{first}', date '{last}')")
    summed = sum(value for (value,) in days)
    assert 0 < month < summed
    if read_metrics(DBT)[key].kind == "state":
        assert month == days[-1][0]
