"""The golden shop on each engine: every row that a person wrote down, after a full build, after an
incremental one on top of it, and after a full build of the same rows.
"""

import pytest

from tests.golden_shop.golden import run

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def golden(warehouse, tmp_path_factory):
    return run(warehouse, tmp_path_factory.mktemp("golden"))


def told(differences) -> str:
    return "\n" + "\n".join(str(difference) for difference in differences)


@pytest.mark.pitfall(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 16, 17, 18, 19, 20, 21, 22)
def test_the_first_build_has_every_expected_row(golden):
    assert not golden.after_day_one, told(golden.after_day_one)


@pytest.mark.pitfall(11, 12, 14, 15)
def test_a_build_on_top_of_it_has_every_expected_row(golden):
    assert not golden.after_day_two, told(golden.after_day_two)


def test_the_functions_give_what_was_worked_out(golden):
    assert not golden.metrics, told(golden.metrics)


@pytest.mark.pitfall(11)
def test_a_build_from_nothing_has_the_same_rows(golden):
    assert not golden.built_anew, told(golden.built_anew)
    assert golden.not_the_same == []
