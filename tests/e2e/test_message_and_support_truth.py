"""Campaigns, flows, their messages, and tickets of every day, held to the shop's own books."""

from __future__ import annotations

import hashlib

import pytest

from sandbox.world.truth_email import email_messages
from tests.e2e.test_whole_shop import ARRIVED, STORES, by, told

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("count", "part"),
    [
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("opened", "opens"),
        ("clicked", "clicks"),
        ("bounced", "bounced"),
    ],
)
def test_what_came_of_a_campaign_equals_the_books(whole_shop, count, part):
    """Of days whose events have all arrived: they come up to 30 hours late."""
    found = by(
        whole_shop,
        "select stores.account_id, result_date, campaigns.campaign_name,"
        f" sum(daily.{count}_count) from marts.fct_message_campaigns_daily as daily {STORES}"
        " inner join marts.dim_campaigns as campaigns using (campaign_key)"
        f" where result_date <= date '{ARRIVED}' group by all",
    )
    books = whole_shop.truth("email_daily")
    books = books[books["date"].dt.date <= ARRIVED]
    # What a provider drops it does not send, nor does it say so of SMS.
    books["sent"] -= books["dropped"]
    keys = ["shop", "date", "name"]
    assert found == told(books.groupby(keys, as_index=False)[part].sum(), keys, part)


@pytest.fixture(scope="module")
def mailed(whole_shop):
    """Every message and recipient of the ledger, whose events have all arrived."""
    rows = email_messages(whole_shop.running.sandbox.world.view())
    rows = rows[rows["date"].dt.date <= ARRIVED]
    ids = "klaviyo|" + rows["shop"].astype(str) + "|" + rows["message_id"].astype(str)
    keys = [hashlib.md5(each.encode(), usedforsecurity=False).hexdigest() for each in ids]
    return rows.assign(sent=~rows["dropped"], template_key=keys)


@pytest.mark.parametrize(
    ("count", "part"),
    [
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("opened", "opens"),
        ("clicked", "clicks"),
        ("unsubscribed", "unsubscribed"),
    ],
)
def test_what_came_of_each_message_equals_the_ledger(whole_shop, mailed, count, part):
    found = by(
        whole_shop,
        f"select stores.account_id, result_date, template_key, sum(daily.{count}_count)"
        f" from marts.fct_message_campaigns_daily as daily {STORES}"
        f" where result_date <= date '{ARRIVED}' group by all",
    )
    keys = ["shop", "date", "template_key"]
    assert found == told(mailed.groupby(keys, as_index=False)[part].sum(), keys, part)


def test_nearly_all_orders_of_campaigns_are_of_a_message(whole_shop):
    """But those of people whose link was somebody else's; the report is the sum of the days."""
    ((orders, known),) = whole_shop.ask("""
        select sum(order_count), sum(case when template_key is not null then order_count end)
        from marts.fct_message_campaigns_daily
    """)
    assert 0.9 * orders < known <= orders
    told_so = whole_shop.ask("select sum(order_count), sum(net_amount) from reports.rpt_messages")
    assert told_so == whole_shop.ask("""
        select sum(order_count), sum(net_amount) from marts.fct_message_campaigns_daily
        where campaign_key is not null and template_key is not null
    """)


@pytest.mark.parametrize(("count", "part"), [("ticket", "tickets"), ("responded", "answered")])
def test_tickets_of_a_day_equal_the_books(whole_shop, count, part):
    found = by(
        whole_shop,
        f"select stores.account_id, created_date, sum({count}_count)"
        f" from marts.fct_support_daily {STORES} group by all",
    )
    assert found == told(whole_shop.truth("tickets_daily"), ["shop", "date"], part)
