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


def differences(shop):
    """Of every metric in one warehouse; prints how much was compared."""
    with duckdb.connect(str(shop.warehouse.path), read_only=True) as connection:
        truth = MetricsTruth(connection, shop.running.folder / "truth")
        found = [
            words
            for key, metric in read_metrics(DBT).items()
            if key not in WITHOUT_ORACLE
            for words in truth.differences(metric)
        ]
        sys.stdout.write(f"{len(METRICS)} metrics, {truth.cells:,} cells held against the books\n")
    return found


def test_every_metric_equals_the_books(whole_shop):
    assert differences(whole_shop) == []
