"""Models between marts and `ml`: whole or not at all, the same on each engine, twice the same."""

import dataclasses
import datetime as dt
from collections import Counter

import pandas as pd
import pytest

import ml.churn
from orchestration.commands.models import score
from orchestration.errors import ModelError
from orchestration.lib.warehouse import open_reader
from orchestration.models import archetypes, lifetime_values
from orchestration.models.archetypes import write_archetypes
from orchestration.models.churn import write_churn
from orchestration.models.everything import MODELS
from orchestration.models.experiments import write_experiments
from orchestration.models.growth import write_growth
from orchestration.models.lifetime_values import write_lifetime_values
from tests.integration.connector import duckdb_settings, postgres_settings
from tests.integration.described_customers import VARIANTS, customers, fill, make_tables

pytestmark = pytest.mark.integration

# A Wednesday; the Monday before it is the 22nd.
TODAY = dt.date(2026, 6, 24)
SNAPSHOTS = (dt.date(2026, 5, 31), dt.date(2026, 6, 17), TODAY)
TABLES = (
    *("archetype_memberships", "archetypes", "archetype_models", "archetype_drift"),
    *("customer_lifetime_values", "churn_scores", "churn_summary"),
    *("growth_projections", "model_runs"),
)
MONDAY = dt.date(2026, 6, 29)
BUYERS = 520


class Hours:
    """A clock that is an hour later each time."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 6, 25, 2)  # noqa: DTZ001 - as the tables keep it

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(hours=1)
        return self.now


class Place:
    """A warehouse with described customers."""

    def __init__(self, settings) -> None:
        self.settings = settings
        self.clock = Hours()
        make_tables(settings)

    def describe(self, *parts: pd.DataFrame) -> None:
        fill(self.settings, "fct_customer_features", pd.concat(parts))

    def run(self, model):
        with open_reader(self.settings, exclusive=True) as reader:
            return model(reader, self.clock)

    def rows(self, sql: str) -> list[tuple]:
        with open_reader(self.settings) as reader:
            schema = reader.warehouse.schema("ml")
            return list(reader.rows(sql.replace("ml.", f"{schema}.")))

    def tables(self) -> dict[str, Counter]:
        return {table: Counter(self.rows(f"select * from ml.{table}")) for table in TABLES}


@pytest.fixture(params=["duckdb", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request, tmp_path) -> Place:
    if request.param == "duckdb":
        return Place(duckdb_settings(tmp_path))
    return Place(postgres_settings(tmp_path, request.getfixturevalue("postgres_uri")))


@pytest.fixture
def shop(place) -> Place:
    """A shop whose customers are described three times."""
    place.describe(*(customers(BUYERS, day, seed=i) for i, day in enumerate(SNAPSHOTS)))
    return place


def test_every_snapshot_is_told_by_the_model_of_its_week(shop):
    report = shop.run(write_archetypes)
    assert (report.outcome, report.reason, report.row_count) == ("published", None, 3 * BUYERS)
    told = shop.rows(
        "select snapshot_date, model_version, count(*) from ml.archetype_memberships"
        " group by snapshot_date, model_version order by snapshot_date"
    )
    # Nothing is known before the first snapshot; the week of the 17th begins on the 15th.
    assert told == [
        (dt.date(2026, 5, 31), "archetypes_20260531", BUYERS),
        (dt.date(2026, 6, 17), "archetypes_20260531", BUYERS),
        (dt.date(2026, 6, 24), "archetypes_20260617", BUYERS),
    ]
    assert shop.rows("select as_of_date, customer_count from ml.archetype_models order by 1") == [
        (dt.date(2026, 5, 31), BUYERS),
        (dt.date(2026, 6, 17), BUYERS),
    ]


def test_every_archetype_is_in_the_catalogue_and_drift_says_what_moved(shop):
    shop.run(write_archetypes)
    assert not shop.rows(
        "select 1 from ml.archetype_memberships as m left join ml.archetypes as a"
        " on a.archetype_level = 'l1' and m.archetype_l1_id = a.archetype_id"
        " where a.archetype_id is null"
    )
    drifts = shop.rows(
        "select snapshot_date, drift_type, count(*) from ml.archetype_drift"
        " group by snapshot_date, drift_type order by snapshot_date, drift_type"
    )
    assert drifts == [
        (dt.date(2026, 6, 17), "population", 8),
        (dt.date(2026, 6, 24), "population", 8),
        (dt.date(2026, 6, 24), "refit", 8),
    ]


def test_two_runs_of_one_day_give_identical_tables(shop):
    for model in MODELS:
        shop.run(model)
    before = shop.tables()
    assert [shop.run(model).outcome for model in MODELS] == ["unchanged"] * len(MODELS)
    assert shop.tables() == before


def test_only_what_changed_is_written_again(shop):
    shop.run(write_archetypes)
    parts = [customers(BUYERS, day, seed=i) for i, day in enumerate(SNAPSHOTS)]
    parts[1].loc[0, "order_count"] = 30
    shop.describe(*parts)
    assert shop.run(write_archetypes).outcome == "published"
    times = shop.rows(
        "select snapshot_date, count(distinct scored_at), max(scored_at), count(*)"
        " from ml.archetype_memberships group by snapshot_date order by snapshot_date"
    )
    first, changed, last = times
    assert first[2] == last[2] < changed[2]
    assert [row[1] for row in times] == [1, 1, 1]
    assert [row[3] for row in times] == [BUYERS] * 3
    ((models,),) = shop.rows("select count(*) from ml.archetype_models")
    assert models == 2  # last week's model stays, though its rows have changed


def test_what_is_no_snapshot_any_more_goes(shop):
    shop.run(write_archetypes)
    shop.describe(*(customers(BUYERS, day, seed=i) for i, day in enumerate(SNAPSHOTS[1:], start=1)))
    assert shop.run(write_archetypes).outcome == "published"
    found = {
        day for (day,) in shop.rows("select distinct snapshot_date from ml.archetype_memberships")
    }
    assert found == set(SNAPSHOTS[1:])


def test_a_write_that_breaks_off_leaves_what_was_there(shop, monkeypatch):
    shop.run(write_archetypes)
    shop.run(write_lifetime_values)
    before = shop.tables()
    shop.describe(*(customers(BUYERS, day, seed=9 + i) for i, day in enumerate(SNAPSHOTS)))

    def breaks(*_, **__):
        raise RuntimeError("the disk is full")

    for module, model in ((archetypes, write_archetypes), (lifetime_values, write_lifetime_values)):
        monkeypatch.setattr(module, "note", breaks)
        with pytest.raises(RuntimeError, match="disk"):
            shop.run(model)
    assert shop.tables() == before


def test_values_stand_beside_those_of_the_day_before(shop):
    assert shop.run(write_lifetime_values).outcome == "published"
    later = [*SNAPSHOTS, TODAY + dt.timedelta(days=1)]
    shop.describe(*(customers(BUYERS, day, seed=i) for i, day in enumerate(later)))
    assert shop.run(write_lifetime_values).outcome == "published"
    told = shop.rows(
        "select score_date, count(*), count(probabilistic_clv_amount), min(model_version)"
        " from ml.customer_lifetime_values group by score_date order by score_date"
    )
    assert told == [
        (TODAY, BUYERS, BUYERS, "lifetime_value_20260617"),
        (TODAY + dt.timedelta(days=1), BUYERS, BUYERS, "lifetime_value_20260617"),
    ]
    fits = shop.rows("select row_count from ml.model_runs where action = 'fit'")
    assert fits == [(BUYERS,)]


def test_a_week_later_there_is_a_new_model(shop):
    shop.run(write_lifetime_values)
    later = [*SNAPSHOTS, TODAY + dt.timedelta(days=7)]
    shop.describe(*(customers(BUYERS, day, seed=i) for i, day in enumerate(later)))
    assert shop.run(write_lifetime_values).model_version == "lifetime_value_20260624"


def test_a_refit_that_gives_nothing_leaves_the_last_model(shop):
    shop.run(write_lifetime_values)
    later = [customers(40, TODAY, seed=2), customers(40, TODAY + dt.timedelta(days=7), seed=3)]
    shop.describe(*later)
    report = shop.run(write_lifetime_values)
    assert (report.outcome, report.reason) == ("kept_last", "fewer_buyers_than_needed")
    assert report.model_version == "lifetime_value_20260617"
    assert report.metrics["valued"] == 40


def test_a_refused_fit_waits_for_the_next_week(shop, monkeypatch):
    """Monday's fit gives nothing: the last model speaks, and nobody tries again until Monday."""
    shop.run(write_lifetime_values)
    tried = []

    def refused(_, day):
        tried.append(day)
        return None, "fewer_buyers_than_needed"

    monkeypatch.setattr(lifetime_values, "_fit", refused)
    for report in _days_from_monday(shop, write_lifetime_values):
        assert (report.outcome, report.reason) == ("kept_last", "fewer_buyers_than_needed")
        assert report.is_refused
    assert tried == [MONDAY, MONDAY + dt.timedelta(days=7)]


def test_a_churn_model_below_its_baselines_waits_for_the_next_week(shop, monkeypatch):
    run_churn, tried = ml.churn.run_churn, []

    def told(*rows, kept, refit, settings):
        tried.extend([rows[2]] if refit else [])
        model = kept or {"model": {"settings": dataclasses.asdict(settings)}}
        reason = "model_below_baseline" if kept and refit else None
        said = {"model": model, "model_version": "churn_first", "reason": reason}
        return dataclasses.replace(run_churn(*rows), **said, is_refitted=kept is None)

    monkeypatch.setattr(ml.churn, "run_churn", told)
    assert shop.run(write_churn).outcome == "published"
    for report in _days_from_monday(shop, write_churn):
        assert (report.outcome, report.reason) == ("kept_last", "model_below_baseline")
        assert report.is_refused
    assert tried == [TODAY, MONDAY, MONDAY + dt.timedelta(days=7)]


def _days_from_monday(shop, model):
    """What a model says on some days of a week and the next Monday."""
    for number in (0, 1, 2, 6, 7):
        day = MONDAY + dt.timedelta(days=number)
        snapshots = [day - dt.timedelta(days=before) for before in (14, 7, 0)]
        shop.describe(*(customers(40, each, seed=each.day) for each in snapshots))
        yield shop.run(model)


@pytest.mark.parametrize("count", [1, 3])
def test_too_few_customers_have_a_reason_each(place, count):
    place.describe(customers(count, TODAY))
    assert place.run(write_archetypes).outcome == "published"
    report = place.run(write_lifetime_values)
    assert (report.outcome, report.reason) == ("no_model", "fewer_buyers_than_needed")
    told = place.rows(
        "select probabilistic_clv_amount, no_value_reason from ml.customer_lifetime_values"
    )
    assert told == [(None, "fewer_buyers_than_needed")] * count
    (segments,) = {row[0] for row in place.rows("select count(*) from ml.archetype_memberships")}
    assert segments == count
    report = place.run(write_churn)
    assert (report.outcome, report.reason) == ("no_model", "insufficient_history")
    told = place.rows("select churn_probability, no_score_reason from ml.churn_scores")
    assert told == [(None, "insufficient_history")] * count
    assert place.rows("select sum(customer_count) from ml.churn_summary") == [(count,)]
    growth = place.run(write_growth)
    assert growth.outcome == "no_model"
    assert growth.reason in ("no_hazards", "no_customers")


def test_experiments_are_compared_once(place):
    names = [*VARIANTS]
    rows = [("e", "control", 900, 90, 9000, 99000), ("e", "b", 910, 140, 14000, 149000)]
    fill(place.settings, "fct_experiment_variants", pd.DataFrame(rows, columns=names))
    report = place.run(write_experiments)
    assert (report.outcome, report.metrics["experiments"]) == ("published", 1)
    sql = "select variant, is_conversion_significant from ml.experiment_results order by variant"
    assert place.rows(sql) == [("b", True), ("control", None)]
    assert place.run(write_experiments).outcome == "unchanged"


def test_nobody_is_no_fault(place):
    reasons = [place.run(model).reason for model in MODELS]
    assert reasons == ["no_customers"] * (len(MODELS) - 1) + ["no_experiments"]


def test_customers_who_are_all_the_same_have_no_model(place):
    same = customers(BUYERS, TODAY)
    for column in same.columns.drop(["customer_key", "snapshot_date"]):
        same[column] = same[column].iloc[0]
    place.describe(same)
    report = place.run(write_archetypes)
    assert report.metrics["purchase_value"]["reason"] == "constant_features"
    assert place.run(write_lifetime_values).outcome == "no_model"


def test_a_warehouse_that_was_never_built_is_told(tmp_path):
    settings = duckdb_settings(tmp_path)
    settings.duckdb_path.parent.mkdir(parents=True)
    with open_reader(settings, exclusive=True) as reader, pytest.raises(ModelError, match="yet"):
        write_archetypes(reader, Hours())


def test_the_command_says_what_each_model_did(shop, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("orchestration.lib.session.open_settings", lambda: shop.settings)
    score()
    first = capsys.readouterr().out.splitlines()
    assert [line.partition(",")[0] for line in first] == [
        "archetypes: published",
        "lifetime_value: published",
        "churn: no model",
        "growth: no model",
        "experiments: no model",
        "What reads it is built by: basketline build",
    ]
    score()
    assert capsys.readouterr().out.count("unchanged") == len(MODELS)
