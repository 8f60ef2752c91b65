"""The truth: sums over the visible ledger, for tests to hold the warehouse against.

Definitions (METRICS.md's, spelled out):

- An order's **day** is the local date of ``processed_at`` in its shop's zone; a movement's that of
  ``happened_at``.
- **In sales** count all orders but test and deleted ones, and those that their platform's own
  analytics leave out: WooCommerce's pending, failed and never paid cancelled ones, commercetools'
  with a failed payment, what the till voids. A **purchase** also is not cancelled, not voided,
  and not of gift cards only.
- **Gross** and **discounts** are booked by orders, edits and cancellations (an edit that takes
  units away books negative ones, a cancellation the negative of what is still open: it leaves no
  discount behind); **returns** by returns and adjustments, as positive amounts. All without tax;
  shipping, tips, gift cards and fees apart. Net = gross - discounts - returns.
- **EUR** amounts: every entry's gross, discounts, returns, tax, shipping ... times the rate of its
  own day (the last one of the 7 days before, if it has none). The rate of USD is 1 / reference,
  rounded half up to 8 digits; the product is rounded half away from zero to 4 digits. Net in EUR
  is the difference of its converted parts.
- Goods brought back to the till **without a receipt** are returns of their day; no order gets them:
  their ``order_id`` is -1 here.
- A **person** is told by e-mail (trimmed, lower case) or account; an order with neither is a
  person of its own.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world import truth_advocacy, truth_care, truth_email, truth_margins, truth_people
from sandbox.world.drawing import divide_half_up
from sandbox.world.ledger import Ledger
from sandbox.world.shops import (
    COMMERCETOOLS,
    PLATFORMS,
    SHOPS,
    SQL_ORDERS,
    WOOCOMMERCE,
    handles_of,
)
from sandbox.world.truth_ads import ad_daily
from sandbox.world.truth_goods import inventory_daily
from sandbox.world.truth_parts import decimal_text, euro_rates, store_dates
from sandbox.world.truth_subscriptions import subscription_periods, subscriptions_daily
from sandbox.world.truth_web import session_steps, sessions, sessions_daily, web_events_daily

PARTS = ("gross", "discounts", "returns", "tax", "shipping", "tips", "gift_cards", "fees")
"""Amounts of a movement that are converted one by one."""
NO_ORDER = -1
"""The order of a return without a receipt."""

Frames = dict[str, pd.DataFrame]


def truth(view: Ledger, now: pd.Timestamp) -> Frames:
    """Every truth table as of the clock.

    Args:
        view: The ledger as of ``now``.
        now: The clock.

    Returns:
        Frames by name; amounts are int64 cents of the shop's currency, or of EUR x 10^4 where the
        column ends in ``_eur_e4``, or decimal text where it ends in ``_eur``.
    """
    moves = movements(view)
    orders = orders_truth(view, moves)
    visits = sessions(view)
    as_of = now.tz_localize(None).normalize() - pd.Timedelta(days=1)
    return {
        "orders": orders,
        "movements": moves,
        "sales_daily": sales_daily(orders, moves),
        **truth_margins.frames(view, orders, moves, NO_ORDER),
        "customers": customers(orders),
        "rfm_inputs": rfm_inputs(orders, moves, as_of),
        "refunds_daily": refunds_daily(view, orders),
        "payments_daily": payments_daily(view, orders),
        "checkouts": checkouts(view),
        "carts": carts(view),
        "sessions": visits,
        "session_steps": session_steps(view, visits),
        "sessions_daily": sessions_daily(visits),
        "web_events_daily": web_events_daily(view),
        "inventory_daily": inventory_daily(view),
        "subscription_periods": subscription_periods(view),
        "subscriptions_daily": subscriptions_daily(view, now),
        "ad_daily": ad_daily(view),
        "email_messages": truth_email.email_messages(view),
        "email_daily": truth_email.email_daily(view),
        "email_consents_daily": truth_email.email_consents_daily(view),
        **truth_advocacy.frames(view),
        "tickets": truth_care.tickets(view),
        "tickets_daily": truth_care.tickets_daily(view),
        **truth_people.frames(view, visits),
        "stores": view.stores[["shop", "platform", "currency", "timezone"]],
        "people": view.people,
    }


def movements(view: Ledger) -> pd.DataFrame:
    """One row per sales entry: its day, its signed parts in cents and in EUR x 10^4."""
    e = view.sales_entries
    goods = e["line_type"] == "PRODUCT"
    sold = e["movement_type"].isin(["order", "edit", "cancellation"])
    before_tax = e["total"] - e["tax"]
    adjusts = e["line_type"] == "ADJUSTMENT"
    parts = {
        "gross": np.where(goods & sold, before_tax + e["discount"], 0),
        "discounts": np.where(goods & sold, e["discount"], 0),
        "returns": np.where((goods & ~sold) | adjusts, -before_tax, 0),
        "tax": e["tax"].to_numpy(),
        "shipping": np.where(e["line_type"] == "SHIPPING", before_tax, 0),
        "tips": np.where(e["line_type"] == "TIP", before_tax, 0),
        "gift_cards": np.where(e["line_type"] == "GIFT_CARD", before_tax, 0),
        "fees": np.where(e["line_type"] == "FEE", before_tax, 0),
    }
    columns = ["entry_id", "shop", "order_id", "line_id", "refund_id", "movement_type", "line_type",
               "happened_at", "quantity"]  # fmt: skip
    frame = e[columns].assign(movement_date=store_dates(view, e["shop"], e["happened_at"]), **parts)
    frame = frame.assign(net=_net(frame))
    rate = euro_rates(view, _currencies(view, frame), frame["movement_date"])
    euros = {
        f"{part}_eur_e4": divide_half_up(frame[part].to_numpy() * rate, 10**6) for part in PARTS
    }
    frame = frame.assign(**euros)
    without = view.refunds.loc[~view.refunds["has_receipt"], "refund_id"]
    order_id = frame["order_id"].where(~frame["refund_id"].isin(without), NO_ORDER)
    return frame.assign(net_eur_e4=_net(frame, "_eur_e4"), order_id=order_id)


def _net(frame: pd.DataFrame, suffix: str = "") -> pd.Series:
    return frame[f"gross{suffix}"] - frame[f"discounts{suffix}"] - frame[f"returns{suffix}"]


def _currencies(view: Ledger, frame: pd.DataFrame) -> pd.Series:
    return frame["shop"].map(view.stores.set_index("shop")["currency"])


def orders_truth(view: Ledger, moves: pd.DataFrame) -> pd.DataFrame:
    """One row per visible order: amounts as placed, net to date, and what it counts as."""
    o = view.orders
    placed = moves[moves["movement_type"] == "order"].groupby("order_id")[list(PARTS)].sum()
    to_date = moves.groupby("order_id")[["returns", "net", "net_eur_e4"]].sum()
    gift_only = view.order_lines.groupby("order_id")["is_gift_card"].all()
    in_sales = ~o["is_test"] & o["deleted_at"].isna() & ~_left_out(o)
    alive = o["cancelled_at"].isna() & (o["financial_status"] != "VOIDED")
    only_cards = gift_only.reindex(o["order_id"]).to_numpy()
    frame = pd.DataFrame(
        {
            "shop": o["shop"],
            "order_id": o["order_id"],
            "order_date": store_dates(view, o["shop"], o["processed_at"]),
            "placed_at": o["processed_at"],
            "currency": o["currency"],
            "person_id": o["person_id"],
            "identity": _identity(o),
            "total": o["total"],
            "refunded": o["refunded"],
            "counts_in_sales": in_sales,
            "counts_as_purchase": in_sales & alive & ~only_cards,
            "is_test": o["is_test"],
            "is_deleted": o["deleted_at"].notna(),
            "cancelled_at": o["cancelled_at"],
        }
    )
    amounts = placed.reindex(o["order_id"]).drop(columns="returns").reset_index(drop=True)
    later = to_date.reindex(o["order_id"]).reset_index(drop=True)
    later.columns = ["returns_to_date", "net_to_date", "net_to_date_eur_e4"]
    return pd.concat([frame, amounts, later], axis=1)


def _left_out(orders: pd.DataFrame) -> pd.Series:
    """Orders that their platform's own analytics do not count."""
    on = {platform: orders["shop"].isin(handles_of(platform)) for platform in PLATFORMS}
    unpaid = (orders["status"] == "cancelled") & (orders["received"] == 0) & (orders["total"] > 0)
    return (
        (on[WOOCOMMERCE] & (orders["status"].isin(["pending", "failed"]) | unpaid))
        | (on[COMMERCETOOLS] & (orders["financial_status"] == "FAILED"))
        | (on[SQL_ORDERS] & (orders["status"] == "voided"))
    )


def _identity(orders: pd.DataFrame) -> pd.Series:
    """Text that is the same for all orders of a person that can be told."""
    number = orders["person_id"].where(orders["person_id"] > 0, orders["order_id"])
    kind = np.where(orders["person_id"] > 0, "person:", "order:")
    return kind + number.astype(str)


def sales_daily(orders: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """One row per shop and local date with an order or a movement that counts in sales."""
    counted = orders[orders["counts_in_sales"]]
    moves = moves[moves["order_id"].isin([*counted["order_id"], NO_ORDER])]
    amounts = [*PARTS, "net", *(f"{part}_eur_e4" for part in (*PARTS, "net"))]
    sums = moves.groupby(["shop", "movement_date"])[amounts].sum()
    placed = counted.groupby(["shop", "order_date"]).agg(
        orders=("order_id", "size"), purchases=("counts_as_purchase", "sum")
    )
    placed.index.names = sums.index.names
    days = placed.join(sums, how="outer").fillna(0).astype("int64").reset_index()
    days = days.rename(columns={"movement_date": "date"})
    extra = ("net", "shipping", "tax", "fees")
    days["total_sales"] = sum(days[part] for part in extra)
    days["total_sales_eur_e4"] = sum(days[f"{part}_eur_e4"] for part in extra)
    for column in [name for name in days if name.endswith("_e4")]:
        days[column.removesuffix("_e4")] = decimal_text(days.pop(column))
    return days


def customers(orders: pd.DataFrame) -> pd.DataFrame:
    """One row per person with a purchase: first one, purchase days, order-dated net to date."""
    bought = orders[orders["counts_as_purchase"]]
    net = orders[orders["counts_in_sales"]].groupby("identity")["net_to_date_eur_e4"].sum()
    frame = bought.sort_values(["placed_at", "order_id"]).groupby("identity").agg(
        person_id=("person_id", "first"),
        first_order_id=("order_id", "first"),
        first_shop=("shop", "first"),
        first_purchase_at=("placed_at", "first"),
        first_purchase_date=("order_date", "first"),
        last_purchase_date=("order_date", "max"),
        purchases=("order_id", "size"),
        purchase_days=("order_date", "nunique"),
        net_purchases_eur_e4=("net_to_date_eur_e4", "sum"),
    )  # fmt: skip
    frame["net_eur_e4"] = net.reindex(frame.index)
    for column in ("net_purchases", "net"):
        frame[f"{column}_eur"] = decimal_text(frame.pop(f"{column}_eur_e4"))
    return frame.reset_index()


def rfm_inputs(orders: pd.DataFrame, moves: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per person with a purchase up to ``as_of``: recency, frequency, monetary value.

    Monetary is order-dated net of all orders in sales up to ``as_of``, movements up to then.
    """
    until = orders[(orders["order_date"] <= as_of) & orders["counts_in_sales"]]
    known = moves[(moves["movement_date"] <= as_of) & moves["order_id"].isin(until["order_id"])]
    net = known.groupby("order_id")["net_eur_e4"].sum().reindex(until["order_id"]).fillna(0)
    monetary = net.groupby(until["identity"].to_numpy()).sum().astype("int64")
    bought = until[until["counts_as_purchase"]]
    frame = bought.groupby("identity").agg(
        person_id=("person_id", "first"),
        last_purchase_date=("order_date", "max"),
        purchase_days=("order_date", "nunique"),
    )
    frame["recency_days"] = (as_of - frame["last_purchase_date"]).dt.days
    frame["monetary_eur"] = decimal_text(monetary.reindex(frame.index))
    return frame.assign(as_of=as_of).reset_index()


def refunds_daily(view: Ledger, orders: pd.DataFrame) -> pd.DataFrame:
    """One row per shop and local date with a refund of an order that counts in sales."""
    refunds = _counted(view.refunds, orders)
    lines = view.refund_lines.groupby("refund_id")[["quantity", "subtotal", "tax"]].sum()
    adjustments = view.refund_adjustments.groupby("refund_id")["amount"].sum()
    shipping = view.refund_shipping_lines.groupby("refund_id")["amount"].sum()
    parts = lines.rename(columns={"subtotal": "line_subtotal", "tax": "line_tax"})
    parts = parts.reindex(refunds["refund_id"]).fillna(0).astype("int64").reset_index(drop=True)
    refunds = pd.concat([refunds.reset_index(drop=True), parts], axis=1).assign(
        adjustments=adjustments.reindex(refunds["refund_id"]).fillna(0).to_numpy(np.int64),
        shipping=shipping.reindex(refunds["refund_id"]).fillna(0).to_numpy(np.int64),
    )
    refunds["date"] = store_dates(view, refunds["shop"], refunds["processed_at"])
    return refunds.groupby(["shop", "date"], as_index=False).agg(
        refunds=("refund_id", "size"),
        refunded=("total", "sum"),
        units=("quantity", "sum"),
        line_subtotal=("line_subtotal", "sum"),
        line_tax=("line_tax", "sum"),
        shipping=("shipping", "sum"),
        adjustments=("adjustments", "sum"),
    )


def payments_daily(view: Ledger, orders: pd.DataFrame) -> pd.DataFrame:
    """One row per shop, local date and gateway with a successful payment or refund."""
    done = _counted(view.transactions, orders)
    done = done[(done["status"] == "SUCCESS") & done["kind"].isin(["SALE", "CAPTURE", "REFUND"])]
    back = done["kind"] == "REFUND"
    done = done.assign(
        date=store_dates(view, done["shop"], done["processed_at"]),
        received=done["amount"].where(~back, 0),
        refunded=done["amount"].where(back, 0),
        fee=done["fee"].fillna(0).astype("int64"),
    )
    return done.groupby(["shop", "date", "gateway"], as_index=False).agg(
        transactions=("transaction_id", "size"),
        received=("received", "sum"),
        refunded=("refunded", "sum"),
        fees=("fee", "sum"),
    )


def checkouts(view: Ledger) -> pd.DataFrame:
    """One row per checkout that a platform lists as abandoned, recovered or not."""
    shops = [shop.handle for shop in SHOPS if shop.platform.has_checkouts]
    listed = view.checkouts[view.checkouts["abandoned_at"].notna()]
    listed = listed[listed["shop"].isin(shops)]
    columns = ["shop", "checkout_id", "person_id", "created_at", "abandoned_at", "completed_at",
               "currency", "total"]  # fmt: skip
    recovered = listed["completed_at"].notna()
    return listed[columns].assign(
        order_id=listed["order_id"].where(recovered), is_recovered=recovered
    )


def carts(view: Ledger) -> pd.DataFrame:
    """One row per cart of commercetools that got as far as contact data, ordered or not."""
    rows = view.checkouts[view.checkouts["shop"].isin(handles_of(COMMERCETOOLS))]
    return rows[["shop", "checkout_id", "person_id", "created_at", "completed_at", "order_id"]]


def _counted(rows: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    counted = orders.loc[orders["counts_in_sales"], "order_id"]
    return rows[rows["order_id"].isin(counted)]
