"""Archetypes: segments by name and rule, ids that stay, what is kept, reasons for the rest."""

import datetime as dt
import hashlib
import itertools
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from ml.archetypes.axes import AXES, AXIS_NAMES, COLUMNS, INSUFFICIENT_HISTORY, NOT_MODELLED
from ml.archetypes.axis_model import AxisModel
from ml.archetypes.drift import drift, population_stability_index
from ml.archetypes.keys import Level, archetype_id, archetype_key, ids, keys, strength_words
from ml.archetypes.model import ArchetypeModel
from ml.archetypes.traits import WORDS, traits
from tests.unit.ml.customer_frames import AS_OF, customers

VALUE = AXES[AXIS_NAMES.index("purchase_value")]


def fitted(rows, seed=0):
    return ArchetypeModel.fitted(rows, version="2026-06-29", as_of=AS_OF, seed=seed)


@pytest.fixture(scope="module")
def rows():
    return customers(1_500)


@pytest.fixture(scope="module")
def model(rows):
    return fitted(rows)


@pytest.fixture(scope="module")
def scores(model, rows):
    return model.score(rows)


def test_every_customer_has_a_segment_on_every_axis(scores, rows):
    segments = scores.segments()
    assert len(segments) == len(rows)
    for axis in AXES:
        assert set(segments[axis.name]) <= {*axis.all_segments, INSUFFICIENT_HISTORY}
        assert set(axis.segments) <= set(segments[axis.name])


def test_shares_of_a_customer_sum_to_one_or_have_a_reason(scores):
    told = scores.memberships()
    sums = told.dropna(subset="membership").groupby(["customer_key", "axis"])["membership"].sum()
    assert sums.to_numpy() == pytest.approx(np.ones(len(sums)))
    assert (told["membership"].isna() == told["reason"].notna()).all()
    pairs = told[["customer_key", "axis"]].drop_duplicates()
    assert len(pairs) == len(scores.customer_key) * len(AXES)


@pytest.mark.parametrize("axis", [axis for axis in AXES if axis.peak is None], ids=lambda a: a.name)
def test_segments_rise_with_the_axis_first_feature(axis, scores, rows):
    column = axis.features[0].column
    of = scores.axes[axis.name]
    means = rows[column].astype(float).groupby(of.segment).median()
    assert means[list(axis.segments)].is_monotonic_increasing


def test_cadence_is_named_by_month_and_variation(scores, rows):
    segment = scores.axes["purchase_cadence"].segment
    by_month = rows["month_concentration"].groupby(segment).mean()
    assert by_month.drop(INSUFFICIENT_HISTORY).idxmax() == "seasonal"
    variation = rows["gap_variation"].groupby(segment).mean()
    assert variation["steady"] < variation["irregular"]


def test_one_purchase_day_is_a_rule(scores, rows):
    frequency = scores.axes["purchase_frequency"]
    once = (rows["purchase_day_count"] == 1).to_numpy()
    assert (frequency.segment[once] == "one_time").all()
    assert (frequency.segment[~once] != "one_time").all()
    assert (frequency.strength[once] == 1.0).all()


def test_who_lacks_the_history_is_said_to(scores, rows):
    count = rows["purchase_day_count"].to_numpy()
    for axis in AXES:
        lacks = count < axis.minimum_purchases
        if axis.needs_returns:
            lacks |= ~rows["is_return_window_over"].to_numpy()
        own = scores.axes[axis.name]
        assert ((own.segment == INSUFFICIENT_HISTORY) == lacks).all()
        assert np.isnan(own.strength[lacks]).all()
        assert set(own.reason[lacks]) <= {"too_few_purchases", "return_window_open"}


def test_planted_kinds_are_found(rows):
    rng = np.random.default_rng(4)
    kind = rng.integers(0, 4, len(rows))
    value = np.exp(3 + 1.2 * kind + 0.15 * rng.standard_normal(len(rows)))
    planted = rows.assign(
        average_order_value_amount=value,
        highest_order_value_amount=1.2 * value,
        net_revenue_amount=value * rows["purchase_day_count"],
    )
    segment = fitted(planted).score(planted).axes["purchase_value"].segment
    assert adjusted_rand_score(kind, segment) > 0.95


def test_kinds_are_learned_from_those_who_have_bought_often():
    """What one purchase says is blurred; where the kinds lie, many purchases tell."""
    rng = np.random.default_rng(5)
    rows = customers(4_000)
    count = rng.choice([1, 2, 12], len(rows), p=[0.5, 0.3, 0.2])
    kind = rng.integers(0, 4, len(rows))
    value = np.exp(3 + kind + 1.2 * rng.standard_normal(len(rows)) / np.sqrt(count))
    blurred = rows.assign(
        purchase_day_count=count,
        average_order_value_amount=value,
        highest_order_value_amount=value,
        net_revenue_amount=value * count,
    )
    often = count == 12
    by_often = AxisModel.fitted(VALUE, blurred, seed=0)
    by_all = AxisModel.fitted(replace(VALUE, learned_from=1), blurred, seed=0)
    told = [model.score(blurred[often]).segment for model in (by_often, by_all)]
    better, worse = (adjusted_rand_score(kind[often], segment) for segment in told)
    assert by_often.row_count == often.sum()
    assert better > worse


def test_where_few_have_bought_often_it_is_those_who_have_most(rows):
    few = rows.assign(purchase_day_count=np.arange(len(rows)) % 4 + 1)
    most = few["purchase_day_count"] >= 3
    assert AxisModel.fitted(VALUE, few, seed=0).row_count == most.sum()
    assert AxisModel.fitted(VALUE, few.head(400), seed=0).row_count == 400


def test_two_bootstrap_fits_agree(rows, model):
    rng = np.random.default_rng(0)
    again = rows.iloc[rng.integers(0, len(rows), len(rows))]
    again = again.assign(customer_key=[f"drawn {number}" for number in range(len(again))])
    other = fitted(again).score(rows)
    for name in ("customer_maturity", "purchase_value", "purchase_frequency"):
        left, right = model.score(rows).axes[name].segment, other.axes[name].segment
        assert adjusted_rand_score(left, right) > 0.8


def test_the_order_of_rows_and_a_second_run_change_nothing(rows, model):
    shuffled = rows.sample(frac=1, random_state=1)
    assert fitted(shuffled).to_json() == model.to_json()
    assert fitted(rows).to_json() == model.to_json()


def test_what_is_kept_is_the_model(rows, model, scores):
    kept = model.to_json()
    json.loads(kept, parse_constant=lambda constant: pytest.fail(f"{constant} is no JSON"))
    again = ArchetypeModel.from_json(kept)
    pd.testing.assert_frame_equal(again.score(rows).table(), scores.table())
    assert again.to_json() == kept
    assert (again.version, again.as_of) == ("2026-06-29", dt.date(2026, 6, 30))


def test_the_table_is_what_the_warehouse_keeps(scores, rows):
    table = scores.table()
    assert list(table) == [
        *("customer_key", "archetype_l1_id", "archetype_l2_id", "archetype_l3_id"),
        *("dominant_segments", "membership_strengths"),
    ]
    assert table["archetype_l1_id"].str.fullmatch(r"arch_[0-9a-f]{12}").all()
    segments = [json.loads(text) for text in table["dominant_segments"]]
    assert all(list(row) == list(AXIS_NAMES) for row in segments)
    strengths = [json.loads(text) for text in table["membership_strengths"]]
    for segment, strength in zip(segments, strengths, strict=True):
        told = {axis for axis, value in strength.items() if value is not None}
        assert told == {axis for axis, name in segment.items() if name != INSUFFICIENT_HISTORY}
    assert table["customer_key"].tolist() == rows["customer_key"].tolist()


def test_an_id_is_level_and_key_alone():
    key = archetype_key({"b": "two", "a": "one"})
    assert key == "a=one|b=two"
    digest = hashlib.sha256(b"l1|a=one|b=two").hexdigest()
    assert archetype_id(Level.L1, key) == f"arch_{digest[:12]}"
    assert archetype_id(Level.L2, key) != archetype_id(Level.L1, key)


def test_the_next_day_changes_no_id(scores, rows):
    tomorrow = pd.concat([rows, customers(50, seed=9).assign(customer_key=[*map(str, range(50))])])
    before = scores.archetypes()
    after = fitted(tomorrow).score(tomorrow).archetypes()
    for level in Level:
        old, new = f"archetype_{level.value}_key", f"archetype_{level.value}_id"
        known = dict(zip(before[old], before[new], strict=True))
        later = dict(zip(after[old], after[new], strict=True))
        shared = known.keys() & later.keys()
        assert shared
        assert all(known[key] == later[key] for key in shared)


def test_a_million_keys_have_a_million_ids():
    strengths = (":strong", ":moderate", ":weak")
    axes = [
        [f"{axis.name}={name}{word}" for name in axis.all_segments for word in strengths]
        for axis in sorted(AXES, key=lambda axis: axis.name)
    ]
    combinations = itertools.islice(itertools.product(*axes), 0, None, 97)
    written = ("|".join(parts) for parts in itertools.islice(combinations, 1_000_000))
    assert len({archetype_id(Level.L2, key) for key in written}) == 1_000_000


def test_levels_look_ever_closer(scores):
    rows = scores.archetypes()
    strengths, segments = scores.strengths(), scores.segments()
    for number in range(40):
        one = dict(part.split("=") for part in rows["archetype_l1_key"][number].split("|"))
        two = dict(part.split("=") for part in rows["archetype_l2_key"][number].split("|"))
        three = dict(part.split("=") for part in rows["archetype_l3_key"][number].split("|"))
        assert list(one) == sorted(AXIS_NAMES)
        for axis in AXIS_NAMES:
            segment, own = segments[axis][number], scores.axes[axis]
            assert one[axis] == segment
            word = strength_words(np.array([strengths[axis][number]]))[0]
            assert two[axis] == (f"{segment}:{word}" if word else segment)
            both = (
                {segment, own.second[number]} if own.second_strength[number] >= 0.3 else {segment}
            )
            assert set(three[axis].split("+")) == both
    assert (ids(Level.L1, keys(Level.L1, scores.axes)) == rows["archetype_l1_id"]).all()


def test_strengths_in_words():
    shares = np.array([0.7, 0.6999, 0.45, 0.4499, np.nan])
    assert strength_words(shares).tolist() == ["strong", "moderate", "moderate", "weak", ""]


def test_traits_are_said_for_every_segment():
    assert {axis.name: set(axis.all_segments) for axis in AXES} == {
        axis: set(words) for axis, words in WORDS.items()
    }
    segments = {"purchase_value": "premium", "purchase_frequency": "one_time"}
    assert traits(segments) == ["bought once", "spends most per order"]
    assert traits({"purchase_value": NOT_MODELLED, "return_behavior": INSUFFICIENT_HISTORY}) == []


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_a_shop_of_hardly_anybody_gets_reasons(size):
    few = customers(size).assign(purchase_day_count=5, is_return_window_over=True)
    found = fitted(few)
    small = [axis.name for axis in AXES if size < len(axis.segments)]
    assert small
    for name in small:
        assert found.axes[name].reason == "fewer_customers_than_clusters"
    scored = found.score(few)
    for name in small:
        assert (scored.axes[name].segment == NOT_MODELLED).all()
        assert np.isnan(scored.axes[name].strength).all()
    assert ArchetypeModel.from_json(found.to_json()).score(few).table().equals(scored.table())
    assert len(scored.memberships().dropna(subset="reason")) == size * len(small)


def test_constant_features_get_a_reason(rows):
    same = rows.assign(**{f.column: 7.0 for f in AXES[1].features}, is_return_window_over=True)
    found = fitted(same)
    assert found.axes["purchase_value"].reason == "constant_features"
    assert found.axes["customer_maturity"].reason is None
    scored = found.score(same).axes["purchase_value"]
    assert set(scored.segment) == {NOT_MODELLED}
    assert set(scored.reason) == {"constant_features"}


def test_one_constant_feature_is_left_out_of_the_distances(rows):
    found = fitted(rows.assign(purchase_day_count_90d=0))
    assert found.axes["purchase_frequency"].reason is None
    again = ArchetypeModel.from_json(found.to_json())
    assert again.score(rows).table().equals(found.score(rows).table())


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_cannot_be_used_is_a_reason_not_a_score(rows, value):
    broken = rows.copy()
    broken.loc[:9, "average_order_value_amount"] = value
    found = fitted(broken)
    scored = found.score(broken).axes["purchase_value"]
    assert set(scored.segment[:10]) == {NOT_MODELLED}
    assert set(scored.reason[:10]) == {"missing_or_infinite_feature"}
    assert np.isnan(scored.strength[:10]).all()
    of_the_others = fitted(rows.iloc[10:]).axes["purchase_value"]
    assert found.axes["purchase_value"].as_json() == of_the_others.as_json()
    assert (scored.reason[10:] == "").all()


def test_nulls_that_mean_something_are_read_as_that(rows):
    """Never returned is no gap: who keeps everything is a keeper."""
    scored = fitted(rows).score(rows).axes["return_behavior"]
    keeps = rows["mean_days_to_return"].isna().to_numpy()
    assert "missing_or_infinite_feature" not in set(scored.reason[keeps])


def test_whoever_has_not_bought_has_no_segment(rows, model):
    nobody = rows.head(1).assign(purchase_day_count=0)
    scored = model.score(nobody).segments()
    assert set(scored[list(AXIS_NAMES)].iloc[0]) == {INSUFFICIENT_HISTORY}


def test_a_frame_that_is_none_is_refused(rows):
    with pytest.raises(ValueError, match="lacks category_entropy"):
        fitted(rows.drop(columns="category_entropy"))
    with pytest.raises(ValueError, match="stands twice"):
        fitted(pd.concat([rows, rows]))
    assert len(COLUMNS) == len(set(COLUMNS)) == 28


def test_drift_is_none_for_the_same_and_some_for_others(model, scores, rows):
    assert (drift(scores, scores)["stability_index"] == 0).all()
    richer = rows.assign(average_order_value_amount=5 * rows["average_order_value_amount"])
    moved = drift(scores, model.score(richer)).set_index("axis")["stability_index"]
    assert moved["purchase_value"] > 0.25
    assert moved["customer_maturity"] == 0


def test_the_stability_index_by_hand():
    expected = (0.5 - 0.25) * np.log(2) + (0.5 - 0.75) * np.log(0.5 / 0.75)
    assert population_stability_index([25, 75], [50, 50]) == pytest.approx(expected)
    assert np.isfinite(population_stability_index([10, 0], [0, 10]))
    assert np.isnan(population_stability_index([0, 0], [1, 1]))
    with pytest.raises(ValueError, match="same groups"):
        population_stability_index([1, 2], [1, 2, 3])
