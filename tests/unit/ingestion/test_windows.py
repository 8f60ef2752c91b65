"""What a run asks for: the first moment and the first day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.windows import plan_window, restated_days

NOW = dt.datetime(2026, 6, 30, 9, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 6, 30)


def test_the_first_load_asks_for_everything():
    window = plan_window(seen=None, now=NOW)
    assert window.is_first_load
    assert window.since is None
    assert window.days() == ()


@pytest.mark.pitfall(12, 28)
def test_the_overlap_is_a_length_of_time_before_the_newest_seen():
    window = plan_window(seen="2026-06-29T12:00:00+00:00", now=NOW, overlap=dt.timedelta(hours=1))
    assert window.since == dt.datetime(2026, 6, 29, 11, 0, tzinfo=dt.UTC)
    assert window.until is None


@pytest.mark.pitfall(15, 28)
@pytest.mark.parametrize(("days", "first"), [(1, 29), (3, 27), (28, 2)])
def test_the_restatement_window_counts_the_newest_day_seen(days, first):
    window = plan_window(seen="2026-06-29", now=NOW, restatement_days=days)
    assert window.first_day == dt.date(2026, 6, first)
    assert window.last_day == DAY


@pytest.mark.pitfall(15, 28)
@given(
    hours_before=st.integers(0, 48),
    window=st.integers(1, 90),
    share=st.floats(0, 1),
    load_hour=st.integers(0, 23),
)
def test_the_last_conversion_of_a_click_is_asked_for(hours_before, window, share, load_hour):
    """By the load of the day after, which saw the day before it, whatever the hour."""
    clicked = NOW - dt.timedelta(hours=hours_before)
    bought = clicked + window * share * dt.timedelta(days=1)
    now = dt.datetime.combine(bought + dt.timedelta(days=1), dt.time(load_hour), dt.UTC)
    days = restated_days(window)
    asked = plan_window(seen=bought.date().isoformat(), now=now, restatement_days=days)
    assert asked.first_day <= clicked.date()


@given(
    st.dates(min_value=dt.date(2020, 1, 1), max_value=DAY),
    st.integers(min_value=1, max_value=90),
)
def test_every_day_from_the_window_to_today_is_asked_once(seen, days):
    asked = plan_window(seen=seen.isoformat(), now=NOW, restatement_days=days).days()
    assert len(set(asked)) == len(asked) == (DAY - seen).days + days
    assert asked[-1] == DAY


def test_a_range_that_the_user_gives_is_exact_and_closed():
    window = plan_window(
        seen="2026-06-29",
        now=NOW,
        restatement_days=28,
        date_from=dt.date(2026, 1, 1),
        date_to=dt.date(2026, 1, 31),
    )
    assert window.days() == tuple(dt.date(2026, 1, day) for day in range(1, 32))
    assert window.until == dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    assert window.is_explicit


def test_full_asks_for_everything_again():
    window = plan_window(seen="2026-06-29", now=NOW, restatement_days=28, full=True)
    assert window.is_full
    assert window.since is None


def test_a_cursor_from_the_future_asks_for_no_negative_range():
    window = plan_window(seen="2026-07-15", now=NOW, restatement_days=3)
    assert window.first_day <= window.last_day
