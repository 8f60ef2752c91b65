"""Every source at once: the star over six shops on four platforms equals the shop's own books."""

from __future__ import annotations

import datetime as dt
import hmac
from collections import Counter
from decimal import Decimal

import pandas as pd
import pytest

from sandbox.world.presets import PRESETS
from tests.e2e.personal_data import (
    betrayals,
    columns_of,
    models,
    persons_in_their_place,
)
from tests.e2e.sandbox_shop import SALT
from tests.oracle import engagement, replenishment
from tests.oracle.customer_states import customer_net, customer_states

pytestmark = pytest.mark.e2e
CENT = Decimal("0.01")
ARRIVED = PRESETS["tests"].now - dt.timedelta(days=2)


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


def test_people_are_the_same_over_all_shops(whole_shop):
    """By what they bought and when, for no id of the world's is in the marts."""
    found = whole_shop.ask("""
        select
            first_purchase_date, last_purchase_date, purchase_count, purchase_day_count
        from marts.dim_customers where purchase_count > 0
    """)
    books = whole_shop.truth("customers")
    books = books[books["person_id"] >= 0]
    columns = ["first_purchase_date", "last_purchase_date", "purchases", "purchase_days"]
    expected = books[columns].itertuples(index=False, name=None)
    assert Counter(found) == Counter(tuple(map(plain, row)) for row in expected)


@pytest.mark.pitfall(18)
@pytest.mark.pitfall(31)
def test_the_shares_of_every_order_sum_to_it(whole_shop):
    models = whole_shop.ask("""
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
    ((purchases,),) = whole_shop.ask(
        "select count(*) from marts.fct_orders where counts_as_purchase"
    )
    assert len(models) == 6
    assert {row[1:] for row in models} == {(purchases, 0)}


@pytest.mark.pitfall(20)
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
def test_messages_equal_the_books(whole_shop, flag, part):
    """Those of days whose events have all arrived: they come up to 30 hours late."""
    found = by(
        whole_shop,
        "select stores.account_id, sent_date, channel, coalesce(campaigns.flow_purpose, ''),"
        f" count(*) filter (where {flag})"
        f" from marts.fct_email_messages as messages {STORES}"
        " left join marts.dim_campaigns as campaigns using (campaign_key)"
        f" where sent_date <= date '{ARRIVED}' group by all",
    )
    books = whole_shop.truth("email_daily").replace({"purpose": {"abandoned_cart": "other"}})
    books = books[books["date"].dt.date <= ARRIVED]
    # What a provider drops it does not send, nor does it say so of SMS.
    books["sent"] -= books["dropped"]
    keys = ["shop", "date", "channel", "purpose"]
    assert found == told(books.groupby(keys, as_index=False)[part].sum(), keys, part)


@pytest.mark.parametrize(("column", "part"), [("active_count", "active"), ("base_count", "base"),
                                              ("kept_count", "kept")])  # fmt: skip
def test_subscriptions_equal_the_books(whole_shop, column, part):
    ((last,),) = whole_shop.ask("select max(state_date) from marts.fct_subscription_states_daily")
    found = by(
        whole_shop,
        f"select stores.account_id, state_date, {column}"
        f" from marts.fct_subscription_states_daily {STORES}",
    )
    books = told(whole_shop.truth("subscriptions_daily"), ["shop", "date"], part)
    assert found == {key: count for key, count in books.items() if key[1] <= last}


@pytest.fixture(scope="module")
def states_as_of(whole_shop):
    ((last,),) = whole_shop.ask("select max(state_date) from marts.fct_customer_states_daily")
    return pd.Timestamp(last)


@pytest.mark.parametrize(
    ("column", "part"),
    [
        ("customer_count", "customers"),
        ("repeat_customer_count", "repeat"),
        ("active_customer_count", "active"),
        ("churn_base_count", "churn_base"),
        ("churned_customer_count", "churned"),
    ],
)
def test_customers_in_a_state_equal_the_books(whole_shop, states_as_of, column, part):
    found = by(
        whole_shop,
        f"select stores.account_id, state_date, sum({column})"
        f" from marts.fct_customer_states_daily {STORES} group by all",
    )
    books = customer_states(whole_shop.truth("orders"), states_as_of)
    assert found == told(books, ["shop", "date"], part)


def test_what_customers_have_spent_equals_the_books(whole_shop, states_as_of):
    found = by(
        whole_shop,
        """
        select account_id, state_date, net_amount - lag(net_amount, 1, 0) over (
            partition by account_id order by state_date
        ) as change
        from (
            select stores.account_id, state_date, sum(net_amount) as net_amount
            from marts.fct_customer_states_daily
            inner join marts.dim_stores as stores using (store_key) group by all
        )
        """,
    )
    books = customer_net(whole_shop.truth("orders"), whole_shop.truth("movements"), states_as_of)
    expected = told(books, ["shop", "date"], "net_eur_e4")
    assert found == {key: Decimal(e4) / 10_000 for key, e4 in expected.items()}


@pytest.mark.parametrize(
    ("column", "table", "since"),
    [
        ("enrolled_customer_count", "loyalty_members", "enrolled_at"),
        ("ugc_customer_count", "ugc", "created_at"),
    ],
)
def test_members_and_authors_are_customers_of_their_first_shop(
    whole_shop, states_as_of, column, table, since
):
    """On the last day: who is a member in any shop, or has sent something in to any."""
    found = by(
        whole_shop,
        f"select stores.account_id, sum({column}) from marts.fct_customer_states_daily {STORES}"
        f" where state_date = date '{states_as_of.date()}' group by all",
    )
    rows = whole_shop.world(table)
    if "opted_out_at" in rows:
        rows = rows[rows["opted_out_at"].isna()]
    people = rows.loc[rows[since].dt.tz_localize(None).dt.normalize() <= states_as_of, "person_id"]
    bought = whole_shop.truth("orders").query("counts_as_purchase and person_id >= 0")
    first = bought.sort_values(["placed_at", "order_id"]).groupby("person_id")["shop"].first()
    expected = first[first.index.isin(people)].value_counts()
    assert found == {(home,): count for home, count in expected.items()}


SIGNALS = """
    select customer_key, 'session', session_date, 1 from marts.fct_sessions
    union all
    select customer_key, 'item_view', session_date, product_view_count from marts.fct_sessions
    union all
    select sessions.customer_key, 'add_to_cart', events.event_date, 1
    from marts.fct_web_events as events
    inner join marts.fct_sessions as sessions using (session_key)
    where events.event_name = 'add_to_cart'
    union all
    select customer_key, replace(event_type, 'ed', ''), min(event_date), 1
    from marts.fct_email_events
    where event_type in ('opened', 'clicked') and not is_machine and channel = 'email'
    group by customer_key, event_type, email_message_key
    union all
    select customer_key, 'purchase', order_date, 1 from marts.fct_orders where counts_as_purchase
"""


@pytest.fixture(scope="module")
def weekly_engagement(whole_shop):
    """The last Mondays and as_of: customer, score, slope by day."""
    rows = whole_shop.ask(
        "select state_date, customer_key, engagement_score, email_slope, is_contactable"
        " from marts.fct_customer_engagement_weekly where state_date >= ("
        "   select max(state_date) - 60 from marts.fct_customer_engagement_weekly)"
    )
    columns = ["day", "customer", "score", "slope", "is_contactable"]
    return dict(list(pd.DataFrame(rows, columns=columns).groupby("day")))


def test_engagement_is_scored_as_by_hand(whole_shop, weekly_engagement):
    signals = pd.DataFrame(whole_shop.ask(SIGNALS), columns=["customer", "signal", "date", "times"])
    signals["date"] = pd.to_datetime(signals["date"])
    for day, rows in weekly_engagement.items():
        rows = rows[rows["is_contactable"]]
        found = dict(zip(rows["customer"], rows["score"], strict=True))
        assert max(found.values()) > 0
        expected = engagement.scores(signals, set(found), pd.Timestamp(day))
        assert found == pytest.approx(expected, abs=1e-6)


def test_slopes_are_those_of_a_fitted_line(whole_shop, weekly_engagement):
    messages = pd.DataFrame(
        whole_shop.ask(
            "select customer_key, sent_date, is_opened, is_clicked from marts.fct_email_messages"
            " where channel = 'email' and is_delivered and customer_key is not null"
        ),
        columns=["customer", "sent", "opened", "clicked"],
    )
    messages["sent"] = pd.to_datetime(messages["sent"])
    for day, rows in weekly_engagement.items():
        rows = rows[rows["slope"].notna()]
        found = dict(zip(rows["customer"], rows["slope"], strict=True))
        expected = engagement.slopes(messages, pd.Timestamp(day))
        assert found == pytest.approx(expected, abs=1e-8)
    assert found


def test_predictions_know_only_what_was_known(whole_shop):
    purchases = whole_shop.ask(
        "select distinct lines.customer_key, lines.product_key, products.category, lines.order_date"
        " from marts.fct_order_lines as lines inner join marts.fct_orders using (order_key)"
        " inner join marts.dim_products as products"
        "   on lines.product_key = products.product_key"
        " where fct_orders.counts_as_purchase and lines.quantity > 0 and line_type = 'goods'"
        "   and lines.customer_key is not null"
        "   and lines.order_date <= (select as_of_date from intermediate.int_as_of)"
    )
    rows = whole_shop.ask(
        "select customer_key, product_key, made_on, basis, gap_count, predicted_gap_days"
        " from marts.fct_replenishment_predictions"
    )
    found = {row[:3]: (*row[3:5], float(row[5])) for row in rows}
    assert found == replenishment.predictions(purchases)
    assert found


def test_spend_equals_the_books(whole_shop):
    found = by(
        whole_shop,
        "select performance.source_name, performance.account_id, campaigns.campaign_id, ad_date,"
        " sum(spend_account_amount) from marts.fct_ad_performance_daily as performance"
        " inner join marts.dim_campaigns as campaigns using (campaign_key) group by all",
    )
    books = whole_shop.truth("ad_daily").astype({"campaign_id": "str"})
    keys = ["platform", "account_id", "campaign_id", "date"]
    expected = told(books, keys, "spend")
    assert found == {key: cents * CENT for key, cents in expected.items()}


def test_recommendations_equal_the_books(whole_shop):
    found = by(
        whole_shop,
        "select stores.account_id, response_date, count(*) filter (where nps_group = 'promoter')"
        "  - count(*) filter (where nps_group = 'detractor')"
        f" from marts.fct_survey_responses {STORES} where question_type = 'nps' group by all",
    )
    books = whole_shop.truth("nps_daily")
    books["balance"] = books["promoters"] - books["detractors"]
    assert found == told(books, ["shop", "date"], "balance")


def test_content_equals_the_books(whole_shop):
    found = by(
        whole_shop,
        "select stores.account_id, submission_date, submission_type, count(*)"
        f" from marts.fct_ugc_submissions {STORES} group by all",
    )
    assert found == told(whole_shop.truth("ugc_daily"), ["shop", "date", "kind"], "items")


def test_referrals_equal_the_books(whole_shop):
    """By shop: the programme counts clicks and names friends, but tells no click's day."""
    found = whole_shop.ask(
        "select stores.account_id, count(*), count(*) filter (where is_converted)"
        f" from marts.fct_referrals {STORES} group by all order by all"
    )
    books = whole_shop.truth("referrals_daily").groupby("shop")[["clicks", "bought"]].sum()
    assert found == list(books.itertuples(name=None))


def test_waiting_times_equal_the_books(whole_shop):
    found = Counter(
        whole_shop.ask(
            "select stores.account_id, created_date, round(first_response_minutes * 60)"
            f" from marts.fct_support_tickets {STORES} where not is_spam"
        )
    )
    books = whole_shop.truth("tickets")
    books = books[~books["is_spam"]]
    waits = books["wait_seconds"].astype("object").where(books["wait_seconds"].notna(), None)
    expected = zip(books["shop"], books["date"].dt.date, waits, strict=True)
    assert found == Counter(expected)


def test_points_equal_the_books(whole_shop):
    found = by(
        whole_shop,
        "select stores.account_id, event_date, sum(points)"
        f" from marts.fct_loyalty_events {STORES} group by all",
    )
    books = whole_shop.truth("loyalty_daily")
    books["points"] = books[["earn", "redeem", "adjust", "expire"]].sum(axis="columns")
    assert found == told(books, ["shop", "date"], "points")


@pytest.mark.pitfall(2)
@pytest.mark.parametrize(
    ("found", "part"),
    [
        ("sum(costed_net_amount)", "costed_net"),
        ("sum(coalesce(cost_amount, 0))", "cost"),
        ("sum(coalesce(gross_margin_amount, 0))", "margin"),
    ],
)
def test_margins_equal_the_books(whole_shop, found, part):
    days = by(
        whole_shop,
        f"select stores.account_id, movement_date, {found} from marts.fct_sales_movements"
        f" {STORES} group by all",
    )
    books = whole_shop.truth("margins_daily")
    books["euros"] = books[f"{part}_eur"].map(Decimal)
    assert days == told(books, ["shop", "date"], "euros")


def test_a_margin_is_not_known_where_the_shop_knows_no_cost(whole_shop):
    days = by(
        whole_shop,
        "select stores.account_id, movement_date, count(*) filter (where cost_source = 'unknown')"
        f" from marts.fct_sales_movements {STORES} group by all",
    )
    assert days == told(whole_shop.truth("margins_daily"), ["shop", "date"], "uncosted")


@pytest.mark.parametrize(
    ("column", "part"),
    [
        ("payment_fee_amount", "fees"),
        ("fulfillment_cost_amount", "picking"),
        ("shipping_cost_amount", "carriage"),
        ("contribution_margin_amount", "contribution"),
        ("fully_costed_net_amount", "fully_costed_net"),
    ],
)
def test_what_is_left_of_orders_equals_the_books(whole_shop, column, part):
    days = by(
        whole_shop,
        f"select stores.account_id, order_date, sum(coalesce({column}, 0)) from marts.fct_orders"
        f" {STORES} where counts_in_sales group by all",
    )
    books = whole_shop.truth("contributions_daily")
    books["euros"] = books[f"{part}_eur"].map(Decimal)
    assert days == told(books, ["shop", "date"], "euros")


def test_nobody_can_be_read_right_of_the_seam(whole_shop):
    """No address, name, number, street, vendor's customer id or free text that is known."""
    assert betrayals(whole_shop) == {}


def test_what_is_searched_for_would_be_found(whole_shop):
    assert persons_in_their_place(whole_shop) > {"email", "first_name", "last_name", "phone"}


def test_customer_ids_are_salted_hashes_of_persons(whole_shop):
    people = whole_shop.ask("select customer_key, customer_id from marts.dim_customers")
    salt = bytes.fromhex(SALT)
    hashed = {key: hmac.new(salt, key.encode(), "sha256").hexdigest() for key, _ in people}
    assert dict(people) == {key: f"C-{digest[:16]}" for key, digest in hashed.items()}
    assert len({number for _, number in people}) == len(people) > 0


def test_every_column_that_was_built_is_described(whole_shop):
    built = columns_of(whole_shop)
    assert all(built.values())
    missing = [
        (node["name"], column)
        for node in models(whole_shop)
        for column in built[node["name"]]
        if not node["columns"].get(column, {}).get("description")
    ]
    assert not missing


def test_the_shop_has_no_bad_rows(whole_shop):
    """What the world's platforms write may be late or odd; wrong it is not."""
    found = whole_shop.ask(
        "select rule_name, table_name, sum(row_count)"
        " from marts.fct_data_quality_issues group by all"
    )
    assert found == []
