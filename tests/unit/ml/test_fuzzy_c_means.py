"""Fuzzy c-means: published numbers, scikit-learn's own checks, and what must hold of any rows."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import confusion_matrix
from sklearn.utils.estimator_checks import estimator_checks_generator

from ml.archetypes.fuzzy_c_means import FuzzyCMeans

FLOWERS = 150


# Other arrays than numpy's are asked for by an environment that this project does not set.
CHECKS = {
    f"{number} {check.func.__name__}": (estimator, check)
    for number, (estimator, check) in enumerate(estimator_checks_generator(FuzzyCMeans()))
    if check.func.__name__ != "check_array_api_input"
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("estimator", "check"), CHECKS.values(), ids=CHECKS)
def test_it_is_an_estimator(estimator, check):
    check(estimator)


def test_iris_comes_out_as_published():
    rows, species = load_iris(return_X_y=True)
    found = FuzzyCMeans(3, random_state=0).fit(rows)
    together = confusion_matrix(species, found.labels_)
    assert found.partition_coefficient_ == pytest.approx(0.783, abs=5e-4)
    assert found.objective_ == pytest.approx(60.51, abs=5e-3)
    assert FLOWERS - together.max(axis=1).sum() == 16
    assert found.has_converged_


@pytest.mark.parametrize("fuzzifier", [1.2, 1.7, 2.0, 3.0])
def test_the_objective_is_the_sum_that_defines_it(fuzzifier):
    rows, _ = load_iris(return_X_y=True)
    found = FuzzyCMeans(3, fuzzifier=fuzzifier, tol=1e-7, random_state=0).fit(rows)
    shares = found.memberships(rows)
    apart = ((rows[:, None, :] - found.cluster_centers_[None]) ** 2).sum(axis=2)
    weights = shares**fuzzifier
    assert found.objective_ == pytest.approx((weights * apart).sum(), rel=1e-9)
    assert found.partition_coefficient_ == pytest.approx((shares**2).sum() / len(rows), rel=1e-9)
    centers = weights.T @ rows / weights.sum(axis=0)[:, None]
    assert found.cluster_centers_ == pytest.approx(centers, abs=1e-5)


def test_batches_and_files_give_what_memory_gives(tmp_path):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(5_000, 3)) + rng.integers(0, 2, (5_000, 1)) * 4
    mapped = np.memmap(tmp_path / "rows", np.float64, "w+", shape=rows.shape)
    mapped[:] = rows
    whole = FuzzyCMeans(2, batch_size=10_000, random_state=0).fit(rows)
    parts = FuzzyCMeans(2, batch_size=301, random_state=0).fit(mapped)
    assert parts.cluster_centers_ == pytest.approx(whole.cluster_centers_, abs=1e-9)
    assert (parts.labels_ == whole.labels_).all()


def test_starts_on_a_sample_end_in_the_optimum_of_all_rows():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(30_000, 2)) + rng.integers(0, 3, (30_000, 1)) * 5
    whole = FuzzyCMeans(3, sample_size=len(rows), random_state=0).fit(rows)
    sampled = FuzzyCMeans(3, sample_size=1_000, random_state=0).fit(rows)
    assert sampled.objective_ == pytest.approx(whole.objective_, rel=1e-7)
    assert sampled.n_iter_ < whole.n_iter_


def test_rows_on_centers_belong_to_them_alone():
    found = FuzzyCMeans.from_centers([[0.0, 1e6], [1.0, 1e6]], fuzzifier=2.0)
    assert found.memberships([[0.0, 1e6], [0.5, 1e6]]) == pytest.approx(
        np.array([[1.0, 0.0], [0.5, 0.5]]), abs=1e-9
    )
    same = FuzzyCMeans.from_centers([[2.0], [2.0], [5.0]], fuzzifier=2.0)
    assert same.memberships([[2.0]]) == pytest.approx(np.array([[0.5, 0.5, 0.0]]), abs=1e-9)


def test_duplicates_are_no_trouble():
    rows = np.repeat([[0.0, 0.0], [1.0, 1.0], [5.0, 5.0]], 50, axis=0)
    found = FuzzyCMeans(3, random_state=0).fit(rows)
    assert found.objective_ == pytest.approx(0.0, abs=1e-9)
    assert found.partition_coefficient_ == pytest.approx(1.0, abs=1e-6)
    assert sorted(np.bincount(found.labels_)) == [50, 50, 50]


def test_fewer_kinds_of_rows_than_clusters_are_said():
    with pytest.warns(ConvergenceWarning, match="Only 2 distinct rows for 3 clusters"):
        found = FuzzyCMeans(3, random_state=0).fit([[0.0], [0.0], [1.0], [1.0]])
    assert found.memberships([[0.0], [1.0]]).sum(axis=1) == pytest.approx([1.0, 1.0])
    with pytest.warns(ConvergenceWarning, match="Only 1 distinct"):
        FuzzyCMeans(2, random_state=0).fit(np.ones((9, 2)))


def test_not_to_converge_is_said():
    rng = np.random.default_rng(0)
    with pytest.warns(ConvergenceWarning, match="still moved after 1 passes"):
        found = FuzzyCMeans(3, max_iter=1, random_state=0).fit(rng.normal(size=(100, 2)))
    assert not found.has_converged_


@pytest.mark.parametrize(
    ("settings_", "says"),
    [
        ({"n_clusters": 0}, "n_clusters is at least 1"),
        ({"fuzzifier": 1.0}, "fuzzifier is above 1"),
        ({"n_init": 0}, "n_init is at least 1"),
        ({"tol": -1.0}, "tol is at least 0"),
        ({"n_clusters": 11}, "n_samples=10 should be >= n_clusters=11"),
    ],
)
def test_what_cannot_be_is_refused(settings_, says):
    with pytest.raises(ValueError, match=says):
        FuzzyCMeans(**settings_).fit(np.arange(20.0).reshape(10, 2))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_gaps_and_infinite_values_are_refused(value):
    with pytest.raises(ValueError, match="contains"):
        FuzzyCMeans(2).fit([[0.0], [1.0], [value]])


@settings(max_examples=40, deadline=None)
@given(
    rows=arrays(
        np.float64,
        st.tuples(st.integers(4, 40), st.integers(1, 3)),
        elements=st.floats(-1e4, 1e4, allow_nan=False),
    ),
    fuzzifier=st.floats(1.1, 4),
)
def test_whatever_the_rows_shares_sum_to_one(rows, fuzzifier):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = FuzzyCMeans(3, fuzzifier=fuzzifier, n_init=2, max_iter=50, random_state=0).fit(rows)
    shares = found.memberships(rows)
    assert np.isfinite(shares).all()
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    assert (shares >= 0).all()
    assert found.objective_ >= 0
    assert 1 / 3 - 1e-9 <= found.partition_coefficient_ <= 1 + 1e-9
    # More clusters than one never cost: all in the mean is what one cluster would have.
    one = ((rows - rows.mean(axis=0)) ** 2).sum()
    assert found.objective_ <= one * (1 + 1e-9) + 1e-6
