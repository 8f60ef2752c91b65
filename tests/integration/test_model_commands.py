"""What the models say, as commands tell it: `customer`, `archetypes`, `churn`, `growth`."""

import csv
import datetime as dt
import io
import json
import sys

import pytest
import yaml

from ingestion.destinations import Warehouse
from orchestration import cli
from tests.integration.connector import duckdb_settings, postgres_settings
from tests.integration.described_customers import DBT, make_tables

pytestmark = pytest.mark.integration

DAY = dt.date(2026, 6, 24)
DRIVERS = ["last bought 80 days ago", "buys every 30 days", "opens no e-mail"]
MARTS = {
    "dim_customers": [
        {"customer_key": "k1", "customer_id": "C-1"},
        {"customer_key": "k2", "customer_id": "C-2"},
        {"customer_key": "k3", "customer_id": "twice"},
        {"customer_key": "k4", "customer_id": "twice"},
    ],
    "fct_customer_current": [
        {
            "customer_key": "k1",
            "customer_id": "C-1",
            "archetype_l1_id": "arch_1",
            "archetype_l2_id": "arch_2",
            "archetype_l3_id": "arch_3",
            "order_count": 4,
            "days_since_last_purchase": 80,
            "snapshot_date": DAY,
        }
    ],
    "dim_archetype_l1": [
        {
            "archetype_l1_id": archetype,
            "traits": '["buys regularly"]',
            "member_count": members,
            "total_lifetime_value_amount": total,
            "average_lifetime_value_amount": average,
            "average_churn_probability": 0.25,
            "snapshot_date": DAY,
        }
        for archetype, members, total, average in (
            ("arch_1", 10, 500, 50),
            ("arch_4", 2, 400, 200),
            ("arch_5", 30, 300, 10),
            ("arch_6", 0, 0, None),
        )
    ],
}
OWN = {
    "archetypes": [
        {
            "archetype_level": "l1",
            "archetype_id": "arch_1",
            "traits": '["buys regularly", "pays full prices"]',
        }
    ],
    "customer_lifetime_values": [
        {
            "customer_key": "k1",
            "probabilistic_clv_amount": 120.5,
            "clv_low_amount": 20,
            "clv_high_amount": 300,
            "alive_probability": 0.75,
            "expected_order_count": 2.5,
            "next_purchase_date": dt.date(2026, 8, 1),
            "score_date": DAY,
        }
    ],
    "churn_scores": [
        {
            "customer_key": "k1",
            "churn_probability": 0.625,
            "churn_probability_30d": 0.875,
            "risk_level": "high",
            "confidence": 0.9,
            "drivers": json.dumps(DRIVERS),
            "recommended_action": "write to them",
            "score_date": DAY,
        }
    ],
    "churn_summary": [
        {
            "risk_level": level,
            "customer_count": count,
            "customer_share": count / 100,
            "expected_churn_count": lost,
            "expected_churn_count_30d": lost / 2,
            "score_date": DAY,
        }
        for level, count, lost in (
            ("low", 60, 6.0),
            ("critical", 20, 18.0),
            ("unscored", 20, 0.0),
            ("high", 0, 0.0),
            ("medium", 0, 0.0),
        )
    ],
    "growth_projections": [
        {
            "horizon_months": 6,
            "archetype": archetype,
            "measure": measure,
            "value": value,
            "low_80": value - 5,
            "high_80": value + 5,
            "low_95": value - 9,
            "high_95": value + 9,
            "as_of_date": DAY,
        }
        for archetype, measure, value in (
            ("all", "customers", 100.0),
            ("all", "revenue", 5000.0),
            ("arch_1", "customers", 60.0),
            ("others", "customers", 40.0),
        )
    ],
}


@pytest.fixture(
    scope="module", params=["duckdb", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def asked_shop(request, tmp_path_factory):
    """Settings of a warehouse whose models have spoken."""
    folder = tmp_path_factory.mktemp("asked")
    if request.param == "duckdb":
        settings = duckdb_settings(folder)
    else:
        settings = postgres_settings(folder, request.getfixturevalue("postgres_uri"))
    make_tables(settings)
    connection = Warehouse(settings).connect(read_only=False)
    cursor = connection.cursor()
    for name, rows in MARTS.items():
        table = f"{Warehouse(settings).schema('marts')}.{name}"
        columns = ", ".join(f"{column} {kind}" for column, kind in _contract(name).items())
        cursor.execute(f"create table {table} ({columns})")
        _insert(cursor, settings, table, rows)
    for name, rows in OWN.items():
        _insert(cursor, settings, f"{Warehouse(settings).schema('ml')}.{name}", rows)
    connection.commit()
    connection.close()
    return settings


@pytest.fixture
def basketline(asked_shop, monkeypatch, tmp_path, capsys):
    """Calls a command; gives its exit code and what it wrote."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / ".data"))
    monkeypatch.setenv("WAREHOUSE", asked_shop.warehouse)
    monkeypatch.setenv("WAREHOUSE_ENV", asked_shop.warehouse_env)
    monkeypatch.setenv("DUCKDB_PATH", str(asked_shop.duckdb_path))
    if asked_shop.warehouse == "postgres":
        monkeypatch.setenv("POSTGRES_URL", asked_shop.postgres_url.get_secret_value())

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["basketline", *arguments])
        with pytest.raises(SystemExit) as done:
            cli.main()
        return done.value.code, capsys.readouterr()

    return run


@pytest.mark.parametrize("name", ["C-1", "k1"])
def test_a_customer_has_archetype_traits_value_risk_and_action(basketline, name):
    code, shown = basketline("customer", name)
    assert code == 0
    for told in ("arch_1", "buys regularly; pays full prices", "120.50 EUR", "62.50 %", "high"):
        assert told in shown.out
    assert "; ".join(DRIVERS) in shown.out
    assert "write to them" in shown.out


def test_a_customer_for_programs(basketline):
    code, shown = basketline("customer", "C-1", "--format", "json")
    told = json.loads(shown.out)
    assert code == 0
    assert (told["probabilistic_clv_amount"], told["drivers"]) == (120.5, DRIVERS)
    assert (told["next_purchase_date"], told["reasons"]) == ("2026-08-01", {})
    code, shown = basketline("customer", "C-1", "--format", "csv")
    rows = {row["fact"]: row["value"] for row in csv.DictReader(io.StringIO(shown.out))}
    assert (rows["risk_level"], rows["traits"]) == ("high", "buys regularly; pays full prices")


def test_a_customer_without_a_word_has_reasons(basketline):
    code, shown = basketline("customer", "C-2")
    assert code == 0
    for reason in ("no purchase yet", "not valued", "not scored"):
        assert f"no value: {reason}" in shown.out or reason in shown.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["customer", "nobody"], "There is no customer 'nobody'"),
        (["customer", "'; drop table x"], "There is no customer"),
        (["customer", "twice"], "2 customers have the id 'twice'. By key: k3, k4"),
        (["customer", "C-1", "--format", "chart"], "There are: table, csv, json"),
        (["archetypes", "top", "--metric", "charm"], "total_ltv, avg_ltv, member_count"),
        (["growth", "--months", "7"], "There are: 6, 12, 18, 24"),
        (["growth", "--by", "store"], "There is: archetype"),
        (["churn", "summary", "--format", "xml"], "There are: table, csv, json, chart"),
    ],
)
def test_what_is_not_there_is_one_line_and_exit_code_1(basketline, arguments, says):
    code, shown = basketline(*arguments)
    assert code == 1
    assert says in shown.err
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    ("metric", "order"),
    [
        ("total_ltv", ["arch_1", "arch_4", "arch_5"]),
        ("avg_ltv", ["arch_4", "arch_1", "arch_5"]),
        ("member_count", ["arch_5", "arch_1", "arch_4"]),
    ],
)
def test_archetypes_are_ranked(basketline, metric, order):
    code, shown = basketline("archetypes", "top", "--metric", metric, "--format", "json")
    assert code == 0
    assert [row["archetype_l1_id"] for row in json.loads(shown.out)["rows"]] == order
    _, shown = basketline("archetypes", "top", "--metric", metric, "--limit", "1")
    assert order[0] in shown.out
    assert order[1] not in shown.out


def test_churn_is_summed_up_by_level(basketline):
    code, shown = basketline("churn", "summary", "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert [row["risk_level"] for row in rows] == ["critical", "high", "medium", "low", "unscored"]
    assert float(rows[0]["expected_churn_count_30d"]) == 9
    for form in ("table", "chart"):
        _, shown = basketline("churn", "summary", "--format", form)
        assert "critical" in shown.out


def test_growth_in_total_and_by_archetype(basketline):
    code, shown = basketline("growth", "--months", "6")
    assert code == 0
    assert "5,000.00 EUR" in shown.out
    _, shown = basketline("growth", "--months", "6", "--by", "archetype", "--format", "json")
    rows = json.loads(shown.out)["rows"]
    assert {row["archetype"]: row["value"] for row in rows} == {"arch_1": 60.0, "others": 40.0}
    _, shown = basketline("growth", "--months", "6", "--format", "chart")
    assert "customers" in shown.out


def test_growth_that_was_not_projected_says_so(basketline):
    code, shown = basketline("growth", "--months", "24")
    assert code == 0
    assert "no value: nothing was projected yet" in shown.out


def _contract(name: str) -> dict[str, str]:
    for file in DBT.glob("models/marts/**/*__models.yml"):
        for model in yaml.safe_load(file.read_text())["models"]:
            if model["name"] == name:
                return {column["name"]: column["data_type"] for column in model["columns"]}
    raise LookupError(name)


def _insert(cursor, settings, table: str, rows: list[dict]) -> None:
    mark = "?" if settings.warehouse == "duckdb" else "%s"
    for row in rows:
        marks = ", ".join([mark] * len(row))
        cursor.execute(
            f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
        )
