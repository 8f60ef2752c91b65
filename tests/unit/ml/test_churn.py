"""The churn model over frames: what it learns from, what it says, and when it says nothing."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from ml.churn import features as read
from ml.churn.baselines import baseline_aucs
from ml.churn.calibration import Calibration, calibrate
from ml.churn.evaluate import calibration_curve, calibration_error, metrics
from ml.churn.linear import Regression, regress
from ml.churn.model import ChurnModel
from ml.churn.reasons import WORDS, actions
from ml.churn.rhythm import COLUMNS as COLUMNS_READ
from ml.churn.rhythm import HISTORY, find_rhythm
from ml.churn.scoring import COLUMNS, LEVELS, score, summarise
from ml.churn.settings import ChurnSettings
from ml.churn.training import INSUFFICIENT_HISTORY, MODEL_BELOW_BASELINE, fit
from ml.churn.trees import SMALL, BoostedTrees, grow, plain
from ml.lifetime_value.purchases import ModifiedBetaGeoNBD
from tests.unit.ml.churn_shop import AS_OF, snapshots
from tests.unit.ml.purchase_process import simulated

SETTINGS = ChurnSettings(bootstraps=5, splits=2)


@pytest.fixture(scope="module")
def fitted(features, bought):
    return fit(features, bought, AS_OF, SETTINGS)


@pytest.fixture(scope="module")
def model(fitted):
    """Whether it may speak or not is asked elsewhere: here it shall."""
    return fitted.model


def today(features):
    return features[features["snapshot_date"] == pd.Timestamp(AS_OF)]


def labelled(*days, horizon=90):
    rows = pd.DataFrame(
        {"customer_key": ["ann", "bob"], "snapshot_date": [dt.date(2026, 1, 1)] * 2}
    )
    bought = pd.DataFrame({"customer_key": ["ann"] * len(days), "purchase_date": list(days)})
    return read.has_churned(rows, bought, horizon).tolist()


def test_a_purchase_of_the_day_itself_is_none_of_the_time_after_it():
    assert labelled(dt.date(2026, 1, 1)) == [1, 1]
    assert labelled(dt.date(2026, 1, 2)) == [0, 1]
    assert labelled(dt.date(2025, 12, 31), dt.date(2026, 4, 1)) == [0, 1]
    assert labelled(dt.date(2026, 4, 2)) == [1, 1]
    assert labelled(dt.date(2026, 2, 1), horizon=30) == [1, 1]


def test_a_cutoff_has_labels_when_its_horizon_has_passed():
    rows = pd.DataFrame({"snapshot_date": ["2026-03-31", "2026-04-01", "2026-01-31"]})
    dates = read.labelled_dates(rows, dt.date(2026, 6, 29), 90)
    assert dates == [pd.Timestamp("2026-01-31"), pd.Timestamp("2026-03-31")]


def test_splits_lie_a_horizon_apart_and_have_something_to_learn_from():
    dates = list(pd.date_range("2025-10-31", "2026-05-31", freq="ME"))
    assert read.split_dates(dates, 90, 3) == [
        pd.Timestamp("2026-05-31"),
        pd.Timestamp("2026-02-28"),
    ]
    assert read.split_dates(dates[:2], 90, 3) == []


def test_who_bought_a_year_ago_is_past_losing():
    rows = pd.DataFrame({"days_since_last_purchase": [0, 364, 365]})
    assert read.eligible(rows, 365).tolist() == [True, True, False]


def test_what_the_mart_leaves_open_or_is_infinite_is_missing(features):
    rows = features.head(2).assign(mean_gap_days=[0.0, 10.0], net_revenue_amount=[np.inf, None])
    values = dict(zip(read.FEATURES, read.matrix(rows).T, strict=True))
    assert np.isnan(values["net_revenue_amount"]).all()
    assert np.isnan(values["overdue_ratio"][0])
    assert values["overdue_ratio"][1] == rows["days_since_last_purchase"].iloc[1] / 10
    with pytest.raises(ValueError, match="lack tenure_days"):
        read.matrix(rows.drop(columns="tenure_days"))


def tree_data(n=600, seed=3):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 4))
    x[rng.random(n) < 0.2, 1] = np.nan
    x[:, 3] = np.nan
    known = np.where(np.isnan(x[:, 1]), 1.5, x[:, 1])
    y = (x[:, 0] + known + 0.5 * rng.standard_normal(n) > 0).astype(float)
    return x, y


def test_plain_trees_answer_as_those_they_were_made_of():
    from sklearn.ensemble import HistGradientBoostingClassifier

    x, y = tree_data()
    x, other = x[:, :3], tree_data(seed=4)[0][:, :3]
    theirs = HistGradientBoostingClassifier(max_iter=30, learning_rate=0.2).fit(x, y)
    asked = np.vstack([x, other])
    np.testing.assert_array_equal(
        plain(theirs, 0.2).log_odds(asked), theirs.decision_function(asked)
    )


def test_trees_are_the_same_after_they_were_stored():
    x, y = tree_data()
    trees = grow(x, y, SMALL, seed=1)
    again = BoostedTrees.from_dict(json.loads(json.dumps(trees.to_dict(), allow_nan=False)))
    np.testing.assert_array_equal(again.log_odds(x), trees.log_odds(x))


def test_contributions_add_up_to_the_log_odds():
    x, y = tree_data()
    trees = grow(x, y, SMALL, seed=1)
    told = trees.baseline + trees.contributions(x).sum(axis=1)
    np.testing.assert_allclose(told, trees.log_odds(x))
    assert (trees.contributions(x)[:, 3] == 0).all()


def test_a_regression_is_that_of_scikit_learn_and_adds_up():
    """On columns without gaps; with them, each part of a row's log odds is told."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    x, y = tree_data()
    whole = np.sign(x[:, [0, 2]]) * np.log1p(np.abs(x[:, [0, 2]]))
    scaled = StandardScaler().fit_transform(whole)
    theirs = LogisticRegression(max_iter=500).fit(scaled, y).decision_function(scaled)
    np.testing.assert_allclose(regress(x[:, [0, 2]], y, 1.0).log_odds(x[:, [0, 2]]), theirs)

    ours = regress(x, y, 1.0)
    again = Regression.from_dict(json.loads(json.dumps(ours.to_dict(), allow_nan=False)))
    np.testing.assert_array_equal(again.log_odds(x), ours.log_odds(x))
    parts = ours.contributions(x)
    assert (parts[:, 3] == 0).all()
    assert parts[:, :2].mean() == pytest.approx(0, abs=1e-9)


def test_the_rhythm_is_that_of_the_purchase_model_where_there_is_a_history():
    population = {"r": 1.1, "alpha": 60.0, "a": 0.9, "b": 4.0}
    rows = simulated(np.random.default_rng(8), 5_000, **population, longest=700)
    x = np.full((len(rows) + 3, len(read.FEATURES)), np.nan)
    x[:-3, HISTORY] = np.column_stack(
        [rows["frequency"] + 1, rows["age"], rows["age"] - rows["recency"]]
    )
    x[-3:, HISTORY] = [[np.nan, 9, 9], [2, 9, 9], [1, 9, 12]]  # unknown, and two that cannot be
    rhythm = find_rhythm(x)
    found = rhythm.beside(x, 90)
    assert np.isnan(found[-3:, -1]).all()
    theirs = ModifiedBetaGeoNBD().fit(rows)
    assert rhythm.parameters == pytest.approx(theirs.parameters, rel=1e-6)
    told = 1 / (1 + np.exp(-found[:-3, -1]))
    assert told == pytest.approx(theirs.no_purchase_probability(rows, 90), abs=2e-6)
    near, far = found[:-3, -1], rhythm.beside(x, 180)[:-3, -1]
    is_open = near < near.max()  # who is gone for sure is as sure at any horizon
    assert (near[is_open] > far[is_open]).all()
    assert (near >= far).all()
    once = np.full_like(x, np.nan)
    once[:, HISTORY] = [1, 30, 30]
    assert find_rhythm(once).parameters is None
    assert np.isnan(find_rhythm(once).alive_probability(once)).all()


def test_calibration_undoes_a_stretch_and_a_shift():
    rng = np.random.default_rng(5)
    true = rng.normal(0, 1.5, 200_000)
    labels = (rng.random(len(true)) < 1 / (1 + np.exp(-true))).astype(float)
    found = calibrate(2 * true - 1, labels)
    assert found.slope == pytest.approx(0.5, abs=0.02)
    assert found.shift == pytest.approx(0.5, abs=0.02)
    assert calibrate(true, np.ones(len(true))) == Calibration()


def test_metrics_of_a_case_done_by_hand():
    labels = np.array([0, 1] * 5 + [1, 0] * 5, float)
    told = np.array([0.2] * 10 + [0.9] * 10)
    found = metrics(labels, told)
    assert (found.customers, found.churn_rate, found.roc_auc) == (20, 0.5, 0.5)
    assert found.brier == pytest.approx((0.04 * 5 + 0.64 * 5 + 0.01 * 5 + 0.81 * 5) / 20)
    assert found.calibration_error == pytest.approx(0.35)
    # Of those who are told the same, the first two: a churner and one who came back.
    assert found.top_decile_lift == 1
    assert calibration_curve(labels, told)["customers"].tolist() == [2] * 10


def test_probabilities_that_come_true_have_no_error():
    rng = np.random.default_rng(6)
    told = rng.random(100_000)
    assert calibration_error((rng.random(len(told)) < told).astype(float), told) < 0.01


def test_an_unknown_probability_of_being_alive_is_a_middling_one():
    x = np.zeros((4, len(read.FEATURES)))
    x[:, 0] = [1, 2, 3, 4]
    labels = np.array([0, 0, 1, 1.0])
    aucs = baseline_aucs((x, labels), (x, labels), np.array([0.9, np.nan, 0.5, 0.1]))
    assert set(aucs) == {"recency", "logistic_regression", "alive_probability"}
    assert aucs["recency"] == 1
    assert aucs["alive_probability"] == pytest.approx(0.875)


def test_it_learns_and_says_how_well(fitted):
    evaluation = fitted.evaluation
    assert evaluation.cutoff == dt.date(2026, 3, 31)
    assert evaluation.model.roc_auc > 0.7
    assert list(evaluation.earlier_aucs) == ["2025-12-31"]
    card = json.loads(json.dumps(fitted.card(), allow_nan=False))
    assert card["roc_auc"] == evaluation.model.roc_auc
    assert card["training_rows"] == fitted.training_rows


def test_the_same_rows_in_any_order_give_the_same_model(features, bought, fitted):
    again = fit(features.sample(frac=1, random_state=2), bought.sample(frac=1), AS_OF, SETTINGS)
    assert again.card() == fitted.card()
    assert again.model.to_dict() == fitted.model.to_dict()


def test_what_comes_later_changes_nothing(features, bought, fitted):
    """Purchases after as_of, and snapshots whose horizon has not passed."""
    later = pd.DataFrame({"customer_key": ["c0001"], "purchase_date": [dt.date(2026, 7, 1)]})
    known = features[features["snapshot_date"] <= pd.Timestamp("2026-03-31")]
    again = fit(known, pd.concat([bought, later]), AS_OF, SETTINGS)
    assert again.model.to_dict() == fitted.model.to_dict()


def test_a_stored_model_says_the_same(model, features):
    again = ChurnModel.from_dict(json.loads(json.dumps(model.to_dict(), allow_nan=False)))
    rows = today(features)
    pd.testing.assert_frame_equal(score(again, rows, None), score(model, rows, None))
    other = model.to_dict() | {"columns": ["days_since_last_purchase"]}
    with pytest.raises(ValueError, match="fit it anew"):
        ChurnModel.from_dict(other)


def test_every_customer_has_a_score_or_a_reason(model, features):
    scores = score(model, today(features), None)
    assert tuple(scores) == COLUMNS
    assert scores["customer_key"].is_monotonic_increasing
    assert (scores["churn_probability"].isna() == scores["no_score_reason"].notna()).all()
    assert set(scores["no_score_reason"].dropna()) == {"last_purchase_too_long_ago"}
    told = scores.dropna(subset="churn_probability")
    assert told["churn_probability"].between(0, 1).all()
    assert (told["churn_probability_30d"] >= told["churn_probability"]).all()
    assert told["confidence"].between(0, 1).all()
    assert all(len(json.loads(drivers)) == 3 for drivers in told["drivers"])
    assert told["recommended_action"].ne("").all()


def test_levels_begin_at_their_bounds(model):
    probability = np.array([0.8, 0.79, 0.6, 0.59, 0.3, 0.29, 0.0])
    names = [model.settings.levels[number][0] for number in model.level(probability)]
    assert names == ["critical", "high", "high", "medium", "medium", "low", "low"]


def test_a_longer_silence_is_a_higher_risk(model, features):
    rows = today(features)[today(features)["purchase_day_count"] > 3].head(20)
    quiet = rows.assign(
        days_since_last_purchase=300,
        days_since_first_purchase=rows["recency_days"] + 300,
        tenure_days=rows["recency_days"] + 300,
    )
    told = [model.probability(read.matrix(r)).mean() for r in (rows, quiet)]
    assert told[0] < told[1]


def test_the_summary_adds_up(model, features):
    scores = score(model, today(features), None)
    summary = summarise(scores).set_index("risk_level")
    assert tuple(summary.index) == LEVELS
    assert summary["customer_count"].sum() == len(scores)
    assert summary["customer_share"].sum() == pytest.approx(1)
    assert summary.loc["unscored", "customer_count"] == scores["no_score_reason"].notna().sum()
    assert summary.loc["unscored", "expected_churn_count"] == 0
    told = summary["expected_churn_count"]
    assert told.sum() == pytest.approx(scores["churn_probability"].sum())
    assert (summary["expected_churn_count_30d"] >= told).all()
    nobody = summarise(scores.head(0))
    assert tuple(nobody["risk_level"]) == LEVELS
    assert (nobody.drop(columns="risk_level") == 0).all(axis=None)


def test_every_feature_has_words():
    assert tuple(WORDS) == COLUMNS_READ


def test_actions_follow_level_worth_and_taste():
    rows = pd.DataFrame(
        {"net_revenue_amount": [1, 2, 3, 4, 99], "discounted_order_share": [0.5] * 5}
    )
    at = actions(pd.Series(["critical", "high", "medium", "low", "critical"]), rows)
    assert at.nunique() == 5
    assert "personally" in at[4]
    assert "discount" in at[1]


def test_a_model_that_is_worse_than_a_baseline_says_nothing(features, bought):
    """P(alive) as if it knew what came."""
    rows = features.assign(
        alive_probability=1 - read.has_churned(features, bought, SETTINGS.horizon_days)
    )
    found = fit(rows, bought, AS_OF, SETTINGS)
    assert (found.model, found.reason) == (None, MODEL_BELOW_BASELINE)
    assert found.evaluation.baselines["alive_probability"] == 1
    scores = score(found.model, today(features), found.reason)
    assert scores["no_score_reason"].eq("model_below_baseline").all()
    assert scores["churn_probability"].isna().all()
    summary = summarise(scores).set_index("risk_level")
    assert summary.loc["unscored", "customer_share"] == 1


@pytest.mark.parametrize("days", [21, 100])
def test_a_young_shop_has_a_reason_and_no_model(bought, days):
    start = AS_OF - dt.timedelta(days=days)
    young = bought[bought["purchase_date"] >= start]
    rows = snapshots(young, [AS_OF - dt.timedelta(days=7), AS_OF])
    found = fit(rows, young, AS_OF, SETTINGS)
    assert (found.model, found.evaluation, found.reason) == (None, None, INSUFFICIENT_HISTORY)


def test_one_customer_and_none_have_a_reason(features, bought):
    one = features[features["customer_key"] == features["customer_key"].iloc[0]]
    assert fit(one, bought, AS_OF, SETTINGS).reason == INSUFFICIENT_HISTORY
    assert fit(features.head(0), bought.head(0), AS_OF, SETTINGS).reason == INSUFFICIENT_HISTORY
    assert list(score(None, features.head(0), "insufficient_history")) == list(COLUMNS)


def test_features_that_never_vary_break_nothing(features, bought):
    flat = features.assign(
        **{name: 1.0 for name in read.FEATURES if name not in ("overdue_ratio",)},
    )
    found = fit(flat, bought, AS_OF, SETTINGS)
    assert found.reason == MODEL_BELOW_BASELINE
