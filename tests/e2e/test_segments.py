"""Segments of the whole shop: every field can be asked, and memberships are what the marts say."""

import datetime as dt

import pytest

from ingestion.destinations import Warehouse
from orchestration.segments.asked import rendered
from orchestration.segments.facts import read_facts
from orchestration.segments.rules import Segment, read_segments
from orchestration.segments.sql import membership_sql
from orchestration.segments.tree import Comparison, FieldRule, Measured, Together
from orchestration.segments.written import PROJECT

pytestmark = pytest.mark.e2e

FACTS = read_facts(PROJECT)
LITERALS = {"number": 1, "text": "email", "flag": True}
VIPS = """
    select customer_key from marts.fct_orders
    where
        counts_as_purchase and customer_key is not null
        and order_date between '{day}'::date - 364 and '{day}'
    group by customer_key
    having count(*) >= 10 or sum(net_amount) >= 500
    union
    select customer_key from marts.dim_loyalty_members_history
    where
        tier = 'vip' and customer_key is not null and valid_from::date <= '{day}'
        and (valid_to is null or valid_to::date > '{day}')
"""
NEWCOMERS = """
    select signups.customer_key
    from marts.fct_email_signups as signups
    inner join marts.dim_customers as customers using (customer_key)
    where
        signup_date between '{day}'::date - 6 and '{day}' and accepts_email_marketing
        and customer_key not in (
            select customer_key from marts.fct_orders
            where counts_as_purchase and customer_key is not null and order_date <= '{day}'
        )
"""


def rule_of(fact: str, field: str):
    comparison = (Comparison("is", (LITERALS[FACTS[fact].fields[field].type],)),)
    asked = FieldRule(fact, field, comparison)
    if FACTS[fact].is_state:
        return asked
    ago = (0, 6) if FACTS[fact].day else (0, None)
    where = Together("all", (asked,))
    return Measured(fact, where, "", ago, (Comparison("at_least", (1,)),))


def test_every_field_of_the_catalogue_can_be_asked(whole_shop):
    rules = [(fact, field) for fact in FACTS for field in FACTS[fact].fields]
    segments = {
        f"s{number}": Segment(f"s{number}", fact, field, rule_of(fact, field), "")
        for number, (fact, field) in enumerate(rules)
    }
    template = membership_sql(FACTS, segments, segments)
    sql = rendered(Warehouse(whole_shop.settings), template, history_days=30)
    found = whole_shop.ask(f"select segment_key, count(*) from ({sql}) group by all")
    assert found


@pytest.mark.parametrize(("segment", "sql"), [("vip", VIPS), ("welcome_series", NEWCOMERS)])
@pytest.mark.parametrize("back", [0, 1, 17, 60])
def test_members_of_a_day_are_those_of_the_marts(whole_shop, segment, sql, back):
    ((as_of,),) = whole_shop.ask("select as_of_date from intermediate.int_as_of")
    day = as_of - dt.timedelta(days=back)
    found = whole_shop.ask(f"""
        select customer_key from marts.fct_segment_memberships
        where
            segment_key = '{segment}' and entry_date <= '{day}'
            and (exit_date is null or exit_date > '{day}')
    """)
    expected = whole_shop.ask(f"""
        select customer_key from ({sql.format(day=day)})
        inner join marts.dim_customers as known using (customer_key)
        where not is_deleted and first_seen_at::date <= '{day}'
    """)
    assert sorted(found) == sorted(set(expected))


def test_an_empty_segment_is_a_segment(whole_shop):
    rows = whole_shop.ask("select segment_key, member_count from marts.dim_segments")
    counts = dict(rows)
    assert set(counts) == set(read_segments(PROJECT, FACTS))
    members = whole_shop.ask(
        "select segment_key, count(*) from marts.fct_segment_memberships where is_member group by 1"
    )
    assert dict(members) == {key: count for key, count in counts.items() if count}
