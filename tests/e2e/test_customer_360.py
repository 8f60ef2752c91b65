"""One row a customer, and nothing of a customer lost or doubled on the way there."""

import pytest

pytestmark = pytest.mark.e2e

SUMS = {
    "net_amount": "select sum(net_amount) from marts.fct_orders where counts_in_sales and {mine}",
    "order_count": "select count(*) from marts.fct_orders where counts_in_sales and {mine}",
    "session_count": "select count(*) from marts.fct_sessions where {mine}",
    "opened_message_count": (
        "select count(*) from marts.fct_email_messages where is_opened and {mine}"
    ),
    "review_count": "select count(*) from marts.fct_reviews where {mine}",
    "ticket_count": "select count(*) from marts.fct_support_tickets where not is_spam and {mine}",
    "segment_count": "select count(*) from marts.fct_segment_memberships where is_member",
}
DAYS = {
    "net_amount": "order_date",
    "order_count": "order_date",
    "session_count": "session_date",
    "opened_message_count": "sent_date",
    "review_count": "review_date",
    "ticket_count": "created_date",
}
AS_OF = "(select as_of_date from intermediate.int_as_of)"


def test_every_customer_has_one_row(whole_shop):
    ((rows, customers, known),) = whole_shop.ask(
        "select count(*), count(distinct customer_key),"
        " (select count(*) from marts.dim_customers) from reports.rpt_customer_360"
    )
    assert rows == customers == known


@pytest.mark.parametrize("column", SUMS)
def test_sums_over_customers_are_those_of_the_facts(whole_shop, column):
    mine = f"customer_key is not null and {DAYS.get(column)} <= {AS_OF}"
    ((found,),) = whole_shop.ask(f"select sum({column}) from reports.rpt_customer_360")
    assert [(found,)] == list(whole_shop.ask(SUMS[column].format(mine=mine)))
    assert found


def test_segments_of_a_customer_are_listed(whole_shop):
    listed = whole_shop.ask(
        "select customer_key, segment_keys from reports.rpt_customer_360 where segment_count > 0"
    )
    memberships = whole_shop.ask(
        "select customer_key, string_agg(segment_key, ', ' order by segment_key)"
        " from marts.fct_segment_memberships where is_member group by 1"
    )
    assert sorted(listed) == sorted(memberships)
