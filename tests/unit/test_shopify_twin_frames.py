"""Frames of the Shopify twin: parents and children by row, and how values are written."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.vendors.shopify.columns import decimal, iso, price
from sandbox.vendors.shopify.frames import NONE, Frame, Many, always, children, rows_of, spans
from sandbox.vendors.shopify.paging import cursor_text, read_cursor

ROWS = st.lists(st.integers(NONE, 6), max_size=30).map(lambda rows: np.array(rows, np.int64))


@given(ROWS)
def test_children_are_found_under_their_parents_in_order(parents):
    many = Many(lambda: Frame(always("X"), np.empty(0, np.int64)), *children(parents, 7))
    for parent in range(7):
        assert many.of(parent).tolist() == np.flatnonzero(parents == parent).tolist()


@given(ROWS, st.lists(st.integers(0, 6), max_size=10))
def test_children_of_several_rows_stand_one_parent_after_the_other(parents, wanted):
    many = Many(lambda: Frame(always("X"), np.empty(0, np.int64)), *children(parents, 7))
    rows, owner = spans(many, np.array(wanted, np.int64))
    found = [many.of(parent).tolist() for parent in wanted]
    assert rows.tolist() == [row for group in found for row in group]
    assert owner.tolist() == [place for place, group in enumerate(found) for _ in group]


@given(st.lists(st.integers(-50, 50), unique=True, max_size=20), st.lists(st.integers(-60, 60)))
def test_rows_are_found_by_id(ids, wanted):
    found = rows_of(np.array(wanted, np.int64), np.array(ids, np.int64)).tolist()
    assert found == [ids.index(one) if one in ids else NONE for one in wanted]


@given(st.integers(-(10**12), 10**12))
def test_a_decimal_is_the_amount_without_idle_zeros(cents):
    (text,) = decimal(np.array([cents])).values(np.array([0]))
    assert Decimal(text) == Decimal(cents) / 100
    assert text == "0.0" or not text.endswith("00")
    assert "." in text


@pytest.mark.parametrize(("cents", "text"), [(1990, "19.90"), (5, "0.05"), (0, "0.00"), (-1, None)])
def test_a_money_has_two_decimals(cents, text):
    assert price(np.array([cents])).values(np.array([0])) == [text]


def test_times_are_told_in_seconds_of_utc():
    moments = np.array(["2026-06-30T08:15:00", "NaT"], "datetime64[s]")
    assert iso(moments) == ["2026-06-30T08:15:00Z", None]


@given(st.integers(0, 2**53), st.one_of(st.integers(0, 2**53), st.text(max_size=10)))
def test_cursors_are_read_as_they_were_written(last_id, last_value):
    assert read_cursor(cursor_text(last_id, last_value)) == (last_id, last_value)
