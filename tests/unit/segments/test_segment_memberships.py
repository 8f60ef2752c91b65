"""Memberships by SQL, day by day the same as rules that are read row by row."""

import datetime as dt
import random
from itertools import pairwise
from types import SimpleNamespace

import duckdb
import pytest
import yaml

from orchestration.segments.asked import rendered
from orchestration.segments.facts import read_facts
from orchestration.segments.rules import read_segments
from orchestration.segments.sql import membership_sql
from orchestration.segments.written import PROJECT

AS_OF = dt.date(2026, 6, 30)
HISTORY = 40
CUSTOMERS = [f"c{number}" for number in range(25)]
RULES = {
    "recent": "{count: orders, last_days: 7, at_least: 1}",
    "silent": "{all: [{count: orders, at_least: 1}, {count: orders, last_days: 10, is: 0}]}",
    "spent": "{sum: orders.net_amount, last_days: 30, between: [20, 90]}",
    "spent_ever": "{sum: orders.net_amount, more_than: 120}",
    "german": "{field: country_code, in: [DE, AT]}",
    "nowhere": "{field: country_code, is_known: false}",
    "not_german": "{not: {field: country_code, is: DE}}",
    "other_country": "{field: country_code, is_not: DE}",
    "champions": "{field: rfm_segment, is: Champions}",
    "unscored": "{field: rfm_segment, is_known: false}",
    "lapsed": "{days_since_last: orders, between: [5, 12]}",
    "very_new": "{days_since_first: orders, at_most: 6}",
    "old_hands": "{days_since_first: orders, more_than: 20}",
    "today": "{days_since_last: orders, is: 0}",
    "between": "{count: orders, days_ago: [3, 9], is: 2}",
    "big_pos": (
        "{count: orders, where: [{field: net_amount, at_least: 30},"
        " {any: [{field: sales_channel, is: pos}, {field: unit_count, less_than: 2}]}],"
        " last_days: 20, at_least: 1}"
    ),
    "subscribed": "{count: subscriptions, at_least: 1}",
    "members": "{field: loyalty_tier, is: gold}",
    "mixed": "{any: [{segment: big_pos}, {all: [{segment: german}, {not: {segment: silent}}]}]}",
    "nobody": "{count: orders, at_least: 1000}",
    "everybody": "{count: orders, at_least: 0}",
}

WORDS = {
    *("all", "any", "not", "segment", "field"),
    *("count", "sum", "days_since_last", "days_since_first"),
}


@pytest.fixture(params=[1, 2, 3])
def shop(request):
    rng = random.Random(request.param)
    days = [AS_OF - dt.timedelta(days=back) for back in range(-3, 70)]
    tables = {
        "dim_customers": [
            {
                "customer_key": key,
                "country_code": rng.choice(["DE", "AT", "FR", None]),
                "is_deleted": key == "c3",
                "first_seen_at": rng.choice(days[15:]),
            }
            for key in CUSTOMERS
        ],
        "fct_orders": [
            {
                "customer_key": rng.choice([*CUSTOMERS[:20], None]),
                "order_date": rng.choice(days),
                "counts_as_purchase": rng.random() < 0.9,
                "net_amount": rng.choice([None, 10, 30, 45.5]),
                "unit_count": rng.choice([1, 2, 3]),
                "sales_channel": rng.choice(["pos", "online", None]),
            }
            for _ in range(150)
        ],
        "fct_customer_rfm_history": [
            {
                "customer_key": key,
                "segment_name": rng.choice(["Champions", "Lost"]),
                "snapshot_date": day,
            }
            for key in CUSTOMERS[:18]
            for day in (dt.date(2026, 4, 30), dt.date(2026, 5, 31), dt.date(2026, 6, 30))
        ],
        "fct_subscription_periods": [
            {"customer_key": key, "start_date": first, "end_date": last}
            for key in rng.choices(CUSTOMERS, k=20)
            for first, last in [sorted(rng.sample(days, 2))]
        ],
        "dim_loyalty_members_history": [
            {
                "customer_key": key,
                "tier": rng.choice(["gold", "silver"]),
                "valid_from": first,
                "valid_to": rng.choice([last, None]),
            }
            for key in rng.choices(CUSTOMERS, k=15)
            for first, last in [sorted(rng.sample(days, 2))]
        ],
    }
    return tables


def test_memberships_are_what_rules_say_of_every_day(shop, tmp_path):
    found = memberships(shop, tmp_path)
    rules = {key: yaml.safe_load(rule) for key, rule in RULES.items()}
    wrong = [
        (key, customer)
        for key in RULES
        for customer in CUSTOMERS
        if found.get((key, customer), []) != told(shop, rules, key, customer)
    ]
    assert not wrong
    assert {key for key, _ in found} == set(RULES) - {"nobody"}


def test_without_history_members_are_the_same(shop, tmp_path):
    now = {cell for cell, spans in memberships(shop, tmp_path).items() if spans[-1][1] is None}
    assert set(memberships(shop, tmp_path, history=0)) == now


def memberships(shop, folder, history=HISTORY):
    """Segment and customer to entries and exits, by DuckDB."""
    (folder / "segments").mkdir(exist_ok=True)
    catalogue = PROJECT / "segments/_facts.yml"
    (folder / "segments/_facts.yml").write_text(catalogue.read_text())
    for key, rule in RULES.items():
        text = f"label: {key}\ndescription: {key}.\nrule: {rule}\n"
        (folder / f"segments/{key}.yml").write_text(text)
    facts = read_facts(folder)
    segments = read_segments(folder, facts)
    warehouse = SimpleNamespace(engine="duckdb", schema=str)
    sql = rendered(warehouse, membership_sql(facts, segments, segments), history_days=history)
    spans = {}
    with duckdb.connect() as connection:
        fill(connection, shop)
        rows = connection.execute(sql).fetchall()
    for segment, customer, is_member, is_entry_known, entry, exit_day in sorted(
        rows, key=lambda row: (row[0], row[1], row[4])
    ):
        assert is_member == (exit_day is None)
        assert is_entry_known == (entry > AS_OF - dt.timedelta(days=history))
        spans.setdefault((segment, customer), []).append((entry, exit_day))
    return spans


def fill(connection, shop):
    for schema in ("marts", "intermediate"):
        connection.execute(f"create schema {schema}")
    connection.execute(
        f"create table intermediate.int_as_of as select date '{AS_OF}' as as_of_date"
    )
    for name, rows in shop.items():
        types = ", ".join(f"{column} {kind(column)}" for column in rows[0])
        connection.execute(f"create table marts.{name} ({types})")
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(
            f"insert into marts.{name} values ({marks})", [list(row.values()) for row in rows]
        )


def kind(column):
    if column.endswith("_at"):
        return "timestamp"
    if column.endswith("_date") or column.startswith("valid_"):
        return "date"
    if column.startswith(("is_", "counts_")):
        return "boolean"
    return {"net_amount": "numeric(18, 4)", "unit_count": "numeric(18, 3)"}.get(column, "varchar")


def told(shop, rules, key, customer):
    """Entries and exits of one customer, asked day by day."""
    days = [AS_OF - dt.timedelta(days=back) for back in range(HISTORY, -1, -1)]
    (person,) = [row for row in shop["dim_customers"] if row["customer_key"] == customer]
    states = [
        not person["is_deleted"]
        and person["first_seen_at"] <= day
        and holds(shop, rules, rules[key], person, day)
        for day in days
    ]
    edges = [
        (day, after)
        for day, (before, after) in zip(days, pairwise([False, *states]), strict=True)
        if before != after
    ]
    return [
        (entry, next((day for day, _ in edges if day > entry), None))
        for entry, is_in in edges
        if is_in
    ]


def holds(shop, rules, rule, person, day):
    (word,) = [word for word in rule if word in WORDS]
    if word in ("all", "any"):
        parts = [holds(shop, rules, part, person, day) for part in rule[word]]
        return all(parts) if word == "all" else any(parts)
    if word == "not":
        return not holds(shop, rules, rule[word], person, day)
    if word == "segment":
        return holds(shop, rules, rules[rule[word]], person, day)
    if word == "field":
        return any_state(shop, rule, person, day)
    return counted(shop, rule, word, person, day)


def any_state(shop, rule, person, day):
    values = states(shop, rule["field"], person, day)
    if rule.get("is_known") is False:
        return all(value is None for value in values)
    return any(compare(value, rule) for value in values)


def states(shop, field, person, day):
    key = person["customer_key"]
    if field == "country_code":
        return [person["country_code"]]
    if field == "rfm_segment":
        rows = [
            row
            for row in shop["fct_customer_rfm_history"]
            if row["customer_key"] == key and row["snapshot_date"] <= day
        ]
        return [row["segment_name"] for row in rows[-1:]]
    return [
        row["tier"]
        for row in shop["dim_loyalty_members_history"]
        if row["customer_key"] == key
        and row["valid_from"] <= day
        and (row["valid_to"] is None or row["valid_to"] > day)
    ]


def counted(shop, rule, word, person, day):
    fact, _, summed = rule[word].partition(".")
    mine = [
        row for row in rows_of(shop, fact, day) if row["customer_key"] == person["customer_key"]
    ]
    mine = [row for row in mine if all(row_holds(row, part) for part in rule.get("where", []))]
    ages = [(day - row.get("order_date", day)).days for row in mine]
    if word.startswith("days_since"):
        seen = (min if word.endswith("last") else max)(ages) if ages else None
        return compare(seen, rule)
    nearest, farthest = rule.get("days_ago", (0, rule.get("last_days", 10_000) - 1))
    kept = [row for row, age in zip(mine, ages, strict=True) if nearest <= age <= farthest]
    return compare(sum(row[summed] or 0 for row in kept) if summed else len(kept), rule)


def rows_of(shop, fact, day):
    if fact == "orders":
        rows = shop["fct_orders"]
        return [row for row in rows if row["counts_as_purchase"] and row["order_date"] <= day]
    rows = shop["fct_subscription_periods"]
    return [row for row in rows if row["start_date"] <= day < row["end_date"]]


def row_holds(row, rule):
    if "any" in rule:
        return any(row_holds(row, part) for part in rule["any"])
    return compare(row[rule["field"]], rule)


def compare(value, rule):
    """Whether every comparison holds; none does with nothing."""
    checks = {
        "is": lambda wanted: value == wanted,
        "is_not": lambda wanted: value != wanted,
        "in": lambda wanted: value in wanted,
        "at_least": lambda wanted: value >= wanted,
        "at_most": lambda wanted: value <= wanted,
        "more_than": lambda wanted: value > wanted,
        "less_than": lambda wanted: value < wanted,
        "between": lambda wanted: wanted[0] <= value <= wanted[1],
    }
    return value is not None and all(
        check(rule[operator]) for operator, check in checks.items() if operator in rule
    )
