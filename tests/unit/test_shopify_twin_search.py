"""The search syntax of the Shopify twin: what is read, and what is found."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.vendors.shopify.matching import Filter, Search
from sandbox.vendors.shopify.search import Both, Either, Not, Term, parse

NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
VALUES = st.text(st.characters(codec="ascii", exclude_characters="\\'\"\n\r\x00"), max_size=8)
COMPARATORS = st.sampled_from(["=", "<", "<=", ">", ">="])


def written(node) -> str:
    """A tree as a query."""
    if isinstance(node, Term):
        comparator = "" if node.comparator == "=" else node.comparator
        return f"{node.field}:{comparator}'{node.value}'"
    if isinstance(node, Not):
        return f"NOT {written(node.of)}"
    joint = " AND " if isinstance(node, Both) else " OR "
    return f"({joint.join(written(part) for part in node.parts)})"


TERMS = st.builds(Term, NAMES, COMPARATORS, VALUES, st.just(True))
TREES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(Not, TERMS),
        st.builds(lambda parts: Both(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: Either(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)


@given(TREES)
def test_a_written_tree_is_read_again(tree):
    assert parse(written(tree)) == tree


@given(st.text(max_size=40))
def test_of_any_text_what_is_unknown_is_told_and_the_rest_searched(text):
    found = search()
    assert found.rows(text).shape == (4,)
    asked = {term.field for term in terms(parse(text))}
    told = {each["field"] for each in found.warnings if each["code"] == "invalid_field"}
    assert told == asked - {None, *found.filters}


def terms(node):
    """Every condition of a tree."""
    if isinstance(node, Term):
        return [node]
    parts = [node.of] if isinstance(node, Not) else node.parts
    return [term for part in parts for term in terms(part)]


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", Both(())),
        ("Bob Norman", Both((Term(None, "=", "Bob"), Term(None, "=", "Norman")))),
        ("status:open", Term("status", "=", "open")),
        ("-status:open", Not(Term("status", "=", "open"))),
        ("id:>=5", Term("id", ">=", "5")),
        ("order_date: >='2024-01-01'", Term("order_date", ">=", "2024-01-01", quoted=True)),
        ("a:1 OR b:2 c:3", Either((Term("a", "=", "1"),
                                   Both((Term("b", "=", "2"), Term("c", "=", "3")))))),
        ("(a:1 OR b:2) c:3", Both((Either((Term("a", "=", "1"), Term("b", "=", "2"))),
                                   Term("c", "=", "3")))),
        ("at:>=2026-01-01T10:20:00Z", Both((Term("at", ">=", "2026-01-01T10"),
                                            Term("20", "=", "00Z")))),
        ("tag:O\\'Neil", Term("tag", "=", "O'Neil")),
    ],
)  # fmt: skip
def test_what_is_read(query, tree):
    assert parse(query) == tree


MOMENTS = np.array(
    ["2025-12-31T22:59:59", "2025-12-31T23:00:00", "2026-01-01T12:00:00", "2026-01-02T00:00:00"],
    "datetime64[s]",
)


def search() -> Search:
    """A search over four rows in Berlin's time."""
    filters = {
        "at": Filter("time", lambda: MOMENTS),
        "id": Filter("number", lambda: np.array([1, 2, 3, 4])),
        "status": Filter("text", lambda: np.array(["PAID", "paid", "PENDING", ""], object)),
        "tag": Filter("words", lambda: [["VIP", "b2b"], ["vip-gold"], [], ["B2B"]]),
        "test": Filter("flag", lambda: np.array([True, False, False, False])),
        "default": Filter("text", lambda: np.array(["Ann Bo", "bob", "Cy", "ANN"], object)),
    }
    now = pd.Timestamp("2026-01-01T12:00:00Z")
    return Search(filters, 4, ZoneInfo("Europe/Berlin"), now)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("at:>='2026-01-01T12:00:00Z'", [2, 3]),
        ("at:>'2026-01-01T12:00:00Z'", [3]),
        ("at:<='2026-01-01T12:00:00Z'", [0, 1, 2]),
        ("at:2026-01-01", [1, 2]),
        ("at:<2026", [0]),
        ("at:2025-12", [0]),
        ("at:>2025", [1, 2, 3]),
        ("at:<=now", [0, 1, 2]),
        ("at:'2026-01-01T00:00:00'", [1]),
        ("at:'2026-01-01..2026-01-01'", [1, 2]),
        ("id:2", [1]),
        ("id:>=2 id:<4", [1, 2]),
        ("id:2..3", [1, 2]),
        ("status:paid", [0, 1]),
        ("status:paid,pending", [0, 1, 2]),
        ("status:p*", [0, 1, 2]),
        ("status:*", [0, 1, 2]),
        ("NOT status:paid", [2, 3]),
        ("status:paid OR id:4", [0, 1, 3]),
        ("tag:vip", [0]),
        ("tag:b2b", [0, 3]),
        ("test:true", [0]),
        ("test:false", [1, 2, 3]),
        ("ann", [0, 3]),
        ("", [0, 1, 2, 3]),
    ],
)
def test_what_is_found(query, rows):
    assert np.flatnonzero(search().rows(query)).tolist() == rows


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("colour:red id:2", "colour", "invalid_field"),
        ("id:2 at:yesterday-ish", "at", "invalid_value"),
        ("id:2 NOT colour:red", "colour", "invalid_field"),
        ("id:2 test:maybe", "test", "invalid_value"),
    ],
)
def test_what_makes_no_sense_is_dropped_with_a_warning(query, name, code):
    found = search()
    assert np.flatnonzero(found.rows(query)).tolist() == [1]
    (warning,) = found.warnings
    assert (warning["field"], warning["code"]) == (name, code)


def test_a_search_of_nothing_known_finds_everything():
    found = search()
    assert found.rows("colour:red").all()
    assert len(found.warnings) == 1
