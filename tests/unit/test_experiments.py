"""The statistics of experiments, against examples that are worked out elsewhere."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind

from ml.experiments import INPUT, Arm, analyse, compare_conversion, compare_revenue, split_p_value


def frame(*rows):
    return pd.DataFrame(rows, columns=list(INPUT))


def test_newcombes_interval_is_that_of_his_paper():
    """Newcombe 1998, table II, example (a): 56/70 against 48/80, method 10."""
    found = compare_conversion(Arm(70, 56, 0, 0), Arm(80, 48, 0, 0))
    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == (
        pytest.approx(0.0524, abs=5e-5),
        pytest.approx(0.3339, abs=5e-5),
    )


def test_revenue_is_compared_as_by_welch():
    rng = np.random.default_rng(7)
    one, other = rng.gamma(2, 20, 300), rng.gamma(2, 25, 200)
    found = compare_revenue(
        *(Arm(len(each), 0, each.sum(), (each**2).sum()) for each in (one, other))
    )
    expected = ttest_ind(one, other, equal_var=False)
    interval = expected.confidence_interval()
    assert found.p_value == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_a_split_is_held_against_its_plan():
    assert split_p_value({"a": 10_400, "b": 9_600}) < 0.01
    assert split_p_value({"a": 10_050, "b": 9_950}) > 0.4
    assert split_p_value({"a": 9_000, "b": 1_000}, {"a": 0.9, "b": 0.1}) == pytest.approx(1)
    assert split_p_value({"a": 90}) is None
    assert split_p_value({"a": 3, "b": 4}) is None


def test_variants_are_compared_with_the_control():
    found = analyse(
        frame(
            ("e", "big", 2000, 260, 9100.0, 200_000.0),
            ("e", "control", 2000, 200, 8000.0, 160_000.0),
        )
    ).set_index("variant")
    assert list(found["is_control"]) == [False, True]
    assert found.loc["big", "conversion_difference"] == pytest.approx(0.03)
    assert found.loc["big", "conversion_uplift"] == pytest.approx(0.3)
    assert found.loc["big", "is_conversion_significant"]
    assert found.loc["control", "no_comparison_reason"] == "is the control"
    assert not found["is_split_suspicious"].any()


def test_where_statistics_mean_nothing_there_is_a_reason_and_no_number():
    found = analyse(
        frame(
            ("alone", "a", 100, 5, 50.0, 900.0),
            ("few", "a", 1, 0, 0.0, 0.0),
            ("few", "b", 1, 1, 9.0, 81.0),
            ("nobody_bought", "a", 500, 0, 0.0, 0.0),
            ("nobody_bought", "b", 500, 0, 0.0, 0.0),
        )
    ).set_index(["experiment_key", "variant"])
    assert found.loc[("few", "b"), "no_comparison_reason"] == "too few visitors"
    assert found["conversion_p_value"].isna().all()
    assert found["net_p_value"].isna().all()
    assert found.loc[("nobody_bought", "b"), "conversion_difference"] == 0
    assert found.loc[("alone", "a"), "split_p_value"] is None or np.isnan(
        found.loc[("alone", "a"), "split_p_value"]
    )


def test_no_experiments_are_no_rows():
    assert analyse(frame()).empty
