"""Rules that are wrong are refused where they are wrong; what is written is up to date."""

import pytest
import yaml

from orchestration.errors import SegmentError
from orchestration.segments.facts import read_facts
from orchestration.segments.rules import read_segment, read_segments
from orchestration.segments.sql import literal, membership_sql
from orchestration.segments.written import PROJECT, written_files

FACTS = read_facts(PROJECT)
TOP = "label: A\ndescription: A.\nrule:\n"
WRONG = {
    "  {field: shoe_size, is: 5}": (4, 11, "no field 'shoe_size'"),
    "  {field: country_code, is: NO}": (4, 29, "a text, not False"),
    "  {field: country_code, at_least: DE}": (4, 35, "'at_least' means nothing"),
    "  {field: monetary_score, is: high}": (4, 31, "a number, not 'high'"),
    "  {field: monetary_score, is: .inf}": (4, 31, "a number"),
    "  {field: has_account, is: 1}": (4, 28, "true or false, not 1"),
    "  {count: orders, at_least: '1 or 1=1'}": (4, 29, "a number, not '1 or 1=1'"),
    "  {count: orders, last_days: 2.5, is: 0}": (4, 30, "a number of days"),
    "  {count: orders, last_days: 0, is: 0}": (4, 30, "0 days"),
    "  {count: orders, days_ago: [9, 3], is: 0}": (4, 29, "two ends"),
    "  {count: parcels, is: 0}": (4, 11, "no fact 'parcels'"),
    "  {count: orders}": (4, 3, "Nothing is compared"),
    "  {sum: orders, is: 0}": (4, 9, "fact and field"),
    "  {sum: orders.country_code, is: 0}": (4, 9, "no number 'country_code'"),
    "  {count: subscriptions, last_days: 3, is: 0}": (4, 37, "'last_days' means nothing"),
    "  {days_since_last: subscriptions, is: 0}": (4, 21, "no one day"),
    "  {count: orders, where: [{count: reviews, is: 1}], is: 0}": (4, 27, "one of all, any"),
    "  {count: orders, where: {field: rating, is: 1}, is: 0}": (4, 34, "no field 'rating'"),
    "  {all: []}": (4, 9, "a list"),
    "  {any: [{segment: a}], all: [{segment: a}]}": (4, 3, "at once"),
    "  {field: country_code, is: DE, is: AT}": (4, 33, "twice"),
    "  {segment: 7}": (4, 13, "a text"),
    "  &again {not: *again}": (4, 3, "too deep"),
    "  [": (5, 1, "no YAML"),
}
STATEMENTS = [
    "x'; drop table marts.dim_customers; --",
    "x' or '1'='1",
    "x' or 'a'='a",
    "x'or'a",
    "DE /* all */",
    "{{ ref('dim_customers_pii') }}",
    "{% raw %}",
    "a\\",
    "'",
    "a\nb",
    "x" * 300,
]


def written(folder, name, rule):
    file = folder / f"{name}.yml"
    file.write_text(f"{TOP}{rule}\n")
    return file


@pytest.mark.parametrize("rule", WRONG)
def test_what_is_wrong_is_told_with_its_place(rule, tmp_path):
    line, column, words = WRONG[rule]
    with pytest.raises(SegmentError, match=words) as error:
        read_segment(written(tmp_path, "a", rule), FACTS)
    if "again" not in rule:
        assert error.value.where == f"a.yml:{line}:{column}"


@pytest.mark.parametrize("text", STATEMENTS)
def test_sql_in_a_literal_is_refused(text, tmp_path):
    rule = yaml.safe_dump({"field": "country_code", "is": text})
    rule = "\n".join(f"  {line}" for line in rule.splitlines())
    with pytest.raises(SegmentError, match="SQL") as error:
        read_segment(written(tmp_path, "a", rule), FACTS)
    assert error.value.where.startswith("a.yml:")


def test_an_apostrophe_is_a_letter_of_a_name():
    assert literal("Children's toys") == "'Children''s toys'"
    assert [literal(value) for value in (1e-7, 5, 2.50, True)] == ["0.0000001", "5", "2.5", "true"]


def test_a_circle_of_segments_is_refused(tmp_path):
    (tmp_path / "segments").mkdir()
    for name, other in (("a", "b"), ("b", "c"), ("c", "b")):
        written(tmp_path / "segments", name, f"  all:\n    - {{segment: {other}}}")
    with pytest.raises(SegmentError, match="b -> c -> b") as error:
        read_segments(tmp_path, FACTS)
    assert error.value.where == "c.yml:5:17"


def test_a_segment_that_is_not_there_is_refused(tmp_path):
    (tmp_path / "segments").mkdir()
    written(tmp_path / "segments", "a", "  {segment: b}")
    with pytest.raises(SegmentError, match="no segment 'b'") as error:
        read_segments(tmp_path, FACTS)
    assert error.value.where == "a.yml:4:13"


@pytest.mark.parametrize("name", ["Vip", "1st", "a-b", "é"])
def test_a_key_is_a_plain_word(name, tmp_path):
    with pytest.raises(SegmentError, match="no key"):
        read_segment(written(tmp_path, name, "  {segment: a}"), FACTS)


def test_no_segments_at_all_are_sql_too():
    assert "where 1 = 0" in membership_sql(FACTS, {}, {})


def test_a_fact_is_read_once_for_all_segments():
    segments = read_segments(PROJECT, FACTS)
    sql = membership_sql(FACTS, segments, segments)
    assert sql.count("ref('fct_orders')") == 1


def test_what_follows_from_the_rules_is_written():
    stale = [path.name for path, text in written_files(PROJECT).items() if path.read_text() != text]
    assert stale == [], "run `make segments`"


def test_fields_are_columns_of_their_marts():
    """By the marts' contracts, and of a type that compares with the literal."""
    models = {
        model["name"]: {column["name"]: column.get("data_type") for column in model["columns"]}
        for file in PROJECT.glob("models/**/_*__models.yml")
        for model in yaml.load(file.read_text(), yaml.CSafeLoader)["models"]
    }
    for fact in FACTS.values():
        columns = models[fact.model]
        assert {name for name in (fact.day, fact.start, fact.end) if name} <= set(columns)
        for name, one in fact.fields.items():
            column = fact.expression(name).removeprefix("fact.")
            if name != "store_name" and not fact.model.startswith("stg_"):
                kind = {"varchar": "text", "boolean": "flag"}.get(columns[column], "number")
                assert kind == one.type, (fact.model, name)
