"""Growth: parts add up, bands hold what they should, and the past is told better than by a copy."""

import numpy as np
import pandas as pd
import pytest

from ml.errors import NotModelledError
from ml.growth.backtest import backtest
from ml.growth.forecast import SeasonalForecast, seasonal_naive
from ml.growth.projection import TOTAL, project, seasonal_factors
from ml.growth.survival import log_survival, loss_rates, monthly_hazard

HAZARD, RATE, SEASON = 0.07, 30.0, 0.2


def shop(months=36, *, growth=1.02, seed=0):
    """A shop that grows, with a season, and loses seven of a hundred customers a month."""
    rng = np.random.default_rng(seed)
    month = np.arange(months)
    wave = np.sin(2 * np.pi * month / 12)
    new = rng.poisson(200 * growth**month * (1 + 0.3 * wave))
    active = [1_500.0]
    for came in new:
        active.append(rng.binomial(int(active[-1]), 1 - HAZARD) + float(came))
    revenue = np.array(active[1:]) * RATE * (1 + SEASON * wave) * rng.normal(1, 0.03, months)
    return pd.DataFrame(
        {
            "month": pd.date_range("2023-07-01", periods=months, freq="MS"),
            "new_customers": new,
            "active_customers": active[1:],
            "revenue_amount": revenue,
        }
    )


def buyers(size, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "archetype": rng.choice(["arch_a", "arch_b", "arch_c"], size, p=[0.6, 0.3, 0.1]),
            "monthly_hazard": HAZARD,
            "monthly_revenue_amount": rng.gamma(2, RATE / 2, size),
        }
    )


@pytest.fixture(scope="module")
def history():
    return shop()


@pytest.fixture(scope="module")
def projected(history):
    return project(history, buyers(int(history["active_customers"].iloc[-1])), draws=400)


def test_every_horizon_archetype_and_measure_is_there(projected):
    keys = ["horizon_months", "archetype", "measure"]
    assert not projected.duplicated(keys).any()
    assert len(projected) == 4 * 4 * 2
    assert set(projected["horizon_months"]) == {6, 12, 18, 24}


def test_parts_add_up_to_the_whole(projected):
    keys = ["horizon_months", "measure"]
    parts = projected[projected["archetype"] != TOTAL].groupby(keys)["value"].sum()
    whole = projected[projected["archetype"] == TOTAL].set_index(keys)["value"]
    assert parts.to_dict() == pytest.approx(whole.to_dict(), rel=1e-12)


def test_bands_hold_the_projection_and_each_other(projected):
    order = ["low_95", "low_80", "value", "high_80", "high_95"]
    assert (np.diff(projected[order].to_numpy(), axis=1) >= -1e-9).all()
    assert (projected["low_95"] >= 0).all()
    assert (projected["high_80"] > projected["low_80"]).all()


def test_two_runs_are_the_same(history):
    rows = buyers(500)
    first, second = (project(history, rows, draws=50, horizons=(6,)) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_what_came_lies_within_the_bands():
    inside = []
    for seed in range(6):
        whole = shop(42, seed=seed)
        known, later = whole.iloc[:36], whole.iloc[36:]
        rows = project(
            known, buyers(int(known["active_customers"].iloc[-1])), horizons=(6,), draws=200
        )
        rows = rows[rows["archetype"] == TOTAL].set_index("measure")
        truth = {
            "customers": later["active_customers"].iloc[-1],
            "revenue": later["revenue_amount"].sum(),
        }
        for measure, value in truth.items():
            inside.append(rows.loc[measure, "low_95"] <= value <= rows.loc[measure, "high_95"])
            assert rows.loc[measure, "value"] == pytest.approx(value, rel=0.15)
    assert np.mean(inside) > 0.7


def test_the_backtest_beats_last_years_months(history):
    found = backtest(history).set_index("measure")
    assert list(found.index) == ["new_customers", "active_customers", "revenue_amount"]
    assert (found["skill"] > 0).all()


def test_a_season_is_seen_with_two_years_alone():
    factors, spread = seasonal_factors(shop(36))
    wave = 1 + SEASON * np.sin(2 * np.pi * np.arange(12) / 12)
    assert np.roll(factors, -6) == pytest.approx(wave, abs=0.05)
    assert 0 < spread < 0.1
    assert (seasonal_factors(shop(23))[0] == 1).all()


@pytest.mark.parametrize(("months", "method"), [(6, "level"), (12, "trend"), (24, "seasonal")])
def test_a_forecast_says_how_it_was_made(months, method):
    new = shop(months)["new_customers"]
    forecast = SeasonalForecast().fit(new)
    assert forecast.method_ == method
    ahead = forecast.predict(24)
    assert np.isfinite(ahead).all()
    assert (ahead >= 0).all()
    drawn = forecast.simulate(24, 50, np.random.default_rng(0))
    assert drawn.shape == (50, 24)
    assert np.isfinite(drawn).all()


def test_a_steady_shop_stays_as_it_is():
    forecast = SeasonalForecast().fit([40.0] * 12)
    assert forecast.predict(3) == pytest.approx([40.0] * 3)
    assert forecast.simulate(3, 500, np.random.default_rng(0)).mean() == pytest.approx(40, abs=1)


def test_the_naive_forecast_is_last_year():
    assert seasonal_naive(range(24), 3).tolist() == [12, 13, 14]
    assert seasonal_naive([5, 6], 3).tolist() == [6, 6, 6]


def test_hazards_of_a_month():
    assert monthly_hazard(1 - 0.9**3, 3 * 365.25 / 12) == pytest.approx(0.1)
    assert monthly_hazard([0.0, 1.0], 90).tolist() == [0.0, 1.0]


def test_those_who_leave_easily_leave_first():
    mixed = np.exp(log_survival([0.01, 0.5], 24))
    assert mixed[0] == 1
    assert mixed[1] == pytest.approx(1 - np.mean([0.01, 0.5]))
    losses = 1 - mixed[1:] / mixed[:-1]
    assert (np.diff(losses) < 0).all()
    assert np.isfinite(log_survival([1.0], 24)).all()


def test_losses_are_what_neither_came_nor_stayed():
    rows = pd.DataFrame({"new_customers": [5, 20], "active_customers": [100, 110]})
    assert loss_rates(rows).tolist() == [0.1]


def test_a_customer_without_a_hazard_counts_as_the_others_of_the_kind(history):
    rows = buyers(300)
    gaps = rows.copy()
    gaps.loc[:20, "monthly_hazard"] = [np.nan, np.inf, -np.inf] * 7
    whole = project(history, rows, horizons=(6,), draws=20)
    filled = project(history, gaps, horizons=(6,), draws=20)
    assert filled["value"].to_numpy() == pytest.approx(whole["value"].to_numpy())


def test_one_customer_is_projected_too(history):
    rows = project(history, buyers(1), horizons=(6,), draws=20)
    assert np.isfinite(rows.drop(columns=["archetype", "measure"]).to_numpy(dtype=float)).all()


@pytest.mark.parametrize(
    ("months", "change", "reason"),
    [
        (5, lambda rows: rows, "fewer_months_than_needed"),
        (12, lambda rows: rows.head(0), "no_customers"),
        (12, lambda rows: rows.assign(monthly_hazard=np.nan), "no_hazards"),
    ],
)
def test_what_carries_no_projection_is_said(months, change, reason):
    with pytest.raises(NotModelledError) as raised:
        project(shop(months), change(buyers(10)), draws=10)
    assert raised.value.reason == reason


def test_what_cannot_be_read_is_refused(history):
    with pytest.raises(ValueError, match="lacks revenue_amount"):
        project(history.drop(columns="revenue_amount"), buyers(10))
    with pytest.raises(ValueError, match="none below 0"):
        SeasonalForecast().fit([1, 2, 3, 4, 5, -6])
    with pytest.raises(ValueError, match="one finite count"):
        SeasonalForecast().fit([1, 2, 3, 4, 5, np.nan])
    with pytest.raises(NotModelledError, match="no new customer"):
        SeasonalForecast().fit([0] * 12)
    with pytest.raises(NotModelledError, match="no year before"):
        backtest(shop(14))
