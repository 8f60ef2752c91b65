"""The truth of margins: what the shops earn on a day, and what is left of a day's orders.

- The **cost of goods** of a sale is units x the cost in force when the order was placed; goods that
  come back give theirs back, restocked or not. What comes back to the till without a receipt gives
  back the cost in force then. Where the shop has entered no cost, the margin is not known.
- **Fees**: Shopify's own payments tell theirs; the others, but gift cards, cost what the contract
  with the gateway says.
- **Picking and packing** is what the fulfilment house bills Shopify's shops, else by contract;
  **carriage** by contract and weight. Neither for orders without goods, those sold at a counter,
  and those cancelled before they left.
- Each is converted at its own day: movements, payments, the bill's; contracts at the order's.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.contracts import ANY, CARRIAGE, PAYMENTS, PICKING, Charge
from sandbox.world.drawing import Bools, Ints, divide_half_up
from sandbox.world.ledger import Ledger
from sandbox.world.shops import SHOPIFY, SQL_ORDERS, handles_of
from sandbox.world.truth_parts import decimal_text, euro_rates, store_dates

CENTS = 100
"""Units of 10^-4 in a cent."""
E4, E8 = 10**4, 10**8

Frames = dict[str, pd.DataFrame]


def frames(view: Ledger, orders: pd.DataFrame, moves: pd.DataFrame, no_order: int) -> Frames:
    """The tables margins_daily, movement_costs, contributions and contributions_daily.

    Args:
        view: The ledger.
        orders: The truth of orders.
        moves: The truth of movements.
        no_order: The order of movements that have none.
    """
    counted = orders[orders["counts_in_sales"]].reset_index(drop=True)
    moves = moves[moves["order_id"].isin([*counted["order_id"], no_order])].reset_index(drop=True)
    costed = moves.assign(**_costs(view, moves))
    left = _contributions(view, counted, costed)
    return {
        "margins_daily": _margins_daily(costed),
        "movement_costs": costed[["entry_id", "cost_eur_e4", "is_costed"]],
        "contributions": left.drop(columns=["order_date", "net_eur_e4", "cost_eur_e4"]),
        "contributions_daily": _contributions_daily(left),
    }


def _costs(view: Ledger, moves: pd.DataFrame) -> dict[str, pd.Series]:
    """The cost of each movement's goods in EUR x 10^4, and whether it is known."""
    goods = (moves["line_type"] == "PRODUCT") & (moves["quantity"] != 0)
    lines = view.order_lines.set_index("line_id")
    line = moves["line_id"].fillna(-1).astype("int64")
    cost = line.map(lines["unit_cost"]).astype("Int64")
    without = view.refunds.loc[~view.refunds["has_receipt"], "refund_id"]
    blind = moves["refund_id"].isin(without)
    variant = line.map(lines["variant_id"]).astype("Int64")
    cost = cost.where(~blind, _cost_in_force(view, variant, moves["happened_at"]))
    rate = euro_rates(view, _currency(view, moves["shop"]), moves["movement_date"])
    cents = np.where(goods, cost.fillna(0) * moves["quantity"], 0).astype(np.int64)
    euros = divide_half_up(cents * CENTS * rate, E8)
    index = moves.index
    return {
        "cost_eur_e4": pd.Series(euros, index),
        "is_costed": pd.Series(~goods.to_numpy() | cost.notna().to_numpy(), index),
    }


def _cost_in_force(view: Ledger, variant: pd.Series, times: pd.Series) -> pd.Series:
    wanted = pd.DataFrame({"variant_id": variant.fillna(-1).astype("int64"), "at": times})
    versions = view.variant_versions.sort_values("valid_from")
    found = pd.merge_asof(
        wanted.sort_values("at"),
        versions[["variant_id", "valid_from", "unit_cost"]],
        left_on="at",
        right_on="valid_from",
        by="variant_id",
    )
    return found["unit_cost"].set_axis(wanted.sort_values("at").index).reindex(wanted.index)


def _currency(view: Ledger, shops: pd.Series) -> pd.Series:
    return shops.map(view.stores.set_index("shop")["currency"])


def _margins_daily(moves: pd.DataFrame) -> pd.DataFrame:
    """One row per shop and date: cost and gross margin, with what of net has a known cost."""
    known = moves["is_costed"]
    moves = moves.assign(
        costed_net_eur_e4=moves["net_eur_e4"].where(known, 0),
        uncosted=(~known).astype("int64"),
    )
    sums = ["net_eur_e4", "costed_net_eur_e4", "cost_eur_e4", "uncosted"]
    days = moves.groupby(["shop", "movement_date"], as_index=False)[sums].sum()
    days["margin_eur_e4"] = days["costed_net_eur_e4"] - days["cost_eur_e4"]
    return _as_text(days.rename(columns={"movement_date": "date"}))


def _contributions(view: Ledger, orders: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """One row per order: what it costs besides its goods, and what is left, 0 if not known."""
    booked = moves.assign(uncosted=(~moves["is_costed"]).astype("int64"))
    sums = ["net_eur_e4", "shipping_eur_e4", "cost_eur_e4", "uncosted"]
    booked = booked.groupby("order_id")[sums].sum()
    booked = booked.reindex(orders["order_id"]).fillna(0).astype("int64").reset_index(drop=True)
    sent = _sent(view, orders)
    costs = pd.DataFrame(
        {
            "fees_eur_e4": _fees(view, orders),
            "picking_eur_e4": _picking(view, orders, sent),
            "carriage_eur_e4": _carriage(view, orders, sent),
        }
    )
    rows = pd.concat([orders[["shop", "order_id", "order_date"]], booked, costs], axis=1)
    left = rows["net_eur_e4"] - rows["cost_eur_e4"] + rows["shipping_eur_e4"] - costs.sum(axis=1)
    known = rows["uncosted"] == 0
    return rows.assign(
        contribution_eur_e4=left.where(known, 0),
        fully_costed_net_eur_e4=rows["net_eur_e4"].where(known, 0),
    )


def _contributions_daily(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per shop and order date: what the orders of a day cost besides, and what is left."""
    kept = ["fees_eur_e4", "picking_eur_e4", "carriage_eur_e4", "contribution_eur_e4",
            "fully_costed_net_eur_e4", "uncosted"]  # fmt: skip
    days = rows.groupby(["shop", "order_date"], as_index=False)[kept].sum()
    return _as_text(days.rename(columns={"order_date": "date"}))


def _fees(view: Ledger, orders: pd.DataFrame) -> Ints:
    paid = view.transactions
    paid = paid[
        paid["order_id"].isin(orders["order_id"])
        & (paid["status"] == "SUCCESS")
        & paid["kind"].isin(["SALE", "CAPTURE"])
        & (paid["gateway"] != "gift_card")
    ].reset_index(drop=True)
    charges = [_payment_charge(*row) for row in zip(paid["shop"], paid["gateway"], strict=True)]
    points = np.array([charge.basis_points for charge in charges], np.int64)
    fixed = np.array([charge.fixed for charge in charges], np.int64)
    dates = store_dates(view, paid["shop"], paid["processed_at"])
    rate = euro_rates(view, _currency(view, paid["shop"]), dates)
    part = divide_half_up(paid["amount"].to_numpy() * CENTS * points, E4)
    by_contract = divide_half_up(part * rate, E8) + divide_half_up(fixed * rate, E8)
    told = paid["fee"].fillna(0).to_numpy(np.int64)
    fee = np.where(paid["fee"].notna(), divide_half_up(told * CENTS * rate, E8), by_contract)
    sums = pd.Series(fee, paid["order_id"].array).groupby(level=0).sum()
    return _by_order(sums, orders)


def _payment_charge(shop: str, gateway: str) -> Charge:
    charges = PAYMENTS[shop]
    return charges[gateway] if gateway in charges else charges[ANY]


def _sent(view: Ledger, orders: pd.DataFrame) -> pd.DataFrame:
    """One row per order that is sent, by its id: lines of goods, and weight in kg x 10^4."""
    lines = view.order_lines[~view.order_lines["is_gift_card"] & (view.order_lines["quantity"] > 0)]
    grams = lines["variant_id"].map(view.variants.set_index("variant_id")["weight_grams"])
    kilograms = grams * 10 * lines["quantity"]
    goods = pd.DataFrame({"order_id": lines["order_id"], "lines": 1, "kilograms": kilograms})
    goods = goods.groupby("order_id").sum()
    counters = view.orders.loc[
        (view.orders["source_name"] == "pos") | view.orders["shop"].isin(handles_of(SQL_ORDERS)),
        "order_id",
    ]
    left = orders["order_id"].isin(view.fulfillments["order_id"])
    goes = (orders["cancelled_at"].isna() | left) & ~orders["order_id"].isin(counters)
    return goods[goods.index.isin(orders.loc[goes, "order_id"])]


def _picking(view: Ledger, orders: pd.DataFrame, sent: pd.DataFrame) -> Ints:
    bills = view.order_costs[view.order_costs["shop"].isin(handles_of(SHOPIFY))]
    rate = euro_rates(view, bills["currency"], bills["cost_date"])
    billed = pd.Series(
        divide_half_up(bills["amount"].to_numpy() * CENTS * rate, E8), bills["order_id"].array
    )
    billed = billed.groupby(level=0).sum()
    lines = _by_order(sent["lines"], orders)
    charges = [PICKING[shop] for shop in orders["shop"]]
    fixed, line = np.array([(charge.fixed, charge.line) for charge in charges], np.int64).T
    by_contract = _charged(view, orders, fixed + line * lines, lines > 0)
    has_bill = orders["order_id"].isin(billed.index).to_numpy()
    return np.where(has_bill, _by_order(billed, orders), by_contract)


def _carriage(view: Ledger, orders: pd.DataFrame, sent: pd.DataFrame) -> Ints:
    weight = _by_order(sent["kilograms"], orders)
    pairs = zip(orders["shop"], orders["order_date"], strict=True)
    charges = [_carriage_charge(shop, day) for shop, day in pairs]
    fixed, kilo = np.array([(charge.fixed, charge.kilogram) for charge in charges], np.int64).T
    amount = fixed + divide_half_up(kilo * weight, E4)
    is_sent = orders["order_id"].isin(sent.index).to_numpy()
    return _charged(view, orders, amount, is_sent)


def _carriage_charge(shop: str, day: pd.Timestamp) -> Charge:
    begun = [start for start in CARRIAGE[shop] if start <= day.date()]
    return CARRIAGE[shop][max(begun)]


def _charged(view: Ledger, orders: pd.DataFrame, amount: Ints, applies: Bools) -> Ints:
    rate = euro_rates(view, orders["currency"], orders["order_date"])
    return np.where(applies, divide_half_up(amount * rate, E8), 0)


def _by_order(sums: pd.Series, orders: pd.DataFrame) -> Ints:
    """Each order's sum; 0 without any."""
    return sums.reindex(orders["order_id"]).fillna(0).to_numpy(np.int64)


def _as_text(days: pd.DataFrame) -> pd.DataFrame:
    for column in [name for name in days if name.endswith("_e4")]:
        days[column.removesuffix("_e4")] = decimal_text(days.pop(column))
    return days
