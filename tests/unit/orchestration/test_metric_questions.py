"""What a question means: days, periods, names, filters and how values are shown."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.errors import MetricError
from orchestration.metrics.definitions import MetricDefinition
from orchestration.metrics.filters import condition, text_literal
from orchestration.metrics.key_names import told_apart, with_keys
from orchestration.metrics.names import find_metric, read_dimensions, read_filters
from orchestration.metrics.periods import GRAINS, Days, fine_grain, period_of, periods, spans
from orchestration.metrics.ranges import KnownDays, range_of
from orchestration.metrics.shown import in_unit, sparkline

KNOWN = KnownDays(dt.date(2025, 1, 1), dt.date(2026, 6, 29), dt.date(2026, 7, 1))
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
ONE_DAY = dt.timedelta(days=1)


def metric(key, *dimensions):
    return MetricDefinition(
        **{"key": key, "label": key, "description": key, "category": "sales", "kind": "additive"},
        **{"unit": "rate", "dimensions": dimensions, "numerator": key},
    )


METRICS = {
    each.key: each
    for each in (metric("cac", "store", "channel"), metric("cvr", "store", "country", "device"))
}


@pytest.mark.parametrize(
    ("latest", "first"),
    [
        ("1d", "2026-06-29"),
        ("90d", "2026-04-01"),
        ("2w", "2026-06-16"),
        ("1m", "2026-05-30"),
        ("4m", "2026-03-01"),  # there is no 29 February: its month's last day is the day before
        ("1y", "2025-06-30"),
        ("999999d", "2025-01-01"),
        ("99999y", "2025-01-01"),
    ],
)
def test_the_last_days_end_on_the_reporting_day(latest, first):
    assert range_of(KNOWN, latest=latest) == Days(dt.date.fromisoformat(first), KNOWN.as_of)


def test_an_open_range_ends_on_the_reporting_day_and_begins_with_the_data():
    assert range_of(KNOWN) == Days(KNOWN.first, KNOWN.as_of)
    day = KNOWN.newest
    assert range_of(KNOWN, first=day) == Days(day, day), "a day that is not complete yet"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"first": dt.date(2026, 7, 2)}, "in the future"),
        ({"first": dt.date(2026, 6, 2), "last": dt.date(2026, 6, 1)}, "after its end"),
        ({"last": dt.date(2024, 6, 1)}, "after its end"),
        ({"latest": "0d"}, "no length"),
        ({"latest": "90"}, "no length"),
        ({"latest": "9d", "last": dt.date(2026, 6, 1)}, "stands alone"),
    ],
)
def test_a_range_that_holds_nothing_is_refused(options, says):
    with pytest.raises(MetricError, match=says):
        range_of(KNOWN, **options)


@given(st.tuples(DAYS, DAYS).map(sorted), st.sampled_from(GRAINS))
def test_spans_are_the_range_and_none_is_widened(ends, grain):
    days = Days(*ends)
    found = spans(days, grain)
    assert [found[0].days.first, found[-1].days.last] == ends
    for before, after in pairwise(found):
        assert before.days.last + ONE_DAY == after.days.first
    for span in found:
        first, last = span.days.first, span.days.last
        if span.grain and grain != "day":
            assert period_of(first, grain) == first
            assert period_of(last + ONE_DAY, grain) == last + ONE_DAY
        elif not span.grain:
            assert span.period == period_of(first, grain) == period_of(last, grain)
    assert len(found) <= 3
    assert list(periods(days, grain))[-1] == period_of(days.last, grain)


def test_a_trend_has_a_few_dozen_steps_at_most():
    first = dt.date(2026, 1, 1)
    found = [fine_grain(Days(first, first + length * ONE_DAY)) for length in (0, 30, 364, 900)]
    assert found == [None, "day", "week", "month"]


def test_names_that_are_wrong_are_told_with_the_nearest():
    with pytest.raises(MetricError, match=r"'cacc'.*Did you mean cac"):
        find_metric(METRICS, "cacc")
    with pytest.raises(MetricError, match=r"'chanel'.*Did you mean channel"):
        read_dimensions(METRICS, METRICS["cac"], ["chanel"])
    with pytest.raises(MetricError, match=r"cac has no dimension device.*store, channel"):
        read_filters(METRICS, METRICS["cac"], ["device=mobile"])
    with pytest.raises(MetricError, match="dimension=value"):
        read_filters(METRICS, METRICS["cac"], ["store"])


def test_dimensions_and_filters_as_given():
    cvr = METRICS["cvr"]
    assert read_dimensions(METRICS, cvr, ["store,device", "store"]) == ("store", "device")
    found = read_filters(METRICS, cvr, ["store=a", "device=x=y", "store=b "])
    assert found == (("store", ("a", "b ")), ("device", ("x=y",)))


def test_a_name_stands_for_every_key_that_has_it():
    names = {"campaign": {"k1": "brand", "k2": "brand", "k3": "other"}}
    found = with_keys((("campaign", ("brand", "k3", "gone")), ("channel", ("email",))), names)
    assert found == (("campaign", ("k1", "k2", "k3", "gone")), ("channel", ("email",)))
    assert told_apart(names["campaign"]) == {"k1": "brand (k1)", "k2": "brand (k2)", "k3": "other"}


def test_a_value_is_written_so_that_no_template_and_no_quote_ends_it():
    assert text_literal("O'Neill") == "'O''Neill'"
    assert text_literal("{x\n") == "('' || chr(123) || 'x' || chr(10) || '')"
    assert condition("store", ["a", "b"]) == "{{ Entity('store') }} in ('a', 'b')"
    for value in ("\0", "\udc80"):
        with pytest.raises(MetricError, match="no text"):
            text_literal(value)


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (0.1234, "rate", "12.34 %"),
        (1234.5, "money", "1,234.50 EUR"),
        (1234.0, "count", "1,234"),
        (-12.345, "score", "-12.35"),
        (3.0, "days", "3.00 days"),
        (None, "money", ""),
    ],
)
def test_a_value_has_its_unit(value, unit, told):
    assert in_unit(value, unit, "EUR") == told


def test_a_sparkline_is_as_high_as_its_values_and_open_where_there_are_none():
    assert sparkline([0, None, 5, 10]) == "▁ ▅█"
    assert sparkline([3, 3]) == "▁▁"
    assert sparkline([None]) == ""
