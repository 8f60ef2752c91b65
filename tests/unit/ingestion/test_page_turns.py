"""Pages that come twice are asked for again; a list that stands still ends the load."""

import pytest

from ingestion.errors import VendorUnavailableError
from ingestion.page_turns import MOST_REPEATS, PageTurns


@pytest.mark.pitfall(23)
def test_a_repeated_page_is_asked_for_again_and_then_the_list_goes_on():
    turns = PageTurns("yotpo shop")
    assert [turns.go_on(token) for token in "abbbcc"] == list("abbbcc")


def test_repeats_count_from_the_last_page_that_was_another():
    turns = PageTurns("yotpo shop")
    tokens = ["a", *"b" * MOST_REPEATS, "c", *"d" * MOST_REPEATS]
    assert [turns.go_on(token) for token in tokens] == tokens


def test_a_list_that_stands_still_is_one_clear_error():
    turns = PageTurns("yotpo shop")
    for _ in range(MOST_REPEATS + 1):
        turns.go_on("a")
    with pytest.raises(VendorUnavailableError, match=r"yotpo shop: .*same page over and over"):
        turns.go_on("a")
