"""What the estimator says of 160 customers, written to `ml` by hand, and what dbt makes of it.

The facts beside it are written by hand too, in the place of the marts before: these tests are
about what comes after the models, the same on each engine.
"""

import datetime as dt
import json
from decimal import Decimal
from typing import NamedTuple

import pandas as pd
import pytest

from ml.archetypes.catalogue import described
from ml.archetypes.drift import drift
from ml.archetypes.model import ArchetypeModel
from tests.integration import shop
from tests.unit.ml.customer_frames import customers

pytestmark = pytest.mark.integration

THEN, NOW = dt.date(2026, 5, 31), dt.date(2026, 6, 30)
LEVELS = ("l1", "l2", "l3")
MARTS = (
    *(f"dim_archetype_{level}" for level in LEVELS),
    *("fct_customer_current", "fct_customer_history"),
    *("fct_archetype_transitions", "fct_archetype_drift"),
)
BEFORE = ("archetype_memberships", "archetypes", "archetype_drift", "churn_scores")
SELECTED = (
    *MARTS,
    *(f"stg_ml__{table}" for table in (*BEFORE, "customer_lifetime_values")),
    "int_customer_scores_latest",
)
FACTS = {
    "intermediate.int_as_of": "as_of_date date",
    "marts.dim_customers": "customer_key varchar, customer_id varchar",
    "marts.fct_customer_features": (
        "customer_key varchar, order_count bigint, days_since_last_purchase bigint,"
        " tenure_days bigint, net_revenue_amount numeric(18,4), snapshot_date date"
    ),
}


class Told(NamedTuple):
    """What went into the warehouse."""

    features: pd.DataFrame
    memberships: pd.DataFrame
    archetypes: pd.DataFrame
    drift: pd.DataFrame
    churn: pd.DataFrame


@pytest.fixture(scope="module")
def told() -> Told:
    """Two snapshots, each by a model of its own: twelve have gone between them, forty come."""
    people = customers(160)
    then, now = people[:120].assign(snapshot_date=THEN), people[12:].assign(snapshot_date=NOW)
    now["average_order_value_amount"] = now["average_order_value_amount"].to_numpy()[::-1]
    old = ArchetypeModel.fitted(then, version="may", as_of=THEN)
    new = ArchetypeModel.fitted(now, version="june", as_of=NOW)
    scored = ((THEN, old, old.score(then)), (NOW, new, new.score(now)))
    memberships = [
        scores.table().assign(model_version=model.version, snapshot_date=day)
        for day, model, scores in scored
    ]
    catalogue = pd.concat([described(scores) for _, _, scores in scored])
    population = drift(new.score(then), new.score(now)).assign(
        drift_type="population", from_model_version="june", from_snapshot_date=THEN
    )
    refit = drift(old.score(now), new.score(now)).assign(
        drift_type="refit", from_model_version="may", from_snapshot_date=NOW
    )
    moved = pd.concat([population, refit]).assign(to_model_version="june", snapshot_date=NOW)
    return Told(
        pd.concat([then, now], ignore_index=True),
        pd.concat(memberships, ignore_index=True),
        catalogue.drop_duplicates(["archetype_level", "archetype_id"]),
        moved,
        churn_scores(people),
    )


def churn_scores(people):
    """Of every third: probabilities that are whole in binary, from 0 on."""
    keys = people["customer_key"][::3]
    chance = pd.Series(range(len(keys)), index=keys.index) / 64
    bounds, words = [-1, 0.3, 0.4, 0.5, 1], ["low", "medium", "high", "critical"]
    return pd.DataFrame(
        {
            "customer_key": keys,
            "churn_probability": chance,
            "risk_level": pd.cut(chance, bounds, labels=words).astype(str),
            "score_date": NOW,
        }
    )


def write(warehouse, table, rows):
    marks = ", ".join([warehouse.placeholder] * len(rows.columns))
    values = [
        [None if pd.isna(cell) else cell for cell in row]
        for row in rows.astype(object).itertuples(index=False, name=None)
    ]
    warehouse.execute(f"insert into {table} ({', '.join(rows)}) values ({marks})", values)


def build(warehouse, scratch):
    done = shop.build(
        warehouse,
        scratch,
        *("--select", *SELECTED, "--indirect-selection", "buildable"),
        *("--exclude-resource-type", "unit_test"),
        PRIVACY_SALT="ab" * 32,
    )
    assert done.returncode == 0, done.stdout[-5000:]


@pytest.fixture(scope="module")
def empty(warehouse, scratch):
    """Rows of each mart in a warehouse that no model has written to."""
    for schema in ("intermediate", "marts"):
        warehouse.execute(f"create schema if not exists {schema}")
    for table, columns in FACTS.items():
        warehouse.execute(f"create table {table} ({columns})")
    warehouse.execute(f"insert into intermediate.int_as_of values (date '{NOW}')")
    build(warehouse, scratch)
    return {mart: len(warehouse.query(f"select * from marts.{mart}")) for mart in MARTS}


@pytest.fixture(scope="module")
def built(empty, warehouse, scratch, told):
    """The same warehouse after the models have written what they know."""
    assert not any(empty.values())
    keys = sorted(set(told.features["customer_key"]))
    ids = pd.DataFrame({"customer_key": keys, "customer_id": [f"C-{key}" for key in keys]})
    write(warehouse, "marts.dim_customers", ids)
    write(warehouse, "marts.fct_customer_features", facts(told))
    write(warehouse, "ml.archetype_memberships", told.memberships)
    write(warehouse, "ml.archetypes", told.archetypes)
    write(warehouse, "ml.archetype_drift", told.drift)
    write(warehouse, "ml.churn_scores", told.churn)
    build(warehouse, scratch)
    return warehouse


def facts(told):
    rows = told.features[
        ["customer_key", "order_count", "days_since_last_purchase", "tenure_days", "snapshot_date"]
    ]
    return rows.assign(net_revenue_amount=told.features["net_revenue_amount"].map(money))


def money(amount):
    return Decimal(f"{amount:.4f}")


def expected_history(told):
    rows = told.memberships.merge(facts(told), on=["customer_key", "snapshot_date"])
    assert len(rows) == len(told.memberships) == 268
    return rows


def test_before_the_first_fit_the_marts_are_there_and_empty(empty):
    assert empty == dict.fromkeys(MARTS, 0)


def test_history_is_what_the_models_said_beside_the_facts(built, told):
    columns = [
        *("customer_key", "archetype_l1_id", "archetype_l2_id", "archetype_l3_id"),
        *("dominant_segments", "membership_strengths", "model_version", "order_count"),
        *("days_since_last_purchase", "net_revenue_amount", "tenure_days", "snapshot_date"),
    ]
    expected = {tuple(row) for row in expected_history(told)[columns].itertuples(index=False)}
    named = ", ".join(columns).replace("net_revenue", "lifetime_value")
    named = named.replace("tenure", "customer_tenure")
    found = built.query(f"select {named} from marts.fct_customer_history")
    assert set(found) == expected
    assert len(found) == len(expected)


def test_current_is_the_newest_snapshot_and_its_json_reads(built):
    found = built.query(
        "select customer_key, customer_id, dominant_segments, membership_strengths, snapshot_date"
        " from marts.fct_customer_current"
    )
    assert {row[0] for row in found} == {f"customer {number:06d}" for number in range(12, 160)}
    assert {row[4] for row in found} == {NOW}
    for key, short, segments, strengths, _ in found:
        assert short == f"C-{key}"
        assert json.loads(segments).keys() == json.loads(strengths).keys()


@pytest.mark.parametrize("level", LEVELS)
def test_an_archetype_is_the_sum_of_its_members(built, told, level):
    name = f"archetype_{level}_id"
    history = expected_history(told)
    now = history[history["snapshot_date"] == NOW].merge(
        told.churn[["customer_key", "churn_probability", "risk_level"]], how="left"
    )
    catalogue = told.archetypes[told.archetypes["archetype_level"] == level]
    words = {row.archetype_id: (row.archetype_key, row.traits) for row in catalogue.itertuples()}
    found = built.query(
        f"select {name}, archetype_key, traits, member_count, scored_member_count,"
        " high_risk_member_count, member_share, total_lifetime_value_amount,"
        f" average_churn_probability from marts.dim_archetype_{level}"
    )
    assert {row[0] for row in found} == set(history[name])
    for archetype, key, traits, count, scored, high, share, total, churn in found:
        members = now[now[name] == archetype]
        assert (key, traits) == words[archetype]
        assert (count, scored) == (len(members), members["churn_probability"].count())
        assert high == members["risk_level"].isin(["critical", "high"]).sum()
        assert share == pytest.approx(len(members) / len(now))
        assert total == sum(members["net_revenue_amount"], Decimal(0))
        mean = members["churn_probability"].mean()
        assert churn == (None if pd.isna(mean) else pytest.approx(mean))
    assert sum(row[3] for row in found) == len(now) == 148
    assert sum(row[6] for row in found) == pytest.approx(1)


@pytest.mark.parametrize("level", LEVELS)
def test_transitions_are_who_went_where(built, told, level):
    name = f"archetype_{level}_id"
    rows = told.memberships
    then, now = (
        rows[rows["snapshot_date"] == day].set_index("customer_key")[name] for day in (THEN, NOW)
    )
    both = pd.concat([then.rename("then"), now.rename("now")], axis=1)
    expected = both.groupby(["then", "now"], dropna=False).size()
    found = built.query(
        "select from_archetype_id, to_archetype_id, customer_count, is_same_archetype, is_refit"
        f" from marts.fct_archetype_transitions where archetype_level = '{level}'"
    )
    wanted = {
        tuple(None if pd.isna(side) else side for side in sides): count
        for sides, count in expected.items()
    }
    assert {row[:2]: row[2] for row in found} == wanted
    assert all(row[3] == (row[0] == row[1]) and row[4] is True for row in found)
    assert sum(row[2] for row in found if row[0]) == 120
    assert sum(row[2] for row in found if row[1]) == 148


def test_drift_is_told_apart_for_population_and_refit(built, told):
    found = built.query(
        "select drift_type, axis, stability_index, drift_level from marts.fct_archetype_drift"
    )
    expected = told.drift.set_index(["drift_type", "axis"])["stability_index"]
    assert {row[:2] for row in found} == set(expected.index)
    for kind, axis, index, word in found:
        assert index == pytest.approx(expected[kind, axis])
        assert word == ("none" if index < 0.1 else "some" if index <= 0.25 else "much")
