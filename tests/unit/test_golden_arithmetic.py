"""The arithmetic in which amounts of the golden shop are written, and how a cell is held to it."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.golden_shop.arithmetic import worked_out
from tests.golden_shop.comparison import as_text, is_equal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2*19.90-3.98", "35.82"),
        ("0.1 + 0.2", "0.3"),
        ("-(30-3)*0.625", "-16.875"),
        ("47.60/1.19", "40"),
        ("round(50.975/4, 4)", "12.7438"),
        ("round(-0.00005, 4)", "-0.0001"),
    ],
)
def test_amounts_are_worked_out_in_decimals(text, value):
    assert worked_out(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "a", "2**3", "abs(-1)", "round(1)", "'1'", "True", "1; 2"])
def test_nothing_but_arithmetic_is_worked_out(text):
    with pytest.raises(ValueError, match="no arithmetic"):
        worked_out(text)


@pytest.mark.parametrize(
    ("expected", "found", "equal"),
    [
        ("2*5", Decimal("10.0000"), True),
        ("2*5", Decimal("10.0001"), False),
        ("2/3", 0.6666666666666666, True),
        (None, None, True),
        (None, 0, False),
        ("0", None, False),
        ("true", True, True),
        ("1", True, False),
        ("2026-03-29", dt.date(2026, 3, 29), True),
        ("2026-03-29T00:30:00Z", dt.datetime(2026, 3, 29, 0, 30), True),  # noqa: DTZ001
    ],
)
def test_a_cell_is_held_to_the_text(expected, found, equal):
    assert is_equal(expected, found) is equal
    assert as_text(None) is None
