"""The ceiling is the truth's own: it needs no model of the project, and says what ours says."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from ml.lifetime_value.purchases import ModifiedBetaGeoNBD
from sandbox.world.parameters import parameters
from tests.oracle.churn_ceiling import area_under_curve, ceiling, no_purchase_probability
from tests.unit.ml.purchase_process import simulated


@pytest.fixture(scope="module")
def customers():
    population = parameters("models")["mbg_nbd"]
    rows = simulated(np.random.default_rng(11), 10_000, **population, longest=1_095, horizon=90.0)
    # Those whose last purchase lies within the year before the cut-off, as churn has them.
    return rows[rows["age"] - rows["recency"] <= 365], population


def test_no_score_of_history_is_above_it(customers):
    rows, population = customers
    churned = rows["later"] == 0
    best = ceiling(rows, churned, population)
    assert 0.7 < best < 0.9
    silence = rows["age"] - rows["recency"]
    for other in (silence, -rows["frequency"], silence / (rows["recency"] + 60)):
        assert roc_auc_score(churned, other) < best


def test_it_is_calibrated(customers):
    rows, population = customers
    chance = no_purchase_probability(rows, population, 90.0)
    order = np.argsort(chance)
    for part in np.array_split(order, 10):
        seen = (rows["later"].to_numpy()[part] == 0).mean()
        assert chance[part].mean() == pytest.approx(seen, abs=0.05)


def test_oracle_and_model_agree(customers):
    rows, population = customers
    ours = ModifiedBetaGeoNBD.from_parameters(**population).no_purchase_probability(rows, 90.0)
    assert no_purchase_probability(rows, population, 90.0) == pytest.approx(ours, abs=1e-12)


def test_the_area_is_that_of_the_field():
    rng = np.random.default_rng(0)
    score, happened = rng.integers(0, 9, 500), rng.random(500) < 0.3
    assert area_under_curve(score, happened) == pytest.approx(roc_auc_score(happened, score))
    assert np.isnan(area_under_curve([1.0, 2.0], [True, True]))
