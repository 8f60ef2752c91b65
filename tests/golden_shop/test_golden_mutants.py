"""Each wrong rule breaks a row of the golden shop: what the cases hold, they hold."""

import pytest

from tests.golden_shop.conftest import BREAKS
from tests.golden_shop.mutants import Laboratory, read_mutants

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(3600)]
MUTANTS = read_mutants()


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory):
    return Laboratory(tmp_path_factory.mktemp("mutants"))


def test_the_right_rules_break_nothing(laboratory):
    assert laboratory.right() == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_a_wrong_rule_breaks_a_row(mutant, laboratory, record_property):
    broken = laboratory.broken_by(mutant)
    assert broken
    record_property(BREAKS, (mutant.name, str(broken[0])))


def test_there_are_enough():
    assert len(MUTANTS) >= 25
