"""Cells reach their type exactly, or stand beside it as text."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import ARROW_TYPES, empty_table, type_batch

MONEY = st.decimals(
    min_value=Decimal("-1e12"), max_value=Decimal("1e12"), places=9, allow_nan=False
)


def typed(kind, *values):
    batch = type_batch([{"c": value} for value in values], {"c": kind})
    return batch.table["c"].to_pylist(), batch


@given(st.lists(MONEY, min_size=1, max_size=20))
def test_money_as_text_arrives_to_the_last_digit(amounts):
    cells, batch = typed("decimal", *[str(amount) for amount in amounts])
    assert cells == amounts
    assert not batch.variant_columns


@given(st.lists(st.integers(min_value=-(2**63), max_value=2**63 - 1), min_size=1, max_size=20))
def test_whole_numbers_arrive_as_text_or_number(numbers):
    assert typed("bigint", *numbers)[0] == numbers
    assert typed("bigint", *map(str, numbers))[0] == numbers


@pytest.mark.pitfall(25)
@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("bigint", "5", "five"),
        ("bigint", 5, 5.5),
        ("decimal", "1.10", "1,10"),
        ("double", 1.5, "much"),
        ("bool", True, "perhaps"),
        ("date", "2026-01-31", "31.1.2026"),
        ("timestamp", "2026-01-31T10:00:00+02:00", "soon"),
    ],
)
def test_a_cell_that_does_not_fit_stands_beside_and_stops_nothing(kind, good, bad):
    cells, batch = typed(kind, good, bad, None)
    assert cells[0] is not None
    assert cells[1:] == [None, None]
    assert batch.table["c__v_text"].to_pylist() == [None, str(bad), None]
    assert batch.variant_columns == {"c"}


@pytest.mark.pitfall(25)
def test_a_column_that_nobody_declared_is_kept_as_text():
    batch = type_batch([{"a": 1}, {"a": 2, "new": {"x": [1]}}], {"a": "bigint"})
    assert batch.table["new"].to_pylist() == [None, '{"x":[1]}']
    assert batch.new_columns == {"new"}


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-31T10:00:00Z", dt.datetime(2026, 1, 31, 10, tzinfo=dt.UTC)),
        ("2026-01-31T10:00:00+02:00", dt.datetime(2026, 1, 31, 8, tzinfo=dt.UTC)),
        ("2026-01-31 10:00:00", dt.datetime(2026, 1, 31, 10, tzinfo=dt.UTC)),
    ],
)
def test_times_are_utc(text, utc):
    assert typed("timestamp", text)[0] == [utc]


def test_text_and_json_are_text():
    assert typed("text", 5, True, None)[0] == ["5", "true", None]
    assert typed("json", {"a": 1}, [], None)[0] == ['{"a":1}', "[]", None]


@given(st.lists(st.none() | st.text(max_size=5), min_size=1, max_size=10))
def test_no_value_is_lost_on_the_way_to_a_number(values):
    cells, batch = typed("bigint", *values)
    beside = batch.table["c__v_text"].to_pylist() if batch.variant_columns else [None] * len(values)
    for value, cell, text in zip(values, cells, beside, strict=True):
        assert (cell is not None) or (text == value) or value in (None, "")


def test_an_arrow_table_takes_the_same_way():
    table = pa.table({"c": ["1", "x"], "d": [1, 2]})
    batch = type_batch(table, {"c": "bigint", "d": "decimal", "absent": "date"})
    assert batch.table["c"].to_pylist() == [1, None]
    assert batch.table["d"].to_pylist() == [Decimal(1), Decimal(2)]
    assert batch.table.column_names == ["c", "d", "absent", "c__v_text"]


def test_an_empty_table_has_the_declared_types():
    columns = {kind: kind for kind in ARROW_TYPES}
    assert empty_table(columns).schema.types == list(ARROW_TYPES.values())
