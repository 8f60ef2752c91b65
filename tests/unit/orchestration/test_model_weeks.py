"""Which model speaks on a day: fitted once a week, on nothing that came after Monday."""

import datetime as dt

import pytest

from orchestration.models.weeks import fit_day, monday_before

MONDAY = dt.date(2026, 6, 22)


def day(number: int) -> dt.date:
    """A day of June, or of July when June is over."""
    return dt.date(2026, 6, 1) + dt.timedelta(days=number - 1)


@pytest.mark.parametrize("number", range(22, 29))
def test_a_week_begins_on_monday(number):
    assert monday_before(day(number)) == MONDAY


def test_the_newest_snapshot_up_to_monday_is_fitted_on():
    assert fit_day(day(24), [day(10), day(17), day(24)], ()) == day(17)
    assert fit_day(MONDAY, [day(15), MONDAY], ()) == MONDAY


def test_a_model_of_the_week_stays_while_days_move_on():
    """As of the 25th another snapshot is nearer to Monday than the one that was fitted on."""
    assert fit_day(day(25), [day(11), day(18), day(25)], [day(10), day(17)]) == day(17)


def test_a_new_week_asks_for_a_new_model():
    assert fit_day(day(29), [day(15), day(22), day(29)], [day(17), day(22)]) == day(29)
    assert fit_day(day(30), [day(16), day(23), day(30)], [day(17)]) == day(23)


def test_at_the_beginning_there_is_the_first_snapshot():
    assert fit_day(day(24), [day(24)], ()) == day(24)


@pytest.mark.parametrize("number", range(1, 60))
def test_no_model_knows_what_comes_after_the_day(number):
    snapshots = [day(n) for n in (0, number - 28, number - 14, number - 7, number)]
    found = fit_day(day(number), snapshots, [])
    assert found <= monday_before(day(number))
