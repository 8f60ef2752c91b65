"""`basketline metric` on a small warehouse that dbt has built, on each engine."""

import csv
import datetime as dt
import io
import json
import subprocess
import sys

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingestion.settings import load_settings
from orchestration import cli
from orchestration.lib import build_state
from orchestration.lib.build_state import BuildStore
from orchestration.lib.planner import Situation
from orchestration.metrics.asked import Wish, fulfil
from orchestration.metrics.definitions import read_metrics
from orchestration.metrics.filters import condition
from orchestration.metrics.semantic_layer import SemanticLayer
from tests.integration import shop

pytestmark = pytest.mark.integration
# A server has many readers, and no file of its own that a test may change.
on_duckdb = pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)

METRICS = read_metrics(shop.DBT)
SETTINGS = {"AS_OF": "2026-04-30", "REPORTING_CURRENCY": "EUR", "PRIVACY_SALT": "ab" * 32}
ASKED = ("dim_dates", "dim_stores", "dim_campaigns", "fct_ad_performance_daily")
QUOTED = 'Spring\'s "{{ 1 }}" 100 %\n-- sale; drop table marts.dim_dates'


def ad(store, day, campaign, impressions, clicks, spend):
    return {
        **{"_account_id": store, "campaign_id": campaign, "campaign_name": campaign},
        **{"campaign_type": "search", "level": "campaign", "account_timezone": "Europe/Berlin"},
        **{"impressions": impressions, "clicks": clicks, "spend_amount": spend},
        **{"currency_code": "EUR", "ad_date": f"2026-{day}"},
    }


RAW = {
    "stores": [
        {
            **{"_account_id": name, "store_id": name, "store_name": name.capitalize()},
            **{"timezone": "Europe/Berlin", "currency_code": "EUR", "is_tax_inclusive": True},
        }
        for name in ("berlin", "york")
    ],
    "ad_performance": [
        ad("berlin", "01-15", QUOTED, 100, 2, "1.50"),
        ad("berlin", "02-15", QUOTED, 100, 4, "2.50"),
        ad("berlin", "02-16", "plain", 300, 3, "9.00"),
        ad("york", "04-10", "plain", 0, 0, "0"),
        ad("york", "04-20", "plain", 50, 5, "5.00"),
        ad("york", "04-30", "plain", 50, 0, "1.00"),
    ],
}


@pytest.fixture(scope="module")
def built(warehouse, scratch, tmp_path_factory):
    """The warehouse, and the variables that name it for the command line."""
    shop.load(warehouse, RAW)
    select = [f"+{name}" for name in ASKED]
    kinds = ["--resource-type", "model", "--resource-type", "seed"]
    done = shop.build(warehouse, scratch, "--select", *select, *kinds, **SETTINGS)
    assert done.returncode == 0, done.stdout + done.stderr
    variables = {**SETTINGS, **warehouse.environment, "SOURCES": "files"}
    variables["DATA_DIR"] = str(tmp_path_factory.mktemp("data"))
    if warehouse.environment["WAREHOUSE"] == "postgres":
        variables["POSTGRES_URL"] = warehouse.url
    return warehouse, scratch / "target", variables


@pytest.fixture
def record(built, monkeypatch, tmp_path):
    """Settings for the warehouse; what a build would have kept is kept."""
    _, target, variables = built
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    known = load_settings()
    BuildStore(known).save(
        Situation({}, "settings", "code"),
        target=target,
        counts={},
        seconds=0,
        now=dt.datetime.now(dt.UTC),
    )
    return known


@pytest.fixture
def metric(record, monkeypatch, capsys):
    def run(*arguments):
        assert record
        monkeypatch.setattr(sys, "argv", ["basketline", "metric", *arguments])
        with pytest.raises(SystemExit) as done:
            cli.main()
        shown = capsys.readouterr()
        return done.value.code, shown.out, shown.err

    return run


def rows(metric, *arguments):
    code, out, err = metric(*arguments, "--format", "csv")
    assert code == 0, err
    return list(csv.DictReader(io.StringIO(out)))


def test_a_range_has_both_its_days_and_ends_on_the_reporting_day(metric):
    assert rows(metric, "ctr", "--from", "2026-01-15", "--to", "2026-02-15")[0]["ctr"] == "0.03"
    assert rows(metric, "ctr", "--from", "2026-01-15", "--to", "2026-02-14")[0]["ctr"] == "0.02"
    assert rows(metric, "ad_spend", "--last", "1d")[0]["ad_spend"] == "1.0"
    assert rows(metric, "ad_spend", "--last", "11d")[0]["ad_spend"] == "6.0"
    assert rows(metric, "ad_spend")[0]["ad_spend"] == "19.0"


def test_months_that_the_range_cuts_have_the_days_asked_for_only(metric):
    found = rows(
        metric, "ad_spend", "--grain", "month", "--from", "2026-01-16", "--to", "2026-04-20"
    )
    assert [(row["month"], row["ad_spend"], row["reason"]) for row in found] == [
        ("2026-01-01", "", "no rows in this month"),
        ("2026-02-01", "11.5", ""),
        ("2026-03-01", "", "no rows in this month"),
        ("2026-04-01", "5.0", ""),
    ]


def test_keys_have_names_and_names_are_understood(metric):
    (york,) = rows(metric, "ctr", "--by", "store", "--where", "store=York")
    assert (york["store_name"], york["ctr"]) == ("York", "0.05")
    assert york["store"] not in ("York", "york")
    assert rows(metric, "ctr", "--where", f"store={york['store']}")[0]["ctr"] == "0.05"
    both = rows(metric, "ad_spend", "--where", "store=York", "--where", "store=Berlin")
    assert both[0]["ad_spend"] == "19.0"


def test_quotes_and_sql_in_a_filter_are_data(metric):
    (found,) = rows(metric, "ad_spend", "--where", f"campaign={QUOTED}")
    assert found["ad_spend"] == "4.0"
    for value in ("' or 1 = 1 --", "{{ 1 }}", "x'); drop table marts.dim_dates; --", "\\", ""):
        (nothing,) = rows(metric, "ad_spend", "--where", f"ad_platform={value}")
        assert nothing["ad_spend"] == ""
        assert nothing["reason"].startswith("no rows between")


def test_what_has_no_value_says_why(metric):
    code, out, _ = metric("ctr", "--from", "2026-04-10", "--to", "2026-04-10")
    assert (code, out.splitlines()[-1]) == (0, "no value: impressions is 0")
    for key in ("ctr", "ad_spend"):
        code, out, _ = metric(key, "--from", "2026-03-01", "--to", "2026-03-31")
        assert code == 0
        assert out.splitlines()[-1] == "no value: no rows between 2026-03-01 and 2026-03-31"
    told = json.loads(metric("ctr", "--by", "store", "--last", "1d", "--format", "json")[1])
    assert [(row["store_name"], row["ctr"]) for row in told["rows"]] == [("York", 0.0)]
    told = json.loads(
        metric("ctr", "--by", "store", "--where", "store=Rome", "--format", "json")[1]
    )
    assert (told["rows"], told["reason"][:7]) == ([], "no rows")


@pytest.mark.parametrize("form", ["table", "chart"])
def test_people_see_names_units_and_reasons(metric, form):
    _, out, _ = metric("ctr", "--by", "store", "--grain", "month", "--format", form)
    assert out.startswith("Click-through rate (ctr), 2026-01-14 to 2026-04-30\n")
    assert "York" in out
    assert "5.00 %" in out


def test_a_terminal_gets_the_way_of_each_value(metric, monkeypatch):
    monkeypatch.setattr("orchestration.lib.terminal.out._force_terminal", True)
    _, out, _ = metric("ad_spend", "--by", "store", "--last", "5m")
    assert "trend" in out
    assert "█" in out


def test_sql_is_shown_and_not_run(metric):
    code, out, _ = metric("ctr", "--by", "channel", "--sql")
    assert code == 0
    assert out.lower().startswith("-- ")
    assert "fct_ad_performance_daily" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ctr", "--from", "2030-01-01"], "in the future: the newest day with data is"),
        (["ctr", "--by", "device"], "ctr has no dimension device. It has: store, ad_platform"),
    ],
)
def test_what_cannot_be_asked_is_one_line(metric, arguments, says):
    code, _, err = metric(*arguments)
    assert (code, len(err.splitlines())) == (1, 1)
    assert says in err


def test_a_warehouse_without_a_build_and_a_metric_newer_than_it(metric, record, monkeypatch):
    last = BuildStore(record).last()
    manifest = json.loads(last.semantic_manifest.read_text())
    manifest["metrics"] = [each for each in manifest["metrics"] if each["name"] != "cpc"]
    last.semantic_manifest.write_text(json.dumps(manifest))
    assert "cpc is newer than the last build" in metric("cpc")[2]
    monkeypatch.setattr(build_state, "RECORD", "none.json")
    assert "Run `basketline build` first" in metric("ctr")[2]


@on_duckdb
def test_a_warehouse_that_somebody_writes_to_is_one_line(metric, record):
    file = str(record.duckdb_path)
    code = f"import duckdb; c = duckdb.connect({file!r}); print(1, flush=True); input()"
    pipe = subprocess.PIPE
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe)
    try:
        holder.stdout.readline()
        status, _, err = metric("ctr")
    finally:
        holder.communicate(b"\n")
    assert (status, len(err.splitlines())) == (1, 1)
    assert "held by another process" in err


@on_duckdb
@pytest.mark.usefixtures("record")
def test_a_query_needs_neither_dbt_nor_dagster():
    code = (
        "import sys; from orchestration import cli; sys.argv = ['basketline', 'metric', 'ctr']\n"
        "try: cli.main()\nexcept SystemExit: print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Click-through rate" in done.stdout
    assert not {"dagster", "dlt", "dbt.cli.main", "pandas"} & set(done.stdout.split())


@pytest.fixture
def ads(built):
    """A connection that may change the ads' mart, and the semantic layer on it."""
    warehouse, target, _ = built
    with duckdb.connect(str(warehouse.path)) as connection:
        manifest = target / "semantic_manifest.json"
        yield connection, SemanticLayer(manifest, _Same(connection), "duckdb")


@on_duckdb
@given(value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@example("'")
@example("{% raw %}{{ }}{# #}")
@example("a\u2028b\x85\r\n  c")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_filters_its_own_rows_and_no_others(ads, value):
    connection, layer = ads
    connection.begin()
    table = "marts.fct_ad_performance_daily"
    connection.execute(f"update {table} set ad_platform = ? || '?'", [value])
    connection.execute(f"update {table} set ad_platform = ? where clicks = 5", [value])
    found = layer.ask(["ad_clicks"], where=[condition("ad_platform", [value])])
    connection.rollback()
    assert [row[0] for row in found.rows] == [5]


class _Same:
    """Cursors in the transaction of the test."""

    def __init__(self, connection):
        self._connection = connection

    def cursor(self):
        return self._connection


def test_an_answer_is_the_same_through_python(record):
    reply = fulfil(record, Wish(METRICS["ctr"], by=("store",), latest="11d"))
    assert [(row.labels[0] in reply.names["store"], row.value) for row in reply.rows] == [
        (True, 0.05)
    ]
