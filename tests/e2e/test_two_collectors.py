"""A store whose visits two collectors see: GA4's tag all the time, its own from some day on."""

import pytest

from sandbox.feeds.web_messages import IDENTIFY
from tests.e2e.sandbox_shop import open_shop

pytestmark = pytest.mark.e2e

STORE = "basketline-eu"
SOURCES = ("shopify", "ga4_events", "web_events", "fx_rates")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The store's orders and both of its streams, loaded and built."""
    with open_shop(tmp_path_factory.mktemp("two_collectors")) as shop:
        for source in SOURCES:
            shop.load(source, accounts=None if source == "fx_rates" else [STORE])
        done = shop.dbt(
            *("--select", "+fct_sessions", "+fct_web_events", "+dim_stores"),
            *("--indirect-selection", "cautious"),
            sources=",".join(SOURCES),
        )
        assert done.returncode == 0, done.stdout[-3000:]
        yield shop


@pytest.mark.pitfall(21)
def test_a_visit_that_both_have_seen_is_one_session(shop):
    truth = shop.truth("sessions_daily")
    expected = {
        row.date.date(): (row.sessions, row.page_views, row.with_add_to_cart, row.with_purchase)
        for row in truth[truth["shop"] == STORE].itertuples()
    }
    found = shop.ask("""
        select
            session_date, count(*), cast(sum(page_view_count) as bigint),
            count(*) filter (has_add_to_cart), count(*) filter (has_purchase)
        from marts.fct_sessions
        group by session_date
    """)
    assert {row[0]: row[1:] for row in found} == expected


def test_each_event_counts_in_one_of_the_two(shop):
    truth = shop.truth("web_events_daily")
    own = truth[truth["shop"] == STORE]
    found = shop.ask(f"""
        select source_name, min(event_date), max(event_date), count(*)
        from marts.fct_web_events
        where is_primary_source and event_name != '{IDENTIFY}'
        group by source_name
        order by source_name
    """)
    (ga4, *ga4_days, ga4_count), (first_party, *own_days, own_count) = found
    assert (ga4, first_party) == ("ga4_events", "web_events")
    assert ga4_days[1] < own_days[0]
    assert ga4_count + own_count == own["events"].sum()
