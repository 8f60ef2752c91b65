"""The metrics' one place: what follows from it is written anew, and says what it can."""

from pathlib import Path

import pytest

from orchestration.metrics.definitions import read_facts, read_metrics
from orchestration.metrics.written import written_files

DBT = Path(__file__).parents[2] / "dbt_project"
METRICS = read_metrics(DBT)
FACTS = read_facts(DBT)


def test_what_follows_from_the_definitions_is_written():
    stale = [path.name for path, text in written_files(DBT).items() if path.read_text() != text]
    assert stale == [], "run `make metrics`"


def test_no_function_is_left_of_a_metric_that_is_gone():
    assert set(DBT.glob("functions/**/*.sql")) <= set(written_files(DBT))


def test_a_component_belongs_to_one_fact():
    names = [name for fact in FACTS.values() for name in fact.components]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.key)
def test_a_metrics_components_and_dimensions_are_counted_somewhere(metric):
    parts = metric.components
    facts = [fact for fact in FACTS.values() if set(parts) & set(fact.components)]
    assert sum(part in fact.components for part in parts for fact in facts) == len(parts)
    for fact in facts:
        assert set(metric.dimensions) <= set(fact.dimensions)
    if metric.kind == "distinct":
        assert len(facts) == 1, "what is recounted is recounted from one fact"


def test_labels_are_told_apart():
    labels = [metric.label for metric in METRICS.values()]
    assert len(labels) == len(set(labels))
