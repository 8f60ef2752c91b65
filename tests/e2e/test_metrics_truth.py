"""Every metric of the catalogue equals what the oracle makes of the shop's own books."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.metrics.definitions import read_metrics
from tests.e2e.metrics_truth import MetricsTruth
from tests.oracle.metrics import METRICS, WITHOUT_ORACLE

pytestmark = pytest.mark.e2e

DBT = Path(__file__).parents[2] / "dbt_project"


def compared(shop):
    """What differs of every metric in one warehouse, and which metrics have no day with a value.

    Prints how much was compared.
    """
    with duckdb.connect(str(shop.warehouse.path), read_only=True) as connection:
        truth = MetricsTruth(connection, shop.running.folder / "truth")
        found = [
            words
            for key, metric in read_metrics(DBT).items()
            if key not in WITHOUT_ORACLE
            for words in truth.differences(metric)
        ]
        sys.stdout.write(
            f"{len(METRICS)} metrics, {truth.cells:,} cells held against the books;"
            f" without a value on any day: {', '.join(truth.without_values) or 'none'}\n"
        )
    return found, truth.without_values


def test_every_metric_equals_the_books(whole_shop):
    differences, without_values = compared(whole_shop)
    assert differences == []
    # Other worlds may lack what a metric counts; in this one nothing is compared with nothing.
    assert without_values == []
