"""Transactions and their fees."""

from __future__ import annotations

import numpy as np

from sandbox.vendors.shopify.columns import (
    decimal,
    flag,
    flags,
    gid,
    ints,
    lookup,
    moment,
    money,
    same,
    text,
    texts,
    times,
)
from sandbox.vendors.shopify.frames import NONE, Frame, One, always, rows_of
from sandbox.vendors.shopify.store import Store

_BY_HAND = {"bank_deposit"}


def transactions(store: Store) -> Frame:
    """Every payment, authorisation and refund of money."""
    table = store.table("transactions")
    ids, count = ints(table, "transaction_id"), len(table)
    gateway = texts(table, "gateway")
    shown = np.array([name.replace("_", " ").title() for name in gateway.tolist()], object)
    when = moment(times(table, "processed_at"))
    charged = np.where(ints(table, "fee") != NONE, np.arange(count), NONE)
    return Frame(
        always("OrderTransaction"),
        ids,
        {
            "id": gid("OrderTransaction", ids),
            "kind": text(texts(table, "kind")),
            "status": text(texts(table, "status")),
            "gateway": text(gateway),
            "formattedGateway": text(shown),
            "manualPaymentGateway": flag(np.isin(gateway, list(_BY_HAND))),
            "test": flag(flags(table, "is_test")),
            "createdAt": when,
            "processedAt": when,
            "amountSet": store.bags("transactions").bag(ints(table, "amount")),
            "order": One(store.link("Order"), lookup(store.orders_of("transactions"))),
            "parentTransaction": One(
                store.link("OrderTransaction"), lookup(rows_of(ints(table, "parent_id"), ids))
            ),
            "fees": store.many("TransactionFee", charged, count),
        },
    )


def fees(store: Store) -> Frame:
    """The fee of each transaction; rows without one are never shown."""
    table = store.table("transactions")
    ids = ints(table, "transaction_id")
    fee = np.maximum(ints(table, "fee"), 0)
    nothing = np.zeros(len(table), np.int64)
    percent = np.rint(10_000 * fee / np.maximum(ints(table, "amount"), 1)).astype(np.int64)
    return Frame(
        always("TransactionFee"),
        ids,
        {
            "id": gid("TransactionFee", ids),
            "type": same("processing_fee"),
            "rateName": same("standard"),
            "flatFeeName": same(None),
            "rate": decimal(percent),
            "amount": money(fee, store.currency),
            "flatFee": money(nothing, store.currency),
            "taxAmount": money(nothing, store.currency),
        },
    )
