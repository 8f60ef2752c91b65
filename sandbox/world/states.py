"""States that follow from the visible entries: what a platform shows beside its history."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.shops import COMMERCETOOLS, SHOPIFY, SQL_ORDERS, WOOCOMMERCE, handles_of

Frames = dict[str, pd.DataFrame]


def variant_states(variants: pd.DataFrame, versions: pd.DataFrame) -> pd.DataFrame:
    """Variants with the price and cost in force: their newest visible version."""
    newest = versions.sort_values("valid_from").drop_duplicates("variant_id", keep="last")
    columns = ["price", "compare_at_price", "unit_cost"]
    found = newest.set_index("variant_id").reindex(variants["variant_id"])[columns]
    return variants.assign(
        price=found["price"].to_numpy(np.int64),
        compare_at_price=found["compare_at_price"].array,
        unit_cost=found["unit_cost"].array,
    )


def line_states(lines: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Order lines with their current quantity: all sold units less those removed or returned."""
    units = entries[entries["line_id"].notna()].groupby("line_id")["quantity"].sum()
    current = units.reindex(lines["line_id"]).fillna(0).to_numpy(np.int64)
    return lines.assign(current_quantity=current)


def checkout_states(checkouts: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Checkouts with the order only once completed, the account only once it is open."""
    known = checkouts["customer_id"].isin(customers["customer_id"])
    return checkouts.assign(
        customer_id=checkouts["customer_id"].where(known),
        order_id=checkouts["order_id"].where(checkouts["completed_at"].notna()),
    )


def ad_states(ads: pd.DataFrame) -> pd.DataFrame:
    """Ads with their status: paused once their end has come."""
    times = ads[["created_at", "started_at", "ended_at"]]
    status = np.where(ads["ended_at"].notna(), "PAUSED", "ACTIVE")
    return ads.assign(status=pd.Series(status, dtype="str"), updated_at=times.max(axis=1))


def order_states(frames: Frames) -> pd.DataFrame:
    """Orders with current amounts, payments and statuses as of the visible entries.

    Args:
        frames: Tables already cut to the point in time.

    Returns:
        The orders; the columns marked ``as_of`` in the schema are recomputed.
    """
    orders = frames["orders"]
    late = orders["tagged_at"].notna() & (orders["late_tag"] != "")
    pairs = zip(orders["late_tag"], orders["tags"], strict=True)
    late &= np.array([tag not in tags for tag, tags in pairs], bool)
    parts = orders["tags"].where(orders["tags"] == "", orders["tags"] + ", ")
    orders = orders.assign(
        tags=orders["tags"].where(~late, parts + orders["late_tag"]),
        cancel_reason=orders["cancel_reason"].where(orders["cancelled_at"].notna(), ""),
        **_current_amounts(orders, frames["sales_entries"]),
        **_payments(orders, frames["transactions"]),
        fulfillment_status=_fulfillment_status(orders, frames),
    )
    orders = orders.assign(financial_status=_financial_status(orders, frames["transactions"]))
    return orders.assign(status=platform_status(orders, frames["transactions"]))


def updated_at(frame: pd.DataFrame, changes: pd.DataFrame, entity: str) -> pd.DataFrame:
    """The entity's rows with ``updated_at`` set to their latest visible change."""
    own = changes[changes["entity"] == entity]
    latest = own.groupby("entity_id")["changed_at"].max()
    found = latest.reindex(frame[f"{entity}_id"]).reset_index(drop=True)
    return frame.assign(updated_at=found.fillna(frame["created_at"]))


def _per_order(orders: pd.DataFrame, rows: pd.DataFrame, column: str) -> np.ndarray:
    """Sum of ``column`` over an order's rows, aligned with ``orders``; 0 where there is none."""
    sums = rows.groupby("order_id")[column].sum()
    return sums.reindex(orders["order_id"]).fillna(0).to_numpy(np.int64)


def _current_amounts(orders: pd.DataFrame, entries: pd.DataFrame) -> dict[str, np.ndarray]:
    kind = entries["line_type"]
    goods = entries[kind.isin(["PRODUCT", "GIFT_CARD"])]
    shipping = entries[kind == "SHIPPING"]
    included = orders["taxes_included"].to_numpy()
    goods_total = _per_order(orders, goods, "total")
    shipping_total = _per_order(orders, shipping, "total")
    goods_tax = _per_order(orders, goods, "tax")
    shipping_tax = _per_order(orders, shipping, "tax")
    return {
        "current_subtotal": goods_total - np.where(included, 0, goods_tax),
        "current_discounts": np.where(
            included,
            _per_order(orders, entries, "discount_with_tax"),
            _per_order(orders, entries, "discount"),
        ),
        "current_tax": goods_tax + shipping_tax,
        "current_shipping": shipping_total - np.where(included, 0, shipping_tax),
        "current_total": _per_order(orders, entries[kind != "ADJUSTMENT"], "total"),
    }


def _payments(orders: pd.DataFrame, transactions: pd.DataFrame) -> dict[str, np.ndarray]:
    done = transactions[transactions["status"] == "SUCCESS"]
    paid = done[done["kind"].isin(["SALE", "CAPTURE"])]
    back = done[done["kind"] == "REFUND"]
    return {
        "received": _per_order(orders, paid, "amount"),
        "refunded": _per_order(orders, back, "amount"),
    }


def _financial_status(orders: pd.DataFrame, transactions: pd.DataFrame) -> np.ndarray:
    done = transactions[transactions["status"] == "SUCCESS"]
    authorised = orders["order_id"].isin(done.loc[done["kind"] == "AUTHORIZATION", "order_id"])
    voided = orders["order_id"].isin(done.loc[done["kind"] == "VOID", "order_id"])
    unpaid_cancel = orders["cancelled_at"].notna() & (orders["received"] == 0)
    owed = orders["current_total"]
    failed = ~orders["shop"].isin(handles_of(SHOPIFY)) & _only_failed(orders, transactions)
    received, refunded = orders["received"], orders["refunded"]
    return np.select(
        [
            failed,
            voided | (unpaid_cancel & (orders["total"] > 0)),
            (refunded > 0) & (refunded >= received),
            refunded > 0,
            (received > 0) & (received < owed),
            received >= owed,
            authorised,
        ],
        [
            "FAILED",
            "VOIDED",
            "REFUNDED",
            "PARTIALLY_REFUNDED",
            "PARTIALLY_PAID",
            "PAID",
            "AUTHORIZED",
        ],
        default="PENDING",
    )


def _only_failed(orders: pd.DataFrame, transactions: pd.DataFrame) -> pd.Series:
    """Orders with a payment that failed and none that did not."""
    failed = transactions["status"] == "FAILURE"
    has_failure = orders["order_id"].isin(transactions.loc[failed, "order_id"])
    return has_failure & ~orders["order_id"].isin(transactions.loc[~failed, "order_id"])


def platform_status(orders: pd.DataFrame, transactions: pd.DataFrame) -> pd.Series:
    """The order's state in its platform's own words; empty on Shopify, which has none.

    Args:
        orders: With the other states.
        transactions: Cut to the same point in time.
    """
    promised = transactions.loc[transactions["status"] == "PENDING", "order_id"]
    cancelled = orders["cancelled_at"].notna()
    sent = orders["fulfillment_status"]
    paid = orders["received"] >= orders["total"]
    woocommerce = np.select(
        [
            orders["deleted_at"].notna(),
            cancelled,
            (orders["refunded"] > 0) & (orders["refunded"] >= orders["received"]),
            paid & (sent == "FULFILLED"),
            paid,
            orders["financial_status"] == "FAILED",
            orders["order_id"].isin(promised),
        ],
        ["trash", "cancelled", "refunded", "completed", "processing", "failed", "on-hold"],
        default="pending",
    )
    commercetools = np.select(
        [cancelled, sent == "FULFILLED", sent == "PARTIALLY_FULFILLED"],
        ["Cancelled", "Complete", "Confirmed"],
        default="Open",
    )
    words = {
        WOOCOMMERCE: woocommerce,
        COMMERCETOOLS: commercetools,
        SQL_ORDERS: np.where(cancelled, "voided", "completed"),
    }
    on_platform = [orders["shop"].isin(handles_of(platform)) for platform in words]
    return pd.Series(np.select(on_platform, list(words.values()), ""), orders.index, dtype="str")


def _fulfillment_status(orders: pd.DataFrame, frames: Frames) -> np.ndarray:
    """By the units to send: those of goods, less what was taken off before sending."""
    lines, entries, back = frames["order_lines"], frames["sales_entries"], frames["refund_lines"]
    goods = _per_order(orders, lines[lines["requires_shipping"]], "quantity")
    edited = entries[(entries["reason"] == "ORDER_EDIT") & (entries["action_type"] == "RETURN")]
    stopped = back[back["restock_type"] == "CANCEL"]
    open_units = goods + _per_order(orders, edited, "quantity")
    open_units -= _per_order(orders, stopped, "quantity")
    sent = _per_order(orders, frames["fulfillment_lines"], "quantity")
    return np.select(
        [(sent > 0) & (sent >= open_units), sent > 0],
        ["FULFILLED", "PARTIALLY_FULFILLED"],
        default="UNFULFILLED",
    )
