"""Margins of the world: they add up, and its contracts are the demo's rules."""

import csv
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from sandbox.world.contracts import ANY, CARRIAGE, PAYMENTS, PICKING, START
from sandbox.world.generate import generate
from sandbox.world.truth import truth

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
RULES = Path(__file__).parents[2] / "dbt_project/seeds/orders/cost_rules.csv"
UNITS = {"basis_points": "percent_rate", "fixed": "order_amount", "line": "line_amount",
         "kilogram": "kg_amount"}  # fmt: skip


@pytest.fixture(scope="module")
def view():
    return generate("tests", 1).as_of(NOW)


@pytest.fixture(scope="module")
def tables(view):
    return truth(view, NOW)


def summed(column):
    return sum(map(Decimal, column), Decimal(0))


def test_the_contracts_are_the_rules_of_the_demo(view):
    told = {
        **{(shop, "payment_fee", gateway, START): charge
           for shop, gateways in PAYMENTS.items() for gateway, charge in gateways.items()},
        **{(shop, "fulfillment", ANY, START): charge for shop, charge in PICKING.items()},
        **{(shop, "shipping", ANY, day): charge
           for shop, days in CARRIAGE.items() for day, charge in days.items()},
    }  # fmt: skip
    currency = view.stores.set_index("shop")["currency"]
    with RULES.open() as file:
        rules = {}
        for row in csv.DictReader(file):
            key = (row["store_account_id"], row["cost_type"], row["gateway"])
            amounts = {unit: Decimal(row[column]) for unit, column in UNITS.items()}
            rules[*key, date.fromisoformat(row["valid_from"])] = amounts
            assert row["currency_code"] == currency[row["store_account_id"]]
    scale = {"basis_points": 100, "fixed": 10_000, "line": 10_000, "kilogram": 10_000}
    assert rules == {
        key: {unit: Decimal(value) / scale[unit] for unit, value in asdict(charge).items()}
        for key, charge in told.items()
    }


def test_the_net_of_margins_is_that_of_sales(tables):
    days, sales = tables["margins_daily"], tables["sales_daily"]
    assert summed(days["net_eur"]) == summed(sales["net_eur"])
    whole = days["uncosted"] == 0
    assert whole.any()
    assert not whole.all()
    assert (days.loc[whole, "net_eur"] == days.loc[whole, "costed_net_eur"]).all()


def test_a_margin_is_what_the_units_leave(view, tables):
    """Plain arithmetic over one shop whose money is the euro."""
    moves = tables["movements"]
    orders = tables["orders"].query("counts_in_sales and shop == 'basketline-fr'")
    cost = view.order_lines.set_index("line_id")["unit_cost"]
    own = moves[moves["order_id"].isin(orders["order_id"])]
    own = own.assign(unit_cost=own["line_id"].map(cost).to_numpy())
    goods = own[(own["line_type"] == "PRODUCT") & own["unit_cost"].notna()]
    left = goods["net"].sum() - (goods["quantity"] * goods["unit_cost"]).sum()
    rest = own[own["line_type"] != "PRODUCT"]["net"].sum()
    days = tables["margins_daily"].query("shop == 'basketline-fr'")
    assert summed(days["margin_eur"]) == Decimal(int(left + rest)) / 100


def test_an_order_by_hand(view, tables):
    """One parcel of the French shop: what Stripe, the packer and the carrier take of its day."""
    days = tables["contributions_daily"].set_index(["shop", "date"])
    orders = tables["orders"].query("counts_in_sales and shop == 'basketline-fr'")
    alone = orders[~orders["order_date"].duplicated(keep=False) & orders["cancelled_at"].isna()]
    paid = view.transactions.query("status == 'SUCCESS' and kind == 'SALE' and gateway == 'stripe'")
    order = alone[alone["order_id"].isin(paid["order_id"])].iloc[0]
    amount = Decimal(int(paid.set_index("order_id")["amount"][order["order_id"]])) / 100
    lines = view.order_lines.query("order_id == @order.order_id")
    grams = lines["variant_id"].map(view.variants.set_index("variant_id")["weight_grams"])
    kilograms = Decimal(int((grams * lines["quantity"]).sum())) / 1000
    found = days.loc[("basketline-fr", order["order_date"])]
    cent = Decimal("0.0001")
    assert Decimal(found["fees_eur"]) == (amount * Decimal("0.015")).quantize(cent) + Decimal(
        "0.25"
    )
    assert Decimal(found["picking_eur"]) == Decimal("2.20") + Decimal("0.35") * len(lines)
    assert Decimal(found["carriage_eur"]) == Decimal("4.10") + Decimal("0.50") * kilograms


def test_every_order_costs_something_to_send_but_at_a_counter(tables):
    days = tables["contributions_daily"]
    assert (days.query("shop == 'basketline-till'")["carriage_eur"] == "0.0000").all()
    assert summed(days["carriage_eur"]) > 0
    assert summed(days["picking_eur"]) > 0
    assert summed(days["fees_eur"]) > 0
