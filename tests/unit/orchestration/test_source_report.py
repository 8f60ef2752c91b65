"""What is to be done about a source, in its state."""

import dataclasses
import datetime as dt

import pytest

from ingestion.registry import find_source
from ingestion.settings import Settings
from orchestration.lib.planner import Arrival
from orchestration.lib.source_report import SourceReport, source_reports

TODAY = dt.date(2026, 6, 30)
NOW = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
LOADED = dt.datetime(2026, 6, 29, 10, 30, tzinfo=dt.UTC)


def report(**changes):
    spec = dataclasses.replace(
        find_source("shopify"), api_version_expires=changes.pop("expires", dt.date(2027, 10, 1))
    )
    good = SourceReport(spec, True, ("shop",), "", 12, LOADED, TODAY)
    return dataclasses.replace(good, **changes)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "ok"),
        ({"is_on": False, "loaded_at": None, "missing": "all"}, "off"),
        ({"missing": "SHOPIFY__STORES__0__SHOP"}, "not set up"),
        ({"loaded_at": None}, "never loaded"),
        ({"expires": TODAY}, "API version expired"),
        ({"expires": dt.date(2026, 7, 30)}, "API version ends in 30 days"),
        ({"expires": None}, "ok"),
    ],
)
def test_the_state_says_what_to_do(changes, state):
    found = report(**changes)
    assert found.state == state
    assert found.is_good == (state in ("ok", "off"))


def test_the_lag_is_in_words():
    assert report().lag(NOW) == "1 d 1 h"
    assert report(loaded_at=NOW - dt.timedelta(minutes=5)).lag(NOW) == "0 h 5 min"
    assert report(loaded_at=None).lag(NOW) == ""


def test_rows_and_the_newest_load_are_those_of_all_tables(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    arrivals = {
        "shopify.orders": Arrival(10, "2026-06-28 10:00:00+00"),
        "shopify.customers": Arrival(2, "2026-06-29 10:30:00+00"),
        "files.orders": Arrival(99, "2026-06-30 10:30:00"),
    }
    settings = Settings(_env_file=None, sources=("shopify",))
    first, *rest = source_reports(settings, arrivals, TODAY)
    assert (first.spec.name, first.is_on, first.rows, first.loaded_at) == (
        "shopify",
        True,
        12,
        LOADED,
    )
    assert "SHOPIFY__STORES__0__SHOP" in first.missing
    assert not any(one.is_on for one in rest)
