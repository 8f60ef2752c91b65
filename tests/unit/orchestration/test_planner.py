"""What a build has to do follows from what arrived since the last one that succeeded."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.lib.planner import (
    Arrival,
    BuildPlan,
    Situation,
    changed_tables,
    plan_build,
    reaches_readers_of_models,
    read_tables,
    relations,
    skipped_models,
    source_tables,
)

ORDERS = Arrival(3, "2026-06-30 12:00:00+00")
LATER = Arrival(3, "2026-07-01 12:00:00+00")
LAST = Situation({"shopify.orders": ORDERS, "meta_ads.insights": ORDERS}, "settings", "code")
KNOWN = tuple(LAST.arrivals)

ARRIVALS = st.dictionaries(
    st.sampled_from(["a.x", "a.y", "b.x", "b.y"]),
    st.builds(Arrival, st.integers(0, 3), st.sampled_from(["", "2026-01-01", "2026-01-02"])),
)


def manifest() -> dict:
    """Two sources, each with staging and a mart; a report over both; a dimension of its own."""
    models = {
        "stg_a": ["source.p.a.x"],
        "stg_b": ["source.p.b.x"],
        "fct_a": ["model.p.stg_a"],
        "fct_b": ["model.p.stg_b"],
        "rpt": ["model.p.fct_a", "model.p.fct_b"],
        "dim_dates": [],
    }
    return {
        "nodes": {
            f"model.p.{name}": {
                "name": name,
                "resource_type": "model",
                "schema": "Marts",
                "config": {"materialized": "table"},
            }
            for name in models
        },
        "sources": {f"source.p.{s}.x": {"source_name": s, "name": "x"} for s in "ab"},
        "parent_map": {f"model.p.{name}": parents for name, parents in models.items()},
    }


def test_a_table_with_newer_rows_is_built_with_all_downstream():
    now = dataclasses.replace(LAST, arrivals={**LAST.arrivals, "shopify.orders": LATER})
    plan = plan_build(now, LAST, known_tables=KNOWN)
    assert plan.selection == ("source:shopify.orders+",)
    assert not plan.compares_code
    assert not plan.starts_anew


def test_rows_that_went_away_count_as_a_change():
    now = dataclasses.replace(LAST, arrivals={"shopify.orders": Arrival(2, ORDERS.newest)})
    assert plan_build(now, LAST, known_tables=KNOWN).changed_tables == tuple(sorted(KNOWN))


def test_nothing_new_builds_nothing():
    plan = plan_build(LAST, LAST, known_tables=KNOWN)
    assert plan.is_empty
    assert not plan.is_everything
    assert str(plan).startswith("Nothing to build")


def test_changed_code_is_built_with_what_arrived():
    now = dataclasses.replace(LAST, code="new", arrivals={**LAST.arrivals, "shopify.orders": LATER})
    plan = plan_build(now, LAST, known_tables=KNOWN)
    assert plan.selection == ("source:shopify.orders+", "state:modified+")
    assert plan.compares_code
    # A rule that changed holds for old rows too, which an incremental table would leave alone.
    assert plan.starts_anew


@pytest.mark.parametrize(
    ("now", "last", "options"),
    [
        (LAST, None, {}),
        (dataclasses.replace(LAST, settings="EUR to USD"), LAST, {}),
        (LAST, LAST, {"full": True}),
        (LAST, LAST, {"missing": ["marts.fct_orders"]}),
    ],
    ids=["first build", "settings", "asked for", "a table was dropped"],
)
def test_everything_is_built_where_a_part_could_be_wrong(now, last, options):
    plan = plan_build(now, last, known_tables=KNOWN, **options)
    assert plan.is_everything
    assert plan.starts_anew
    assert plan.reason


def test_raw_tables_that_no_model_reads_do_not_count():
    now = dataclasses.replace(LAST, arrivals={**LAST.arrivals, "files._rejected": LATER})
    assert plan_build(now, LAST, known_tables=KNOWN).is_empty


@given(ARRIVALS, ARRIVALS)
def test_exactly_the_tables_that_differ_are_changed(now, last):
    known = {*now, *last}
    changed = set(changed_tables(now, last, known))
    assert changed == {name for name in known if now.get(name) != last.get(name)}


def test_what_is_skipped_says_why():
    now = {"a.x": LATER, "b.x": ORDERS}
    last = Situation({"a.x": ORDERS, "b.x": ORDERS}, "settings", "code")
    plan = plan_build(dataclasses.replace(last, arrivals=now), last, known_tables=now)
    groups = skipped_models(manifest(), ["model.p.stg_a", "model.p.fct_a", "model.p.rpt"], plan)
    assert {group.names: group.reason for group in groups} == {
        ("fct_b", "stg_b"): "no new rows in what they read of b",
        ("dim_dates",): "reads no source, and its code is unchanged",
    }


def test_relations_and_sources_come_from_the_manifest():
    assert ("marts", "fct_a") in relations(manifest())
    assert source_tables(manifest()) == {"source.p.a.x": "a.x", "source.p.b.x": "b.x"}


def test_the_models_part_a_plan():
    """What reads their tables waits for them; with the rest it is the whole, and nothing twice."""
    assert BuildPlan().before_models() == ("--exclude", "source:ml+")
    assert BuildPlan().after_models() == ("--select", "source:ml+")
    part = BuildPlan(("source:shopify.orders+",))
    assert part.before_models() == ("--select", "source:shopify.orders+", "--exclude", "source:ml+")
    assert part.after_models() == ("--select", "source:shopify.orders+,source:ml+")


def test_what_models_wrote_is_built_on():
    nothing = BuildPlan(reason="no raw table received rows, no code changed", is_empty=True)
    plan = nothing.with_written(["ml.churn_scores"])
    assert (plan.selection, plan.is_empty) == (("source:ml.churn_scores+",), False)
    assert plan.is_of_models_only
    assert nothing.with_written([]) is nothing
    more = BuildPlan(("source:shopify.orders+",), ("shopify.orders",), "shopify.orders")
    both = more.with_written(["ml.churn_scores"])
    assert both.changed_tables == ("shopify.orders", "ml.churn_scores")
    assert not both.is_of_models_only
    assert BuildPlan().with_written(["ml.churn_scores"]).is_everything


@pytest.mark.parametrize(
    ("changed", "is_reached"),
    [("a.x", True), ("ml.scores", True), ("b.x", False), ("ml.log", False)],
)
def test_dbt_starts_twice_only_where_what_reads_models_is_built(changed, is_reached):
    plan = BuildPlan((f"source:{changed}+",), (changed,))
    children = {
        "source.p.a.x": ["model.p.rpt"],
        "source.p.b.x": ["model.p.fct_b"],
        "source.p.ml.scores": ["model.p.stg_ml__scores"],
        "model.p.stg_ml__scores": ["model.p.rpt"],
    }
    names = ("a.x", "b.x", "ml.scores", "ml.log")
    sources = {
        f"source.p.{name}": dict(zip(("source_name", "name"), name.split("."), strict=True))
        for name in names
    }
    known = {"sources": sources, "child_map": children}
    assert reaches_readers_of_models(known, plan) is is_reached
    assert reaches_readers_of_models(known, BuildPlan(("state:modified+",), compares_code=True))
    assert read_tables(known) == {"a.x", "b.x", "ml.scores"}
