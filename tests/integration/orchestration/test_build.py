"""Builds take what arrived and nothing else, and forget nothing that failed."""

import subprocess
import sys

import duckdb
import pytest

from ingestion.errors import WarehouseBusyError
from ingestion.run import ingest
from orchestration.errors import BuildError
from orchestration.lib.build import build

pytestmark = pytest.mark.integration

BROKEN = "select order_id, no_such_column from {{ ref('int_orders_unioned') }}"


def models_of(shop, **options):
    built = []
    on_node = lambda node: node.kind == "model" and built.append(node.name)  # noqa: E731
    report = build(shop.settings(**options), on_node=on_node)
    return sorted(built), report


def test_the_way_of_a_warehouse(built):
    """Nothing new, new rows, a load whose build failed, a changed model: one after the other."""
    assert models_of(built)[0] == []

    built.sell("9")
    ingest(built.settings(), "files")
    names, report = models_of(built)
    assert names == ["fct_orders", "int_orders_unioned", "rpt_orders", "stg_files__orders"]
    assert {group.reason for group in report.skipped} == {
        "no new rows in what they read of files",
        "reads no source, and its code is unchanged",
    }
    assert built.rows("select order_count from reports.rpt_orders") == [(4,)]

    model = built.folder / "dbt_project/models/marts/fct_orders.sql"
    sound = model.read_text()
    model.write_text(BROKEN)
    built.sell("10")
    ingest(built.settings(), "files")
    with pytest.raises(BuildError, match="model fct_orders failed"):
        build(built.settings())
    model.write_text(sound)
    assert "rpt_orders" in models_of(built)[0]
    assert built.rows("select order_count from reports.rpt_orders") == [(5,)]

    model.write_text(sound.replace("select", "select 1 as one,"))
    assert models_of(built)[0] == ["fct_orders", "rpt_orders"]


def test_a_dropped_table_is_built_again(built):
    with duckdb.connect(str(built.folder / "warehouse.duckdb")) as connection:
        connection.execute("drop table marts.dim_channels")
    names, report = models_of(built)
    assert "dim_channels" in names
    assert report.reason == "marts.dim_channels is not in the warehouse any more"


def test_a_project_that_does_not_parse_says_where(built):
    built.write("dbt_project/models/marts/fct_orders.sql", "select {{ ref('nothing') }}")
    with pytest.raises(BuildError, match=r"fct_orders.*nothing"):
        build(built.settings())


def test_a_source_that_was_never_loaded_is_named(shop):
    with pytest.raises(BuildError, match="files is switched on but was never loaded"):
        build(shop.settings())


def test_marts_and_reports_are_published_and_readers_are_left_alone(built):
    published = built.folder / "data/basketline.duckdb"
    with duckdb.connect(str(published), read_only=True) as reader:
        assert reader.execute("select order_count from reports.rpt_orders").fetchall() == [(3,)]
        built.sell("9")
        ingest(built.settings(), "files")
        build(built.settings())
        assert reader.execute("select order_count from reports.rpt_orders").fetchall() == [(3,)]
    file = "data/basketline.duckdb"
    assert built.rows("select order_count from reports.rpt_orders", file) == [(4,)]
    schemas = "select distinct table_schema from information_schema.tables order by 1"
    assert built.rows(schemas, file) == [("marts",), ("reports",)]
    assert not list((built.folder / "data").glob(".basketline*"))


@pytest.mark.pitfall(27)
def test_a_warehouse_that_somebody_holds_is_one_line(built):
    file = built.folder / "warehouse.duckdb"
    code = f"import duckdb; c = duckdb.connect({str(file)!r}); print(1, flush=True); input()"
    pipe = subprocess.PIPE
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe)
    try:
        holder.stdout.readline()
        with pytest.raises(WarehouseBusyError, match="held by another process"):
            build(built.settings())
    finally:
        holder.communicate(b"\n")


def test_a_build_says_how_many_rows_break_a_rule(built):
    issues = "select 'no_day' as rule_name, 'orders' as table_name, 2 as row_count"
    built.write("dbt_project/models/marts/fct_data_quality_issues.sql", issues)
    (line,) = [line for line in build(built.settings()).lines() if line.startswith("Data quality")]
    told = "Data quality: 2 rows break a rule (no_day in orders 2)"
    assert line == f"{told}; see marts.fct_data_quality_issues"
