"""The ledger of the simulated shop: reproducible, complete, and blind to the future."""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import sandbox
from sandbox.world.generate import generate
from sandbox.world.schema import DTYPES, TABLES

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture(scope="module")
def view(ledger):
    return ledger.as_of(NOW)


def test_the_same_seed_gives_the_same_ledger(ledger):
    again = generate("tests", 1).tables()
    for name, frame in ledger.tables().items():
        assert_frame_equal(frame, again[name])


def test_another_seed_gives_another_ledger(ledger):
    assert not ledger.orders["total"].equals(generate("tests", 2).orders["total"])


def test_every_table_has_the_columns_and_kinds_of_its_schema(ledger):
    for name, frame in ledger.tables().items():
        assert list(frame.columns) == TABLES[name].names
        for column in TABLES[name].columns:
            if column.kind != "cat":
                assert str(frame[column.name].dtype) == DTYPES[column.kind], (name, column.name)


def test_nothing_is_visible_after_now(view):
    for name, frame in view.tables().items():
        table = TABLES[name]
        for column in (table.visible_at, *table.later, "updated_at"):
            if column in frame:
                assert not (frame[column] > NOW).any(), (name, column)


def test_no_row_shows_before_its_parent(view):
    parents = {
        "order_id": view.orders["order_id"],
        "customer_id": view.customers["customer_id"],
        "refund_id": view.refunds["refund_id"],
        "variant_id": view.variants["variant_id"],
        "line_id": view.order_lines["line_id"],
        "checkout_id": view.checkouts["checkout_id"],
        "fulfillment_id": view.fulfillments["fulfillment_id"],
    }
    for name, frame in view.tables().items():
        for column in set(frame) & set(parents):
            children = frame[column].dropna()
            assert children.isin(parents[column]).all(), (name, column)


def test_advancing_the_clock_changes_no_entry_of_the_past(ledger, view):
    later = ledger.as_of(NOW + pd.Timedelta(days=20))
    states = {"updated_at", "price", "compare_at_price", "unit_cost"}
    for name, frame in view.tables().items():
        table = TABLES[name]
        fixed = [
            column.name
            for column in table.columns
            if "as_of" not in column.doc
            and column.name not in {*table.later, *states}
            and not (name == "orders" and column.name in {"tags", "cancel_reason"})
        ]
        then = getattr(later, name)
        if table.visible_at:
            then = then[then[table.visible_at] <= NOW].reset_index(drop=True)
        assert_frame_equal(then[fixed], frame[fixed])


@pytest.mark.parametrize(
    "entity", ["order", "variant", "checkout", "gift_card", "discount", "subscription"]
)
def test_states_move_only_with_updated_at(entity, ledger, view):
    table = {"discount": "discount_codes"}.get(entity, f"{entity}s")
    later = getattr(ledger.as_of(NOW + pd.Timedelta(days=20)), table).set_index(f"{entity}_id")
    before = getattr(view, table).set_index(f"{entity}_id")
    after = later.loc[before.index]
    same = after["updated_at"] == before["updated_at"]
    visible = before.columns.difference(["deleted_at"])  # a deletion leaves no trace
    assert_frame_equal(after.loc[same, visible], before.loc[same, visible])
    assert (~same).any()


@pytest.mark.pitfall(1)
def test_lines_less_discounts_plus_tax_and_shipping_are_the_total(view):
    entries = view.sales_entries[view.sales_entries["reason"] == "ORDER"]
    gross = entries["total"] - entries["tax"] + entries["discount"]
    sums = entries.assign(gross=gross).groupby("order_id")[["gross", "discount", "tax"]].sum()
    total = sums["gross"] - sums["discount"] + sums["tax"]
    assert (total == view.orders.set_index("order_id")["total"].loc[total.index]).all()
    assert (view.order_lines["quantity"] > 1).mean() > 0.2


@pytest.mark.pitfall(7)
def test_the_tax_is_inside_the_price_of_the_vat_shop_and_on_top_in_the_other(view):
    orders, lines = view.orders, view.order_lines
    goods = orders["subtotal"] + orders["shipping"] + orders["tip"]
    added = np.where(orders["taxes_included"], 0, orders["tax"])
    assert (goods + added == orders["total"]).all()
    lines = lines.merge(orders[["order_id", "taxes_included"]])
    net = lines["unit_price"] * lines["quantity"] - lines["discount"]
    rate = lines["tax_rate_bp"]
    exact = net * rate / (10_000 + np.where(lines["taxes_included"], rate, 0))
    assert ((lines["tax"] - exact).abs() <= 0.5).all()


@pytest.mark.pitfall(9)
def test_discount_allocations_add_up_to_the_line(view):
    allocated = (
        view.discount_allocations.dropna(subset="line_id").groupby("line_id")["amount"].sum()
    )
    lines = view.order_lines.set_index("line_id")
    assert (allocated.reindex(lines.index).fillna(0) == lines["discount"]).all()
    assert (lines["discount"] <= lines["unit_price"] * lines["quantity"]).all()
    stacked = view.discount_allocations.groupby("line_id")["kind"].nunique()
    assert (stacked == 3).any()


def test_units_never_go_below_zero(view):
    assert (view.order_lines["current_quantity"] >= 0).all()


@pytest.mark.pitfall(3)
def test_refunds_are_the_sum_of_their_parts(view):
    included = view.orders.set_index("order_id")["taxes_included"]
    paid = view.refunds.set_index("refund_id")
    lines = view.refund_lines.assign(
        money=view.refund_lines["subtotal"]
        + np.where(included.loc[view.refund_lines["order_id"]], 0, view.refund_lines["tax"])
    )
    goods = lines.groupby("refund_id")["money"].sum().reindex(paid.index).fillna(0)
    entries = view.sales_entries.dropna(subset="refund_id")
    ledger_money = -entries.groupby("refund_id")["total"].sum().reindex(paid.index).fillna(0)
    balance = ~paid.index.isin(entries["refund_id"])
    unpaid = paid["total"] == 0
    assert (ledger_money == paid["total"])[~balance & ~unpaid].all()
    returned = (
        -entries[entries["line_type"].isin(["PRODUCT", "GIFT_CARD"])]
        .groupby("refund_id")["total"]
        .sum()
        .reindex(paid.index)
        .fillna(0)
    )
    assert (goods == returned).all()


def test_transactions_pay_what_is_owed_and_pay_back_what_is_refunded(view):
    refunds = view.refunds.groupby("order_id")["total"].sum()
    orders = view.orders.set_index("order_id")
    assert (refunds.reindex(orders.index).fillna(0) == orders["refunded"]).all()
    assert (orders["refunded"] <= orders["received"]).all()
    paid = orders["financial_status"] == "PAID"
    assert (orders["received"] >= orders["current_total"])[paid].all()
    assert {"PAID", "REFUNDED", "PARTIALLY_REFUNDED", "VOIDED", "PENDING"} <= set(
        orders["financial_status"]
    )


def test_every_nasty_case_is_there(view):
    orders, entries = view.orders, view.sales_entries
    movements = set(entries["movement_type"])
    assert movements == {"order", "edit", "return", "cancellation", "adjustment"}
    assert {"PRODUCT", "GIFT_CARD", "SHIPPING", "TIP", "FEE", "ADJUSTMENT"} == set(
        entries["line_type"]
    )
    assert orders["is_test"].any()
    assert orders["deleted_at"].notna().any()
    assert (orders["is_guest"] & (orders["email"] != "")).any()
    assert (orders["email"] == "").any()
    assert (orders["presentment_currency"] != orders["currency"]).any()
    assert (orders["created_at"] > orders["processed_at"]).any()
    assert orders["tagged_at"].notna().any()
    assert ((orders["subtotal"] == 0) & (orders["discounts"] > 0)).any()
    gift_only = view.order_lines.groupby("order_id")["is_gift_card"].all()
    assert gift_only.any()
    assert (view.fulfillments["number"] == 2).any()
    assert {"SALE", "AUTHORIZATION", "CAPTURE", "REFUND", "VOID"} == set(view.transactions["kind"])
    assert "FAILURE" in set(view.transactions["status"])
    assert "gift_card" in set(view.transactions["gateway"])
    assert view.checkouts["abandoned_at"].notna().any()
    recovered = view.checkouts["abandoned_at"].notna() & view.checkouts["completed_at"].notna()
    assert recovered.any()


def test_one_person_in_both_shops_has_two_spellings(view):
    both = view.customers.groupby("person_id").filter(lambda own: len(own) == 2)
    emails = both.groupby("person_id")["email"].agg(list)
    assert len(emails) > 0
    assert all(a != b and a.strip().lower() == b.strip().lower() for a, b in emails)


def test_ad_reports_restate_but_converge(ledger):
    days = pd.date_range("2026-05-04", "2026-05-10")
    spends = []
    for later in (1, 2, 5, 30):
        known = ledger.as_of(days[-1].tz_localize("UTC") + pd.Timedelta(days=later, hours=10))
        spends.append(known.ad_entries.loc[known.ad_entries["ad_date"].isin(days), "spend"].sum())
    assert spends[0] != spends[2] == spends[3] > 0


def test_web_events_fit_their_visits(view):
    events = view.web_events.merge(view.visits[["visit_id", "started_at"]], on="visit_id")
    assert (events["happened_at"].dt.floor("s") >= events["started_at"]).all()
    assert len(events) == len(view.web_events)
    purchases = view.web_events[view.web_events["event_name"] == "purchase"]
    assert purchases["is_repeat"].any()
    assert purchases["order_id"].notna().all()


def test_the_sandbox_imports_nothing_of_the_product():
    banned = {"ingestion", "ml", "orchestration", "dbt", "dagster", "dlt"}
    for path in Path(sandbox.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not {name.split(".")[0] for name in names} & banned, path
