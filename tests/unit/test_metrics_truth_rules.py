"""What holding metrics against the books lets pass where a world has nothing to count."""

import datetime as dt

import pandas as pd
import pytest

from orchestration.metrics.definitions import MetricDefinition
from tests.e2e import metrics_truth
from tests.e2e.metrics_truth import MetricsTruth
from tests.oracle.figures import EVERYWHERE, Metric, Sum, day

FIRST = dt.date(2026, 1, 1)
TRIED = pd.DataFrame({"shop": ["eu"], "date": [pd.Timestamp(FIRST)]})
NEVER = TRIED.iloc[:0]
WAYS = {
    "ratio": (Metric(Sum(NEVER), Sum(TRIED), may_lack=True), "orders"),
    "sum": (Metric(Sum(NEVER)), None),
}


class Told(MetricsTruth):
    """Of a warehouse that says the same value of each shop, whatever it is asked for."""

    def __init__(self, value):
        self.cells, self.without_values, self._books, self._value = 0, [], None, value

    def _span(self, _):
        return FIRST, FIRST

    def _mart(self, metric, column):
        told = 1 if column == metric.denominator else self._value
        return {} if told is None else {(shop, FIRST): told for shop in ("eu", EVERYWHERE)}

    def _function(self, _, periods):
        return {} if self._value is None else {("eu", period): self._value for period in periods}


@pytest.fixture(params=WAYS)
def metric(request, monkeypatch):
    truth, denominator = WAYS[request.param]
    assert not truth.values(day)
    monkeypatch.setattr(metrics_truth, "METRICS", {"paid_back": lambda _: truth})
    return MetricDefinition(
        key="paid_back",
        label="",
        description="",
        category="sales",
        kind="additive",
        unit="count",
        dimensions=(),
        numerator="back",
        denominator=denominator,
    )


def test_what_neither_side_has_is_told_and_no_difference(metric):
    truth = Told(None)
    assert truth.differences(metric) == []
    assert truth.without_values == ["paid_back"]


def test_what_the_warehouse_alone_has_is_a_difference(metric):
    assert Told(5).differences(metric)
