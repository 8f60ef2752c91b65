"""Shopify's objects become the same rows, whichever way they come."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.errors import RequestRefusedError
from ingestion.sources.shopify import rows
from ingestion.sources.shopify.jsonl import ORDER_CHILDREN, assemble, split_lines
from ingestion.sources.shopify.spec import SPEC
from tests.unit import shopify_objects as made

COLUMNS = {table.name: set(table.columns) for table in SPEC.tables}


def tables(order):
    found = {}
    for table, row in rows.order_rows(order):
        found.setdefault(table, {})[row["id"]] = row
    return found


def test_rows_have_only_declared_columns():
    for table, row in rows.order_rows(made.order()):
        assert set(row) <= COLUMNS[table], table


@pytest.mark.pitfall(1)
def test_a_line_is_unit_price_times_quantity_once():
    line = tables(made.order())["order_lines"]["11"]
    price, total = Decimal(line["original_unit_price"]), Decimal(line["original_total"])
    assert line["quantity"] == 2
    assert total == price * line["quantity"] == 238


@pytest.mark.pitfall(9)
def test_all_allocations_of_a_line_are_its_discount():
    assert tables(made.order())["order_lines"]["11"]["discount_allocations__total"] == "10.00"


def test_lines_add_up_to_the_order():
    order = made.order()
    lines = tables(order)["order_lines"].values()
    gross = sum(Decimal(line["original_total"]) for line in lines)
    discounts = sum(Decimal(line["discount_allocations__total"]) for line in lines)
    assert gross - discounts == Decimal(order["originalTotalPriceSet"]["shopMoney"]["amount"])


def test_ids_of_other_lines_do_not_meet_those_of_line_items():
    lines = tables(made.order())["order_lines"]
    assert {line["line_type"]: key for key, line in lines.items()} == {
        "product": "11",
        "shipping": "shipping_11",
        "tip": "tip_1",
    }


def test_sales_stand_on_lines_of_the_order():
    found = tables(made.order())
    sold = {sale["line_type"]: sale["line_id"] for sale in found["order_agreement_sales"].values()}
    assert sold == {"PRODUCT": "11", "SHIPPING": "shipping_11", "TIP": "tip_1"}
    assert set(sold.values()) <= set(found["order_lines"])


def test_a_tip_that_is_a_line_item_is_not_made_again():
    order = made.order(lineItems=[made.line_item(), made.line_item(99, title="Tip")])
    found = tables(order)["order_lines"]
    assert [key for key, line in found.items() if line["line_type"] == "tip"] == ["99"]


def test_free_shipping_by_a_cart_discount_is_a_discount_of_the_line():
    line = made.shipping_line(discountedPriceSet=made.bag("0.00"))
    found = tables(made.order(shippingLines=[line]))["order_lines"]["shipping_11"]
    assert Decimal(found["discount_allocations__total"]) == 5


@pytest.mark.pitfall(8)
def test_gift_cards_are_told_from_goods():
    found = tables(made.order(lineItems=[made.line_item(isGiftCard=True)]))
    assert found["order_lines"]["11"]["line_type"] == "gift_card"


@pytest.mark.pitfall(3)
def test_a_refund_has_lines_shipping_and_adjustments():
    found = tables(made.order())["refund_lines"]
    assert {row["line_type"]: row["amount"] for row in found.values()} == {
        "product": "114.00",
        "shipping": "5.00",
        "adjustment": "-3.00",
    }
    assert len(found) == 3, "ids of different kinds are kept apart"


def test_a_fee_in_another_currency_is_unknown():
    fees = [{"amount": {"amount": "3.00", "currencyCode": "USD"}}]
    order = made.order(transactions=[made.transaction(fees=fees)])
    assert tables(order)["transactions"]["41"]["fees__total"] is None


def test_a_bulk_file_gives_the_rows_of_the_order():
    whole = made.order()
    lines = split_lines([made.as_jsonl(made.bulk_lines(whole))])
    (found,) = assemble(lines, ORDER_CHILDREN, where="test")
    assert list(rows.order_rows(found | {"refunds": whole["refunds"]})) == list(
        rows.order_rows(whole)
    )


def test_children_of_several_orders_go_to_their_own():
    orders = [
        made.order(id=f"gid://shopify/Order/{n}", lineItems=[made.line_item(n)])
        for n in range(1, 5)
    ]
    content = b"".join(made.as_jsonl(made.bulk_lines(order)) for order in orders)
    found = list(assemble(split_lines([content]), ORDER_CHILDREN, where="test"))
    assert [order["lineItems"][0]["id"] for order in found] == [
        f"gid://shopify/LineItem/{n}" for n in range(1, 5)
    ]


def test_a_child_away_from_its_parent_is_an_error():
    lines = [
        b'{"id": "a"}',
        b'{"id": "b"}',
        b'{"id": "c", "currentQuantity": 1, "__parentId": "a"}',
    ]
    with pytest.raises(RequestRefusedError, match="away from its parent"):
        list(assemble(lines, ORDER_CHILDREN, where="test"))


def test_a_cut_line_is_an_error():
    with pytest.raises(RequestRefusedError, match="cut"):
        list(assemble([b'{"id": "a", "na'], ORDER_CHILDREN, where="test"))


@given(
    st.lists(st.text().map(lambda text: text.replace("\n", " ")).filter(bool)),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_lines_do_not_depend_on_where_pieces_end(texts, rng: random.Random, ends_with_newline):
    lines = [text.encode() for text in texts]
    content = b"\n".join(lines) + (b"\n" if ends_with_newline and lines else b"")
    cuts = sorted(rng.randrange(len(content) + 1) for _ in range(5))
    pieces = [content[a:b] for a, b in zip([0, *cuts], [*cuts, len(content)], strict=True)]
    assert list(split_lines(pieces)) == lines


@given(st.lists(st.decimals(-(10**9), 10**9, places=2, allow_nan=False), max_size=6))
def test_sums_of_money_are_exact(amounts):
    texts = [str(amount) for amount in amounts]
    assert Decimal(rows._sum(texts)) == sum(amounts, Decimal(0))
