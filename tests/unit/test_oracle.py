"""The oracle shares no code with what it judges, and its sessions are those counted by hand."""

import ast
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.metrics.definitions import read_metrics
from tests.oracle import messages, sessions, visits
from tests.oracle.metrics import METRICS, WITHOUT_ORACLE

ORACLE = Path(__file__).parents[1] / "oracle"
ALLOWED = {*sys.stdlib_module_names, "numpy", "pandas"}


def imported(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    return plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("file", sorted(ORACLE.glob("*.py")), ids=lambda file: file.stem)
def test_the_oracle_imports_nothing_of_the_product(file):
    names = {name for name in imported(file) if not name.startswith("tests.oracle")}
    assert {name.partition(".")[0] for name in names} <= ALLOWED


def sessions_of(told: list[visits.Message]) -> pd.DataFrame:
    events = pd.DataFrame([messages.event("shop", message) for message in told])
    return sessions.sessions(sessions.by_gap(sessions.measured(events)), {"shop": visits.ZONE})


@pytest.mark.pitfall(13)
@pytest.mark.parametrize("case", visits.CASES, ids=lambda case: case.name)
def test_the_sessions_of_a_case_are_those_counted_by_hand(case):
    found = sessions_of(list(case.messages)).to_dict("records")
    told = [
        (
            row["started_at"].strftime("%Y-%m-%dT%H:%M:%S"),
            row["ended_at"].strftime("%Y-%m-%dT%H:%M:%S"),
            row["event_count"],
            row["traffic_source"],
            row["order_count"],
            row["session_date"].isoformat(),
        )
        for row in found
    ]
    assert told == list(case.visits)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.integers(1, 2 * 1800 * 10**6), min_size=1, max_size=40),
    st.randoms(use_true_random=False),
)
def test_events_are_cut_where_half_an_hour_passed_in_whatever_order_they_arrive(gaps, random):
    since = pd.to_timedelta(pd.Series(gaps).cumsum(), "us")
    moments = pd.Timestamp("2026-03-28T23:00:00") + since
    told = [visits.message("v", number, at.isoformat()) for number, at in enumerate(moments)]
    cuts = [0, *(place for place, gap in enumerate(gaps) if place and gap > 1800 * 10**6)]
    random.shuffle(told)
    found = sessions_of(told)
    assert found["started_at"].dt.tz_localize(None).tolist() == [moments[cut] for cut in cuts]
    assert found["event_count"].tolist() == np.diff([*cuts, len(gaps)]).tolist()


def test_every_metric_has_an_oracle_or_a_reason_for_none():
    defined = read_metrics(ORACLE.parents[1] / "dbt_project")
    assert sorted([*METRICS, *WITHOUT_ORACLE]) == sorted(defined)
