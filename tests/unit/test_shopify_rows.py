"""Shopify's objects become the same rows, whichever way they come."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.errors import RequestRefusedError
from ingestion.sources.shopify import cells, rows, shop_rows
from ingestion.sources.shopify.jsonl import (
    COLLECTION_CHILDREN,
    ORDER_CHILDREN,
    assemble,
    split_lines,
)
from ingestion.sources.shopify.spec import SPEC
from tests.unit import shopify_objects as made

COLUMNS = {table.name: set(table.columns) for table in SPEC.tables}


def tables(order):
    found = {}
    for table, row in rows.order_rows(order):
        found.setdefault(table, {})[row.get("id") or (row["fulfillment_id"], row["line_id"])] = row
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


def test_the_rates_of_a_lines_taxes_add_up():
    taxes = [{"rate": rate, "priceSet": made.bag("1.00")} for rate in (0.04, 0.0225)]
    lines = [made.line_item(taxLines=taxes), made.line_item(12, taxLines=[])]
    found = tables(made.order(lineItems=lines))["order_lines"]
    assert (found["11"]["tax_lines__rate"], found["12"]["tax_lines__rate"]) == ("0.0625", None)


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


def test_a_parcel_has_its_times_and_lines():
    found = tables(made.order())
    (parcel,) = found["fulfillments"].values()
    assert (parcel["delivered_at"], parcel["tracking_company"]) == ("2026-03-04T11:00:00Z", "DHL")
    assert {key: row["quantity"] for key, row in found["fulfillment_lines"].items()} == {
        ("81", "11"): 2
    }


def test_a_line_that_stands_twice_in_a_parcel_is_one_row():
    lines = [made.fulfillment_line(quantity=1), made.fulfillment_line(quantity=1)]
    found = tables(made.order(fulfillments=[made.fulfillment(fulfillmentLineItems=lines)]))
    assert [row["quantity"] for row in found["fulfillment_lines"].values()] == [2]


def test_a_fee_in_another_currency_is_unknown():
    fees = [{"amount": {"amount": "3.00", "currencyCode": "USD"}}]
    order = made.order(transactions=[made.transaction(fees=fees)])
    assert tables(order)["transactions"]["41"]["fees__total"] is None


def test_a_bulk_file_gives_the_rows_of_the_order():
    whole = made.order()
    lines = split_lines([made.as_jsonl(made.bulk_lines(whole))])
    (found,) = assemble(lines, ORDER_CHILDREN, where="test")
    lists = {name: whole[name] for name in ("refunds", "fulfillments")}
    assert list(rows.order_rows(found | lists)) == list(rows.order_rows(whole))


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
    assert Decimal(cells.sum_of(texts)) == sum(amounts, Decimal(0))


def discount(kind, *, codes=(), **fields):
    return {
        "id": "gid://shopify/DiscountCodeNode/5",
        "discount": {
            "__typename": kind,
            "title": "Ten",
            "status": "ACTIVE",
            "startsAt": "2026-01-01T00:00:00Z",
            "endsAt": None,
            "createdAt": "2026-01-01T00:00:00Z",
            "updatedAt": "2026-01-01T00:00:00Z",
            "asyncUsageCount": 9,
        }
        | fields,
        "codes": [
            {"id": f"gid://shopify/DiscountRedeemCode/{number}", "code": code,
             "asyncUsageCount": number}
            for number, code in enumerate(codes, start=1)
        ],
    }  # fmt: skip


def gets(value):
    return {"customerGets": {"value": value}}


def discount_rows(node):
    return [row for _, row in shop_rows.discount_rows(node)]


@pytest.mark.pitfall(9)
def test_every_code_of_a_discount_is_a_row_with_its_own_uses():
    node = discount("DiscountCodeBasic", codes=("TEN", "ZEHN"), **gets({"percentage": 0.1}))
    found = discount_rows(node)
    assert [(row["id"], row["code"], row["usage_count"]) for row in found] == [
        ("code_1", "TEN", 1),
        ("code_2", "ZEHN", 2),
    ]
    assert {row["value__percentage"] for row in found} == {"0.1"}


@pytest.mark.parametrize(
    ("kind", "fields", "value"),
    [
        ("DiscountAutomaticBasic", gets({"amount": {"amount": "5.0", "currencyCode": "EUR"}}),
         (None, "5.0", "EUR")),
        ("DiscountAutomaticBxgy", gets({"effect": {"percentage": 1.0}}), ("1.0", None, None)),
        ("DiscountAutomaticFreeShipping", {}, (None, None, None)),
        ("DiscountAutomaticApp", {}, (None, None, None)),
    ],
)  # fmt: skip
def test_a_discount_without_a_code_is_one_row(kind, fields, value):
    (row,) = discount_rows(discount(kind, **fields))
    assert (row["id"], row.get("code")) == ("discount_5", None)
    assert row["is_automatic"]
    assert row["usage_count"] == 9
    names = ("value__percentage", "value__amount", "value__currency_code")
    assert tuple(row[name] for name in names) == value
    assert set(row) <= COLUMNS["discounts"]


def test_a_level_is_told_by_item_and_location():
    """Its own id names the location alone, so that all items of a place share it."""
    level = {
        "id": "gid://shopify/InventoryLevel/9?inventory_item_id=7",
        "updatedAt": "2026-03-01T10:00:00Z",
        "item": {"id": "gid://shopify/InventoryItem/7"},
        "location": {"id": "gid://shopify/Location/9"},
        "quantities": [{"name": "on_hand", "quantity": 5}, {"name": "available", "quantity": 3}],
    }
    ((table, row),) = shop_rows.level_rows({"inventoryLevels": [level]})
    assert set(row) == COLUMNS[table]
    assert row == {
        "inventory_item_id": "7",
        "location_id": "9",
        "available": 3,
        "on_hand": 5,
        "committed": None,
        "incoming": None,
        "updated_at": "2026-03-01T10:00:00Z",
    }


def test_products_of_a_collection_come_from_a_bulk_file():
    lines = [
        {"id": "gid://shopify/Collection/1", "title": "Sale"},
        {"id": "gid://shopify/Product/3", "__parentId": "gid://shopify/Collection/1"},
        {"id": "gid://shopify/Collection/2", "title": "Empty"},
    ]
    found = assemble(split_lines([made.as_jsonl(lines)]), COLLECTION_CHILDREN, where="test")
    assert [row for each in found for row in shop_rows.collection_rows(each)] == [
        ("product_collections", {"product_id": "3", "collection_id": "1", "title": "Sale"})
    ]
