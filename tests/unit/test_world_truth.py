"""The truth adds up: with the ledger, with itself, and with plain decimal arithmetic."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest

from sandbox.world.generate import generate
from sandbox.world.parameters import parameters
from sandbox.world.people import CATEGORY, PRICE, RETURN, VALUE
from sandbox.world.rates import rates_for
from sandbox.world.truth import NO_ORDER, PARTS, decimal_text, truth
from sandbox.world.truth_web import sessions

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")


@pytest.fixture(scope="module")
def view():
    return generate("tests", 1).as_of(NOW)


@pytest.fixture(scope="module")
def tables(view):
    return truth(view, NOW)


def counted(tables):
    orders = tables["orders"]
    ids = orders.loc[orders["counts_in_sales"], "order_id"]
    return tables["movements"][tables["movements"]["order_id"].isin([*ids, NO_ORDER])]


def test_orders_add_up_to_what_the_buyer_owes(tables):
    orders = tables["orders"]
    placed = orders["gross"] - orders["discounts"] + orders["tax"] + orders["shipping"]
    assert (placed + orders["tips"] + orders["gift_cards"] == orders["total"]).all()


def test_days_are_the_sum_of_movements(tables):
    days, moves = tables["sales_daily"], counted(tables)
    for part in (*PARTS, "net"):
        assert days[part].sum() == moves[part].sum()
        euros = sum(Decimal(text) for text in days[f"{part}_eur"])
        assert euros == Decimal(int(moves[f"{part}_eur_e4"].sum())) / 10_000
    assert (days["net"] == days["gross"] - days["discounts"] - days["returns"]).all()


def test_order_dated_and_movement_dated_net_are_the_same_in_total(tables):
    orders = tables["orders"]
    in_sales = orders[orders["counts_in_sales"]]
    moves = counted(tables)
    blind = moves[moves["order_id"] == NO_ORDER]
    net = in_sales["net_to_date"].sum() + blind["net"].sum()
    assert net == tables["sales_daily"]["net"].sum()
    euros = in_sales["net_to_date_eur_e4"].sum() + blind["net_eur_e4"].sum()
    assert euros == moves["net_eur_e4"].sum()


@pytest.mark.pitfall(2)
def test_returns_have_a_day_of_their_own(tables):
    days = tables["sales_daily"]
    assert ((days["orders"] == 0) & (days["returns"] > 0)).any()


@pytest.mark.pitfall(4)
def test_test_and_deleted_orders_are_no_sales_and_cancelled_ones_come_to_nothing(tables):
    orders = tables["orders"]
    assert not orders["counts_in_sales"][orders["is_test"] | orders["is_deleted"]].any()
    cancelled = orders[orders["cancelled_at"].notna()]
    assert len(cancelled) > 0
    assert (cancelled["net_to_date"] == 0).all()
    assert not cancelled["counts_as_purchase"].any()
    assert cancelled["counts_in_sales"].any()


@pytest.mark.pitfall(8)
def test_gift_cards_are_no_revenue_and_alone_no_purchase(tables):
    orders = tables["orders"]
    moves = tables["movements"]
    edited = orders["order_id"].isin(moves.loc[moves["movement_type"] == "edit", "order_id"])
    alone = (orders["gift_cards"] > 0) & (orders["gross"] == 0) & ~edited
    assert alone.any()
    assert not orders.loc[alone, "counts_as_purchase"].any()
    assert (orders.loc[alone, "net_to_date"] == 0).all()


@pytest.mark.pitfall(6)
def test_euros_are_those_of_the_movements_own_day_rounded_half_away_from_zero(view, tables):
    moves = tables["movements"]
    american = moves[moves["shop"] == "basketline-us"]
    per_euro = rates_for(view.fx, pd.DatetimeIndex(american["movement_date"]), "USD")
    for amount, rate, euros in zip(
        american["returns"] + american["gross"],
        per_euro,
        american["returns_eur_e4"] + american["gross_eur_e4"],
        strict=True,
    ):
        factor = (Decimal(10_000) / int(rate)).quantize(Decimal("1e-8"), ROUND_HALF_UP)
        exact = (Decimal(int(amount)) / 100 * factor).quantize(Decimal("1e-4"), ROUND_HALF_UP)
        assert Decimal(int(euros)) / 10_000 == exact
    european = moves[moves["shop"] == "basketline-eu"]
    assert (european["net_eur_e4"] == european["net"] * 100).all()


def test_rates_fall_back_seven_days_and_no_further():
    fx = pd.DataFrame(
        {"rate_date": pd.to_datetime(["2026-01-02"]).as_unit("us"), "currency": "USD", "rate_e4": 1}
    )
    days = pd.DatetimeIndex(["2026-01-01", "2026-01-02", "2026-01-09", "2026-01-10"]).as_unit("us")
    assert rates_for(fx, days, "USD").tolist() == [0, 1, 1, 0]


def test_decimal_text():
    texts = decimal_text(pd.Series([-12_345, 0, 7, 100_000])).tolist()
    assert texts == ["-1.2345", "0.0000", "0.0007", "10.0000"]


def test_customers_are_those_with_a_purchase(tables):
    orders, customers = tables["orders"], tables["customers"]
    bought = orders[orders["counts_as_purchase"]]
    assert set(customers["identity"]) == set(bought["identity"])
    assert customers["purchases"].sum() == len(bought)
    assert (customers["purchase_days"] <= customers["purchases"]).all()
    assert (customers["purchase_days"] < customers["purchases"]).any()
    total = sum(Decimal(text) for text in customers["net_eur"])
    in_sales = orders[orders["counts_in_sales"] & orders["identity"].isin(customers["identity"])]
    assert total == Decimal(int(in_sales["net_to_date_eur_e4"].sum())) / 10_000


def test_recency_counts_from_the_last_complete_day(tables):
    rfm = tables["rfm_inputs"]
    assert (rfm["as_of"] == pd.Timestamp("2026-06-29")).all()
    assert (rfm["recency_days"] >= 0).all()


def test_payments_and_refunds_agree_with_the_orders(tables):
    orders = tables["orders"]
    in_sales = orders[orders["counts_in_sales"]]
    assert tables["payments_daily"]["refunded"].sum() == in_sales["refunded"].sum()
    assert tables["refunds_daily"]["refunded"].sum() == in_sales["refunded"].sum()


def test_sessions_get_no_further_than_they_came(view, tables):
    own = sessions(view)
    keys = view.visits.set_index("visit_id").loc[own["visit_id"]]
    assert not keys.duplicated(["shop", "user_pseudo_id", "ga_session_id"]).any()
    assert own["is_engaged"][own["has_purchase"]].all()
    days = tables["sessions_daily"]
    assert days["sessions"].sum() == len(own)
    assert (days["with_purchase"] <= days["with_begin_checkout"]).all()
    assert (days["engaged"] < days["sessions"]).any()


@pytest.mark.pitfall(21)
def test_some_purchases_are_sent_twice_and_some_events_have_no_consent(tables):
    events = tables["web_events_daily"]
    assert events.loc[events["event_name"] == "purchase", "repeats"].sum() > 0
    assert events["without_consent"].sum() > 0


def test_ads_know_fewer_conversions_today_than_next_month():
    ledger = generate("tests", 1)
    day = NOW.tz_localize(None).normalize() - pd.Timedelta(days=20)
    counts = []
    for later in (0, 28):
        now = NOW + pd.Timedelta(days=later)
        known = truth(ledger.as_of(now), now)["ad_daily"]
        counts.append(known.loc[known["date"] >= day - pd.Timedelta(days=10), "conversions"].sum())
    assert counts[0] < counts[1]


@pytest.mark.parametrize("mixture", [VALUE, PRICE, CATEGORY, RETURN])
def test_planted_means_lie_two_and_a_half_deviations_apart(mixture):
    component, values = mixture.draw(np.random.default_rng(3), 60_000)
    means = [values[component == k].mean() for k in range(len(mixture.weights))]
    spreads = [values[component == k].std() for k in range(len(mixture.weights))]
    assert np.diff(means) / np.mean(spreads) == pytest.approx(2.5, abs=0.1)


def test_models_buy_as_their_parameters_say():
    """Dropout and first gaps of the even world are those of MBG/NBD."""
    view = generate("models_small", 1).as_of(NOW)
    known = parameters("models_small")["mbg_nbd"]
    people = view.people
    assert people["dropout"].mean() == pytest.approx(
        known["a"] / (known["a"] + known["b"]), abs=0.015
    )
    assert people["purchase_rate"].mean() == pytest.approx(known["r"] / known["alpha"], rel=0.06)
    orders = view.orders[(view.orders["person_id"] > 0) & view.orders["cancelled_at"].isna()]
    days = orders.groupby("person_id")["processed_at"].agg(lambda t: t.dt.date.nunique())
    early = people[people["acquired_at"] < NOW - pd.Timedelta(days=700)]
    left_at_once = early["dropped_at"] == early["acquired_at"]
    assert left_at_once.mean() == pytest.approx(early["dropout"].mean(), abs=0.03)
    assert days.reindex(early["person_id"][left_at_once]).median() == 1


def test_rows_of_the_truth_add_up_to_its_days(tables):
    sums = tables["sessions"].groupby(["shop", "date"], observed=True)["page_views"].agg("sum")
    days = tables["sessions_daily"].set_index(["shop", "date"])["page_views"]
    assert sums.to_dict() == days.to_dict()
    sent = tables["email_messages"].groupby(["shop", "date"])["clicks"].agg("sum")
    assert (
        sent.to_dict() == tables["email_daily"].groupby(["shop", "date"])["clicks"].sum().to_dict()
    )
    signed = tables["sign_ups"].groupby(["shop", "date"]).size()
    consents = tables["email_consents_daily"].set_index(["shop", "date"])["subscribed"]
    told = consents[consents > 0].to_dict()
    assert {cell: signed[cell] for cell in told} == told


def test_spend_in_euros_is_that_of_the_account_at_the_rate_of_the_day(view, tables):
    ads = tables["ad_daily"].merge(view.ad_accounts[["account_id", "currency", "shop"]])
    in_euros = ads[ads["currency"] == "EUR"]
    assert (in_euros["spend"] * 100 == in_euros["spend_eur_e4"]).all()
    rest = ads[ads["currency"] != "EUR"]
    assert (rest.loc[rest["spend"] > 0, "spend_eur_e4"] > 0).all()
    assert len(ads) == len(tables["ad_daily"])
    assert len(in_euros)
    assert len(rest)


def test_a_browser_gives_away_only_its_own_person(view, tables):
    known = tables["session_persons"]
    visits = view.visits.set_index("visit_id")
    assert (visits.loc[known["visit_id"], "person_id"].to_numpy() == known["person_id"]).all()
    assert (known["person_id"] > 0).all()
    assert len(known) < len(tables["sessions"])
