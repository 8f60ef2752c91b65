"""Mappings are checked at once, and each rule does to a line what it says."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingestion.errors import MappingError
from ingestion.seam import read_entities
from ingestion.settings import load_settings
from ingestion.sources.files.mapping import SHIPPED, FileMapping, load_mapping
from ingestion.sources.files.transform import Transformer

ENTITIES = {
    "orders": {
        "order_id": "text",
        "placed_at": "timestamp",
        "order_date": "date",
        "total_amount": "decimal",
        "line_count": "bigint",
        "is_test": "bool",
        "score": "double",
        "status": "text",
    },
    "customers": {"customer_id": "text", "created_at": "timestamp", "name": "text"},
}


def lines(*rows, file="a.csv"):
    """Lines of a file as a reader gives them: everything is text."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    own = {
        "_source_file": pa.array([file] * len(rows), pa.string()),
        "_source_line": pa.array(range(2, len(rows) + 2), pa.int64()),
    }
    return pa.table(cells | own)


def run(tmp_path, mapping, *rows):
    """Rows and rejected rows of each entity that a mapping makes of lines."""
    parsed = FileMapping.model_validate(yaml.safe_load(mapping))
    transformer = Transformer(parsed, ENTITIES, tmp_path)
    made = {}
    for name, table in transformer.transform(lines(*rows), parsed.entities):
        made.setdefault(name, []).extend(table.to_pylist())
    return made


def cells(tmp_path, rule, *texts, kind="order_id"):
    """The column `kind` of orders made by a rule from the column `c`."""
    made = run(
        tmp_path,
        f"entities: [{{entity: orders, columns: {{{kind}: {rule}}}}}]",
        *[{"c": text} for text in texts],
    )
    return [row[kind] for row in made["orders"]], made["_rejected"]


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("c", " A ", "A"),
        ("c", "  ", None),
        ("{constant: x}", "A", "x"),
        ("{template: 'no-{c}/{_source_line}'}", "A", "no-A/2"),
        ("{from: c, case: lower}", "AbC", "abc"),
        ("{from: c, split: {separator: '-', part: 2}}", "a-b-c", "b"),
        ("{from: c, split: {separator: '-', part: -1}}", "a-b-c", "c"),
        (r"{from: c, replace: [{pattern: '\.0$'}]}", "17850.0", "17850"),
        ("{from: c, map: {a: b}}", "a", "b"),
        ("{from: c, map: {a: b}}", "z", "z"),
        ("{from: c, map: {a: b}, default: other}", "z", "other"),
        ("{from: c, map: {a: b}, default: null}", "z", None),
        ("{from: c, map: {a: null}}", "a", None),
        ("{from: c, default: none}", "", "none"),
        (
            "{from: c, patterns: [{matches: '^gift_', value: gift}], default: goods}",
            "gift_1",
            "gift",
        ),
        ("{when: {eq: {c: a}}, then: yes-it-is, else: no}", "a", "yes-it-is"),
    ],
)
def test_steps_over_text(tmp_path, rule, text, expected):
    assert cells(tmp_path, rule, text) == ([expected], [])


@pytest.mark.parametrize(
    ("kind", "rule", "text", "expected"),
    [
        ("total_amount", "c", "1234.5678", Decimal("1234.5678")),
        ("total_amount", "{from: c, negate: true}", "5.005", Decimal("-5.005")),
        (
            "total_amount",
            "{from: c, parse: {decimal: ',', thousands: '.'}}",
            "1.234.567,891",
            Decimal("1234567.891"),
        ),
        ("total_amount", "{multiply: [c, c]}", "5000000.123", Decimal("25000001230000.015129")),
        ("total_amount", "{add: [c, 1]}", "2.5", Decimal("3.5")),
        ("line_count", "c", "17.0", 17),
        ("score", "c", "0.1", 0.1),
        ("is_test", "c", "Yes", True),
        ("is_test", "c", "0", False),
        ("order_date", "c", "2026-02-28", dt.date(2026, 2, 28)),
        (
            "order_date",
            "{from: c, parse: {formats: ['%d.%m.%Y', '%d/%m/%y']}}",
            "28/02/26",
            dt.date(2026, 2, 28),
        ),
        (
            "placed_at",
            "{from: c, parse: {timezone: Europe/Berlin}}",
            "2026-07-01 00:30:00",
            dt.datetime(2026, 6, 30, 22, 30, tzinfo=dt.UTC),
        ),
        (
            "placed_at",
            "{from: c, parse: {timezone: Europe/Berlin}}",
            "2026-07-01T00:30:00-05:00",
            dt.datetime(2026, 7, 1, 5, 30, tzinfo=dt.UTC),
        ),
        (
            "placed_at",
            "{from: c, parse: {formats: ['%m/%d/%Y %H:%M'], timezone: Europe/London}}",
            "12/1/2010 8:26",
            dt.datetime(2010, 12, 1, 8, 26, tzinfo=dt.UTC),
        ),
        (
            "placed_at",
            "{from: c, parse: {formats: [epoch_milliseconds], timezone: Asia/Tokyo}}",
            "1767225600500",
            dt.datetime(2026, 1, 1, 0, 0, 0, 500000, tzinfo=dt.UTC),
        ),
    ],
)
def test_numbers_and_dates_are_parsed_exactly(tmp_path, kind, rule, text, expected):
    assert cells(tmp_path, rule, text, kind=kind) == ([expected], [])


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("total_amount", "1,5", "c is no number"),
        ("line_count", "1.5", "c is no whole number"),
        ("placed_at", "yesterday", "c is no time"),
        ("order_date", "2026-02-30", "c is no date"),
        ("is_test", "perhaps", "c is no yes or no"),
    ],
)
def test_what_cannot_be_parsed_is_rejected_without_its_value(tmp_path, kind, text, reason):
    made, rejected = cells(tmp_path, "c", text, "", kind=kind)
    assert made == [None]
    assert rejected == [
        {"_source_file": "a.csv", "_source_line": 2, "entity": "orders", "reason": reason}
    ]


@given(
    st.lists(
        st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False), min_size=1
    ),
    st.integers(min_value=-1000, max_value=1000),
)
def test_price_times_quantity_is_exact(tmp_path_factory, prices, quantity):
    made = run(
        tmp_path_factory.mktemp("x"),
        "entities: [{entity: orders, columns: {total_amount: {multiply: [p, q]}}}]",
        *[{"p": str(price), "q": str(quantity)} for price in prices],
    )
    assert [row["total_amount"] for row in made["orders"]] == [price * quantity for price in prices]


TEXT = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
)
CONDITIONS = [
    ("{eq: {c: a}}", {"a"}),
    ("{ne: {c: a}}", {"b", "12", None}),
    ("{in: {c: [a, b]}}", {"a", "b"}),
    ("{matches: {c: '^[0-9]+$'}}", {"12"}),
    ("{gt: {c: 5}}", {"12"}),
    ("{le: {c: 12}}", {"12"}),
    ("{ge: {c: b}}", {"b"}),
    ("{blank: c}", {None}),
    ("{present: c}", {"a", "b", "12"}),
    ("{not: {eq: {c: a}}}", {"b", "12", None}),
    ("{all: [{present: c}, {not: {eq: {c: a}}}]}", {"b", "12"}),
    ("{any: [{eq: {c: a}}, {blank: c}]}", {"a", None}),
    ("{all: []}", {"a", "b", "12", None}),
    ("{any: []}", set()),
]


@pytest.mark.parametrize(("where", "kept"), CONDITIONS)
def test_filters_keep_the_lines_that_they_say(tmp_path, where, kept):
    texts = ["a", "b", "12", None]
    made = run(
        tmp_path,
        f"entities: [{{entity: orders, where: {where}, columns: {{order_id: c}}}}]",
        *[{"c": text} for text in texts],
    )
    assert {row["order_id"] for row in made["orders"]} == kept


@given(TEXT, TEXT)
def test_names_and_values_of_a_mapping_are_never_code(tmp_path_factory, name, value):
    column = "c " + name.strip()
    rule = {"entity": "orders", "where": {"eq": {column: value}}, "columns": {"order_id": column}}
    parsed = FileMapping.model_validate({"entities": [rule]})
    transformer = Transformer(parsed, ENTITIES, tmp_path_factory.mktemp("x"))
    made = dict(transformer.transform(lines({column: value}), parsed.entities))
    if value == value.strip():
        assert made["orders"]["order_id"].to_pylist() == ([value] if value else [])


def test_one_row_is_made_of_each_key_by_its_rule(tmp_path):
    made = run(
        tmp_path,
        """
        entities:
          - entity: orders
            key: order_id
            keep: {first: at}
            columns:
              order_id: number
              placed_at: at
              line_count: {from: units, aggregate: sum}
              status: {when_any: {gt: {units: 0}}, then: sold, else: written_off}
          - entity: customers
            where: {present: who}
            key: customer_id
            keep: {last: at, prefer: label}
            columns: {customer_id: who, created_at: at, name: label}
        """,
        {"number": "1", "at": "2026-01-02", "units": "-1", "who": "x", "label": "old"},
        {"number": "1", "at": "2026-01-01", "units": "3", "who": "x", "label": None},
        {"number": "2", "at": "2026-01-03", "units": "-2", "who": None, "label": None},
        {"number": "1", "at": None, "units": "1", "who": "x", "label": None},
    )
    assert [(r["order_id"], r["line_count"], r["status"]) for r in made["orders"]] == [
        ("1", 3, "sold"),
        ("2", -2, "written_off"),
    ]
    assert made["orders"][0]["_source_line"] == 3
    assert [(r["customer_id"], r["name"]) for r in made["customers"]] == [("x", "old")]


def test_exact_repeats_are_kept_where_there_is_no_key(tmp_path):
    made, _ = cells(tmp_path, "c", "a", "a", "a")
    assert made == ["a", "a", "a"]


def test_a_line_without_its_key_or_a_required_column_is_rejected(tmp_path):
    made = run(
        tmp_path,
        "entities: [{entity: orders, key: order_id, required: [status],"
        " columns: {order_id: a, status: b}}]",
        {"a": "1", "b": "x"},
        {"a": None, "b": None},
    )
    assert len(made["orders"]) == 1
    assert made["_rejected"][0]["reason"] == "order_id is blank; status is blank"


def load(tmp_path, text):
    path = tmp_path / "mine.yml"
    path.write_text(text)
    return load_mapping(str(path), ENTITIES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("entities: [{entity: ordres, columns: {order_id: a}}]", "Did you mean orders?"),
        ("entities: [{entity: orders, columns: {order_nr: a}}]", "Did you mean order_id?"),
        ("entities: [{entity: orders, colums: {}}]", "colums"),
        (
            "entities: [{entity: orders, columns: {order_id: {from: a, constant: b}}}]",
            "exactly one",
        ),
        ("entities: [{entity: orders, columns: {order_id: {}}}]", "exactly one"),
        (
            "entities: [{entity: orders, where: {eq: {a: 1}, gt: {a: 2}}, columns: {}}]",
            "exactly one",
        ),
        ("entities: [{entity: orders, where: {matches: {a: '['}}, columns: {}}]", "regular expr"),
        ("entities: [{entity: orders, key: status, columns: {order_id: a}}]", "needs status"),
        ("entities: [{entity: orders, columns: {order_id: {from: a, aggregate: sum}}}]", "no"),
        ("entities: [", "no YAML"),
    ],
)
def test_a_wrong_mapping_says_so_on_one_line(tmp_path, text, said):
    with pytest.raises(MappingError) as caught:
        load(tmp_path, text)
    assert said in str(caught.value)
    assert "mine.yml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_mapping_gives_the_nearest():
    with pytest.raises(MappingError, match="Did you mean online_retail"):
        load_mapping("online_retial", ENTITIES)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yml")), ids=lambda path: path.stem)
def test_shipped_mappings_fit_the_seam(path):
    mapping = load_mapping(path.stem, read_entities(load_settings(env_file=None), "files"))
    assert mapping.description


def test_a_missing_column_names_file_reader_and_nearest(tmp_path):
    mapping = load(tmp_path, "entities: [{entity: orders, columns: {order_id: InvoiceNumber}}]")
    transformer = Transformer(mapping, ENTITIES, tmp_path)
    with pytest.raises(MappingError) as caught:
        transformer.check_columns("day.csv", ["InvoiceNo", "Price"], mapping.entities)
    assert str(caught.value) == (
        "day.csv: The file has no column 'InvoiceNumber', which orders.order_id reads."
        " Correct the mapping or the file. Did you mean InvoiceNo?"
    )
