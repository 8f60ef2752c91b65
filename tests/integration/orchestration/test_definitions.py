"""The real project's graph, as Dagster loads it in production, for every choice of sources."""

from pathlib import Path

import dagster as dg
import pytest
import yaml

from ingestion.registry import source_specs
from ingestion.settings import Settings
from orchestration.definitions import build_definitions
from orchestration.defs.ingestion.assets import STEP
from orchestration.defs.transformation.models import DOCS_STEP

pytestmark = pytest.mark.integration

PROJECT = Path(__file__).parents[3]
ALL = ",".join(source_specs())
DAILY_TABLES = {
    "fx_rates",
    "ga4_events",
    "google_ads",
    "instagram",
    "meta_ads",
    "pinterest_ads",
    "tiktok_ads",
}

# dbt makes these tables itself, empty, where the project has not written to them yet.
OWN = ("ml", "operations")

# What the project's own models write: all that dbt declares, but their log.
DECLARED = PROJECT / "dbt_project/models/staging/ml/_ml__sources.yml"
OWN_TABLES = {
    table["name"] for table in yaml.safe_load(DECLARED.read_text())["sources"][0]["tables"]
} - {"model_runs"}
READ_BY_REPORTS = {
    "archetype_memberships": "fct_customer_current",
    "customer_lifetime_values": "fct_customer_values",
    "churn_scores": "fct_churn_scores",
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """Where the manifests go; dbt reads the project once and then only what differs."""
    return tmp_path_factory.mktemp("definitions")


@pytest.fixture(scope="module", params=["files", ALL])
def definitions(request, folder) -> tuple[set[str], dg.Definitions]:
    settings = Settings(
        _env_file=None,
        sources=request.param,
        project_dir=PROJECT,
        data_dir=folder,
        duckdb_path=folder / "warehouse.duckdb",
    )
    if not (PROJECT / "dbt_project/profiles.yml").exists():
        pytest.skip("dbt_project/profiles.yml: run make setup")
    return set(settings.sources), build_definitions(settings)


def test_everything_loads_and_resolves(definitions):
    _, defs = definitions
    dg.Definitions.validate_loadable(defs)
    job = defs.resolve_job_def("daily")
    graph = defs.resolve_asset_graph()
    assert set(job.asset_layer.selected_asset_keys) == _made(graph)


def test_every_key_is_made_by_somebody(definitions):
    """No phantom: an asset that some other needs and nobody makes."""
    _, defs = definitions
    graph = defs.resolve_asset_graph()
    assert not [key for key in _made(graph) if not graph.get(key).is_executable]


def test_raw_tables_are_those_of_the_sources_that_are_on(definitions):
    sources, defs = definitions
    graph = defs.resolve_asset_graph()
    groups = {key.path[0]: graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert {name for name in source_specs() if groups.get(name) == name} == sources


def test_layers_follow_each_other(definitions):
    """raw → staging → intermediate → marts → reports, and what goes back goes through models."""
    sources, defs = definitions
    graph = defs.resolve_asset_graph()
    order = [*sorted(sources), "seeds", "staging", "intermediate", "marts", "reports"]
    order += ["ml", "functions", "docs"]
    rank = {name: max(position - len(sources), -1) for position, name in enumerate(order)}
    for key in _made(graph):
        node = graph.get(key)
        for parent in node.parent_keys & _made(graph):
            before, after = graph.get(parent).group_name, node.group_name
            if {before, after} <= {"intermediate", "marts"}:
                continue  # a mart may serve an intermediate model of another mart
            if (before, after) == ("ml", "staging"):
                continue  # what models wrote is staged like a raw table
            assert rank[before] <= rank[after], f"{parent} → {key}"


def test_staging_reads_the_raw_table_of_its_name(definitions):
    sources, defs = definitions
    graph = defs.resolve_asset_graph()
    staged = [key for key in graph.get_all_asset_keys() if graph.get(key).group_name == "staging"]
    assert staged
    for key in staged:
        for parent in graph.get(key).parent_keys:
            source = parent.path[-1].split("__")[0].removeprefix("base_")
            source = source if parent.path[0] == "staging" else parent.path[0]
            assert source in {*sources, *OWN}
            assert key.path[-1].split("__")[0] in (f"stg_{source}", f"base_{source}")


def test_the_keys_are_the_tables_and_models_of_the_project(definitions):
    """Schema and name; a key that changes loses its history, so it never changes by accident."""
    sources, defs = definitions
    found = {tuple(key.path) for key in _made(defs.resolve_asset_graph())}
    expected = {("docs", "site"), ("functions", "sql_functions")}
    expected |= {("ml", table) for table in OWN_TABLES}
    for layer in ("staging", "intermediate", "marts", "reports"):
        root = PROJECT / "dbt_project/models" / layer
        expected |= {
            (_schema(layer, file.stem), file.stem)
            for file in root.rglob("*.sql")
            if layer != "staging" or file.relative_to(root).parts[0] in {*sources, *OWN}
        }
    seeds = (PROJECT / "dbt_project/seeds").rglob("*.csv")
    expected |= {("seeds", file.stem) for file in seeds}
    for name in sources:
        tables = source_specs()[name].tables_for(Settings(_env_file=None, project_dir=PROJECT))
        expected |= {(name, table.name) for table in tables}
    assert found == expected


def test_dbt_tests_are_checks(definitions):
    _, defs = definitions
    graph = defs.resolve_asset_graph()
    names = {key.name for key in graph.asset_check_keys}
    assert any(name.startswith("unique_fct_orders") for name in names)
    assert {"rows_fit", "newest_fit_is_good"} <= names
    assert {"target_of_cvr", "target_of_bounce_rate"} <= names


def test_sources_with_days_are_partitioned(definitions):
    sources, defs = definitions
    graph = defs.resolve_asset_graph()
    partitioned = {k.path[0] for k in graph.get_all_asset_keys() if graph.get(k).partitions_def}
    assert partitioned == sources & DAILY_TABLES


def test_the_schedule_runs_the_daily_job_at_its_time(definitions):
    _, defs = definitions
    schedule = defs.resolve_schedule_def("daily_schedule")
    assert (schedule.job_name, schedule.cron_schedule) == ("daily", "0 2 * * *")
    names = {sensor.name for sensor in defs.sensors or ()}
    assert names == {"tell_failures", "tell_alerts"}


def test_one_writer_at_a_time(definitions):
    """Every step that writes to DuckDB stands in the one pool."""
    sources, defs = definitions
    parts = [*(defs.assets or ()), *(defs.asset_checks or ())]
    steps = {part.node_def.name: part.node_def.pools for part in parts}
    assert {DOCS_STEP, *(f"{STEP}{name}" for name in sources)} <= set(steps)
    assert all(pools == {"duckdb"} for pools in steps.values())


def test_lineage_runs_through_the_models(definitions):
    """raw → staging → marts → ml → marts → reports: one connected graph, without a turn in it."""
    sources, defs = definitions
    graph = defs.resolve_asset_graph()
    raw = {key for key in graph.get_all_asset_keys() if key.path[0] in sources}
    for table in OWN_TABLES:
        before = _reached(graph, dg.AssetKey(["ml", table]), "parent_keys")
        assert {key.path[0] for key in before} >= {"staging", "intermediate", "marts"}
        assert before & raw
    for table, mart in READ_BY_REPORTS.items():
        after = _reached(graph, dg.AssetKey(["ml", table]), "child_keys")
        assert {dg.AssetKey(["marts", mart]), dg.AssetKey(["reports", "rpt_customer_360"])} <= after
        assert not after & _reached(graph, dg.AssetKey(["ml", table]), "parent_keys")


def test_the_models_part_the_build(definitions):
    """What they read is built before them, what reads them after; functions and docs come last."""
    _, defs = definitions
    graph = defs.resolve_asset_graph()
    parts = {part.node_def.name: set(part.keys) for part in defs.assets}
    read = {
        key for table in OWN_TABLES for key in graph.get(dg.AssetKey(["ml", table])).parent_keys
    }
    after = _reached(graph, dg.AssetKey(["ml", "archetype_memberships"]), "child_keys")
    assert {key for key in read if key.path[0] != "ml"} <= parts["build_models"]
    assert not after & parts["build_models"]
    assert after & parts["build_scored_models"]
    last = {dg.AssetKey(["functions", "sql_functions"]), dg.AssetKey(["docs", "site"])}
    assert last <= after


def _reached(graph, key: dg.AssetKey, edges: str) -> set[dg.AssetKey]:
    """All that an asset depends on, or that depends on it, however far away."""
    found, waiting = set(), [key]
    while waiting:
        for other in getattr(graph.get(waiting.pop()), edges) - found:
            found.add(other)
            waiting.append(other)
    return found


def _made(graph) -> set[dg.AssetKey]:
    """What steps of the graph make."""
    return {key for key in graph.get_all_asset_keys() if key.path[0] != "operations"}


def _schema(layer: str, model: str) -> str:
    return "marts_pii" if model.endswith("_pii") else layer
