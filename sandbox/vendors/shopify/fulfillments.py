"""Parcels and what is in them."""

from __future__ import annotations

import numpy as np

from sandbox.vendors.shopify.columns import (
    flag,
    gid,
    ints,
    lookup,
    moment,
    number,
    optional,
    same,
    text,
    texts,
    times,
    unsigned,
)
from sandbox.vendors.shopify.frames import NONE, Frame, Many, One, Rows, always, children, rows_of
from sandbox.vendors.shopify.store import Store

_LINES_PER_PARCEL = 1_000


def parcels(store: Store) -> Frame:
    """Every parcel that was handed over."""
    table = store.table("fulfillments")
    ids, count = ints(table, "fulfillment_id"), len(table)
    order = store.orders_of("fulfillments")
    shipped, delivered = times(table, "shipped_at"), times(table, "delivered_at")
    arrived = ~np.isnat(delivered)
    owner = rows_of(store.ids("fulfillment_lines", "fulfillment_id"), ids)
    quantity = store.ids("fulfillment_lines", "quantity")
    units = np.bincount(owner[owner >= 0], quantity[owner >= 0], count).astype(np.int64)
    orders = texts(store.table("orders"), "name")
    names = [
        f"{orders[row]}-F{part}"
        for row, part in zip(order.tolist(), table["number"].tolist(), strict=True)
    ]
    return Frame(
        always("Fulfillment"),
        ids,
        {
            "id": gid("Fulfillment", ids),
            "legacyResourceId": unsigned(ids),
            "name": text(np.array(names, object)),
            "createdAt": moment(shipped),
            "inTransitAt": moment(shipped),
            "deliveredAt": moment(delivered),
            "updatedAt": moment(np.where(arrived, delivered, shipped)),
            "status": same("SUCCESS"),
            "displayStatus": text(np.where(arrived, "DELIVERED", "IN_TRANSIT").astype(object)),
            "requiresShipping": flag(np.ones(count, np.bool_)),
            "totalQuantity": number(units),
            "location": One(store.link("Location"), lookup(np.zeros(count, np.int64))),
            "order": One(store.link("Order"), lookup(order)),
            "trackingInfo": _tracking(store),
            "fulfillmentLineItems": store.many("FulfillmentLineItem", owner, count),
        },
    )


def parcel_lines(store: Store) -> Frame:
    """Every line of every parcel."""
    table = store.table("fulfillment_lines")
    line = store.rows("fulfillment_lines", "line_id", "order_lines", "line_id")
    lines = store.table("order_lines")
    quantity, price = ints(table, "quantity"), ints(lines, "unit_price")[line]
    share = ints(lines, "discount")[line] / np.maximum(ints(lines, "quantity")[line], 1)
    gross = quantity * price
    ids = _line_ids(store)
    return Frame(
        always("FulfillmentLineItem"),
        ids,
        {
            "id": gid("FulfillmentLineItem", ids),
            "lineItem": One(store.link("LineItem"), lookup(line)),
            "quantity": number(quantity),
            **store.bags("fulfillment_lines").bags(
                originalTotalSet=gross,
                discountedTotalSet=gross - np.rint(share * quantity).astype(np.int64),
            ),
        },
    )


def _tracking(store: Store) -> Many:
    table = store.table("fulfillments")
    numbers = texts(table, "tracking_number")
    info = Frame(
        always("FulfillmentTrackingInfo"),
        np.empty(0, np.int64),
        {
            "company": optional(texts(table, "carrier")),
            "number": optional(numbers),
            "url": same(None),
        },
    )
    owners = np.where(numbers != "", np.arange(len(table)), NONE)
    return Many(lambda: info, *children(owners, len(table)))


def _line_ids(store: Store) -> Rows:
    """Ids for rows that the ledger gives none: the parcel's, with the place in the parcel."""
    parcel = store.ids("fulfillment_lines", "fulfillment_id")
    place = store.table("fulfillment_lines").groupby("fulfillment_id").cumcount()
    return parcel * _LINES_PER_PARCEL + place.to_numpy(np.int64)
