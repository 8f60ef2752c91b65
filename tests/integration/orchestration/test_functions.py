"""Functions are current with the marts after every build, and are published with them."""

import json

import dagster as dg
import duckdb
import pytest

from ingestion.run import ingest
from orchestration.definitions import build_definitions
from orchestration.lib.build import build
from orchestration.lib.build_state import BuildStore
from orchestration.lib.dagster_home import open_instance

pytestmark = pytest.mark.integration

CALL = "select functions.count_orders('a')"
FUNCTION = "dbt_project/functions/count_orders.sql"
CHANGED = "select 100 + count(*) from {{ ref('fct_orders') }} where customer_id = p_customer"


def functions_of(shop):
    built = []
    build(shop.settings(), on_node=lambda node: node.kind == "function" and built.append(node.name))
    return built


def called(shop):
    """What the function says in the warehouse and in the file that is published."""
    return [shop.rows(CALL, file)[0][0] for file in ("warehouse.duckdb", "data/basketline.duckdb")]


def run_chosen(shop, *keys):
    """A run of chosen assets, as Dagster's page starts one; their metadata by name."""
    with open_instance(shop.settings()) as instance:
        job = build_definitions(shop.settings()).resolve_implicit_global_asset_job_def()
        result = job.execute_in_process(
            instance=instance, asset_selection=[dg.AssetKey(list(key)) for key in keys]
        )
        events = [event.materialization for event in result.get_asset_materialization_events()]
    return {
        event.asset_key.path[-1]: {name: each.value for name, each in event.metadata.items()}
        for event in events
    }


def test_a_function_goes_with_its_mart_and_is_published(built):
    (before,) = {*called(built)}
    assert functions_of(built) == []

    built.sell("9")
    ingest(built.settings(), "files")
    assert functions_of(built) == ["count_orders"]
    assert called(built) == [before + 1, before + 1]

    built.write(FUNCTION, CHANGED)
    assert functions_of(built) == ["count_orders"], "its code has changed"
    assert called(built) == [before + 101, before + 101]


def test_a_dropped_function_is_made_again(built):
    with duckdb.connect(str(built.folder / "warehouse.duckdb")) as connection:
        connection.execute("drop macro functions.count_orders")
    assert functions_of(built) == ["count_orders"]


METRICS = """models:
  - name: dim_dates
    time_spine: {{standard_granularity_column: date_day}}
    columns: [{{name: date_day, granularity: day}}]
semantic_models:
  - name: days
    model: ref('dim_dates')
    defaults: {{agg_time_dimension: date_day}}
    primary_entity: day
    dimensions: [{{name: date_day, type: time, type_params: {{time_granularity: day}}}}]
    measures: [{{name: days, agg: sum, expr: "1"}}]
metrics:
  - {{name: days, label: {label}, type: simple, type_params: {{measure: days}}}}
"""


def test_metrics_that_changed_build_nothing_and_are_asked_as_they_are_now(built):
    built.write("dbt_project/models/marts/dim_dates.sql", "select date '2026-01-01' as date_day")
    for label, models in (("Days", 1), ("Days of the year", 0)):
        built.write("dbt_project/models/marts/_metrics.yml", METRICS.format(label=label))
        report = build(built.settings())
        assert report.counts.get("model", 0) == models
        kept = BuildStore(built.settings()).last().semantic_manifest
        (metric,) = json.loads(kept.read_text())["metrics"]
        assert metric["label"] == label
    assert build(built.settings()).reason == "no raw table received rows, no code changed"


def test_chosen_models_take_their_functions_along(built):
    built.write(FUNCTION, CHANGED)
    run_chosen(built, ("marts", "fct_orders"))
    assert built.rows(CALL)[0][0] > 100


def test_the_asset_makes_functions_that_no_planned_build_has_made(built):
    key = ("functions", "sql_functions")
    assert run_chosen(built, key)["sql_functions"] == {
        "functions": 1,
        "rebuilt": False,
        "because": "the last planned build made them",
    }
    built.write(FUNCTION, CHANGED)
    assert run_chosen(built, key)["sql_functions"]["rebuilt"]
    assert min(called(built)) > 100
