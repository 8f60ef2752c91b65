"""Parcels, stock, discounts, gift cards and versions of Shopify's, against the sandbox's ledger."""

from collections import Counter
from decimal import Decimal

import pandas as pd
import pytest

from sandbox.world.shops import SHOPIFY, handles_of

pytestmark = pytest.mark.e2e

SHOPS = handles_of(SHOPIFY)
CENT = Decimal("0.01")


def shown(shop, table):
    """A table of the world without deleted orders."""
    orders = shop.world("orders", SHOPS)
    gone = orders.loc[orders["deleted_at"].notna(), "order_id"]
    rows = shop.world(table, SHOPS)
    return rows[~rows["order_id"].isin(gone)]


def moment(value):
    """A time as the warehouse has it: UTC without a zone; None where there is none."""
    return None if pd.isna(value) else value.tz_convert(None).to_pydatetime()


def test_parcels_equal_the_ledger(whole_shop):
    expected = {
        (row.shop, str(row.fulfillment_id)): (
            str(row.order_id),
            row.carrier,
            moment(row.shipped_at),
            moment(row.delivered_at),
        )
        for row in shown(whole_shop, "fulfillments").itertuples()
    }
    found = whole_shop.ask("""
        select parcels.account_id, parcels.fulfillment_id, parcels.order_id, parcels.carrier,
            parcels.shipped_at, parcels.delivered_at
        from staging.stg_shopify__fulfillments as parcels
        inner join staging.stg_shopify__orders as orders using (account_id, order_id)
        where not orders.is_deleted
    """)
    assert {row[:2]: row[2:] for row in found} == expected
    assert len(found) == len(expected)
    assert {row[-1] is None for row in found} == {True, False}


def test_lines_of_parcels_equal_the_ledger(whole_shop):
    """Of those that were asked for, and of those that tell themselves what is in them."""
    lines = shown(whole_shop, "fulfillment_lines")
    expected = {
        (str(row.fulfillment_id), str(row.line_id)): row.quantity for row in lines.itertuples()
    }
    found = whole_shop.ask("""
        select lines.fulfillment_id, lines.line_id, cast(lines.quantity as bigint)
        from staging.stg_shopify__fulfillment_lines as lines
        inner join staging.stg_shopify__orders as orders using (account_id, order_id)
        where not orders.is_deleted
    """)
    assert {row[:2]: row[2] for row in found} == expected
    assert lines.groupby("order_id")["fulfillment_id"].nunique().max() == 2


def test_a_line_is_delivered_with_the_last_of_its_units(whole_shop):
    lines, parcels = shown(whole_shop, "order_lines"), shown(whole_shop, "fulfillments")
    arrived = parcels.set_index("fulfillment_id")["delivered_at"]
    to_send = Counter(dict(zip(lines["line_id"], lines["quantity"], strict=True)))
    edits = shown(whole_shop, "sales_entries").query("reason == 'ORDER_EDIT' and quantity < 0")
    stopped = shown(whole_shop, "refund_lines").query("restock_type == 'CANCEL'")
    for rows, sign in ((edits, 1), (stopped, -1)):
        for row in rows.itertuples():
            to_send[row.line_id] += sign * row.quantity
    times = {}
    for row in shown(whole_shop, "fulfillment_lines").itertuples():
        times.setdefault(row.line_id, []).append(moment(arrived[row.fulfillment_id]))
        to_send[row.line_id] -= row.quantity
    expected = {
        str(line): max(moments)
        for line, moments in times.items()
        if to_send[line] == 0 and None not in moments
    }
    found = dict(
        whole_shop.ask("""
        select lines.line_id, lines.delivered_at
        from staging.stg_shopify__order_lines as lines
        inner join staging.stg_shopify__orders as orders using (account_id, order_id)
        where not orders.is_deleted and lines.delivered_at is not null
    """)
    )
    assert found == expected


def test_stock_equals_the_sum_of_its_changes(whole_shop):
    entries = whole_shop.world("inventory_entries", SHOPS)
    expected = {
        (name, str(variant), str(place)): units
        for (name, variant, place), units in entries.groupby(["shop", "variant_id", "location_id"])[
            "change"
        ]
        .sum()
        .items()
    }
    found = whole_shop.ask("""
        select account_id, variant_id, location_id, cast(on_hand_quantity as bigint)
        from (
            select *, row_number() over (
                partition by account_id, inventory_id, location_id order by observed_at desc
            ) as version_number
            from staging.stg_shopify__inventory_levels
        ) as levels
        where version_number = 1
    """)
    assert {row[:3]: row[3] for row in found} == expected
    ((versions, levels),) = whole_shop.ask("""
        select count(*), count(distinct inventory_id || location_id)
        from staging.stg_shopify__inventory_levels
    """)
    assert versions > levels, "what sold in two days has two versions"


@pytest.mark.pitfall(9)
def test_uses_of_discounts_equal_the_ledger(whole_shop):
    expected = Counter(
        (row.shop, row.code or None, row.title, row.kind, moment(row.ends_at), row.usage_count)
        for row in whole_shop.world("discount_codes", SHOPS).itertuples()
    )
    found = whole_shop.ask("""
        select account_id, code, title, discount_type, ends_at, usage_count
        from staging.stg_shopify__discounts
    """)
    assert Counter(found) == expected
    assert any(row[-1] for row in found)


@pytest.mark.pitfall(8)
def test_what_is_left_on_gift_cards_equals_the_ledger(whole_shop):
    expected = {
        (row.shop, str(row.gift_card_id)): (
            row.initial_value * CENT,
            row.balance * CENT,
            None if pd.isna(row.expires_on) else row.expires_on.date(),
        )
        for row in whole_shop.world("gift_cards", SHOPS).itertuples()
    }
    found = whole_shop.ask("""
        select account_id, gift_card_id, initial_amount, balance_amount, expiry_date
        from staging.stg_shopify__gift_cards
    """)
    assert {row[:2]: row[2:] for row in found} == expected


def test_the_newest_version_of_a_variant_has_the_price_and_cost_in_force(whole_shop):
    expected = {
        (row.shop, str(row.variant_id)): (
            row.price * CENT,
            None if pd.isna(row.unit_cost) else row.unit_cost * CENT,
        )
        for row in whole_shop.world("variants", SHOPS).itertuples()
    }
    found = whole_shop.ask("""
        select account_id, variant_id, price_amount, unit_cost_amount
        from staging.stg_shopify__product_variants
    """)
    assert {row[:2]: row[2:] for row in found} == expected


def test_categories_of_a_product_are_those_of_the_shop(whole_shop):
    categories = whole_shop.world("categories", SHOPS)
    names = dict(zip(categories["category_id"], categories["name"], strict=True))
    above = {
        (row.shop, row.name): None if pd.isna(row.parent_id) else names[row.parent_id]
        for row in categories.itertuples(index=False)
    }
    expected = Counter()
    for row in whole_shop.world("products", SHOPS).itertuples():
        product = (row.shop, str(row.product_id))
        line = [above[row.shop, row.category], row.category]
        path = [name for name in line if name]
        expected[*product, "type", row.category] += 1
        expected[*product, "taxonomy", " > ".join(path)] += 1
        for name in path:
            expected[*product, "collection", name] += 1
    found = whole_shop.ask("""
        select account_id, product_id, split_part(category_id, '_', 1), category_path
        from staging.stg_shopify__product_categories
    """)
    assert Counter(found) == expected
