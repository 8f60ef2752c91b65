"""What an archetype's id stands for, in words."""

import json

import pytest

from ml.archetypes.axes import AXIS_NAMES
from ml.archetypes.catalogue import described, words_of
from ml.archetypes.keys import Level, archetype_id, archetype_key
from ml.archetypes.model import ArchetypeModel
from ml.archetypes.traits import traits
from tests.unit.ml.customer_frames import AS_OF, customers


@pytest.fixture(scope="module")
def scores():
    rows = customers(600)
    return ArchetypeModel.fitted(rows, version="2026-06-29", as_of=AS_OF).score(rows)


def test_every_id_of_a_customer_stands_in_the_catalogue_once(scores):
    catalogue = described(scores)
    assert not catalogue.duplicated(["archetype_level", "archetype_id"]).any()
    rows = scores.archetypes()
    for level in Level:
        told = catalogue[catalogue["archetype_level"] == level.value]
        assert told["archetype_id"].tolist() == sorted(set(rows[f"archetype_{level.value}_id"]))
        assert [archetype_id(level, key) for key in told["archetype_key"]] == [
            *told["archetype_id"]
        ]


def test_traits_of_the_first_level_are_those_of_its_segments(scores):
    keys = scores.archetypes()["archetype_l1_key"]
    for key, segments in zip(keys, scores.segments().to_dict("records"), strict=True):
        assert words_of(key) == traits(segments)
    catalogue = described(scores)
    assert [json.loads(text) for text in catalogue["traits"]] == [
        words_of(key) for key in catalogue["archetype_key"]
    ]


def test_strengths_and_second_segments_are_said():
    lacks = dict.fromkeys(AXIS_NAMES, "insufficient_history")
    closer = lacks | {"purchase_value": "premium:weak", "purchase_frequency": "one_time:strong"}
    assert words_of(archetype_key(closer)) == [
        "bought once (strong)",
        "spends most per order (weak)",
    ]
    both = lacks | {"purchase_value": "high+mid", "return_behavior": "not_modelled"}
    assert words_of(archetype_key(both)) == [
        "spends an average amount per order or spends much per order"
    ]
    assert words_of(archetype_key(lacks)) == []
