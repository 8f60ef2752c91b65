"""Which values of two engines are the same."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.integration.parity import Mart, compare, same


@pytest.mark.parametrize(
    ("cell", "other", "kind", "expected"),
    [
        (None, None, "varchar", True),
        ("", None, "varchar", False),
        ("a", "a ", "varchar", False),
        (1, 1, "bigint", True),
        (1, 1.0, "bigint", False),
        (True, 1, "boolean", False),
        (Decimal("1.10"), Decimal("1.1000"), "numeric(18,4)", True),
        (Decimal("1.1000"), Decimal("1.1001"), "numeric(18,4)", False),
        (0.1 + 0.2, 0.3, "double precision", True),
        (1.0, 1.000001, "double precision", False),
        (0.0, 1e-12, "double precision", False),
        (dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "date", False),
    ],
)
def test_values_of_two_engines(cell, other, kind, expected):
    assert same(cell, other, kind) is expected


class Rows:
    """A warehouse that has one table."""

    def __init__(self, *rows):
        self.rows = list(rows)

    def query(self, _sql):
        return self.rows


def test_rows_are_joined_on_the_key_and_compared_by_column():
    mart = Mart("marts", "fct", {"k": "varchar", "n": "bigint"}, ("k",))
    assert not compare(mart, Rows(("a", 1), ("b", 2)), Rows(("b", 2), ("a", 1))).differences
    found = compare(mart, Rows(("a", 1), ("b", 2)), Rows(("a", 3), ("c", 2)))
    assert sorted(found.differences) == [
        "n of ('a',): 1, 3",
        "only one has ('b',)",
        "only one has ('c',)",
    ]


def test_a_key_that_is_none_is_told():
    mart = Mart("marts", "fct", {"k": "varchar"}, ("k",))
    with pytest.raises(AssertionError, match="no key"):
        compare(mart, Rows(("a",), ("a",)), Rows())
