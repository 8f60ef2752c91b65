"""BG/NBD and MBG/NBD: published numbers, the package of the field, recovery, what must hold."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import hyp2f1

from ml.errors import NotModelledError
from ml.lifetime_value.histories import grouped, histories
from ml.lifetime_value.purchases import BetaGeoNBD, ModifiedBetaGeoNBD, _mean_loss
from tests.unit.ml.purchase_process import simulated

MODELS = (BetaGeoNBD, ModifiedBetaGeoNBD)
TRUE = {"r": 1.1, "alpha": 60.0, "a": 0.9, "b": 4.0}


@pytest.fixture(scope="module")
def cdnow():
    """Customers of CDNOW, in weeks: the sample that the literature quotes."""
    package = Path(importlib.util.find_spec("lifetimes").origin).parent
    rows = pd.read_csv(package / "datasets" / "cdnow_customers_summary.csv")
    return rows.rename(columns={"T": "age"})[["frequency", "recency", "age"]]


def test_cdnow_comes_out_as_published(cdnow):
    model = BetaGeoNBD().fit(cdnow)
    published = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert model.parameters == pytest.approx(published, abs=1e-3)
    assert model.log_likelihood_ == pytest.approx(-9582.4, abs=0.05)
    assert model.has_converged_


def test_customer_one_of_cdnow_as_published(cdnow):
    """Fader, Hardie and Lee print 1.226 for two purchases, 30.43 and 38.86 weeks, 39 ahead."""
    model = BetaGeoNBD().fit(cdnow)
    assert model.expected_purchases([[2, 30.43, 38.86]], 39.0) == pytest.approx([1.226], abs=1e-3)


def test_the_modified_model_fits_cdnow_as_lifetimes_does(cdnow):
    lifetimes = pytest.importorskip("lifetimes.fitters.modified_beta_geo_fitter")
    theirs = lifetimes.ModifiedBetaGeoFitter().fit(*(cdnow[c] for c in cdnow))
    ours = ModifiedBetaGeoNBD().fit(cdnow)
    assert list(ours.parameters.values()) == pytest.approx(theirs.params_.to_list(), rel=2e-3)
    alive = theirs.conditional_probability_alive(*(cdnow[c] for c in cdnow))
    assert ours.alive_probability(cdnow) == pytest.approx(alive, abs=1e-3)


def test_weights_are_customers_and_order_is_nothing(cdnow):
    few = cdnow.head(400)
    counts = few.groupby(list(few.columns)).size()
    grouped_rows = counts.index.to_frame(index=False)
    whole = BetaGeoNBD().fit(few.sample(frac=1, random_state=1))
    weighted = BetaGeoNBD().fit(grouped_rows, sample_weight=counts.to_numpy())
    assert weighted.parameters == pytest.approx(whole.parameters, rel=1e-4)
    assert weighted.log_likelihood_ == pytest.approx(whole.log_likelihood_, rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=15, deadline=None)
@given(logs=st.lists(st.floats(-2, 2), min_size=4, max_size=4))
def test_the_gradient_is_the_slope(model, logs):
    rows = [[0, 0, 30], [0, 0, 3], [1, 2, 30], [7, 29, 30], [2, 5, 9]]
    data = grouped(histories(rows), None, 1.0)
    coins, at = model._FIRST_COINS, np.array(logs)
    slope = approx_fprime(at, lambda x: _mean_loss(x, data, coins)[0], 1e-6)
    assert _mean_loss(at, data, coins)[1] == pytest.approx(slope, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("model", MODELS)
def test_planted_parameters_come_back(model):
    rng = np.random.default_rng(7)
    rows = simulated(rng, 12_000, **TRUE, longest=1_000, first_coins=model._FIRST_COINS)
    assert model().fit(rows).parameters == pytest.approx(TRUE, rel=0.12)


@pytest.mark.parametrize("model", MODELS)
def test_predictions_hold_on_what_came_later(model):
    rng = np.random.default_rng(3)
    first = model._FIRST_COINS
    rows = simulated(rng, 12_000, **TRUE, longest=700, horizon=90.0, first_coins=first)
    true = model.from_parameters(**TRUE)
    expected = true.expected_purchases(rows, 90.0)
    assert expected.sum() == pytest.approx(rows["later"].sum(), rel=0.05)
    silent = true.no_purchase_probability(rows, 90.0)
    assert silent.sum() == pytest.approx((rows["later"] == 0).sum(), rel=0.02)
    deciles = pd.qcut(silent, 10, labels=False, duplicates="drop")
    gaps = pd.Series(silent - (rows["later"] == 0)).groupby(deciles).mean()
    assert gaps.abs().max() < 0.05
    drawn = true.draw_purchases(rows.head(2_000), 90.0, 200, rng)
    assert drawn.mean() == pytest.approx(expected[:2_000].mean(), rel=0.05)
    assert (drawn == 0).mean() == pytest.approx(silent[:2_000].mean(), rel=0.05)


def test_expected_counts_are_those_that_are_seen():
    rng = np.random.default_rng(5)
    rows = simulated(rng, 8_000, **TRUE, longest=600)
    expected = ModifiedBetaGeoNBD.from_parameters(**TRUE).expected_counts(rows, 8)
    seen = np.bincount(rows["frequency"].astype(int), minlength=9)[:9]
    assert (np.abs(seen - expected) < 4 * np.sqrt(expected)).all()


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=60, deadline=None)
@given(
    parameters=st.tuples(*[st.floats(0.05, 20)] * 4),
    frequency=st.integers(0, 60),
    age=st.floats(1, 2_000),
    part=st.floats(0.01, 1),
    horizon=st.floats(0.1, 1_000),
)
def test_whatever_the_history_chances_are_chances(model, parameters, frequency, age, part, horizon):
    r, alpha, a, b = parameters
    fitted = model.from_parameters(r=r, alpha=alpha, a=a, b=b)
    row = [[frequency, age * part if frequency else 0.0, age]]
    (alive,) = fitted.alive_probability(row)
    (silent,) = fitted.no_purchase_probability(row, horizon)
    near, far = fitted.expected_purchases_until(row, [horizon, 2 * horizon])[0]
    assert 0 <= alive <= 1
    assert 1 - alive - 1e-12 <= silent <= 1
    # Whoever buys, buys at least once.
    assert 1 - silent <= near + 1e-9
    assert near <= far
    # Nobody buys more than who never leaves.
    assert near <= (r + frequency) / (alpha + age) * horizon * alive * (1 + 1e-9) + 1e-12
    wait = fitted.median_wait(row)[0]
    if np.isfinite(wait) and wait > 0:
        assert fitted.no_purchase_probability(row, wait) == pytest.approx([0.5], abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(
    parameters=st.tuples(st.floats(0.2, 4), st.floats(1, 50), st.floats(0.2, 4), st.floats(0.5, 6)),
    frequency=st.integers(0, 20),
    horizon=st.floats(1, 100),
)
def test_quadrature_is_the_literatures_closed_form(parameters, frequency, horizon):
    r, alpha, a, b = parameters
    assume(abs(a - 1) > 0.05)
    age, recency = 80.0, 60.0 if frequency else 0.0
    model = BetaGeoNBD.from_parameters(r=r, alpha=alpha, a=a, b=b)
    x, z = frequency, horizon / (alpha + age + horizon)
    inner = hyp2f1(r + x, b + x, a + b + x - 1, z) * (1 - z) ** (r + x)
    alive = model.alive_probability([[x, recency, age]])
    closed = (a + b + x - 1) / (a - 1) * (1 - inner) * alive
    assert model.expected_purchases([[x, recency, age]], horizon) == pytest.approx(closed, rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(parameters=st.tuples(*[st.floats(0.2, 5)] * 4), age=st.floats(0.1, 3))
@pytest.mark.parametrize("model", MODELS)
def test_chances_of_counts_sum_to_one(model, parameters, age):
    r, alpha, a, b = parameters
    fitted = model.from_parameters(r=r, alpha=alpha, a=a, b=b)
    assert fitted.count_probabilities(age, 600).sum() == pytest.approx(1.0, abs=1e-4)


@pytest.mark.pitfall(30)
def test_one_time_buyers_of_long_ago_are_gone_in_the_modified_model_alone():
    once = [[0, 0.0, 900.0]]
    assert BetaGeoNBD.from_parameters(**TRUE).alive_probability(once) == [1.0]
    assert ModifiedBetaGeoNBD.from_parameters(**TRUE).alive_probability(once) < 0.5


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([[1, 5.0, np.nan]], "gaps or infinite"),
        ([[1, np.inf, np.inf]], "gaps or infinite"),
        ([[1.5, 5.0, 9.0]], "frequency is a count"),
        ([[-1, 5.0, 9.0]], "frequency is a count"),
        ([[1, 10.0, 9.0]], "recency lies between"),
        ([[0, 5.0, 9.0]], "recency is 0 exactly"),
        ([[2, 0.0, 9.0]], "recency is 0 exactly"),
        ([[1, 2.0]], "expected the columns"),
    ],
)
def test_what_is_no_history_is_refused(rows, says):
    with pytest.raises(ValueError, match=says):
        ModifiedBetaGeoNBD().fit(rows)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("rows", "reason"),
    [(np.empty((0, 3)), "no_customers"), ([[0, 0.0, 9.0]] * 5, "no_repeat_purchase")],
)
def test_what_carries_no_model_is_said(model, rows, reason):
    with pytest.raises(NotModelledError) as raised:
        model().fit(rows)
    assert raised.value.reason == reason


@pytest.mark.parametrize("model", MODELS)
def test_one_customer_gives_a_warning_and_no_crash(model):
    with pytest.warns(UserWarning, match="no maximum"):
        fitted = model().fit([[3, 20.0, 30.0]])
    assert not fitted.has_converged_
    assert np.isfinite(fitted.expected_purchases([[3, 20.0, 30.0]], 10.0)).all()
