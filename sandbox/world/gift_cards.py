"""Gift cards: those that were sold, those given away, and every payment drawn on one of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sandbox.world.drawing import ABSENT, DAY, NEVER, Ints
from sandbox.world.ledger import typed
from sandbox.world.served import micros_of
from sandbox.world.shops import SHOPS

CARD_BASE = 570_000_000_000
ENTRY_BASE = 575_000_000_000
VALUES = (2500, 5000, 10_000)
LEAST = 500
"""A card with less on it is not used again."""
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
VALID_YEARS = 3

Frames = dict[str, pd.DataFrame]


@dataclass
class _Card:
    """One card while payments are drawn on it."""

    shop: str
    created: int
    value: int
    order_id: int = ABSENT
    line_id: int = ABSENT
    left: int = 0
    entries: list[tuple[int, int, int, int]] = field(default_factory=list)

    def book(self, payment: _Payment, amount: int) -> None:
        """Change what is left by a signed amount."""
        self.left += amount
        self.entries.append((payment.order_id, payment.transaction_id, amount, payment.time))


@dataclass(frozen=True)
class _Payment:
    """One transaction with a gift card."""

    order_id: int
    transaction_id: int
    parent_id: int
    amount: int
    time: int


def frames(rng: np.random.Generator, shop: Frames, orders: Ints) -> Frames:
    """The tables gift_cards and gift_card_entries.

    Args:
        rng: Random numbers.
        shop: Finished tables: stores, orders, order_lines, transactions.
        orders: Ids of the orders that are real and kept.
    """
    cards = []
    for handle in shop["stores"]["shop"]:
        sold = _sold(shop, handle, orders)
        cards += sold + _spend(rng, sold, handle, _payments(shop, handle))
    cards.sort(key=lambda card: (card.created, card.line_id, card.value))
    return {"gift_cards": _cards(rng, cards), "gift_card_entries": _entries(cards)}


def _sold(shop: Frames, handle: str, orders: Ints) -> list[_Card]:
    lines = shop["order_lines"]
    own = (lines["shop"] == handle) & lines["is_gift_card"] & lines["order_id"].isin(orders)
    lines = lines[own]
    rows = zip(
        micros_of(lines["added_at"]).tolist(),
        lines["unit_price"].tolist(),
        lines["order_id"].tolist(),
        lines["line_id"].tolist(),
        strict=True,
    )
    return [_Card(handle, at, value, order, line, value) for at, value, order, line in rows]


def _payments(shop: Frames, handle: str) -> list[_Payment]:
    rows = shop["transactions"]
    rows = rows[(rows["shop"] == handle) & (rows["gateway"] == "gift_card")]
    back = (rows["kind"] == "REFUND").to_numpy()
    amount = np.where(back, rows["amount"], -rows["amount"])
    columns = (
        rows["order_id"],
        rows["transaction_id"],
        rows["parent_id"].fillna(ABSENT).astype("int64"),
        pd.Series(amount),
        pd.Series(micros_of(rows["processed_at"])),
    )
    return [_Payment(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


def _spend(
    rng: np.random.Generator, sold: list[_Card], handle: str, payments: list[_Payment]
) -> list[_Card]:
    """Draw payments, in order of time, on the oldest card that has enough on it.

    Returns:
        Cards that the shop gave away: to those who pay with more than anybody bought.
    """
    given, usable, waiting = [], [], sold[::-1]
    used: dict[int, _Card] = {}
    for payment in payments:
        if payment.amount > 0:
            used[payment.parent_id].book(payment, payment.amount)
            continue
        while waiting and waiting[-1].created < payment.time:
            usable.append(waiting.pop())
        usable = [card for card in usable if card.left >= LEAST]
        card = next((card for card in usable if card.left >= -payment.amount), None)
        if card is None:
            created = payment.time - int(rng.integers(1, 60)) * DAY
            value = next((v for v in VALUES if v >= -payment.amount), -payment.amount)
            card = _Card(handle, created, value, left=value)
            given.append(card)
            usable.append(card)
        card.book(payment, payment.amount)
        used[payment.transaction_id] = card
    return given


def _cards(rng: np.random.Generator, cards: list[_Card]) -> pd.DataFrame:
    letters = rng.integers(0, len(LETTERS), (len(cards), 4))
    currency = {shop.handle: shop.currency for shop in SHOPS}
    expires = {shop.handle: shop.country != "US" for shop in SHOPS}
    created = np.array([card.created for card in cards], np.int64)
    last_day = pd.to_datetime(created.view("M8[us]")) + pd.DateOffset(years=VALID_YEARS)
    last_day = last_day.normalize().to_numpy("M8[us]").astype(np.int64)
    kept = np.array([expires[card.shop] for card in cards], bool)
    return typed(
        "gift_cards",
        {
            "gift_card_id": _ids(len(cards)),
            "shop": [card.shop for card in cards],
            "order_id": np.array([card.order_id for card in cards], np.int64),
            "line_id": np.array([card.line_id for card in cards], np.int64),
            "last_characters": ["".join(LETTERS[k] for k in row) for row in letters],
            "initial_value": np.array([card.value for card in cards], np.int64),
            "balance": np.array([card.value for card in cards], np.int64),
            "currency": [currency[card.shop] for card in cards],
            "created_at": created,
            "updated_at": created,
            "expires_on": np.where(kept, last_day, NEVER).view("M8[us]"),
        },
    )


def _entries(cards: list[_Card]) -> pd.DataFrame:
    ids = _ids(len(cards)).tolist()
    rows = [
        (time, transaction, number, card.shop, order, amount)
        for number, card in zip(ids, cards, strict=True)
        for order, transaction, amount, time in card.entries
    ]
    rows.sort(key=lambda row: row[:2])
    time, transaction, card_id, shop, order, amount = zip(*rows, strict=True) if rows else [()] * 6
    return typed(
        "gift_card_entries",
        {
            "gift_card_entry_id": ENTRY_BASE + np.arange(len(rows)) * 8,
            "gift_card_id": np.array(card_id, np.int64),
            "shop": list(shop),
            "order_id": np.array(order, np.int64),
            "transaction_id": np.array(transaction, np.int64),
            "amount": np.array(amount, np.int64),
            "happened_at": np.array(time, np.int64),
        },
    )


def _ids(count: int) -> Ints:
    return CARD_BASE + np.arange(count) * 32
