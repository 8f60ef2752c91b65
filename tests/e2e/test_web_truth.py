"""GA4 and Meta to the marts, against the sandbox's truth, day by day."""

from decimal import Decimal

import pytest

from sandbox.vendors.ga4_events import STREAM_IDS

pytestmark = pytest.mark.e2e


def test_sessions_and_how_far_they_got_equal_the_truth(whole_shop):
    expected = {
        (row.shop, row.date.date()): (
            row.sessions,
            row.engaged,
            row.page_views,
            row.with_view_item,
            row.with_add_to_cart,
            row.with_begin_checkout,
            row.with_purchase,
        )
        for row in whole_shop.truth("sessions_daily", STREAM_IDS).itertuples()
    }
    found = whole_shop.ask(f"""
        select
            stores.account_id, sessions.session_date, count(*),
            count(*) filter (sessions.is_engaged), cast(sum(sessions.page_view_count) as bigint),
            count(*) filter (sessions.has_product_view),
            count(*) filter (sessions.has_add_to_cart), count(*) filter (sessions.has_checkout),
            count(*) filter (sessions.has_purchase)
        from marts.fct_sessions as sessions
        inner join marts.dim_stores as stores using (store_key)
        where stores.account_id in {tuple(STREAM_IDS)}
        group by stores.account_id, sessions.session_date
    """)
    assert {row[:2]: row[2:] for row in found} == expected


@pytest.mark.pitfall(21)
def test_events_without_consent_and_repeated_purchases_equal_the_truth(whole_shop):
    expected = {
        (row.shop, row.date.date(), row.event_name): (row.events, row.without_consent, row.repeats)
        for row in whole_shop.truth("web_events_daily", STREAM_IDS).itertuples()
    }
    found = whole_shop.ask("""
        select
            stores.account_id, events.event_date, events.event_name, count(*),
            count(*) filter (not events.has_consent),
            count(*) filter (events.is_duplicate_purchase)
        from marts.fct_web_events as events
        inner join marts.dim_stores as stores using (store_key)
        where events.source_name = 'ga4_events'
        group by stores.account_id, events.event_date, events.event_name
    """)
    assert {row[:3]: row[3:] for row in found} == expected
    assert sum(row[2] for row in expected.values())


@pytest.mark.pitfall(16, 18, 19)
def test_ad_days_equal_the_truth_in_the_account_and_reporting_currency(whole_shop):
    expected = {
        (row.account_id, str(row.campaign_id), row.date.date()): (
            row.impressions,
            row.clicks,
            row.spend,
            row.conversions,
            row.conversion_value,
        )
        for row in whole_shop.truth("ad_daily").query("platform == 'meta_ads'").itertuples()
    }
    found = whole_shop.ask("""
        select
            account_id, campaign_id, ad_date, cast(sum(impressions) as bigint),
            cast(sum(clicks) as bigint), cast(sum(spend_account_amount) * 100 as bigint),
            cast(sum(platform_conversions) as bigint),
            cast(sum(platform_value_account_amount) * 100 as bigint)
        from marts.fct_ad_performance_daily
        where source_name = 'meta_ads'
        group by account_id, campaign_id, ad_date
    """)
    assert {row[:3]: row[3:] for row in found} == expected
    euros = whole_shop.ask("""
        select sum(abs(spend_amount - spend_account_amount)), count(*) filter (spend_amount is null)
        from marts.fct_ad_performance_daily
        where currency_code = 'EUR'
    """)
    assert euros == [(Decimal(0), 0)]


@pytest.mark.pitfall(21)
def test_a_session_has_the_channel_that_was_planted(whole_shop):
    visits = whole_shop.world("visits", STREAM_IDS).set_index("visit_id")
    events = whole_shop.world("web_events", STREAM_IDS)
    opened = events[(events["page_view_number"] == 1) & (events["event_name"] == "session_start")]
    first = events.groupby("visit_id")["happened_at"].min().astype("int64")
    known = visits.index.isin(opened["visit_id"]) & visits["has_consent"]
    planted = {
        (row.shop, int(first[visit_id])): row.channel for visit_id, row in visits[known].iterrows()
    }
    found = whole_shop.ask("""
        select sessions.account_id, epoch_us(sessions.started_at), channels.channel_name
        from marts.fct_sessions as sessions
        inner join marts.dim_channels as channels using (channel_key)
    """)
    pairs = [(planted[row[:2]], row[2]) for row in found if row[:2] in planted]
    assert len(pairs) == len(planted)
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def test_orders_and_sessions_find_their_customer(whole_shop):
    orders = whole_shop.world("orders", STREAM_IDS)
    visits = whole_shop.world("visits", STREAM_IDS).set_index("visit_id")
    placed = orders[orders["visit_id"].notna() & orders["deleted_at"].isna()]
    consented = visits["has_consent"].reindex(placed["visit_id"]).to_numpy(bool)
    with_session, with_customer = whole_shop.ask(f"""
        select
            count(orders.session_key),
            count(*) filter (sessions.customer_key = orders.customer_key)
        from marts.fct_orders as orders
        inner join marts.dim_stores as stores on orders.store_key = stores.store_key
        left join marts.fct_sessions as sessions on orders.session_key = sessions.session_key
        where stores.account_id in {tuple(STREAM_IDS)}
    """)[0]
    assert with_session == with_customer
    assert 0.95 * consented.sum() < with_session <= consented.sum()


@pytest.mark.pitfall(15)
def test_young_ad_days_are_provisional(whole_shop):
    ((newest_final, oldest_provisional),) = whole_shop.ask("""
        select
            max(ad_date) filter (not is_provisional), min(ad_date) filter (is_provisional)
        from marts.fct_ad_performance_daily
        where source_name = 'meta_ads'
    """)
    ((as_of,),) = whole_shop.ask("select as_of_date from intermediate.int_as_of")
    assert (as_of - newest_final).days == 28
    assert (as_of - oldest_provisional).days == 27
