"""Spend and lifetime value: published numbers, recovery, intervals, reasons where there is none."""

import datetime as dt
import importlib.util
import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from sklearn.exceptions import ConvergenceWarning

from ml.errors import NotModelledError
from ml.lifetime_value.spend import GammaGamma, _Spends
from ml.lifetime_value.value import DAYS_A_MONTH, NUMBERS, HistoryGate, LifetimeValue
from tests.unit.ml.purchase_process import simulated

AS_OF = dt.date(2026, 6, 30)
TRUE = {"r": 1.1, "alpha": 60.0, "a": 0.9, "b": 4.0}
SPEND = {"p": 6.0, "q": 4.0, "v": 60.0}


def test_spend_of_cdnow_comes_out_as_published():
    """Fader, Hardie and Lee (2005) print p 6.25, q 3.74, v 15.44 for the 946 who came back."""
    package = Path(importlib.util.find_spec("lifetimes").origin).parent
    rows = pd.read_csv(package / "datasets" / "cdnow_customers_summary_with_transactions.csv")
    rows = rows[rows["x"] > 0][["x", "zbar"]]
    assert len(rows) == 946
    model = GammaGamma().fit(rows.to_numpy())
    assert model.parameters == pytest.approx({"p": 6.25, "q": 3.74, "v": 15.44}, abs=0.02)


@settings(max_examples=20, deadline=None)
@given(logs=st.lists(st.floats(-2, 2), min_size=3, max_size=3))
def test_the_gradient_is_the_slope(logs):
    data = _Spends(np.array([1.0, 2, 2, 9]), np.array([0.3, 1, 1.2, 2]), np.array([1.0, 2, 1, 3]))
    at = np.array(logs)
    slope = approx_fprime(at, lambda x: data.mean_loss(x)[0], 1e-6)
    assert data.mean_loss(at)[1] == pytest.approx(slope, rel=1e-3, abs=1e-4)


@pytest.fixture(scope="module")
def shop():
    """Buyers with a year to come, and what they will have spent in it."""
    rng = np.random.default_rng(2)
    rows = simulated(rng, 6_000, **TRUE, longest=900, horizon=12 * DAYS_A_MONTH)
    count = rows["frequency"] + 1
    own = rng.gamma(SPEND["q"], 1 / SPEND["v"], len(rows))
    later = np.where(rows["later"] > 0, rng.gamma(SPEND["p"] * rows["later"].clip(1)) / own, 0.0)
    return pd.DataFrame(
        {
            "purchase_day_count": count.astype("int64"),
            "days_since_first_purchase": rows["age"],
            "days_since_last_purchase": rows["age"] - rows["recency"],
            "net_revenue_amount": rng.gamma(SPEND["p"] * count) / own,
            "later_orders": rows["later"],
            "later_revenue": later,
        }
    ).set_axis([f"customer {number}" for number in range(len(rows))])


@pytest.fixture(scope="module")
def model(shop):
    return LifetimeValue(draws=300).fit(shop)


def test_planted_spend_comes_back(model):
    assert model.spend_.parameters == pytest.approx(SPEND, rel=0.1)
    assert model.spend_.population_mean == pytest.approx(120.0, rel=0.05)


def test_values_hold_on_the_year_that_came(shop, model):
    found = model.predict(shop, AS_OF)
    assert (found.index == shop.index).all()
    assert found["expected_order_count"].sum() == pytest.approx(
        shop["later_orders"].sum(), rel=0.06
    )
    undiscounted = LifetimeValue.from_parameters(model.parameters, discount_rate=0.0, draws=300)
    plain = undiscounted.predict(shop, AS_OF)
    assert plain["probabilistic_clv_amount"].sum() == pytest.approx(
        shop["later_revenue"].sum(), rel=0.08
    )
    inside = shop["later_revenue"].between(plain["clv_low_amount"], plain["clv_high_amount"])
    # Half of them buy nothing, which cannot lie below the lower end: more than 80 % are inside.
    assert 0.79 < inside.mean() < 0.97
    assert (shop["later_revenue"] > plain["clv_high_amount"]).mean() == pytest.approx(0.1, abs=0.02)
    ratio = found["probabilistic_clv_amount"] / plain["probabilistic_clv_amount"]
    assert ratio.between(1 / 1.1, 1.0).all()


def test_the_next_purchase_lies_ahead_or_is_not_told(shop, model):
    found = model.predict(shop, AS_OF)
    told = found["next_purchase_date"].notna()
    assert told.any()
    assert (found.loc[told, "alive_probability"] > 0.5).all()
    assert found.loc[told, "next_purchase_date"].min() > AS_OF


def test_what_is_kept_is_the_model(shop, model):
    kept = json.loads(json.dumps(model.parameters))
    again = LifetimeValue.from_parameters(kept, draws=300)
    pd.testing.assert_frame_equal(again.predict(shop, AS_OF), model.predict(shop, AS_OF))


def test_customers_who_cannot_be_valued_get_a_reason(shop, model):
    broken = shop.head(8).astype({"purchase_day_count": float})
    broken.iloc[0, 0] = 0
    broken.iloc[1, 1] = np.nan
    broken.iloc[2, 2] = np.inf
    broken.iloc[3, 3] = -5.0
    broken.iloc[4, 2] = broken.iloc[4, 1] + 1
    broken.iloc[5, 0] = 1.5
    found = model.predict(broken, AS_OF)
    assert found["no_value_reason"].tolist()[:6] == [
        "no_purchase",
        "missing_value",
        "missing_value",
        "no_positive_revenue",
        "no_valid_history",
        "no_valid_history",
    ]
    assert found["no_value_reason"].isna().tolist() == [False] * 6 + [True] * 2
    assert found.loc[found["no_value_reason"].notna(), [*NUMBERS]].isna().all(axis=None)
    assert found.loc[found["no_value_reason"].isna(), [*NUMBERS]].notna().all(axis=None)
    assert model.predict(broken.head(1), AS_OF)["probabilistic_clv_amount"].isna().all()
    assert model.predict(broken.head(0), AS_OF).empty


@pytest.mark.pitfall(32)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda rows: rows.head(499), "fewer_buyers_than_needed"),
        (lambda rows: rows.head(1), "fewer_buyers_than_needed"),
        (lambda rows: rows.head(0), "fewer_buyers_than_needed"),
        (lambda rows: rows[rows["days_since_first_purchase"] < 180], "shop_too_young"),
        (
            lambda rows: rows.assign(
                days_since_first_purchase=rows["days_since_first_purchase"] + 31,
                days_since_last_purchase=rows["days_since_last_purchase"] + 31,
            ),
            "no_recent_purchase",
        ),
        (lambda rows: rows[rows["purchase_day_count"] < 3], "nobody_bought_often_enough"),
    ],
)
def test_a_shop_without_the_history_gets_a_reason(shop, change, reason):
    with pytest.raises(NotModelledError) as raised:
        LifetimeValue().fit(change(shop))
    assert raised.value.reason == reason


def test_customers_who_all_spend_the_same_carry_no_model(shop):
    same = shop.assign(net_revenue_amount=20.0 * shop["purchase_day_count"])
    with pytest.raises(NotModelledError) as raised:
        LifetimeValue(gate=HistoryGate(customers=1)).fit(same)
    assert raised.value.reason == "constant_spend"


@pytest.mark.pitfall(30)
def test_the_mean_spend_stays_finite():
    rng = np.random.default_rng(0)
    wild = np.column_stack([np.ones(300), 1 / rng.random(300) ** 3])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = GammaGamma().fit(wild)
    assert model.q_ > 1
    assert np.isfinite(model.population_mean)
    assert (model.expected_value(wild) > 0).all()


@settings(max_examples=50, deadline=None)
@given(
    count=st.integers(1, 500),
    mean=st.floats(0.01, 1e6),
    parameters=st.tuples(st.floats(0.1, 20), st.floats(1.01, 20), st.floats(0.1, 1_000)),
)
def test_a_customer_lies_between_the_shop_and_their_own(count, mean, parameters):
    p, q, v = parameters
    model = GammaGamma.from_parameters(p=p, q=q, v=v)
    (expected,) = model.expected_value([[count, mean]])
    low, high = sorted((model.population_mean, mean))
    assert low * (1 - 1e-9) <= expected <= high * (1 + 1e-9)


@pytest.mark.parametrize("row", [[0, 5.0], [1, 0.0], [1, np.nan], [1, np.inf], [1.0]])
def test_what_is_no_spend_is_refused(row):
    with pytest.raises(ValueError, match=r"above 0|expected the columns"):
        GammaGamma().fit([row])
