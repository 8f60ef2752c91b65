"""What comes wrong from a source: what it does to the marts, and where it is told.

Two stores, `berlin` in EUR and `york` in USD. One row of each kind is bad; everything else stays
right. Whatever is an error is counted in `fct_data_quality_issues`, without anybody's data.
"""

import pytest

from tests.integration import shop

pytestmark = pytest.mark.integration

BERLIN = {"_account_id": "berlin"}
YORK = {"_account_id": "york"}
SETTINGS = {"AS_OF": "2026-04-30", "REPORTING_CURRENCY": "EUR", "PRIVACY_SALT": "ab" * 32}
ARRIVED = "2026-04-20T06:00:00+00:00"
LONG_AGO = "1976-07-04T12:00:00+00:00"
SELECTED = (
    *("--select", "+marts.core", "--indirect-selection", "buildable"),
    *("--exclude-resource-type", "unit_test"),
)


def order(order_id, total, placed_at="2026-04-02T12:00:00+00:00", **columns):
    return {"order_id": order_id, "placed_at": placed_at, "total_amount": total, **columns}


def line(order_id, line_id, quantity="1", unit_price="10", **columns):
    amounts = {"quantity": quantity, "unit_price_amount": unit_price, "tax_amount": "0"}
    return {"order_id": order_id, "line_id": line_id, "line_type": "goods", **amounts, **columns}


def ad(day, **columns):
    return {
        **{"level": "campaign", "campaign_id": "spring", "ad_date": day, "spend_amount": "5"},
        **{"account_timezone": "Europe/Berlin", "currency_code": "EUR"},
        **columns,
    }


STORES = [
    {**BERLIN, "store_id": "1", "timezone": "Europe/Berlin", "currency_code": "EUR"},
    {**YORK, "store_id": "2", "timezone": "America/New_York", "currency_code": "USD"},
]
RATES = [
    {"base_currency_code": "EUR", "quote_currency_code": "USD", "rate": "1.25", "rate_date": day}
    for day in ("2026-04-01", "2026-04-02")
]

# Everything here can be lived with.
TOLERABLE = {
    "stores": STORES,
    "fx_rates": RATES,
    "customers": [
        {**BERLIN, "customer_id": "gone", "email": "gone@example.com", "is_deleted": True},
        *({**BERLIN, "customer_id": name, "email": f"{name}@example.com"} for name in "abc"),
    ],
    "orders": [
        {**BERLIN, **order("1001", "10")},
        {**YORK, **order("1001", "10")},
        {**BERLIN, **order("no lines", "20"), "_loaded_at": ARRIVED},
        {**BERLIN, **order("of gone", "10", customer_id="gone")},
        {**BERLIN, **order("of nobody", "10", customer_id="never told")},
        {**BERLIN, **order("less", "10")},
        {**BERLIN, **order("old", "30", LONG_AGO)},
        # a is b, b is c, and c is a.
        *(
            {**BERLIN, **order(f"of {one}", "10", customer_id=one, email=f"{next_}@example.com")}
            for one, next_ in zip("abc", "bca", strict=True)
        ),
    ],
    "order_lines": [
        *({**BERLIN, **line(f"of {who}", who)} for who in ("gone", "nobody", "a", "b", "c")),
        {**BERLIN, **line("1001", "1")},
        {**YORK, **line("1001", "1")},
        {**BERLIN, **line("less", "more", "2")},
        {**BERLIN, **line("less", "less", "-1")},
        {**BERLIN, **line("old", "old", unit_price="30")},
        {**YORK, **line("never told", "x", "7")},
        {**YORK, **line("never told", "y", "7"), "_loaded_at": ARRIVED},
    ],
    "refund_lines": [
        {**BERLIN, "refund_id": "r1", "refund_line_id": "r1", "order_id": "never told"}
        | {"refund_line_type": "goods", "quantity": 1, "amount": "4"}
        | {"processed_at": "2026-04-03T12:00:00+00:00"},
        {**BERLIN, "refund_id": "r2", "refund_line_id": "r2", "order_id": "1001"}
        | {"refund_line_type": "goods", "quantity": 1, "amount": "3", "processed_at": LONG_AGO},
    ],
    "payments": [
        {**YORK, "payment_id": "p1", "order_id": "never told", "payment_type": "sale"}
        | {"payment_status": "success", "amount": "5", "processed_at": "2026-04-02T12:00:00+00:00"},
    ],
    "web_events": [
        {**BERLIN, "event_id": number, "event_name": "page_view", "visitor_id": "v"}
        | {"page_url": "https://shop.example/", "occurred_at": when}
        for number, when in (("e1", LONG_AGO), ("e2", "2026-04-02T12:00:00+00:00"))
    ]
    + [
        {**BERLIN, "event_id": "e3", "event_name": "search", "search_term": "Ann@example.com"}
        | {"page_url": "https://shop.example/ann@example.com/box?q=1"}
        | {"occurred_at": "2026-04-02T12:00:00+00:00"},
    ],
    "ad_performance": [{**BERLIN, **ad("1976-07-04")}, {**BERLIN, **ad("2026-04-02")}],
}

# With these no sum is right any more.
FATAL = {
    "stores": STORES,
    "fx_rates": RATES,
    "orders": [
        {**BERLIN, **order("good", "10")},
        {**BERLIN, **order("unheard of", "10", currency_code="XXQ")},
        {**YORK, **order("too late", "10", "2026-04-25T12:00:00+00:00"), "_loaded_at": ARRIVED},
    ],
    "order_lines": [
        {**BERLIN, **line("good", "1")},
        {**BERLIN, **line("unheard of", "2")},
        {**YORK, **line("too late", "3")},
    ],
    "ad_performance": [{**BERLIN, **ad("2026-04-02", currency_code="XXQ")}],
}


def issues(warehouse, columns="row_count"):
    """Of every issue: store, rule and table, to the columns asked for."""
    rows = warehouse.query(f"""
        select stores.account_id, issues.rule_name, issues.table_name, {columns}
        from marts.fct_data_quality_issues as issues
        inner join marts.dim_stores as stores on issues.store_key = stores.store_key
    """)
    return {row[:3]: row[3] if len(row) == 4 else row[3:] for row in rows}


@pytest.fixture(scope="module")
def marts(warehouse, scratch):
    shop.load(warehouse, TOLERABLE)
    done = shop.build(warehouse, scratch, *SELECTED, **SETTINGS)
    assert done.returncode == 0, done.stdout + done.stderr
    return warehouse


def test_every_error_is_counted_where_it_is(marts):
    assert issues(marts) == {
        ("berlin", "order_without_lines", "orders"): 1,
        ("york", "line_without_order", "order_lines"): 2,
        ("berlin", "order_not_loaded", "refund_lines"): 1,
        ("york", "order_not_loaded", "payments"): 1,
        ("berlin", "negative_quantity", "order_lines"): 1,
        ("berlin", "no_day", "orders"): 1,
        ("berlin", "no_day", "refund_lines"): 1,
        ("berlin", "no_day", "web_events"): 1,
        ("berlin", "no_day", "ad_performance"): 1,
    }


def test_an_error_is_known_since_its_first_row_came(marts):
    when = "cast(first_loaded_at as varchar), cast(last_loaded_at as varchar)"
    since = issues(marts, when)[("york", "line_without_order", "order_lines")]
    assert since == ("2026-01-01 00:00:00", "2026-04-20 06:00:00")
    only = issues(marts, when)[("berlin", "order_without_lines", "orders")]
    assert only == ("2026-04-20 06:00:00", "2026-04-20 06:00:00")


def test_a_rule_says_what_it_is_and_what_to_do(marts):
    assert marts.query("""
        select count(*) from marts.fct_data_quality_issues
        where description is null or remedy is null or consequence = 'fails'
    """) == [(0,)]


def test_an_order_without_lines_keeps_its_money(marts):
    assert sold(marts)["no lines"] == [("berlin", True, 20)]


def test_a_line_without_an_order_is_left_out(marts):
    lines = marts.query("select count(*) from marts.fct_order_lines where line_id in ('x', 'y')")
    assert lines == [(0,)]


def test_a_refund_without_its_order_counts_on_its_day(marts):
    assert marts.query("""
        select order_key, cast(movement_date as varchar), net_amount
        from marts.fct_sales_movements where movement_type = 'return'
    """) == [(None, "2026-04-03", -4)]


def test_a_negative_quantity_lessens_its_order(marts):
    assert sold(marts)["less"] == [("berlin", True, 10)]


def test_one_order_id_in_two_stores_is_two_orders(marts):
    assert sold(marts)["1001"] == [("berlin", True, 10), ("york", True, 8)]


def test_a_deleted_customers_order_still_counts_and_is_theirs(marts):
    assert sold(marts)["of gone"] == [("berlin", True, 10)]
    assert marts.query("""
        select customers.is_deleted, customers.purchase_count
        from marts.fct_orders as orders
        inner join marts.dim_customers as customers
            on orders.customer_key = customers.customer_key
        where orders.order_id in ('of gone', 'of nobody')
        order by customers.is_deleted
    """) == [(False, 1), (True, 1)]


def test_a_cycle_of_merges_is_one_person(marts):
    people = marts.query("""
        select count(distinct customer_key), count(*) from marts.fct_orders
        where order_id in ('of a', 'of b', 'of c')
    """)
    assert people == [(1, 3)]
    followed = marts.query("""
        select count(*) from marts.dim_customer_merges as merges
        inner join marts.dim_customer_merges as next_merges
            on merges.customer_key = next_merges.former_customer_key
    """)
    assert followed == [(0,)]


def test_a_date_of_fifty_years_ago_is_of_no_day(marts):
    assert sold(marts)["old"] == [("berlin", False, 0)]
    assert marts.query("select min(extract(year from date_day)) from marts.dim_dates") == [(2026,)]
    spent = marts.query("select sum(spend_amount) from marts.fct_ad_performance_daily")
    assert spent == [(5,)]
    views = marts.query("select count(*), sum(page_view_count) from marts.fct_sessions")
    assert views == [(1, 1)]


def test_an_address_typed_anywhere_stays_left_of_the_seam(marts):
    """Who is searched for or stands in a path is nobody's business."""
    found = marts.query("""
        select page_path, search_term from marts.fct_web_events where event_name = 'search'
    """)
    assert found == [(None, None)]


@pytest.mark.pitfall(6)
def test_without_a_rate_the_build_fails_and_says_where(marts, scratch):
    """Money of unknown worth is neither left out nor taken one to one."""
    shop.load(marts, FATAL)
    done = shop.build(marts, scratch, *SELECTED, **SETTINGS)
    assert done.returncode != 0
    assert "not_null_fct_sales_movements_net_amount" in done.stdout
    assert "not_null_fct_ad_performance_daily_spend_amount" in done.stdout
    assert issues(marts, "row_count, consequence") == {
        ("berlin", "unknown_currency", "sales_movements"): (1, "fails"),
        ("berlin", "unknown_currency", "ad_performance"): (1, "fails"),
        ("york", "missing_rate", "sales_movements"): (1, "fails"),
    }


def sold(marts):
    """Orders by their id: store, whether it counts, net sales."""
    found = {}
    for order_id, *rest in marts.query("""
        select orders.order_id, stores.account_id, orders.counts_in_sales, orders.net_amount
        from marts.fct_orders as orders
        inner join marts.dim_stores as stores on orders.store_key = stores.store_key
        order by stores.account_id
    """):
        found.setdefault(order_id, []).append(tuple(rest))
    return found
