"""Each wrong rule breaks a row of the golden shop: what the cases hold, they hold."""

import pytest

from tests.golden_shop.mutants import Laboratory, read_mutants

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(3600)]
MUTANTS = read_mutants()


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory):
    return Laboratory(tmp_path_factory.mktemp("mutants"))


@pytest.fixture(scope="module")
def caught(request):
    """Mutant to the first row it broke; printed as a table when all have run."""
    found = {}
    yield found
    lines = [f"{name:<62} {first}" for name, first in found.items()]
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    reporter.write_line("\n" + "\n".join(lines))


def test_the_right_rules_break_nothing(laboratory):
    assert laboratory.right() == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_a_wrong_rule_breaks_a_row(mutant, laboratory, caught):
    broken = laboratory.broken_by(mutant)
    caught[mutant.name] = broken[0] if broken else "SURVIVED"
    assert broken


def test_there_are_enough():
    assert len(MUTANTS) >= 25
