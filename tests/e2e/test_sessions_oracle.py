"""Sessions of the marts against the oracle's, which sees nothing but the collectors' events."""

from __future__ import annotations

import json
from collections import Counter

import pandas as pd
import pytest

from tests.e2e.sandbox_shop import open_shop
from tests.oracle import messages, sessions, visits

pytestmark = pytest.mark.e2e

SOURCES = ("shopify", "woocommerce", "commercetools", "ga4_events", "web_events", "fx_rates")
EDGES = "basketline-uk"
"""The stream that also has the oracle's own visits: its shop is in London."""

BOTH = "basketline-eu"
"""The store that GA4 measures until its own collector has its first full day."""

FACTS = [
    *("started_at", "ended_at", "session_date", "event_count", "page_view_count", "order_count"),
    *("has_product_view", "has_add_to_cart", "has_checkout", "has_sign_up", "has_purchase"),
    *("is_engaged", "landing_page_path"),
    *("traffic_source", "traffic_medium", "traffic_campaign", "click_id_type"),
]


def forget_sessions(folder):
    """Takes the collector's own session out of each message: they are to be found."""
    for file in folder.glob("*/*.jsonl"):
        told = [json.loads(line) for line in file.read_text().splitlines()]
        for message in told:
            message["context"].pop("sessionId", None)
        file.write_text("".join(f"{json.dumps(message)}\n" for message in told))


def add_visits(folder):
    """The visits by hand and those that are drawn, a file each."""
    by_hand = [message for case in visits.CASES for message in case.messages]
    drawn = visits.drawn(seed=11, visitors=150)
    for name, told in (("by_hand", by_hand), ("drawn", drawn)):
        lines = "".join(f"{json.dumps(message)}\n" for message in told)
        (folder / f"{name}.jsonl").write_text(lines)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A warehouse whose own collector tells no session."""
    with open_shop(tmp_path_factory.mktemp("sessions")) as opened:
        collected = opened.running.folder / "web_events"
        forget_sessions(collected)
        add_visits(collected / EDGES)
        for source in SOURCES:
            opened.load(source)
        done = opened.dbt(
            *("--select", "+fct_sessions", "--exclude-resource-type", "unit_test"),
            *("--indirect-selection", "cautious"),
            sources=",".join(SOURCES),
        )
        assert done.returncode == 0, done.stdout[-3000:]
        yield opened


@pytest.fixture(scope="module")
def zones(shop):
    stores = shop.world("stores")
    return dict(zip(stores["shop"], stores["timezone"], strict=True))


@pytest.fixture(scope="module")
def collected(shop):
    return messages.first_party_events(shop.running.folder / "web_events")


def own_days(events, zones):
    """Since when a store's own collector counts: its first day is seldom whole."""
    own = events[events["stream"] == BOTH]
    days = own["at"].dt.tz_convert(zones[BOTH]).dt.date
    return own["at"][days > days.min()].dt.tz_convert(zones[BOTH]).dt.normalize().min()


def rows(frame, columns):
    """How often there is each row; what is missing is None."""
    plain = frame[columns].astype(object).where(frame[columns].notna(), None)
    return Counter(plain.itertuples(index=False, name=None))


def marts(shop, source, columns):
    found = shop.ask(
        f"select account_id, {', '.join(columns)} from marts.fct_sessions"
        f" where source_name = '{source}'"
    )
    frame = pd.DataFrame(found, columns=["stream", *columns])
    for moment in ("started_at", "ended_at"):
        frame[moment] = frame[moment].dt.tz_localize("UTC")
    return rows(frame, ["stream", *columns])


def test_first_party_sessions_are_those_found_from_events_alone(shop, collected, zones):
    counted = (collected["stream"] != BOTH) | (collected["at"] >= own_days(collected, zones))
    events = sessions.measured(collected[counted])
    expected = sessions.sessions(sessions.by_gap(events), zones)
    found = marts(shop, "web_events", FACTS)
    assert found == rows(expected, ["stream", *FACTS])
    assert found.total() > len(visits.CASES) + 1000


@pytest.mark.pitfall(21)
def test_ga4_sessions_are_its_own(shop, collected, zones):
    """As many as there are distinct streams, pseudo ids and session ids, and of the same events."""
    events = messages.ga4_events(shop.running.folder / "ga4_events")
    counted = (events["stream"] != BOTH) | (events["at"] < own_days(collected, zones))
    told = events[counted].dropna(subset=["visitor", "session"])
    expected = told.groupby(["stream", "visitor", "session"], as_index=False).agg(
        started_at=("at", "min"),
        ended_at=("at", "max"),
        event_count=("at", "size"),
        page_view_count=("name", lambda names: int(names.eq("page_view").sum())),
    )
    columns = ["started_at", "ended_at", "event_count", "page_view_count"]
    found = marts(shop, "ga4_events", columns)
    assert found.total() == len(expected)
    assert found == rows(expected, ["stream", *columns])
