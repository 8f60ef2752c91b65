"""A run of the churn model: what is written, what is kept, and who speaks when a fit is no good."""

import json

import pandas as pd
import pytest
import yaml

from ml.churn import ChurnSettings, run_churn
from ml.churn import features as read
from tests.conftest import PROJECT
from tests.unit.ml.churn_shop import AS_OF

SETTINGS = ChurnSettings(bootstraps=3, splits=1)
AT = pd.Timestamp("2026-06-30 03:00")
SOURCES = PROJECT / "dbt_project/models/staging/ml/_ml__sources.yml"


@pytest.fixture(scope="module")
def run(features, bought):
    return run_churn(features, bought, AS_OF, AT, settings=SETTINGS)


@pytest.fixture(scope="module")
def hopeless(features, bought):
    """Features in which P(alive) knows what came: no model is as good."""
    return features.assign(
        alive_probability=1 - read.has_churned(features, bought, SETTINGS.horizon_days)
    )


def columns_of(table):
    (source,) = yaml.safe_load(SOURCES.read_text())["sources"]
    (found,) = [t for t in source["tables"] if t["name"] == table]
    return [column["name"] for column in found["columns"]]


def test_the_tables_are_those_that_dbt_reads(run, features):
    assert list(run.scores) == columns_of("churn_scores")
    today = features.loc[features["snapshot_date"] == pd.Timestamp(AS_OF), "customer_key"]
    assert set(run.scores["customer_key"]) == set(today)
    assert run.scores["customer_key"].is_unique
    for table in (run.scores, run.summary):
        assert set(table["model_version"]) == {run.model_version}
        assert set(table["score_date"]) == {AS_OF}
        assert set(table["scored_at"]) == {AT}


def test_a_run_tells_of_itself(run):
    told = json.loads(json.dumps(run.metadata, allow_nan=False))
    assert set(told["baseline_roc_auc"]) == {"recency", "logistic_regression", "alive_probability"}
    assert told["roc_auc"] > max(told["baseline_roc_auc"].values())
    assert sum(told["customers_by_risk"].values()) == len(run.scores)
    assert (told["model_version"], told["is_refitted"]) == (run.model_version, True)
    assert run.calibration_curve["customers"].sum() == told["customers"]
    assert run.reason is None


def test_a_kept_model_says_the_same_without_a_fit(run, features, bought):
    kept = json.loads(json.dumps(run.model, allow_nan=False))
    daily = run_churn(features, bought, AS_OF, AT, kept=kept, refit=False)
    pd.testing.assert_frame_equal(daily.scores, run.scores)
    pd.testing.assert_frame_equal(daily.summary, run.summary)
    assert (daily.model, daily.is_refitted, daily.reason) == (kept, False, None)
    assert daily.calibration_curve is None


def test_the_last_good_model_stays_when_a_fit_is_worse(run, hopeless, bought):
    worse = run_churn(hopeless, bought, AS_OF, AT, kept=run.model, settings=SETTINGS)
    assert worse.reason == worse.metadata["reason"] == "model_below_baseline"
    assert (worse.is_refitted, worse.model_version) == (False, run.model_version)
    pd.testing.assert_frame_equal(worse.scores, run.scores)


def test_a_first_fit_that_is_worse_publishes_nothing(hopeless, bought):
    first = run_churn(hopeless, bought, AS_OF, AT, settings=SETTINGS)
    assert (first.model, first.model_version) == (None, None)
    assert set(first.scores["no_score_reason"]) == {"model_below_baseline"}
    assert first.scores["churn_probability"].isna().all()


def test_a_kept_model_of_other_columns_is_fitted_anew(run, features, bought):
    other = run.model | {"model": run.model["model"] | {"columns": ["order_count"]}}
    again = run_churn(features, bought, AS_OF, AT, kept=other, refit=False, settings=SETTINGS)
    assert again.is_refitted
    assert again.model == run.model


def test_an_empty_shop_has_empty_tables(features, bought):
    none = run_churn(features.head(0), bought.head(0), AS_OF, AT)
    assert none.reason == "insufficient_history"
    assert list(none.scores) == columns_of("churn_scores")
    assert none.scores.empty
    assert none.summary["customer_count"].sum() == 0
    assert none.model is None
