"""Errors are one line with a remedy; help is there at once."""

import subprocess
import sys

import pytest

from ingestion.registry import source_specs
from orchestration import cli

HEAVY = {"dagster", "dlt", "duckdb", "pandas", "pyarrow", "pydantic_settings", "dbt", "metricflow"}


@pytest.fixture
def basketline(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / ".data"))
    monkeypatch.setenv("DUCKDB_PATH", str(tmp_path / "w.duckdb"))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["basketline", *arguments])
        with pytest.raises(SystemExit) as done:
            cli.main()
        return done.value.code, capsys.readouterr()

    return run


def test_help_imports_nothing_heavy():
    code = "import sys, orchestration.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


@pytest.mark.parametrize(
    "command",
    [
        *("ingest", "build", "run", "status", "sources", "check", "dagster", "docs"),
        *("metric", "export", "score", "customer", "archetypes", "churn", "growth"),
    ],
)
def test_every_command_has_help(basketline, command):
    code, shown = basketline(command, "--help")
    assert code == 0
    assert "Usage: basketline" in shown.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ingest", "shopfy"], "Did you mean shopify?"),
        (["demo", "--sources", "ga4_events,shopfy"], "Did you mean shopify?"),
        (["ingest", "files"], "FILES__FEEDS__0__MAPPING"),
        (["ingest", "shopify", "--mapping", "x", "--path", "y"], "belong to files"),
        (["ingest", "files", "--mapping", "x"], "Give both"),
        (["ingest", "files", "--from", "2026-02-02", "--to", "2026-02-01"], "Swap the two days"),
        (["build", "--changed"], "--state"),
        (["metric", "ctrr"], "Did you mean ctr"),
        (["metric", "describe"], "Write: metric list"),
        (["metric", "ctr", "--by", "colour"], "There is no dimension 'colour'"),
        (["metric", "ctr", "--by", "device"], "ctr has no dimension device. It has: store"),
        (["metric", "ctr", "--from", "2026-02-02", "--to", "2026-02-01"], "Swap the two days"),
        (["metric", "ctr", "--from", "yesterday"], "2026-01-31"),
        (["metric", "ctr", "--grain", "hour"], "There are: day, week"),
        (["metric", "ctr", "--format", "xml"], "There are: table, csv"),
        (["metric", "ctr"], "There is no warehouse at"),
    ],
)
def test_an_error_is_one_line_with_a_remedy(basketline, arguments, says):
    code, shown = basketline(*arguments)
    assert code == 1
    assert says in shown.err
    assert len(shown.err.strip().splitlines()) == 1


def test_a_wrong_setting_names_its_variable_and_not_its_value(basketline, monkeypatch):
    monkeypatch.setenv("PRIVACY_SALT", "hunter2")
    code, shown = basketline("status")
    assert code == 1
    assert "PRIVACY_SALT is not usable" in shown.err
    assert "hunter2" not in shown.err


def test_status_of_an_empty_folder(basketline):
    code, shown = basketline("status")
    assert code == 0
    assert "never" in shown.out
    assert "none yet" in shown.out


def test_metrics_are_listed_and_described_without_a_warehouse(basketline):
    code, shown = basketline("metric", "list")
    assert code == 0
    assert "Click-through rate" in shown.out
    code, shown = basketline("metric", "describe", "cpm")
    assert code == 0
    assert "formula: 1000 * ad_spend / impressions" in shown.out


def test_sources_lists_every_source_and_what_those_that_are_on_lack(basketline, monkeypatch):
    monkeypatch.setenv("SOURCES", "shopify")
    code, shown = basketline("sources")
    assert code == 0
    assert all(name in shown.out for name in source_specs())
    assert "SHOPIFY__STORES__0__SHOP" in shown.out
    assert shown.out.splitlines()[1].split()[:3] == ["shopify", "not", "set"]


def test_check_says_which_account_and_what_is_wrong(basketline, monkeypatch, tmp_path):
    monkeypatch.setenv("GA4_EVENTS__STREAMS__0__NAME", "web")
    monkeypatch.setenv("GA4_EVENTS__STREAMS__0__PATH", str(tmp_path / "export"))
    (tmp_path / "export").mkdir()
    code, shown = basketline("check", "ga4_events")
    assert code == 1
    assert shown.err.startswith("ga4_events web: No file named events_YYYYMMDD")
    (tmp_path / "export/events_20260101.parquet").touch()
    code, shown = basketline("check", "ga4_events")
    assert (code, shown.out) == (0, "ga4_events web: ok\n")


def test_what_nobody_foresaw_is_one_line_too(basketline, monkeypatch, tmp_path):
    def fail(*_, **__):
        raise RuntimeError("ada@example.org broke it")

    monkeypatch.setattr("ingestion.run.ingest", fail)
    code, shown = basketline("ingest", "files")
    assert code == 2
    assert shown.err.startswith("Unexpected RuntimeError: *** broke it.")
    assert "RuntimeError" in (tmp_path / "logs/error.log").read_text()
