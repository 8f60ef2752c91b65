"""All models on a planted world, as they are run every day: growth adds up, days agree."""

import json

import numpy as np
import pandas as pd
import pytest

from ingestion.settings import Settings
from orchestration.lib.warehouse import open_reader
from orchestration.models.everything import CUSTOMER_MODELS, run_model
from tests.models.printed import show

TABLES = (
    *("archetype_memberships", "archetypes", "archetype_models", "archetype_drift"),
    *("customer_lifetime_values", "churn_scores", "churn_summary"),
    *("growth_projections", "model_runs"),
)
ENDS = ["value", "low_80", "high_80", "low_95", "high_95"]


@pytest.fixture(scope="module")
def worked(world):
    """The world's warehouse after all models have run."""
    settings = Settings(
        _env_file=None, data_dir=world.warehouse.parent, duckdb_path=world.warehouse
    )
    outcomes = [run_model(settings, model).outcome for model in CUSTOMER_MODELS]
    assert outcomes == ["published"] * len(CUSTOMER_MODELS)
    return settings


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_parts_of_growth_add_up(worked):
    rows = read(worked, "select * from ml.growth_projections")
    is_total = rows["archetype"] == "all"
    keys = ["measure", "horizon_months"]
    whole = rows[is_total].set_index(keys).sort_index()
    parts = rows[~is_total].groupby(keys).agg(value=("value", "sum"), parts=("value", "size"))
    show("growth", whole[ENDS].assign(parts=parts["parts"]))
    assert (parts["parts"] > 1).all()
    assert parts["value"].to_numpy() == pytest.approx(whole["value"].to_numpy(), rel=1e-9)
    assert (np.diff(rows[["low_95", "low_80", "value", "high_80", "high_95"]]) >= 0).all()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_growth_of_the_past_is_told_better_than_by_last_years_months(worked):
    (told,) = read(
        worked, "select metrics from ml.model_runs where model_name = 'growth' and action = 'score'"
    )["metrics"]
    found = pd.DataFrame(json.loads(told)["backtest"]).T
    show("back-test of growth: mean absolute error of six months, from six origins", found)
    assert set(found.index) == {"new_customers", "active_customers", "revenue_amount"}
    assert (found["skill"] > 0).all()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_second_run_of_the_day_changes_nothing(worked):
    before = tables(worked)
    assert [run_model(worked, model).outcome for model in CUSTOMER_MODELS] == ["unchanged"] * len(
        CUSTOMER_MODELS
    )
    after = tables(worked)
    for name, rows in before.items():
        pd.testing.assert_frame_equal(rows, after[name])


def tables(settings):
    return {name: read(settings, f"select * from ml.{name} order by all") for name in TABLES}


def read(settings, sql):
    with open_reader(settings) as reader:
        return reader.connection.execute(sql).df()
