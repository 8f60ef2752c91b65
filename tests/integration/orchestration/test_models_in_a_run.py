"""Models of a shop with one customer, between what they read and what reads them."""

import shutil
from pathlib import Path

import pytest
import yaml

from ingestion.run import ingest
from orchestration.lib.build import build
from orchestration.lib.daily import run_daily
from tests.integration.described_customers import DBT, FEATURES, OWN_TABLES
from tests.integration.orchestration.test_daily_run import materialized

pytestmark = pytest.mark.integration

ORDERS = """select
    order_id, customer_id, customer_id as customer_key, true as counts_as_purchase,
    date '2026-06-01' as order_date
from {{ ref('int_orders_unioned') }}"""
MOVEMENTS = """select
    customer_key, cast(10 as numeric(18, 4)) as net_amount, order_date as movement_date
from {{ ref('fct_orders') }}"""
VARIANTS = """select
    'e' as experiment_key, 'a' as variant, 0 as visitor_count, 0 as converted_visitor_count,
    0.0 as net_amount, 0.0 as net_square_amount
from {{ ref('fct_orders') }} where false"""
REPORTS = {
    "rpt_values": "select no_value_reason from {{ ref('stg_ml__customer_lifetime_values') }}",
    "rpt_archetypes": "select snapshot_date from {{ ref('stg_ml__archetype_memberships') }}",
}
STAGED = ("archetype_memberships", "customer_lifetime_values")


@pytest.fixture
def described(built):
    """The tiny project with models of its own, and what they read."""
    models = built.folder / "dbt_project/models"
    (models / "staging/ml").mkdir()
    shutil.copy(OWN_TABLES, models / "staging/ml")
    for table in STAGED:
        text = f"select * from {{{{ source('ml', '{table}') }}}}"
        (models / f"staging/ml/stg_ml__{table}.sql").write_text(text)
    marts = {
        "fct_orders": ORDERS,
        "fct_sales_movements": MOVEMENTS,
        "fct_experiment_variants": VARIANTS,
        "fct_customer_features": _features(),
    }
    for name, text in marts.items():
        (models / f"marts/{name}.sql").write_text(text)
    for name, text in REPORTS.items():
        (models / f"reports/{name}.sql").write_text(text)
    shutil.copy(DBT / "macros/ops/create_own_tables.sql", built.folder / "dbt_project/macros")
    hooks = yaml.safe_load((DBT / "dbt_project.yml").read_text())["on-run-start"]
    with (built.folder / "dbt_project/dbt_project.yml").open("a") as file:
        file.write(yaml.safe_dump({"on-run-start": hooks}))
    return built


def test_a_run_goes_through_the_models(described):
    """They refuse, each for its reason; the rest is built, and again only where they spoke anew."""
    first = materialized(described, run_daily(described.settings()).run_id)
    assert first["ml/customer_lifetime_values"]["outcome"] == "no_model"
    assert first["ml/churn_scores"]["reason"] == "insufficient_history"
    assert first["ml/growth_projections"]["outcome"] == "no_model"
    assert first["ml/archetype_drift"]["segments"].startswith("![segments](data:image/png")
    assert first["ml/archetype_models"]["measures"]["purchase_value"]["rows"] == 1
    assert described.rows("select * from reports.rpt_values") == [("fewer_buyers_than_needed",)]
    assert len(described.rows("select * from reports.rpt_archetypes")) == 1
    assert "model.tiny.rpt_values" in (described.folder / "data/docs/index.html").read_text()

    described.sell("9")
    ingest(described.settings(), "files")
    names: list[str] = []
    report = build(described.settings(), on_node=lambda node: names.append(node.name))
    assert report.reason == "files.orders, ml.archetype_memberships"
    assert {"fct_customer_features", "rpt_archetypes"} <= set(names)
    (left,) = [group for group in report.skipped if "rpt_values" in group.names]
    assert left.reason == "no new rows in what they read of ml"

    report = build(described.settings())
    assert (report.counts, report.reason) == ({}, "no raw table received rows, no code changed")


def _features() -> str:
    """SQL of one customer, whose orders are those of the shop."""
    columns = yaml.safe_load(Path(FEATURES).read_text())["models"][0]["columns"]
    known = {
        "customer_key": "'a'",
        "snapshot_date": "date '2026-06-30'",
        "is_return_window_over": "true",
        "order_count": "(select count(*) from {{ ref('fct_orders') }})",
    }
    cells = [
        f"cast({known.get(each['name'], '1')} as {each['data_type']}) as {each['name']}"
        for each in columns
    ]
    return "select " + ", ".join(cells)
