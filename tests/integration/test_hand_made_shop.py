"""Two small stores, every amount written down, from raw rows to marts on each engine.

`berlin` sells in EUR with 19 % tax inside, `york` in USD with tax on top; 1 EUR is 1.25 USD, from
3 April 1.60. Amounts that are expected stand as their arithmetic.
"""

from decimal import Decimal

import pytest

from tests.integration import parity, shop

pytestmark = pytest.mark.integration

BERLIN = {"_account_id": "berlin"}
YORK = {"_account_id": "york"}
SETTINGS = {"AS_OF": "2026-04-30", "REPORTING_CURRENCY": "EUR", "PRIVACY_SALT": "ab" * 32}


def order(order_id, placed_at, **columns):
    return {"order_id": order_id, "placed_at": f"2026-{placed_at}+00:00", **columns}


def line(order_id, line_id, quantity, unit_price, **columns):
    goods = {"line_type": "goods", "product_id": f"p{line_id}", "sku": f"sku-{line_id}"}
    gross = Decimal(unit_price) * Decimal(quantity)
    amounts = {"quantity": quantity, "unit_price_amount": unit_price, "gross_amount": gross}
    return {"order_id": order_id, "line_id": line_id, **goods, **amounts, **columns}


def refund(refund_line_id, processed_at, amount, **columns):
    when = f"2026-{processed_at}+00:00"
    base = {"refund_id": refund_line_id, "refund_line_type": "goods", "quantity": 1}
    return {
        **base,
        **{"refund_line_id": refund_line_id, "processed_at": when, "amount": amount},
        **columns,
    }


def payment(payment_id, order_id, kind, amount, **columns):
    when = {"payment_status": "success", "processed_at": "2026-03-30T10:00:00+00:00"}
    return {
        **{"payment_id": payment_id, "order_id": order_id, "payment_type": kind},
        **{"amount": amount, "gateway": "card"},
        **when,
        **columns,
    }


RAW = {
    "stores": [
        {
            **BERLIN,
            **{"store_id": "1", "timezone": "Europe/Berlin", "currency_code": "eur"},
            "is_tax_inclusive": True,
        },
        {
            **YORK,
            **{"store_id": "2", "timezone": "America/New_York", "currency_code": "USD"},
            "is_tax_inclusive": False,
        },
    ],
    "fx_rates": [
        {"base_currency_code": "EUR", "quote_currency_code": "USD", "rate": rate, "rate_date": day}
        for day, rate in {
            "2026-03-27": "1.25",
            "2026-04-02": "1.25",
            "2026-04-03": "1.6",
            "2026-04-10": "1.6",
        }.items()
    ],
    "customers": [
        {**BERLIN, "customer_id": "c1", "email": " ANN@example.com", "country_code": "DE"},
        {**YORK, "customer_id": "c1", "email": "ann@Example.com ", "country_code": "US"},
        {**YORK, "customer_id": "c2", "first_name": "Bob", "phone": "+1"},
    ],
    "orders": [
        # 23:30 UTC is the next day in Berlin, which goes to summer time that night.
        {
            **BERLIN,
            **order("guest", "03-28T23:30:00", email="Ann@example.com", total_amount="29.75"),
            **{"tax_amount": "4.75", "shipping_amount": "5.95", "payment_status": "PAID"},
        },
        {**BERLIN, **order("second", "04-01T10:00:00", customer_id="c1", total_amount="35.70")},
        {
            **BERLIN,
            **order("gone", "04-01T11:00:00", customer_id="c1", total_amount="23.80"),
            "cancelled_at": "2026-04-04T12:00:00+00:00",
        },
        {**BERLIN, **order("card only", "03-28T10:00:00", customer_id="c1", total_amount="50")},
        {
            **BERLIN,
            **order("test", "03-28T11:00:00", customer_id="c1", total_amount="11.90"),
            "is_test": True,
        },
        {
            **BERLIN,
            **order("deleted", "03-28T11:00:00", customer_id="c1", total_amount="11.90"),
            "is_deleted": True,
        },
        # 03:30 UTC is still the day before in New York.
        {
            **YORK,
            **order("usd", "03-30T03:30:00", customer_id="c1", total_amount="54.00"),
            **{"tax_amount": "4.00", "discount_amount": "10.00"},
        },
        {**YORK, **order("stranger", "03-30T15:00:00", total_amount="20.00")},
        {**YORK, **order("known by id", "03-30T16:00:00", customer_id="c2", total_amount="20")},
        {**YORK, "order_id": "undated", "customer_id": "c2", "total_amount": "20"},
    ],
    "order_lines": [
        {**BERLIN, **line("guest", "g1", "2", "11.90", tax_amount="3.80")},
        {**BERLIN, **line("second", "s1", "3", "13.90", discount_amount="6", tax_amount="5.70")},
        {**BERLIN, **line("gone", "x1", "2", "11.90", tax_amount="3.80")},
        {**BERLIN, **line("card only", "k1", "1", "50", line_type="GIFT_CARD", tax_amount="0")},
        {**BERLIN, **line("test", "t1", "1", "11.90", tax_amount="1.90")},
        {**BERLIN, **line("deleted", "d1", "1", "11.90", tax_amount="1.90")},
        # Discount and tax are known for the order only.
        {**YORK, **line("usd", "u1", "1", "20", unit_cost_amount="8")},
        {**YORK, **line("usd", "u2", "2", "20", unit_cost_amount="5")},
        {**YORK, **line("stranger", "a1", "1", "20", tax_amount="0")},
        {**YORK, **line("known by id", "b1", "1", "20", tax_amount="0")},
        {**YORK, **line("undated", "z1", "1", "20", tax_amount="0")},
    ],
    "refund_lines": [
        # One of two units, on a day without an order.
        {**BERLIN, **refund("r1", "04-02T09:00:00", "10", order_id="guest", line_id="g1")}
        | {"tax_amount": "1.90"},
        {**BERLIN, **refund("r2", "04-03T09:00:00", "10", order_id="gone", line_id="x1")}
        | {"tax_amount": "1.90"},
        # The cancellation has booked this already.
        {**BERLIN, **refund("r3", "04-04T12:00:00", "10", order_id="gone", line_id="x1")}
        | {"tax_amount": "1.90"},
        # Goodwill, when a dollar has become cheaper.
        {**YORK, **refund("r4", "04-03T15:00:00", "5", order_id="usd", quantity=None)}
        | {"refund_line_type": "adjustment", "reason": "goodwill"},
        # No order, but a customer.
        {**BERLIN, **refund("r5", "04-05T09:00:00", "4", customer_id="c1", product_id="pg1")},
    ],
    "payments": [
        {**BERLIN, **payment("1", "guest", "sale", "20", fee_amount="0.50")},
        {**BERLIN, **payment("2", "guest", "sale", "9.75", gateway="gift_card")},
        {**BERLIN, **payment("3", "guest", "refund", "11.90")},
        {**BERLIN, **payment("4", "guest", "authorization", "20")},
    ],
    # The stores have no events, so that reports of their traffic count.
    "web_traffic": [
        {
            **{**YORK, "traffic_date": "2026-04-01", "session_count": sessions},
            **{"traffic_source": source, "traffic_medium": medium},
            "is_sampled_or_thresholded": source == "google",
        }
        for source, medium, sessions in (("google", "organic", 12), ("(direct)", "(none)", 5))
    ],
    "order_costs": [
        {
            **{"order_cost_id": "1", "order_source_name": "files", "order_account_id": "york"},
            **{"order_id": "usd", "cost_type": "fulfillment", "currency_code": "USD"},
            **{"amount": "3.20", "cost_date": "2026-04-03"},
        },
        {
            **{"order_cost_id": "2", "order_source_name": "files", "order_account_id": "york"},
            **{"order_id": "usd", "cost_type": "payment_fee", "currency_code": "USD"},
            **{"amount": "1.60", "cost_date": "2026-04-03"},
        },
        {
            **{"order_cost_id": "3", "order_source_name": "files", "order_account_id": "york"},
            **{"order_id": "usd", "cost_type": "shipping", "currency_code": "EUR"},
            **{"amount": "3", "cost_date": "2026-04-03"},
        },
    ],
    "product_variant_versions": [
        # Bought for dollars; and a cost that was entered after the sale.
        {
            **{**BERLIN, "variant_id": "vg1", "sku": "sku-g1", "currency_code": "USD"},
            **{"unit_cost_amount": "2", "observed_at": "2026-03-01T10:00:00+00:00"},
        },
        {
            **{**BERLIN, "variant_id": "vs1", "sku": "sku-s1", "currency_code": "EUR"},
            **{"unit_cost_amount": "4", "observed_at": "2026-04-10T10:00:00+00:00"},
        },
    ],
}


@pytest.fixture(scope="module")
def marts(warehouse, scratch):
    shop.load(warehouse, RAW, account="reference")
    done = shop.build(warehouse, scratch, **SETTINGS)
    assert done.returncode == 0, done.stdout + done.stderr
    return warehouse


def amount(arithmetic: str) -> Decimal:
    """What an expected amount works out to; the text is this file's own."""
    return eval(
        "".join(f"Decimal('{part}')" if part[0].isdigit() else part for part in arithmetic.split())
    )


def orders(marts, columns: str) -> dict:
    rows = marts.query(f"select order_id, {columns} from marts.fct_orders")
    return {row[0]: row[1] if len(row) == 2 else row[1:] for row in rows}


@pytest.mark.pitfall(13)
def test_an_order_belongs_to_its_stores_day(marts):
    days = orders(marts, "cast(order_date as varchar)")
    assert days["guest"] == "2026-03-29"
    assert days["usd"] == "2026-03-29"
    assert days["undated"] is None


@pytest.mark.pitfall(4, 8, 14)
def test_what_counts(marts):
    counts = orders(marts, "counts_in_sales, counts_as_purchase")
    assert counts == {
        "guest": (True, True),
        "second": (True, True),
        "gone": (True, False),
        "card only": (True, False),
        "test": (False, False),
        "deleted": (False, False),
        "usd": (True, True),
        "stranger": (True, True),
        "known by id": (True, True),
        "undated": (False, False),
    }


@pytest.mark.pitfall(1, 7, 9)
@pytest.mark.parametrize(
    ("order_id", "gross", "discount", "shipping", "tax", "total"),
    [
        ("guest", "23.80 - 3.80", "0", "5.95 - 0.95", "4.75", "29.75"),
        # 41.70 less 6 leaves 35.70 with 5.70 of tax in it: gross is 41.70 * 30 / 35.70 = 35.04.
        ("second", "35.04", "35.04 - 30", "0", "5.70", "35.70"),
        ("card only", "0", "0", "0", "0", "50"),
        ("usd", "60", "10", "0", "4", "54"),
    ],
)
def test_an_order_without_its_tax(marts, order_id, gross, discount, shipping, tax, total):
    columns = ("gross", "discount", "shipping", "tax", "total")
    amounts = orders(marts, ", ".join(f"{column}_store_amount" for column in columns))
    expected = tuple(amount(part) for part in (gross, discount, shipping, tax, total))
    assert amounts[order_id] == expected


@pytest.mark.pitfall(6)
def test_money_is_converted_at_the_rate_of_its_own_day(marts):
    found = orders(marts, "gross_amount, return_amount, net_amount, fulfillment_cost_amount")
    # 60 less 10 of discount at 0.8, 5 of goodwill and 3.20 of cost at 0.625.
    expected = ("60 * 0.8", "5 * 0.625", "50 * 0.8 - 5 * 0.625", "3.20 * 0.625")
    assert found["usd"] == tuple(amount(part) for part in expected)


@pytest.mark.pitfall(2, 3)
def test_net_sales_are_booked_on_the_day_they_change(marts):
    rows = marts.query(
        "select cast(movement_date as varchar), sum(gross_amount), sum(discount_amount),"
        " sum(return_amount), sum(net_amount) from marts.fct_sales_movements"
        " inner join marts.dim_stores using (store_key) where dim_stores.account_id = 'berlin'"
        " group by movement_date"
    )
    expected = {
        "2026-03-28": ("0", "0", "0", "0"),  # a gift card is a liability
        "2026-03-29": ("20", "0", "0", "20"),
        "2026-04-01": ("35.04 + 20", "5.04", "0", "50"),
        "2026-04-02": ("0", "0", "10", "0 - 10"),
        "2026-04-03": ("0", "0", "10", "0 - 10"),
        "2026-04-04": ("0 - 10", "0", "0", "0 - 10"),  # the unit that was still open
        "2026-04-05": ("0", "0", "4", "0 - 4"),
    }
    assert {day: amounts for day, *amounts in rows} == {
        day: [amount(part) for part in amounts] for day, amounts in expected.items()
    }


def test_a_cancelled_order_leaves_nothing_behind(marts):
    found = orders(marts, "gross_amount, return_amount, cancellation_amount, net_amount")
    assert found["gone"] == (20, 10, 10, 0)


@pytest.mark.pitfall(5)
def test_two_payments_and_a_refund_are_not_two_orders(marts):
    paid = marts.query(
        "select count(*), sum(received_amount), sum(fee_amount) from marts.fct_payments"
    )
    assert paid == [(4, amount("20 + 9.75 - 11.90"), amount("0.50"))]
    assert orders(marts, "payment_fee_amount, line_count")["guest"] == (amount("0.50"), 1)


@pytest.mark.pitfall(10)
def test_a_guest_and_two_accounts_are_one_person(marts):
    found = orders(marts, "customer_key, purchase_number, days_since_previous_purchase")
    ann = found["guest"][0]
    assert found["second"][0] == found["usd"][0] == ann
    # 03:30 UTC on the 30th comes after 23:30 on the 28th, and is the same day in both stores.
    assert found["guest"][1:] == (1, None)
    assert found["usd"][1:] == (2, None)
    assert found["second"][1:] == (3, 3)
    assert found["stranger"] == (None, None, None)
    (customers,) = marts.query(
        "select count(*), count(first_purchase_date), max(account_count) from marts.dim_customers"
    )
    assert customers == (2, 2, 2)


def test_persons_can_be_read_in_one_schema_only(marts):
    personal = {"email", "phone", "first_name", "last_name", "city", "postal_code"}
    marked = ", ".join(f"'{column}'" for column in sorted(personal))
    rows = marts.query(
        "select distinct lower(table_schema) from information_schema.columns"
        f" where lower(column_name) in ({marked})"
        " and lower(table_schema) in ('marts', 'reports', 'marts_pii')"
    )
    assert rows == [("marts_pii",)]
    emails = marts.query("select email from marts_pii.dim_customers_pii where email is not null")
    assert emails == [("ann@example.com",)]


def test_costs_are_known_or_unknown(marts):
    found = orders(marts, "cost_source, cost_of_goods_amount, cost_coverage_rate")
    assert found["usd"] == ("actual", amount("18 * 0.8"), 1.0)
    assert found["stranger"] == ("unknown", None, 0.0)
    assert found["card only"] == (None, 0, None)
    # One of two units came back.
    assert found["guest"] == ("actual", amount("2 * 2 * 0.8 - 2 * 0.8"), 1.0)
    assert found["second"] == ("actual", amount("3 * 4"), 1.0)
    lines = marts.query(
        "select line_id, cost_source, unit_cost_store_amount, is_cost_backdated"
        " from marts.fct_order_lines where line_id in ('g1', 's1', 'u1', 'a1')"
    )
    assert {line_id: cost for line_id, *cost in lines} == {
        "g1": ["actual", amount("2 * 0.8"), False],
        "s1": ["actual", 4, True],
        "u1": ["actual", 8, False],
        "a1": ["unknown", None, False],
    }


def test_what_is_left_of_an_order(marts):
    costs = ("cost_of_goods", "payment_fee", "fulfillment_cost", "shipping_cost")
    columns = ("net", *costs, "gross_margin", "contribution_margin")
    found = orders(marts, ", ".join(f"{column}_amount" for column in columns))
    net, fee = amount("50 * 0.8 - 5 * 0.625"), amount("1.60 * 0.625")
    gross = net - amount("18 * 0.8")
    left = gross - fee - amount("3.20 * 0.625") - 3
    assert found["usd"] == (net, amount("18 * 0.8"), fee, 2, 3, gross, left)
    # The payments tell their fees; nobody tells what it cost to send.
    assert found["guest"][2:] == (amount("0.50"), None, None, amount("10 - 1.6"), None)
    sources = orders(marts, "payment_fee_source, fulfillment_cost_source, shipping_cost_source")
    assert sources["usd"] == ("actual", "actual", "actual")
    assert sources["guest"] == ("actual", "unknown", "unknown")
    assert sources["gone"] == ("actual", "rule", "rule")
    assert sources["stranger"] == ("unknown", "unknown", "unknown")


def test_what_is_left_of_a_line(marts):
    rows = marts.query(
        "select line_id, net_to_date_amount, cost_to_date_amount, payment_fee_amount,"
        " shipping_cost_amount, contribution_margin_amount from marts.fct_order_lines"
        " where line_id in ('u1', 'u2') order by line_id"
    )
    found = {line_id: amounts for line_id, *amounts in rows}
    whole = [sum(parts) for parts in zip(*found.values(), strict=True)]
    assert whole == [amount("36.875"), amount("14.4"), 1, 3, amount("16.475")]
    # A third of the order's gross, and two.
    thirds = {"u1": 1, "u2": 2}
    for line_id, (_, cost, fee, shipping, _) in found.items():
        assert abs(fee - Decimal(thirds[line_id]) / 3) < Decimal("0.0001")
        assert shipping == thirds[line_id]
        assert cost == {"u1": amount("8 * 0.8"), "u2": amount("10 * 0.8")}[line_id]


@pytest.mark.pitfall(2)
def test_what_comes_back_gives_its_cost_back_on_its_day(marts):
    rows = marts.query(
        "select cast(movement_date as varchar), sum(cost_amount), sum(costed_net_amount)"
        " from marts.fct_sales_movements"
        " inner join marts.dim_stores using (store_key) where dim_stores.account_id = 'berlin'"
        " and movement_date in ('2026-03-29', '2026-04-02', '2026-04-05') group by movement_date"
    )
    assert {day: amounts for day, *amounts in rows} == {
        "2026-03-29": [amount("2 * 2 * 0.8"), 20],
        "2026-04-02": [amount("0 - 2 * 0.8"), -10],
        # It names no order, but what was sold in one form only; a dollar has become cheaper.
        "2026-04-05": [amount("0 - 2 * 0.625"), -4],
    }


def test_every_mention_of_a_product_has_its_dimension(marts):
    rows = marts.query("select count(*) from marts.dim_products where not is_listed")
    assert rows == [(11,)]


@pytest.mark.pitfall(2)
def test_the_day_report_adds_up(marts):
    rows = marts.query(
        "select cast(kpi_date as varchar), order_count, new_customer_count, net_amount,"
        " conversion_rate from reports.rpt_kpi_daily where kpi_date between '2026-03-28'"
        " and '2026-03-30' order by kpi_date"
    )
    assert rows == [
        ("2026-03-28", 1, 0, 0, None),
        ("2026-03-29", 2, 1, amount("20 + 50 * 0.8"), None),
        ("2026-03-30", 2, 1, amount("40 * 0.8"), None),
    ]


def test_customers_are_counted_where_their_first_purchase_was(marts):
    """Ann's later order in York is Berlin's customer's; returns count on their order's day."""
    rows = marts.query(
        "select account_id, cast(state_date as varchar), channel_key, customer_count,"
        " repeat_customer_count, active_customer_count, churn_base_count, net_amount"
        " from marts.fct_customer_states_daily inner join marts.dim_stores using (store_key)"
        " where state_date in ('2026-03-29', '2026-03-30', '2026-04-01', '2026-04-30')"
        " order by account_id, state_date"
    )
    first = "20 - 10 + 50 * 0.8 - 5 * 0.625"
    expected = [
        ("berlin", "2026-03-29", 1, 0, 1, 0, first),
        ("berlin", "2026-03-30", 1, 0, 1, 0, first),
        ("berlin", "2026-04-01", 1, 1, 1, 0, f"{first} + 30"),
        ("berlin", "2026-04-30", 1, 1, 1, 0, f"{first} + 30 - 4"),
        ("york", "2026-03-30", 1, 0, 1, 0, "20 * 0.8"),
        ("york", "2026-04-01", 1, 0, 1, 0, "20 * 0.8"),
        ("york", "2026-04-30", 1, 0, 1, 0, "20 * 0.8"),
    ]
    assert rows == [
        (store, day, "unattributed", *counts, amount(net)) for store, day, *counts, net in expected
    ]


def test_reported_traffic_has_its_channel(marts):
    rows = marts.query(
        "select channel_key, traffic_source, session_count, is_sampled_or_thresholded"
        " from marts.fct_web_traffic_daily order by session_count"
    )
    assert rows == [("direct", "(direct)", 5, False), ("organic_search", "google", 12, True)]


@pytest.fixture(scope="session")
def engines_seen():
    """Warehouses with this shop, in the order in which they were built."""
    return []


def test_every_mart_is_the_same_on_the_engine_before(marts, scratch, engines_seen):
    engines_seen.append(marts)
    parity.assert_equal(scratch / "target", engines_seen[0], marts)
