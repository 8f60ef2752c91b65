"""Six shops on four platforms: what a platform does not have does not happen there."""

import numpy as np
import pandas as pd
import pytest

from sandbox.world.generate import generate
from sandbox.world.schema import STATUSES
from sandbox.world.shops import (
    COMMERCETOOLS,
    PLATFORMS,
    SHOPIFY,
    SHOPS,
    SQL_ORDERS,
    WOOCOMMERCE,
    handles_of,
)
from sandbox.world.truth import NO_ORDER, truth

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture(scope="module")
def view(ledger):
    return ledger.as_of(NOW)


@pytest.fixture(scope="module")
def tables(view):
    return truth(view, NOW)


def of(frame, *platforms):
    handles = [handle for platform in platforms for handle in handles_of(platform)]
    return frame[frame["shop"].isin(handles)]


def without(flag):
    """Platforms that lack something."""
    return [platform for platform in PLATFORMS if not getattr(platform, flag)]


def test_every_shop_has_people_products_and_orders(view):
    stores = view.stores.set_index("shop")
    assert list(stores.index) == [shop.handle for shop in SHOPS]
    assert set(stores["currency"]) == {"EUR", "USD", "GBP"} <= {"EUR", *view.fx["currency"]}
    for table in ("products", "variants", "customers", "orders", "order_lines", "transactions"):
        assert set(getattr(view, table)["shop"]) == set(stores.index), table
    visited = set(view.visits["shop"])
    assert visited == set(stores.index[stores["collectors"] != ""])


def test_a_two_shop_world_has_the_shops_on_shopify():
    assert set(generate("models_small", 1).stores["shop"]) == set(handles_of(SHOPIFY))


def test_the_eu_shop_gets_its_own_collector_in_the_middle(ledger):
    def switched_on(now):
        stores = ledger.as_of(pd.Timestamp(now, tz="UTC")).stores.set_index("shop")
        return stores["first_party_at"].notna()

    early, late = switched_on("2025-06-01"), switched_on("2026-06-30")
    assert not early["basketline-eu"]
    assert late["basketline-eu"]
    assert early["basketline-uk"]
    assert not late["basketline-us"]
    assert not late["basketline-till"]


def test_what_a_platform_does_not_have_does_not_happen_there(view):
    entries = view.sales_entries
    assert not (of(entries, *without("has_edits"))["movement_type"] == "edit").any()
    assert not (of(entries, *without("has_tips"))["line_type"] == "TIP").any()
    assert not (of(entries, *without("has_goodwill"))["line_type"] == "ADJUSTMENT").any()
    assert not (of(entries, *without("has_return_fees"))["line_type"] == "FEE").any()
    assert not of(view.order_lines, *without("has_gift_cards"))["is_gift_card"].any()
    assert not of(view.products, *without("has_gift_cards"))["is_gift_card"].any()
    orders = view.orders
    assert not of(orders, *without("has_tests"))["is_test"].any()
    assert not of(orders, *without("has_deletions"))["deleted_at"].notna().any()
    assert not of(orders, *without("has_archive"))["closed_at"].notna().any()
    foreign = of(orders, *without("has_presentment"))
    assert (foreign["presentment_currency"] == foreign["currency"]).all()
    assert (of(orders, *without("ships"))["shipping"] == 0).all()
    assert of(view.fulfillments, *without("ships")).empty
    kinds = of(view.transactions, *without("has_authorisations"))["kind"]
    assert set(kinds) == {"SALE", "REFUND"}


def test_every_status_but_the_short_ones_is_there(ledger):
    """On hold is over within days: it is looked for when a transfer is on its way."""
    paid = ledger.transactions
    transfers = of(paid[paid["status"] == "PENDING"], WOOCOMMERCE)["processed_at"]
    clocks = [NOW - pd.Timedelta(days=30 * month) for month in range(11)]
    views = [ledger.as_of(now) for now in [*clocks, *transfers.iloc[:2]]]
    for platform, words in STATUSES.items():
        shops = [shop.handle for shop in SHOPS if shop.platform.name == platform]
        seen = set()
        for view in views:
            seen |= set(view.orders.loc[view.orders["shop"].isin(shops), "status"])
        assert seen >= set(words) - {"Confirmed"}, platform


def test_a_cancellation_is_the_last_change_where_only_that_tells_its_day(ledger):
    later = ledger.as_of(ledger.orders["created_at"].max())
    cancelled = of(later.orders, WOOCOMMERCE, COMMERCETOOLS)
    cancelled = cancelled[cancelled["cancelled_at"].notna()]
    assert (cancelled["updated_at"] == cancelled["cancelled_at"]).all()
    assert len(cancelled) >= 10


def test_woocommerce_books_no_refund_for_a_cancellation_and_the_order_comes_to_nothing(view):
    cancelled = of(view.orders, WOOCOMMERCE).query("status == 'cancelled'")
    paid = cancelled[cancelled["received"] > 0]
    assert (paid["refunded"] < paid["received"]).all()
    assert (paid["current_total"] == 0).all()
    assert not of(view.refunds, WOOCOMMERCE)["is_cancellation"].any()


@pytest.mark.pitfall(4)
def test_each_platform_counts_as_its_own_analytics_do(view, tables):
    orders = tables["orders"].merge(view.orders[["order_id", "status", "financial_status"]])
    orders["counts"] = list(
        zip(orders["counts_in_sales"], orders["counts_as_purchase"], strict=True)
    )
    neither, sales, both = (False, False), (True, False), (True, True)
    woocommerce = of(orders, WOOCOMMERCE)
    found = woocommerce.groupby("status")["counts"].agg(set).to_dict()
    assert found.pop("cancelled") == {neither, sales}
    left_out = {"pending", "failed", "trash"}
    assert found == {status: {neither if status in left_out else both} for status in found}
    commercetools = of(orders, COMMERCETOOLS)
    failed = commercetools["financial_status"] == "FAILED"
    assert set(commercetools.loc[failed, "counts"]) == {neither}
    cancelled = commercetools["status"] == "Cancelled"
    assert set(commercetools.loc[cancelled, "counts"]) == {sales}
    assert set(commercetools.loc[~failed & ~cancelled, "counts"]) == {both}
    till = of(orders, SQL_ORDERS).groupby("status")["counts"].agg(set).to_dict()
    assert till == {"completed": {both}, "voided": {neither}}


def test_unpaid_cancelled_orders_were_never_paid(view, tables):
    orders = of(
        tables["orders"].merge(view.orders[["order_id", "status", "received"]]), WOOCOMMERCE
    )
    cancelled = orders[orders["status"] == "cancelled"]
    assert (cancelled["counts_in_sales"] == (cancelled["received"] > 0)).all()


def test_goods_come_back_to_the_till_without_a_receipt(view, tables):
    blind = view.refunds[~view.refunds["has_receipt"]]
    assert set(blind["shop"]) == set(handles_of(SQL_ORDERS))
    moves = tables["movements"]
    returns = moves[moves["order_id"] == NO_ORDER]
    assert set(returns["refund_id"]) == set(blind["refund_id"])
    assert (returns["returns"] > 0).all()
    days = of(tables["sales_daily"], SQL_ORDERS)
    assert days["returns"].sum() == of(moves, SQL_ORDERS)["returns"].sum()


def test_most_sales_at_the_till_are_to_nobody_and_some_return(view):
    till = of(view.orders, SQL_ORDERS)
    unknown = till["person_id"] == -1
    assert 0.4 < unknown.mean() < 0.9
    assert (till["email"] != "")[~unknown].all()
    assert set(of(view.transactions, SQL_ORDERS)["gateway"]) == {"cash", "card"}


def test_people_buy_in_a_second_shop_of_any_platform(ledger):
    platform = {shop.handle: shop.platform.name for shop in SHOPS}
    customers = ledger.customers.merge(
        ledger.people.loc[ledger.people["in_both_shops"], ["person_id", "home_shop"]]
    )
    abroad = customers[customers["shop"] != customers["home_shop"]]
    homes, others = (abroad[column].map(platform) for column in ("home_shop", "shop"))
    assert (homes.to_numpy() != others.to_numpy()).any()
    own = customers[customers["shop"] == customers["home_shop"]].set_index("person_id")["email"]
    spelled = abroad.set_index("person_id")["email"]
    both = own.index.intersection(spelled.index)
    assert len(both) > 4
    assert (own[both] != spelled[both]).all()
    assert (own[both].str.strip().str.lower() == spelled[both].str.lower()).all()


@pytest.mark.pitfall(7)
def test_each_shop_charges_the_tax_of_its_country(view):
    lines = view.order_lines.merge(view.orders[["order_id", "ship_country_code"]])
    rates = lines[~lines["is_gift_card"]].groupby(["shop", "ship_country_code"])["tax_rate_bp"]
    found = rates.agg(lambda rate: set(rate)).to_dict()
    assert found["basketline-uk", "GB"] <= {2000, 0}
    assert 2000 in found["basketline-uk", "GB"]
    assert found["basketline-fr", "FR"] == {2000, 550}
    assert found["basketline-pro", "DE"] == {1900, 700}
    pro = of(view.orders, COMMERCETOOLS)
    assert (pro["total"] == pro["subtotal"] + pro["shipping"] + pro["tax"]).all()
    assert np.all(pro["tax"] >= 0)
