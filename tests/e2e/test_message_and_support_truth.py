"""Campaigns, flows and tickets of every day, held to the shop's own books."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(("count", "part"), [("ticket", "tickets"), ("responded", "answered")])
def test_tickets_of_a_day_equal_the_books(whole_shop, count, part):
    found = by(
        whole_shop,
        f"select stores.account_id, created_date, sum({count}_count)"
        f" from marts.fct_support_daily {STORES} group by all",
    )
    assert found == told(whole_shop.truth("tickets_daily"), ["shop", "date"], part)
