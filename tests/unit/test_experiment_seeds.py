"""Many experiments with a known truth: intervals cover it, and alarms are as rare as they say."""

import numpy as np
import pandas as pd
import pytest

from ml.experiments import INPUT, analyse

pytestmark = pytest.mark.slow
SEEDS = 200
VISITORS = 20_000
RATE, EFFECT = 0.10, 0.02
BASKET, SPREAD = 60.0, 0.8


def experiment(seed, *, effect=0.0, share=0.5):
    """Visitors who are split by chance, buy with a probability, and spend log-normally."""
    rng = np.random.default_rng(seed)
    in_test = rng.random(VISITORS) < share
    rows = []
    for name, members in (("control", (~in_test).sum()), ("test", in_test.sum())):
        rate = RATE + (effect if name == "test" else 0.0)
        has_bought = rng.random(members) < rate
        spent = np.where(has_bought, rng.lognormal(np.log(BASKET), SPREAD, members), 0.0)
        rows.append(("e", name, members, has_bought.sum(), spent.sum(), (spent**2).sum()))
    found = analyse(pd.DataFrame(rows, columns=list(INPUT))).set_index("variant")
    return found.loc["test"]


@pytest.fixture(scope="module")
def with_effect():
    return [experiment(seed, effect=EFFECT) for seed in range(SEEDS)]


@pytest.fixture(scope="module")
def without_effect():
    return [experiment(1000 + seed) for seed in range(SEEDS)]


@pytest.mark.parametrize(
    ("measure", "truth"),
    [("conversion", EFFECT), ("net", EFFECT * BASKET * np.exp(SPREAD**2 / 2))],
)
def test_the_interval_covers_the_planted_effect(with_effect, measure, truth):
    covered = sum(row[f"{measure}_low"] <= truth <= row[f"{measure}_high"] for row in with_effect)
    assert 181 <= covered <= 197


@pytest.mark.parametrize("measure", ["conversion", "net"])
def test_no_effect_is_seldom_called_one(without_effect, measure):
    called = sum(bool(row[f"is_{measure}_significant"]) for row in without_effect)
    assert called <= 18


def test_a_fair_split_is_seldom_suspected(without_effect):
    suspected = sum(bool(row["is_split_suspicious"]) for row in without_effect)
    assert suspected <= 7


def test_a_split_of_52_to_48_is_suspected():
    found = analyse(
        pd.DataFrame(
            [("e", "a", 10_400, 1_000, 0.0, 0.0), ("e", "b", 9_600, 1_000, 0.0, 0.0)],
            columns=list(INPUT),
        )
    )
    assert found["is_split_suspicious"].all()


@pytest.mark.parametrize("seed", range(5))
def test_a_split_drawn_at_52_is_suspected(seed):
    assert experiment(5000 + seed, share=0.52)["is_split_suspicious"]
