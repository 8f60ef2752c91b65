"""`make demo` in small, and what a person then sees in a browser."""

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.e2e

PROJECT = Path(__file__).parents[2]
BASKETLINE = Path(sys.executable).with_name("basketline")
PORTS = {"dagster": 8923, "docs": 8924}
# The whole shop's sources are loaded and built elsewhere.
SOURCES = "fx_rates,ga4_events,klaviyo,meta_ads,shopify"


def load_screenshots():
    spec = importlib.util.spec_from_file_location("screenshots", PROJECT / "docs/screenshots.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


screenshots = load_screenshots()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A folder of its own: the demo without a `.env`, and nothing left running."""
    folder = tmp_path_factory.mktemp("demo")

    def basketline(*arguments: str) -> subprocess.CompletedProcess:
        environment = os.environ | {"DAGSTER_HOME": str(folder / ".dagster")}
        return subprocess.run(
            [BASKETLINE, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    first = basketline("demo", "--size", "tests", "--sources", SOURCES)
    assert first.returncode == 0, first.stdout + first.stderr
    return folder, basketline, first


def test_the_demo_ends_with_the_headline_numbers(demo):
    folder, _, first = demo
    with duckdb.connect(str(folder / ".data/basketline.duckdb"), read_only=True) as published:
        ((orders,),) = published.execute(
            "select sum(order_count) from reports.rpt_kpi_daily"
        ).fetchall()
    assert orders > 0
    columns = (line.rstrip().rsplit("  ", 1) for line in first.stdout.splitlines())
    shown = {parts[0].strip(): parts[1].strip() for parts in columns if len(parts) == 2}
    assert shown["orders"] == f"{orders:,}"
    for name in ("customers", "net sales", "sessions", "ad spend", "Champions"):
        assert shown[name]
    assert "make dagster" in first.stdout


def test_the_demo_ends_with_what_the_models_say(demo):
    """They run between the marts they read and the reports that read them, in the first build."""
    folder, _, first = demo
    with duckdb.connect(str(folder / ".data/basketline.duckdb"), read_only=True) as published:
        customers, described = published.execute(
            "select count(*), count(archetype_l1_id) from reports.rpt_customer_360"
        ).fetchone()
        ((current,),) = published.execute(
            "select count(*) from marts.fct_customer_current"
        ).fetchall()
    assert customers >= described == current > 0
    assert "archetypes: published" in first.stdout


def test_a_second_demo_asks_and_builds_nothing(demo):
    _, basketline, _ = demo
    again = basketline("demo", "--size", "tests")
    assert again.returncode == 0, again.stderr
    assert "Nothing to build: no raw table received rows, no code changed" in again.stdout
    assert "archetypes: unchanged" in again.stdout
    assert "Built" not in again.stdout
    assert "shopify: 0 new" in again.stdout


def test_a_day_passes(demo):
    """Only what that day brought is loaded, and only what reads it is built."""
    _, basketline, _ = demo
    assert basketline("sandbox", "advance", "--days", "1").returncode == 0
    after = basketline("run")
    assert after.returncode == 0, after.stderr
    assert "Building what lies downstream of:" in after.stdout
    assert "shopify.orders" in after.stdout
    assert "Skipped" in after.stdout


def test_a_backfill_of_dagster_replaces_exactly_its_days(demo):
    folder, _, _ = demo
    days = ("2026-06-01", "2026-06-03")

    def events():
        with duckdb.connect(str(folder / ".data/warehouse.duckdb"), read_only=True) as warehouse:
            return warehouse.execute(
                "select event_id, cast(event_date as varchar), _loaded_at"
                " from raw_ga4_events.events order by event_id"
            ).fetchall()

    before = events()
    command = ["asset", "materialize", "--module-name", "orchestration.definitions"]
    command += ["--select", "group:ga4_events", "--partition-range", "...".join(days)]
    subprocess.run(
        [BASKETLINE.with_name("dagster"), *command],
        cwd=folder,
        env=os.environ | {"DAGSTER_HOME": str(folder / ".dagster")},
        capture_output=True,
        check=True,
    )
    after = events()
    assert [row[:2] for row in after] == [row[:2] for row in before]
    fresh = {row[1] for row, old in zip(after, before, strict=True) if row[2] != old[2]}
    assert fresh == {day for _, day, _ in before if days[0] <= day <= days[1]}
    assert fresh


def test_status_and_a_port_in_use(demo):
    _, basketline, _ = demo
    assert "ga4_events" in basketline("status").stdout
    with socket.create_server(("127.0.0.1", PORTS["docs"])):
        refused = basketline("docs", "--port", str(PORTS["docs"]))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {PORTS['docs']} is in use")


@pytest.mark.browser
def test_a_browser_finds_the_graph_the_run_and_the_docs(demo, monkeypatch):
    browser = screenshots.find_browser()
    if browser is None:
        pytest.skip("no Chromium on this machine")
    folder, _, _ = demo
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DAGSTER_HOME", str(folder / ".dagster"))
    with screenshots.serving("dagster", PORTS["dagster"]) as url:
        graph = browser.text(f"{url}/asset-groups")
        for group in ("shopify", "ga4_events", "staging", "marts", "reports"):
            assert group in graph
        orders = browser.text(f"{url}/assets/marts/fct_orders?view=lineage&lineageScope=neighbors")
        assert "fct_sales_movements" in orders or "int_" in orders
        run = browser.text(f"{url}/runs/{screenshots.newest_run(url)}")
        assert "daily" in run
        assert "SUCCESS" in run or "Success" in run
    with screenshots.serving("docs", PORTS["docs"]) as url:
        docs = browser.text(f"{url}/#!/model/model.basketline.fct_orders")
    assert "fct_orders" in docs
    assert "One row per order" in docs
