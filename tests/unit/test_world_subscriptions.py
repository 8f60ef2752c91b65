"""Subscriptions: what they charge is what the shop sells, and their state follows from events."""

import pandas as pd
import pytest

from sandbox.world.generate import generate
from sandbox.world.shops import SHOPIFY, handles_of
from sandbox.world.states_goods import STATUSES
from sandbox.world.truth import truth
from sandbox.world.truth_subscriptions import STARTS

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
DAYS = (NOW - pd.Timedelta(days=150), NOW, NOW + pd.Timedelta(days=45))


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture(scope="module")
def view(ledger):
    return ledger.as_of(NOW)


def test_every_state_and_every_change_is_there(ledger):
    view = ledger.as_of(DAYS[-1])
    assert set(view.subscriptions["shop"]) == set(handles_of(SHOPIFY))
    assert set(view.subscriptions["status"]) == {"ACTIVE", "PAUSED", "CANCELLED", "EXPIRED"}
    assert set(view.subscription_events["kind"]) == set(STATUSES)
    assert set(view.subscription_charges["status"]) == {"SUCCESS", "ERROR", "SKIPPED"}
    assert set(view.subscriptions["interval_days"]) == {30, 60}


@pytest.mark.parametrize("now", DAYS)
def test_charges_that_went_well_are_orders_of_the_customer(ledger, now):
    view = ledger.as_of(now)
    charges = view.subscription_charges
    paid = charges[charges["status"] == "SUCCESS"]
    assert (paid["order_id"].notna()).all()
    assert charges.loc[charges["status"] != "SUCCESS", "order_id"].isna().all()
    columns = ["order_id", "customer_id", "shop", "total", "created_at", "source_name"]
    found = paid.merge(view.orders[columns], on="order_id", suffixes=("", "_of_order"))
    assert len(found) == len(paid)
    assert (found["total"] == found["total_of_order"]).all()
    assert (found["processed_at"] == found["created_at"]).all()
    made = view.orders["source_name"] == "subscription_contract"
    assert set(found["order_id"]) == set(view.orders.loc[made, "order_id"])
    owner = view.subscriptions.set_index("subscription_id")["customer_id"]
    assert (found["subscription_id"].map(owner) == found["customer_id"]).all()
    lines = view.order_lines.set_index("order_id").loc[found["order_id"]].reset_index()
    own = view.subscriptions.set_index("subscription_id").loc[found["subscription_id"]]
    for column, of_line in (("variant_id",) * 2, ("quantity",) * 2, ("price", "unit_price")):
        assert (own[column].to_numpy() == lines[of_line].to_numpy()).all()


@pytest.mark.parametrize("now", DAYS)
def test_the_state_is_that_of_the_newest_event(ledger, now):
    view = ledger.as_of(now)
    newest = view.subscription_events.groupby("subscription_id")[["kind", "happened_at"]].last()
    own = view.subscriptions.set_index("subscription_id")
    newest = newest.loc[own.index]
    assert (own["status"] == newest["kind"].map(STATUSES)).all()
    cancelled = own["status"] == "CANCELLED"
    assert (own["cancelled_at"] == newest["happened_at"])[cancelled].all()
    assert own.loc[~cancelled, "cancelled_at"].isna().all()
    assert ((own["cancellation_reason"] != "") == cancelled).all()
    active = own["status"] == "ACTIVE"
    assert (own["next_charge_at"].notna() == active).all()
    assert (own["updated_at"] >= newest["happened_at"]).all()


def test_the_next_charge_is_the_one_that_comes(ledger, view):
    """Where nothing comes between, the charge that is planned now is the next one."""
    later = ledger.as_of(DAYS[-1])
    coming = later.subscription_charges
    coming = coming[coming["processed_at"] > NOW].groupby("subscription_id")["scheduled_at"].min()
    own = view.subscriptions.set_index("subscription_id")
    planned = own.loc[own["status"] == "ACTIVE", "next_charge_at"]
    both = planned.index.intersection(coming.index)
    assert len(both) > 5
    assert (planned[both] == coming[both]).all()


def test_nothing_is_charged_while_it_is_not_active(ledger):
    periods = truth(ledger.as_of(DAYS[-1]), DAYS[-1])["subscription_periods"]
    charges = ledger.as_of(DAYS[-1]).subscription_charges
    pairs = charges.merge(periods, on="subscription_id")
    until = pairs["active_until"].fillna(DAYS[-1])
    inside = pairs["processed_at"].between(pairs["active_from"], until)
    assert set(pairs.loc[inside, "charge_id"]) == set(charges["charge_id"])


def test_the_days_of_the_truth_add_up(view):
    days = truth(view, NOW)["subscriptions_daily"]
    newest = days.groupby("shop").last()["active"]
    events = view.subscription_events[
        view.subscription_events["happened_at"] < NOW.normalize() - pd.Timedelta(hours=2)
    ]
    state = events.groupby("subscription_id").last()
    expected = state[state["kind"].isin(STARTS)].groupby("shop").size()
    assert newest.to_dict() == expected.to_dict()
    assert (days["kept"] <= days["base"]).all()
    assert (days["kept"] <= days["active"]).all()
    assert days["base"].max() > 0


def test_worlds_of_exact_purchases_have_none():
    assert generate("models_small", 1).subscriptions.empty
