"""Gift cards: what they were worth and what is left on them."""

from __future__ import annotations

import numpy as np

from sandbox.vendors.shopify.columns import (
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
from sandbox.vendors.shopify.frames import NONE, Frame, Leaf, One, Rows, always
from sandbox.vendors.shopify.store import Store


def gift_cards(store: Store) -> Frame:
    """Every gift card, bought or given away."""
    table = store.table("gift_cards")
    ids = ints(table, "gift_card_id")
    ends = texts(table, "last_characters")
    return Frame(
        always("GiftCard"),
        ids,
        {
            "id": gid("GiftCard", ids),
            "lastCharacters": text(ends),
            "maskedCode": text(("•••• •••• •••• " + ends).astype(object)),
            "enabled": same(True),
            "note": Leaf(lambda rows: [None] * len(rows)),
            "initialValue": money(ints(table, "initial_value"), store.currency),
            "balance": money(ints(table, "balance"), store.currency),
            "expiresOn": _expiry(store),
            "createdAt": moment(times(table, "created_at")),
            "updatedAt": moment(times(table, "updated_at")),
            "deactivatedAt": moment(np.full(len(table), np.datetime64("NaT", "s"))),
            "customer": One(store.link("Customer"), lookup(_buyers(store))),
            "order": One(store.link("Order"), lookup(_order_rows(store))),
            "lineItem": One(
                store.link("LineItem"),
                lookup(store.rows("gift_cards", "line_id", "order_lines", "line_id")),
            ),
        },
    )


def _order_rows(store: Store) -> Rows:
    return store.order_rows(store.ids("gift_cards", "order_id"))


def _buyers(store: Store) -> Rows:
    """The account that bought the card; none of guests and of cards that were given away."""
    accounts = store.rows("orders", "customer_id", "customers", "customer_id")
    return np.append(accounts, NONE)[_order_rows(store)]


def _expiry(store: Store) -> Leaf:
    days = store.table("gift_cards")["expires_on"].to_numpy().astype("datetime64[D]")
    shown = [None if np.isnat(day) else str(day) for day in days]
    return Leaf(lambda rows: [shown[row] for row in rows.tolist()], "plain")
