"""Every metric from the shop's own books, by key."""

from __future__ import annotations

from collections.abc import Callable

from tests.oracle import (
    ad_metrics,
    advocacy_metrics,
    customer_metrics,
    message_metrics,
    sales_metrics,
    web_metrics,
)
from tests.oracle.books import Books
from tests.oracle.figures import Metric

FAMILIES = (
    *(ad_metrics, web_metrics, sales_metrics),
    *(customer_metrics, message_metrics, advocacy_metrics),
)
METRICS: dict[str, Callable[[Books], Metric]] = {
    metric.__name__: metric for family in FAMILIES for metric in family.METRICS
}

MODELS = "by the models' scores, of which the books know nothing"
WITHOUT_ORACLE = {
    "clv_cac_ratio": MODELS,
    "predicted_ltv": MODELS,
    "reorder_probability_modelled": MODELS,
    "reorder_probability": "of profiles observed on a day: the books do not know who looked when",
    "vip_revenue_share": "by tiers as they were observed: the books do not know who looked when",
    "engagement_score": "of persons who may be written to, also by accounts as they were observed;"
    " test_whole_shop scores them by hand",
    "referral_conversion_rate": "the referral programme tells no day of a click, so of no period",
    "contribution_margin_coverage": "by line, to which what is booked on the order is allotted;"
    " test_whole_shop compares it by order",
    "scroll_depth": "neither collector tells of less than 90 %",
}
"""Metrics that the books cannot tell, and why."""
