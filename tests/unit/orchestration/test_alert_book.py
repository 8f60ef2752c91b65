"""People are told once a cause, and again only when it came back."""

from hypothesis import given
from hypothesis import strategies as st

from orchestration.lib.alerts import AlertBook, Cause

SCOPE = "daily/failures"


def causes(*names):
    return [Cause(SCOPE, name, f"{name} failed") for name in names]


def test_a_cause_is_untold_until_it_is_remembered(tmp_path):
    book = AlertBook(tmp_path / "alerts.json")
    assert book.untold(SCOPE, causes("load")) == tuple(causes("load"))
    book.remember(SCOPE, causes("load"))
    assert book.untold(SCOPE, causes("load", "build")) == tuple(causes("build"))


def test_what_went_away_is_told_again_when_it_comes_back(tmp_path):
    book = AlertBook(tmp_path / "alerts.json")
    book.remember(SCOPE, causes("load"))
    book.remember(SCOPE, [])
    assert book.untold(SCOPE, causes("load"))


def test_scopes_do_not_mix(tmp_path):
    book = AlertBook(tmp_path / "alerts.json")
    book.remember("daily/checks", causes("load"))
    assert book.untold(SCOPE, causes("load"))


@given(runs=st.lists(st.sets(st.sampled_from("abc")), max_size=6))
def test_told_are_exactly_the_causes_that_the_run_before_did_not_have(tmp_path_factory, runs):
    book = AlertBook(tmp_path_factory.mktemp("book") / "alerts.json")
    before: set[str] = set()
    for found in runs:
        told = {cause.name for cause in book.untold(SCOPE, causes(*found))}
        assert told == found - before
        book.remember(SCOPE, causes(*found))
        before = found


def test_an_unreadable_book_is_an_empty_one(tmp_path):
    (tmp_path / "alerts.json").write_text("{")
    assert AlertBook(tmp_path / "alerts.json").untold(SCOPE, causes("load"))
