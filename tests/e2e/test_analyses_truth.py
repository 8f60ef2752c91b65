"""Cohorts, funnel and abandonment equal what the oracle makes of the shop's own books."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from tests.oracle import abandonment, funnel
from tests.oracle.books import CENT, Books
from tests.oracle.cohorts import cohorts, sizes

pytestmark = pytest.mark.e2e

CELL = (
    " inner join marts.dim_stores as stores using (store_key)"
    " inner join marts.dim_channels as channels using (channel_key)"
)
WEEKS = 26
STEP_COLUMNS = ("product_view", "add_to_cart", "checkout", "purchase")


@pytest.fixture(scope="module")
def books(whole_shop):
    ((as_of,),) = whole_shop.ask("select as_of_date from intermediate.int_as_of")
    return Books(whole_shop.running.folder / "truth", as_of)


@pytest.mark.parametrize(("period", "last_number"), [("month", None), ("week", WEEKS)])
def test_cohorts_equal_the_books(whole_shop, books, period, last_number):
    rows = whole_shop.ask(
        f"select stores.account_id, channel_name, first_category, cohort_{period},"
        f" {period}_number, active_customer_count, order_count, net_amount,"
        f" contribution_margin_amount from marts.fct_cohorts_{period}ly {CELL}"
    )
    assert _somethings(rows) == _somethings(
        (*key, *row) for key, row in cohorts(books, period, last_number).items()
    )


def _somethings(rows):
    """Periods in which something happened."""
    return {row[:5]: row[5:] for row in rows if row[5:] != (0, 0, 0, 0)}


@pytest.mark.parametrize("period", ["month", "week"])
def test_cohorts_have_the_customers_of_the_books(whole_shop, books, period):
    rows = whole_shop.ask(
        f"select stores.account_id, channel_name, first_category, cohort_{period}, customer_count"
        f" from marts.fct_cohorts_{period}ly {CELL} where {period}_number = 0"
    )
    assert {row[:-1]: row[-1] for row in rows} == sizes(books, period)


def test_lifetime_values_of_cohorts_are_sums_of_their_months(whole_shop):
    """In the wide triangle too there is a rate for every month that has ended, and no other."""
    ((cells, wrong),) = whole_shop.ask("""
        with sums as (
            select *, sum(net_amount) over (
                partition by dimension, dimension_value, cohort_month order by month_number
            ) as net_so_far
            from reports.rpt_cohorts_monthly
        )
        select count(*), count(*) filter (
            where net_so_far != cumulative_net_amount
            or abs(ltv_amount * customer_count - net_so_far) > 0.001 * customer_count
        ) from sums
    """)
    assert cells
    assert not wrong
    found = whole_shop.ask("""
        select dimension, dimension_value, cohort_month, month_2_rate
        from reports.rpt_cohort_retention where month_2_rate is not null
    """)
    assert Counter(found) == Counter(
        whole_shop.ask("""
            select dimension, dimension_value, cohort_month, retention_rate
            from reports.rpt_cohorts_monthly where month_number = 2 and is_complete
        """)
    )


@pytest.mark.parametrize("basis", ["session", "visitor"])
@pytest.mark.parametrize("order", ["open", "strict"])
def test_the_funnel_equals_the_books(whole_shop, books, basis, order):
    counts = ", ".join(f"{step}_count" for step in STEP_COLUMNS)
    rows = whole_shop.ask(
        "select stores.account_id, channel_name, device_category, landing_page_type, funnel_date,"
        f" visit_count, {counts} from marts.fct_funnel_daily {CELL}"
        f" where funnel_basis = '{basis}' and funnel_order = '{order}'"
    )
    assert {row[:5]: row[5:] for row in rows} == funnel.funnel(books, basis, order)
    ((net,),) = whole_shop.ask(
        "select sum(net_amount) from marts.fct_funnel_daily"
        f" where funnel_basis = '{basis}' and funnel_order = '{order}'"
    )
    assert net == funnel.revenue(books, basis, order) > 0


@pytest.mark.parametrize("basis", ["session", "visitor"])
def test_time_from_step_to_step_equals_the_books(whole_shop, books, basis):
    sums = ", ".join(f"sum({step}_seconds)" for step in STEP_COLUMNS)
    (found,) = whole_shop.ask(
        f"select {sums} from marts.fct_funnel_daily"
        f" where funnel_basis = '{basis}' and funnel_order = 'strict'"
    )
    expected = funnel.step_seconds(books, basis)
    assert [float(seconds) for seconds in found] == pytest.approx(expected, abs=1)
    assert min(expected) > 0


def waits(rows):
    """Shop, seconds until it came back, whether an e-mail led to it."""
    return Counter(
        (shop, None if seconds is None else round(float(seconds)), bool(mailed))
        for shop, seconds, mailed in rows
    )


@pytest.mark.parametrize(
    ("kind", "truth"), [("cart", abandonment.carts), ("checkout", abandonment.checkouts)]
)
def test_what_was_left_and_came_back_equals_the_books(whole_shop, books, kind, truth):
    found = waits(
        whole_shop.ask(
            "select account_id, recovery_seconds, is_email_recovered from marts.fct_abandonments"
            f" inner join marts.dim_stores using (store_key) where abandonment_type = '{kind}'"
        )
    )
    rows = truth(books)
    seconds = (rows["back_at"] - rows["left_at"]).dt.total_seconds()
    seconds = seconds.astype(object).where(seconds.notna(), None)
    assert found == waits(zip(rows["shop"].astype(str), seconds, rows["by_email"], strict=True))
    assert any(waited for _, waited, _ in found)


def test_what_lay_in_checkouts_equals_the_books(whole_shop, books):
    found = dict(
        whole_shop.ask(
            "select stores.account_id, sum(total_store_amount)"
            " from marts.fct_abandonments inner join marts.fct_abandoned_checkouts"
            " using (checkout_key) inner join marts.dim_stores as stores"
            " on fct_abandonments.store_key = stores.store_key group by all"
        )
    )
    rows = books.table("checkouts")
    totals = rows.groupby("shop")["total"].sum()
    expected = {shop: int(cents) * CENT for shop, cents in totals.items()}
    assert {shop: found[shop] for shop in expected} == expected


def test_the_daily_report_adds_up_to_what_was_left(whole_shop):
    parts = "count(*), sum(amount), count(order_key), sum(recovered_net_amount)"
    sums = (
        "sum(abandoned_count), sum(abandoned_amount), sum(recovered_count),"
        " sum(recovered_net_amount)"
    )
    (found,) = whole_shop.ask(f"select {sums} from reports.rpt_abandonment_daily")
    (expected,) = whole_shop.ask(f"select {parts} from marts.fct_abandonments")
    assert found == expected
    assert min(found) > Decimal(0)
