"""The axes of behaviour, as facts: what each is measured by, and what its segments are called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

INSUFFICIENT_HISTORY = "insufficient_history"
"""Segment of a customer who lacks the history for an axis: takes part in the key, never imputed."""

NOT_MODELLED = "not_modelled"
"""Segment of a customer whose features cannot be used, or where the axis has no model."""

PURCHASES = "purchase_day_count"
RETURNS_KNOWN = "is_return_window_over"


class Transform(StrEnum):
    """How a feature is brought to a scale on which distances mean something."""

    LOG = "log"  # amounts and counts: log(1 + |x|), with the sign of x
    LOGIT = "logit"  # shares, drawn off 0 and 1 by half an observation
    AS_IS = "as_is"  # what is on a bounded scale, and a share of which nothing is the usual
    SPEED = "speed"  # waiting days as 1 / (1 + days): never is 0


@dataclass(frozen=True)
class Feature:
    """A column of the features and how an axis reads it.

    Attributes:
        column: Its name.
        transform: To a scale on which distances mean something.
        weight: Of its differences among the axis's; what names the axis has 1.
        absent: What a null means, where it means something: never returned is infinitely late.
    """

    column: str
    transform: Transform
    weight: float = 1.0
    absent: float | None = None


@dataclass(frozen=True)
class Axis:
    """One axis of behaviour.

    Attributes:
        name: Its name.
        features: What it is measured by; the first one orders the segments.
        segments: Names of the clusters, from low to high.
        minimum_purchases: Purchase days below which there is insufficient history.
        needs_returns: Whether all has to be delivered long enough ago to have come back.
        learned_from: Purchase days of those whom the clusters are learned from, where there are
            enough of them: what a few purchases say is blurred by chance, and kinds run together.
        single_purchase: Segment of who bought on one day alone: a rule, not a cluster.
        peak: Column whose highest centre takes the last name; the others go by `then`.
        then: Column that orders the rest.
    """

    name: str
    features: tuple[Feature, ...]
    segments: tuple[str, ...]
    minimum_purchases: int = 1
    needs_returns: bool = False
    learned_from: int = 1
    single_purchase: str | None = None
    peak: str | None = None
    then: str | None = None

    @property
    def all_segments(self) -> tuple[str, ...]:
        """Names of clusters and rules, from low to high."""
        rules = (self.single_purchase,) if self.single_purchase else ()
        return (*rules, *self.segments)


LOG, LOGIT, AS_IS, SPEED = Transform.LOG, Transform.LOGIT, Transform.AS_IS, Transform.SPEED

AXES = (
    Axis(
        "purchase_frequency",
        (
            Feature("purchase_days_per_year", LOG),
            Feature("purchase_day_count_90d", LOG, 0.5),
            Feature("purchase_day_count_365d", LOG, 0.5),
        ),
        ("occasional", "regular", "power_buyer"),
        single_purchase="one_time",
    ),
    Axis(
        "purchase_value",
        (
            Feature("average_order_value_amount", LOG),
            Feature("highest_order_value_amount", LOG, 0.5),
            Feature("net_revenue_amount", LOG, 0.25),
        ),
        ("budget", "mid", "high", "premium"),
        learned_from=12,
    ),
    Axis(
        "category_affinity",
        (
            Feature("category_count", LOG),
            Feature("category_entropy", AS_IS),
            Feature("top_category_share", LOGIT),
        ),
        ("single_category", "focused", "multi_category"),
        minimum_purchases=2,
    ),
    Axis(
        "price_sensitivity",
        (
            Feature("discounted_order_share", LOGIT),
            Feature("mean_discount_rate", LOGIT, 0.5, absent=0.0),
            Feature("full_price_share", LOGIT, 0.5),
        ),
        ("full_price", "deal_responsive", "discount_driven"),
        minimum_purchases=2,
    ),
    Axis(
        "purchase_cadence",
        (
            Feature("mean_gap_days", LOG, 0.5),
            Feature("gap_variation", LOG),
            Feature("month_concentration", LOGIT),
        ),
        ("steady", "irregular", "seasonal"),
        minimum_purchases=4,
        peak="month_concentration",
        then="gap_variation",
    ),
    Axis(
        "customer_maturity",
        (
            Feature("tenure_days", LOG),
            Feature("days_since_first_purchase", LOG, 0.5),
            Feature("days_since_last_purchase", LOG, 0.25),
            Feature("order_count", LOG, 0.5),
        ),
        ("new", "developing", "established", "veteran"),
    ),
    Axis(
        "repurchase_behavior",
        (
            Feature("repeat_line_share", AS_IS),
            Feature("repeat_gap_regularity", AS_IS, 0.1, absent=0.0),
        ),
        ("explorer", "mixed", "repurchaser"),
        minimum_purchases=3,
        learned_from=5,
    ),
    Axis(
        "return_behavior",
        (
            Feature("returned_unit_share", AS_IS),
            Feature("returned_value_share", AS_IS),
            Feature("mean_days_to_return", SPEED, 0.25, absent=float("inf")),
        ),
        ("keeper", "occasional_returner", "frequent_returner"),
        minimum_purchases=2,
        needs_returns=True,
        learned_from=8,
    ),
)

AXIS_NAMES = tuple(axis.name for axis in AXES)

FEATURE_COLUMNS = tuple(dict.fromkeys(f.column for axis in AXES for f in axis.features))
"""Columns of features, each once."""

COLUMNS = ("customer_key", "snapshot_date", PURCHASES, RETURNS_KNOWN, *FEATURE_COLUMNS)
"""Columns that a frame of customers has to have."""
