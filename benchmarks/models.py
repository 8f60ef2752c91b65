"""The models: fuzzy c-means and BG/NBD beside the packages of the field, all archetypes at once.

A ratio counts only where both have come to the same place: objectives and likelihoods are
compared first, and a benchmark in which ours is worse fails.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
import skfuzzy
from lifetimes.fitters.beta_geo_fitter import BetaGeoFitter

from benchmarks.measure import Row
from ml.archetypes.fuzzy_c_means import FuzzyCMeans
from ml.archetypes.model import ArchetypeModel
from ml.lifetime_value.purchases import BetaGeoNBD
from tests.unit.ml.customer_frames import customers

ROWS, COLUMNS, CLUSTERS = 1_000_000, 4, 4
CUSTOMERS = 27_415
BUYERS = 100_000
REPEATS = 3
EQUAL = 1e-6

Result = TypeVar("Result")


def measure(folder: Path) -> list[Row]:  # noqa: ARG001 - every benchmark is asked alike
    """All lines."""
    return [_clusters(), _archetypes(), _purchases_of_cdnow(), _purchases_of_many()]


def _clusters() -> Row:
    rng = np.random.default_rng(0)
    places = 3 * rng.normal(size=(CLUSTERS, COLUMNS))
    rows = places[rng.integers(0, CLUSTERS, ROWS)] + rng.normal(size=(ROWS, COLUMNS))
    ours, found = _timed(lambda: FuzzyCMeans(CLUSTERS, random_state=0).fit(rows))
    theirs, answer = _timed(
        lambda: skfuzzy.cmeans(rows.T, CLUSTERS, 2, error=0.005, maxiter=1_000, seed=0), repeats=1
    )
    objective = FuzzyCMeans.from_centers(answer[0], fuzzifier=2.0)
    apart = ((rows[:, None, :] - answer[0][None]) ** 2).sum(axis=2)
    reached = float((objective.memberships(rows) ** 2 * apart).sum())
    _check("fuzzy c-means", found.objective_, reached)
    return Row(
        f"fuzzy c-means, {ROWS:,} x {COLUMNS}, {CLUSTERS} clusters, {found.n_init} starts",
        ours, "s", "scikit-fuzzy, one start", theirs, target=theirs / 5,
    )  # fmt: skip


def _archetypes() -> Row:
    rows = customers(CUSTOMERS)

    def run() -> pd.DataFrame:
        model = ArchetypeModel.fitted(rows, version="bench", as_of=dt.date(2026, 6, 30))
        return model.score(rows).table()

    ours, _ = _timed(run)
    return Row(f"archetypes: {CUSTOMERS:,} customers, 8 axes, fit and scores", ours, "s", target=5)


def _purchases_of_cdnow() -> Row:
    file = resources.files("lifetimes") / "datasets" / "cdnow_customers_summary.csv"
    with file.open() as summary:
        rows = pd.read_csv(summary)
    return _purchases(rows.rename(columns={"T": "age"}), share=1.0)


def _purchases_of_many() -> Row:
    """Histories in whole days, by the BG/NBD process: a rate and a chance to leave a customer."""
    rng = np.random.default_rng(1)
    rate, leaves = rng.gamma(1.1, 1 / 60, BUYERS), rng.beta(0.9, 4.0, BUYERS)
    age = rng.integers(1, 1_096, BUYERS)
    wanted = rng.poisson(rate * age)
    made = np.minimum(wanted, rng.geometric(leaves.clip(1e-9)))
    last = np.zeros(BUYERS)
    # The n-th of several purchases that lie evenly in a span.
    some = made > 0
    last[some] = age[some] * rng.beta(made[some], (wanted - made + 1)[some])
    last = np.where(some, np.ceil(last).clip(1, age), 0)
    rows = pd.DataFrame({"frequency": made, "recency": last, "age": age})
    return _purchases(rows, share=1 / 3)


def _purchases(rows: pd.DataFrame, *, share: float) -> Row:
    columns = [rows["frequency"], rows["recency"], rows["age"]]
    ours, found = _timed(lambda: BetaGeoNBD().fit(rows))
    theirs, peer = _timed(lambda: BetaGeoFitter().fit(*columns))
    reached = BetaGeoNBD.from_parameters(**peer.params_.to_dict()).log_likelihood(rows)
    _check("BG/NBD", -found.log_likelihood_, -reached)
    what = f"BG/NBD, {len(rows):,} customers"
    return Row(what, ours, "s", "lifetimes", theirs, target=theirs * share)


def _timed(run: Callable[[], Result], repeats: int = REPEATS) -> tuple[float, Result]:
    """Shortest wall time of a few runs, and the last result."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def _check(what: str, ours: float, theirs: float) -> None:
    if ours > theirs + EQUAL * abs(theirs):
        raise RuntimeError(f"{what} has not come as far as its peer: {ours}, not {theirs}")
