"""Churn, held against what can be known in a world whose parameters are known."""

import datetime as dt
import sys

import numpy as np
import pandas as pd
import pytest

from ml.churn.settings import ChurnSettings
from ml.churn.training import fit
from tests.oracle.churn_ceiling import area_under_curve, ceiling, no_purchase_probability

SETTINGS = ChurnSettings()
HISTORY = {
    "repeat_purchase_day_count": "frequency",
    "recency_days": "recency",
    "observed_days": "age",
}
SHARE_OF_CEILING = 0.97
CALIBRATION_ERROR = 0.03


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_churn_is_near_what_can_be_known(world):
    found = fit(with_alive_probability(world), world.purchases, world.as_of, SETTINGS)
    evaluation = found.evaluation
    asked, has_churned = newest_split(world, evaluation.cutoff)
    best = ceiling(histories(asked), has_churned, world.parameters, SETTINGS.horizon_days)
    shown = {
        "hidden truth": hidden_auc(world, asked, has_churned, evaluation.cutoff),
        "ceiling": best,
        "model": evaluation.model.roc_auc,
        **evaluation.baselines,
        "share of ceiling": evaluation.model.roc_auc / best,
        "calibration error": evaluation.model.calibration_error,
        "lift of the top decile": evaluation.model.top_decile_lift,
    }
    lines = [f"\n{len(asked):,} customers on {evaluation.cutoff}"]
    lines += [f"  {name:<24} {value:.4f}" for name, value in shown.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    assert len(asked) == evaluation.model.customers
    assert set(evaluation.baselines) == {"recency", "logistic_regression", "alive_probability"}
    assert evaluation.is_above_baselines
    assert evaluation.model.roc_auc >= SHARE_OF_CEILING * best
    assert evaluation.model.calibration_error <= CALIBRATION_ERROR
    assert found.reason is None


def with_alive_probability(world):
    """P(alive) as it would be, had it found the population's true parameters."""
    gone = no_purchase_probability(histories(world.features), world.parameters, np.inf)
    return world.features.assign(alive_probability=1 - gone)


def newest_split(world, cutoff):
    """Customers that the newest cut-off asks about, and whether they bought no more."""
    rows = world.features
    near = rows["days_since_last_purchase"] < SETTINGS.eligible_days
    asked = rows[(rows["snapshot_date"] == pd.Timestamp(cutoff)) & near]
    at = pd.to_datetime(world.purchases["purchase_date"])
    end = pd.Timestamp(cutoff) + dt.timedelta(days=SETTINGS.horizon_days)
    bought = world.purchases[(at > pd.Timestamp(cutoff)) & (at <= end)]
    return asked, (~asked["customer_key"].isin(bought["customer_key"])).to_numpy()


def histories(rows):
    return rows[list(HISTORY)].rename(columns=HISTORY).astype(float)


def hidden_auc(world, asked, has_churned, cutoff):
    """Of who sees the hidden rate, and whether the customer has left."""
    people = world.people.loc[asked["customer_key"]]
    has_left = people["dropped_at"] <= pd.Timestamp(cutoff, tz="UTC") + pd.Timedelta(days=1)
    silent = np.exp(-people["purchase_rate"] * SETTINGS.horizon_days)
    return area_under_curve(silent.where(~has_left, 1.0), has_churned)
