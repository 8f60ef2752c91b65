"""What an experiment says: uplift with its interval, p-value, and whether the split is as planned.

Conversion is compared by Newcombe's interval and the z-test of two proportions, revenue a
visitor by Welch's interval and test, the split by a chi-square test of the visitors' numbers. Where
statistics mean nothing there is no number but a reason.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.stats import chisquare, t
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

ALPHA = 0.05
SPLIT_ALPHA = 0.01
"""Splits are looked at every day: a false alarm costs trust, so it has to be rare."""
FEWEST_EXPECTED = 5
"""Fewer visitors expected of a variant, or conversions over both, tell nothing."""
INPUT = (
    *("experiment_key", "variant", "visitor_count", "converted_visitor_count"),
    *("net_amount", "net_square_amount"),
)
"""Columns of a frame of variants: counts, sum and sum of squares of the revenue by visitor."""


@dataclass(frozen=True)
class Comparison:
    """A difference of a variant to the control.

    Attributes:
        difference: Variant less control.
        low: Lower end of its interval.
        high: Upper end.
        p_value: Of no difference, two-sided.
    """

    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None


@dataclass(frozen=True)
class Arm:
    """Visitors of one variant.

    Attributes:
        visitors: How many.
        converted: How many of them bought.
        revenue: Their revenue.
        squares: The sum of the squares of each visitor's revenue.
    """

    visitors: int
    converted: int
    revenue: float
    squares: float

    @property
    def mean(self) -> float:
        """Revenue a visitor."""
        return self.revenue / self.visitors

    @property
    def error(self) -> float:
        """Squared standard error of the mean."""
        spread = max(self.squares - self.visitors * self.mean**2, 0.0)
        return spread / (self.visitors - 1) / self.visitors


def analyse(
    variants: pd.DataFrame,
    *,
    alpha: float = ALPHA,
    shares: Mapping[str, Mapping[str, float]] | None = None,
) -> pd.DataFrame:
    """Compares the variants of each experiment with its control.

    The control is the variant called `control`, else the first by name.

    Args:
        variants: One row a variant, with the columns of `INPUT`.
        alpha: Intervals are of 1 - alpha.
        shares: Of an experiment the planned share of each variant; equal where it is not named.

    Returns:
        One row a variant: rates, differences with interval and p-value, the split's p-value.
    """
    rows = [
        row
        for key, group in variants.groupby("experiment_key", sort=True)
        for row in _experiment(str(key), group, alpha, (shares or {}).get(str(key)))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


COLUMNS = (
    *("experiment_key", "variant", "control_variant", "is_control", "no_comparison_reason"),
    *("visitor_count", "converted_visitor_count", "conversion_rate", "net_per_visitor"),
    *("conversion_difference", "conversion_low", "conversion_high", "conversion_p_value"),
    *("conversion_uplift", "net_difference", "net_low", "net_high", "net_p_value", "net_uplift"),
    *("is_conversion_significant", "is_net_significant"),
    *("split_p_value", "is_split_suspicious"),
)


def _experiment(
    key: str, group: pd.DataFrame, alpha: float, shares: Mapping[str, float] | None
) -> list[dict[str, object]]:
    arms = {
        str(row["variant"]): Arm(
            int(row["visitor_count"]),
            int(row["converted_visitor_count"]),
            float(row["net_amount"]),
            float(row["net_square_amount"]),
        )
        for row in group.sort_values("variant").to_dict("records")
    }
    control = "control" if "control" in arms else min(arms)
    split = split_p_value({name: arm.visitors for name, arm in arms.items()}, shares)
    facts = {
        "experiment_key": key,
        "control_variant": control,
        "split_p_value": split,
        "is_split_suspicious": None if split is None else split < SPLIT_ALPHA,
    }
    return [
        facts | _variant(name, arm, arms[control], name == control, alpha)
        for name, arm in arms.items()
    ]


def _variant(
    name: str, arm: Arm, control: Arm, is_control: bool, alpha: float
) -> dict[str, object]:
    reason = _why_not(arm, control, is_control)
    converted, money = Comparison(), Comparison()
    if not reason:
        converted = compare_conversion(arm, control, alpha)
        money = compare_revenue(arm, control, alpha)
    return {
        "variant": name,
        "is_control": is_control,
        "no_comparison_reason": reason or None,
        "visitor_count": arm.visitors,
        "converted_visitor_count": arm.converted,
        "conversion_rate": arm.converted / arm.visitors if arm.visitors else None,
        "net_per_visitor": arm.mean if arm.visitors else None,
        **{_named("conversion", part): value for part, value in asdict(converted).items()},
        "conversion_uplift": _relative(converted.difference, control.converted, control.visitors),
        **{_named("net", part): value for part, value in asdict(money).items()},
        "net_uplift": _relative(money.difference, control.revenue, control.visitors),
        "is_conversion_significant": _is_below(converted.p_value, alpha),
        "is_net_significant": _is_below(money.p_value, alpha),
    }


def _named(what: str, part: str) -> str:
    return f"{what}_{part}"


def _why_not(arm: Arm, control: Arm, is_control: bool) -> str:
    if is_control:
        return "is the control"
    if min(arm.visitors, control.visitors) < 2:
        return "too few visitors"
    return ""


def compare_conversion(arm: Arm, control: Arm, alpha: float = ALPHA) -> Comparison:
    """Difference of two conversion rates.

    Args:
        arm: The variant.
        control: The control.
        alpha: The interval is of 1 - alpha.

    Returns:
        The difference alone where too few converted, or did not, to say more.
    """
    counts = np.array([arm.converted, control.converted])
    visitors = np.array([arm.visitors, control.visitors])
    difference = float(counts[0] / visitors[0] - counts[1] / visitors[1])
    if min(counts.sum(), (visitors - counts).sum()) < FEWEST_EXPECTED:
        return Comparison(difference)
    low, high = confint_proportions_2indep(
        *(counts[0], visitors[0], counts[1], visitors[1]),
        compare="diff",
        method="newcomb",
        alpha=alpha,
    )
    _, p_value = proportions_ztest(counts, visitors)
    return Comparison(difference, float(low), float(high), float(p_value))


def compare_revenue(arm: Arm, control: Arm, alpha: float = ALPHA) -> Comparison:
    """Difference of the revenue a visitor, by Welch, from sums and sums of squares.

    Args:
        arm: The variant.
        control: The control.
        alpha: The interval is of 1 - alpha.

    Returns:
        The difference alone where nobody's revenue differs from another's.
    """
    difference = arm.mean - control.mean
    error = arm.error + control.error
    if error <= 0:
        return Comparison(difference)
    freedom = error**2 / (
        arm.error**2 / (arm.visitors - 1) + control.error**2 / (control.visitors - 1)
    )
    width = float(t.ppf(1 - alpha / 2, freedom)) * math.sqrt(error)
    p_value = 2 * float(t.sf(abs(difference) / math.sqrt(error), freedom))
    return Comparison(difference, difference - width, difference + width, p_value)


def split_p_value(
    visitors: Mapping[str, int], shares: Mapping[str, float] | None = None
) -> float | None:
    """How likely a split this uneven is, if it was made as planned.

    Args:
        visitors: Of each variant.
        shares: The planned share of each; equal where there is none.

    Returns:
        The p-value; None with one variant, or fewer visitors than tell anything.
    """
    planned = {name: (shares or {}).get(name, 1.0 if shares is None else 0.0) for name in visitors}
    total, weights = sum(visitors.values()), sum(planned.values())
    if len(visitors) < 2 or not weights:
        return None
    expected = [total * share / weights for share in planned.values()]
    if min(expected) < FEWEST_EXPECTED:
        return None
    return float(chisquare(list(visitors.values()), expected).pvalue)


def _relative(difference: float | None, amount: float, visitors: int) -> float | None:
    return difference / (amount / visitors) if difference is not None and amount > 0 else None


def _is_below(p_value: float | None, alpha: float) -> bool | None:
    return None if p_value is None else p_value < alpha
