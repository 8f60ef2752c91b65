"""Stock, gift cards, discounts and categories: parts add up to what the shops show."""

import numpy as np
import pandas as pd
import pytest

from sandbox.world.generate import generate
from sandbox.world.shops import SHOPIFY, handles_of
from sandbox.world.truth import truth

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
DAYS = (NOW - pd.Timedelta(days=200), NOW, NOW + pd.Timedelta(days=30))


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture(scope="module")
def view(ledger):
    return ledger.as_of(NOW)


@pytest.mark.parametrize("now", DAYS)
def test_stock_is_the_sum_of_its_changes_and_never_below_zero(ledger, now):
    known = ledger.as_of(now)
    entries = known.inventory_entries
    assert (entries.groupby("variant_id")["change"].cumsum() >= 0).all()
    on_hand = entries.groupby("variant_id")["change"].sum()
    variants = known.variants.set_index("variant_id")
    stocked = variants[~variants["is_gift_card"]]
    assert set(on_hand.index) == set(stocked.index)
    assert (on_hand.loc[stocked.index] == stocked["inventory_quantity"]).all()
    assert (variants.loc[variants["is_gift_card"], "inventory_quantity"] == 0).all()


def test_every_unit_sold_leaves_the_shelf_and_what_is_restocked_comes_back(view):
    orders = view.orders
    failed = orders["financial_status"] == "FAILED"
    pending = orders["status"] == "pending"
    gone = orders["is_test"] | orders["deleted_at"].notna() | failed | pending
    moves = view.sales_entries[view.sales_entries["line_type"] == "PRODUCT"]
    moves = moves[moves["order_id"].isin(orders.loc[~gone, "order_id"])]
    entries = view.inventory_entries.groupby("kind")["change"].sum()
    sold = moves.loc[moves["quantity"] > 0, "quantity"].sum()
    assert -entries["sale"] <= sold
    assert -entries["sale"] >= sold * 0.97  # those that will be deleted took nothing
    lost = view.refund_lines.query("restock_type == 'NO_RESTOCK'")["quantity"].sum()
    assert lost > 0
    assert entries["return"] == -moves.loc[moves["quantity"] < 0, "quantity"].sum() - lost


def test_the_truth_of_stock_is_that_of_the_day_end(view):
    daily = truth(view, NOW)["inventory_daily"]
    newest = daily.drop_duplicates("variant_id", keep="last").set_index("variant_id")["on_hand"]
    variants = view.variants.set_index("variant_id").loc[newest.index]
    assert (newest == variants["inventory_quantity"]).all()
    assert (daily["on_hand"] >= 0).all()


def test_a_change_of_stock_moves_the_product(ledger, view):
    later = ledger.as_of(NOW + pd.Timedelta(days=10))
    before = view.variants.set_index("variant_id")
    after = later.variants.set_index("variant_id").loc[before.index]
    moved = after["inventory_quantity"] != before["inventory_quantity"]
    assert moved.any()
    assert (after["updated_at"] > before["updated_at"])[moved].all()
    products = later.products.set_index("product_id")["updated_at"]
    assert (products.loc[after.loc[moved, "product_id"]] > NOW).all()


@pytest.mark.pitfall(8)
@pytest.mark.parametrize("now", DAYS)
def test_gift_card_balances_are_what_is_left(ledger, now):
    known = ledger.as_of(now)
    cards = known.gift_cards.set_index("gift_card_id")
    assert set(cards["shop"]) <= set(handles_of(SHOPIFY))
    entries = known.gift_card_entries
    assert entries["gift_card_id"].isin(cards.index).all()
    running = entries.groupby("gift_card_id")["amount"].cumsum()
    left = entries["gift_card_id"].map(cards["initial_value"]) + running
    assert (left >= 0).all()
    spent = entries.groupby("gift_card_id")["amount"].sum().reindex(cards.index).fillna(0)
    assert (cards["balance"] == cards["initial_value"] + spent).all()
    assert (entries["happened_at"] > entries["gift_card_id"].map(cards["created_at"])).all()


def test_every_payment_with_a_gift_card_is_drawn_on_one(view):
    paid = view.transactions[view.transactions["gateway"] == "gift_card"]
    drawn = view.gift_card_entries.set_index("transaction_id")["amount"]
    signed = np.where(paid["kind"] == "REFUND", paid["amount"], -paid["amount"])
    assert set(drawn.index) == set(paid["transaction_id"])
    assert (drawn.loc[paid["transaction_id"]] == signed).all()
    cards = view.gift_cards.merge(
        view.order_lines[["line_id", "unit_price", "is_gift_card"]], on="line_id"
    )
    assert len(cards) > 4
    assert cards["is_gift_card"].all()
    assert (cards["initial_value"] == cards["unit_price"]).all()


def test_categories_cover_the_products_of_each_shop(view):
    categories = view.categories
    parents = categories["parent_id"].dropna()
    leaves = categories[~categories["category_id"].isin(parents)]
    keys = pd.MultiIndex.from_frame(view.products[["shop", "category"]].drop_duplicates())
    assert keys.isin(pd.MultiIndex.from_frame(leaves[["shop", "name"]])).all()
    own = categories.set_index("category_id")["shop"]
    children = categories[categories["parent_id"].notna()]
    assert (children["parent_id"].map(own) == children["shop"]).all()


@pytest.mark.pitfall(9)
@pytest.mark.parametrize("now", DAYS)
def test_discounts_count_the_orders_that_used_them(ledger, now):
    known = ledger.as_of(now)
    used = known.discount_allocations[known.discount_allocations["kind"] != "manual"]
    counts = used.groupby(["shop", "title"])["order_id"].nunique()
    offers = known.discount_codes.set_index(["shop", "title"])
    assert set(counts.index) <= set(offers.index)
    assert (counts.reindex(offers.index).fillna(0) == offers["usage_count"]).all()
    assert (offers.loc[offers["usage_count"] == 0, "ends_at"].notna()).any()
    by_code = offers["code"] != ""
    assert by_code.any()
    assert (~by_code).any()
    assert {"percentage", "fixed_amount", "free_shipping"} == set(offers["kind"])


def test_a_view_of_a_view_is_the_same(view):
    again = view.as_of(NOW)
    for name in ("variants", "gift_cards", "discount_codes", "orders"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(view, name))


def test_worlds_of_exact_purchases_are_counted_once():
    entries = generate("models_small", 1).inventory_entries
    assert set(entries["kind"]) == {"count"}
