"""Refunds: their lines, their shipping, and what they are off the goods by."""

from __future__ import annotations

import numpy as np

from sandbox.vendors.shopify.columns import (
    flag,
    gid,
    ints,
    lookup,
    moment,
    nothing,
    number,
    optional,
    text,
    texts,
    times,
    unsigned,
)
from sandbox.vendors.shopify.frames import NONE, Field, Frame, One, always, rows_of
from sandbox.vendors.shopify.store import Store


def refunds(store: Store) -> Frame:
    """Every refund, also those that belong to a cancellation."""
    table = store.table("refunds")
    ids = ints(table, "refund_id")
    when = moment(times(table, "processed_at"))
    children = {
        "refundLineItems": ("RefundLineItem", "refund_lines"),
        "orderAdjustments": ("OrderAdjustment", "refund_adjustments"),
        "refundShippingLines": ("RefundShippingLine", "refund_shipping_lines"),
        "transactions": ("OrderTransaction", "transactions"),
    }
    lists: dict[str, Field] = {
        name: store.many(frame, rows_of(store.ids(rows, "refund_id"), ids), len(table))
        for name, (frame, rows) in children.items()
    }
    return Frame(
        always("Refund"),
        ids,
        {
            "id": gid("Refund", ids),
            "legacyResourceId": unsigned(ids),
            "createdAt": when,
            "processedAt": when,
            "updatedAt": when,
            "note": optional(texts(table, "note")),
            "order": One(store.link("Order"), lookup(store.orders_of("refunds"))),
            "totalRefundedSet": store.bags("refunds").bag(ints(table, "total")),
            **lists,
            "duties": nothing(),
        },
    )


def refund_lines(store: Store) -> Frame:
    """Every refunded line."""
    table = store.table("refund_lines")
    ids = ints(table, "refund_line_id")
    line = store.rows("refund_lines", "line_id", "order_lines", "line_id")
    restocked = (table["restock_type"] != "NO_RESTOCK").to_numpy()
    place = np.where(restocked, 0, NONE)
    return Frame(
        always("RefundLineItem"),
        ids,
        {
            "id": gid("RefundLineItem", ids),
            "lineItem": One(store.link("LineItem"), lookup(line)),
            "location": One(store.link("Location"), lookup(place)),
            "quantity": number(ints(table, "quantity")),
            "restockType": text(texts(table, "restock_type")),
            "restocked": flag(restocked),
            **store.bags("refund_lines").bags(
                priceSet=store.ids("order_lines", "unit_price")[line],
                subtotalSet=ints(table, "subtotal"),
                totalTaxSet=ints(table, "tax"),
            ),
        },
    )


def refund_shipping_lines(store: Store) -> Frame:
    """Every shipping line of which money went back."""
    table = store.table("refund_shipping_lines")
    ids = ints(table, "refund_id")
    line = store.rows("refund_shipping_lines", "shipping_line_id", "shipping_lines",
                      "shipping_line_id")  # fmt: skip
    return Frame(
        always("RefundShippingLine"),
        ids,
        {
            "id": gid("RefundShippingLine", ids),
            "shippingLine": One(store.link("ShippingLine"), lookup(line)),
            **store.bags("refund_shipping_lines").bags(
                subtotalAmountSet=ints(table, "amount"), taxAmountSet=ints(table, "tax")
            ),
        },
    )


def adjustments(store: Store) -> Frame:
    """Every difference between the money and the goods of a refund."""
    table = store.table("refund_adjustments")
    ids = ints(table, "adjustment_id")
    return Frame(
        always("OrderAdjustment"),
        ids,
        {
            "id": gid("OrderAdjustment", ids),
            "reason": optional(texts(table, "reason")),
            **store.bags("refund_adjustments").bags(
                amountSet=ints(table, "amount"), taxAmountSet=ints(table, "tax")
            ),
        },
    )
