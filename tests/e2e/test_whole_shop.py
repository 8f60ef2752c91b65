"""Every source at once: the star over six shops on four platforms equals the shop's own books."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest

from ingestion.registry import source_specs
from sandbox.world.presets import PRESETS
from tests.e2e.sandbox_shop import open_shop

pytestmark = pytest.mark.e2e
CENT = Decimal("0.01")
SOURCES = ",".join(source_specs())
ARRIVED = PRESETS["tests"].now - dt.timedelta(days=2)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A warehouse with all sources, built without the tests that the sources' own suites run."""
    with open_shop(tmp_path_factory.mktemp("whole")) as opened:
        for source in source_specs():
            opened.load(source)
        built = opened.dbt("--exclude-resource-type", "unit_test", sources=SOURCES)
        assert built.returncode == 0, built.stdout[-5000:]
        yield opened


def by(shop, sql):
    """Rows of the marts, by all but their last column; those of nothing left out."""
    return {row[:-1]: row[-1] for row in shop.ask(sql) if row[-1]}


def told(frame, keys, value):
    """The same of the truth."""
    rows = frame[[*keys, value]].itertuples(index=False, name=None)
    return {tuple(map(plain, row[:-1])): row[-1] for row in rows if row[-1]}


def plain(cell):
    return cell.date() if hasattr(cell, "date") else cell


STORES = "inner join marts.dim_stores as stores using (store_key)"


@pytest.mark.parametrize(
    ("column", "part"),
    [
        ("return_amount", "returns"),
        ("net_amount", "net"),
        ("shipping_amount", "shipping"),
        ("tax_amount", "tax"),
    ],
)
def test_every_shops_days_equal_its_books(shop, column, part):
    found = by(
        shop,
        f"select stores.account_id, movement_date, sum({column}) from marts.fct_sales_movements"
        f" {STORES} group by all",
    )
    books = shop.truth("sales_daily")
    books["euros"] = books[f"{part}_eur"].map(Decimal)
    assert found == told(books, ["shop", "date"], "euros")


@pytest.mark.parametrize(("column", "part"), [("gross_amount", "gross"),
                                              ("discount_amount", "discounts")])  # fmt: skip
def test_gross_and_discounts_equal_the_books(shop, column, part):
    """But at the till: its receipts tell one tax a line, not how much of it was the discount's."""
    found = by(
        shop,
        f"select stores.account_id, movement_date, sum({column}) from marts.fct_sales_movements"
        f" {STORES} where stores.account_id != 'basketline-till' group by all",
    )
    books = shop.truth("sales_daily")
    books = books[books["shop"] != "basketline-till"]
    books["euros"] = books[f"{part}_eur"].map(Decimal)
    assert found == told(books, ["shop", "date"], "euros")


def test_people_are_the_same_over_all_shops(shop):
    """By what they bought and when, for no id of the world's is in the marts."""
    found = shop.ask("""
        select
            first_purchase_date, last_purchase_date, purchase_count, purchase_day_count
        from marts.dim_customers where purchase_count > 0
    """)
    books = shop.truth("customers")
    books = books[books["person_id"] >= 0]
    columns = ["first_purchase_date", "last_purchase_date", "purchases", "purchase_days"]
    expected = books[columns].itertuples(index=False, name=None)
    assert Counter(found) == Counter(tuple(map(plain, row)) for row in expected)


@pytest.mark.pitfall(18)
@pytest.mark.pitfall(31)
def test_the_shares_of_every_order_sum_to_it(shop):
    models = shop.ask("""
        with sums as (
            select attribution_model, order_key, sum(weight) as weight, sum(net_amount) as net
            from marts.fct_order_attribution group by all
        )
        select
            attribution_model, count(*),
            count(*) filter (where weight != 1 or sums.net != orders.net_amount)
        from sums inner join marts.fct_orders as orders using (order_key)
        group by attribution_model
    """)
    ((purchases,),) = shop.ask("select count(*) from marts.fct_orders where counts_as_purchase")
    assert len(models) == 6
    assert {row[1:] for row in models} == {(purchases, 0)}


@pytest.mark.parametrize(
    ("flag", "part"),
    [
        ("true", "sent"),
        ("is_delivered", "delivered"),
        ("is_bounced", "bounced"),
        ("is_opened", "opens"),
        ("is_clicked", "clicks"),
    ],
)
def test_messages_equal_the_books(shop, flag, part):
    """Those of days whose events have all arrived: they come up to 30 hours late."""
    found = by(
        shop,
        "select stores.account_id, sent_date, channel, coalesce(campaigns.flow_purpose, ''),"
        f" count(*) filter (where {flag})"
        f" from marts.fct_email_messages as messages {STORES}"
        " left join marts.dim_campaigns as campaigns using (campaign_key)"
        f" where sent_date <= date '{ARRIVED}' group by all",
    )
    books = shop.truth("email_daily").replace({"purpose": {"abandoned_cart": "other"}})
    books = books[books["date"].dt.date <= ARRIVED]
    # What a provider drops it does not send, nor does it say so of SMS.
    books["sent"] -= books["dropped"]
    keys = ["shop", "date", "channel", "purpose"]
    assert found == told(books.groupby(keys, as_index=False)[part].sum(), keys, part)


@pytest.mark.parametrize(("column", "part"), [("active_count", "active"), ("base_count", "base"),
                                              ("kept_count", "kept")])  # fmt: skip
def test_subscriptions_equal_the_books(shop, column, part):
    ((last,),) = shop.ask("select max(state_date) from marts.fct_subscription_states_daily")
    found = by(
        shop,
        f"select stores.account_id, state_date, {column}"
        f" from marts.fct_subscription_states_daily {STORES}",
    )
    books = told(shop.truth("subscriptions_daily"), ["shop", "date"], part)
    assert found == {key: count for key, count in books.items() if key[1] <= last}


def test_spend_equals_the_books(shop):
    found = by(
        shop,
        "select performance.source_name, performance.account_id, campaigns.campaign_id, ad_date,"
        " sum(spend_account_amount) from marts.fct_ad_performance_daily as performance"
        " inner join marts.dim_campaigns as campaigns using (campaign_key) group by all",
    )
    books = shop.truth("ad_daily").astype({"campaign_id": "str"})
    keys = ["platform", "account_id", "campaign_id", "date"]
    expected = told(books, keys, "spend")
    assert found == {key: cents * CENT for key, cents in expected.items()}


def test_recommendations_equal_the_books(shop):
    found = by(
        shop,
        "select stores.account_id, response_date, count(*) filter (where nps_group = 'promoter')"
        "  - count(*) filter (where nps_group = 'detractor')"
        f" from marts.fct_survey_responses {STORES} where question_type = 'nps' group by all",
    )
    books = shop.truth("nps_daily")
    books["balance"] = books["promoters"] - books["detractors"]
    assert found == told(books, ["shop", "date"], "balance")


def test_content_equals_the_books(shop):
    found = by(
        shop,
        "select stores.account_id, submission_date, submission_type, count(*)"
        f" from marts.fct_ugc_submissions {STORES} group by all",
    )
    assert found == told(shop.truth("ugc_daily"), ["shop", "date", "kind"], "items")


def test_referrals_equal_the_books(shop):
    """By shop: the programme counts clicks and names friends, but tells no click's day."""
    found = shop.ask(
        "select stores.account_id, count(*), count(*) filter (where is_converted)"
        f" from marts.fct_referrals {STORES} group by all order by all"
    )
    books = shop.truth("referrals_daily").groupby("shop")[["clicks", "bought"]].sum()
    assert found == list(books.itertuples(name=None))


def test_waiting_times_equal_the_books(shop):
    found = Counter(
        shop.ask(
            "select stores.account_id, created_date, round(first_response_minutes * 60)"
            f" from marts.fct_support_tickets {STORES} where not is_spam"
        )
    )
    books = shop.truth("tickets")
    books = books[~books["is_spam"]]
    waits = books["wait_seconds"].astype("object").where(books["wait_seconds"].notna(), None)
    expected = zip(books["shop"], books["date"].dt.date, waits, strict=True)
    assert found == Counter(expected)


def test_points_equal_the_books(shop):
    found = by(
        shop,
        "select stores.account_id, event_date, sum(points)"
        f" from marts.fct_loyalty_events {STORES} group by all",
    )
    books = shop.truth("loyalty_daily")
    books["points"] = books[["earn", "redeem", "adjust", "expire"]].sum(axis="columns")
    assert found == told(books, ["shop", "date"], "points")
