"""From the ledger's columns to leaves as Shopify writes them: ids, money, times, text."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sandbox.vendors.shopify.frames import NONE, Frame, Kind, Leaf, One, Rows, always

Cents = NDArray[np.int64]
Times = NDArray[np.datetime64]


class _Amounts(dict[int, str]):
    """Cents to the text of a ``Decimal``: 1990 is 19.9, 1900 is 19.0."""

    def __missing__(self, cents: int) -> str:
        whole, rest = divmod(abs(cents), 100)
        decimals = f"{rest:02d}".rstrip("0") or "0"
        text = self[cents] = f"{'-' if cents < 0 else ''}{whole}.{decimals}"
        return text


_AMOUNTS = _Amounts()


def ints(frame: pd.DataFrame, name: str) -> Rows:
    """A whole-number column; absent values are ``NONE``."""
    return frame[name].to_numpy(np.int64, na_value=NONE)


def times(frame: pd.DataFrame, name: str) -> Times:
    """A time column in whole seconds of UTC, as the API tells times."""
    found: Times = frame[name].dt.tz_convert(None).to_numpy().astype("datetime64[s]")
    return found


def texts(frame: pd.DataFrame, name: str) -> NDArray[np.object_]:
    """A text column as Python strings."""
    return frame[name].to_numpy(object)


def flags(frame: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    """A true-or-false column."""
    return frame[name].to_numpy(np.bool_)


def gid(kind: str, ids: Rows) -> Leaf:
    """The global id of each row: ``gid://shopify/Order/1``; null where there is no id."""
    head = f"gid://shopify/{kind}/"
    return Leaf(lambda rows: [_gid(head, number) for number in ids[rows].tolist()], "plain")


def _gid(head: str, number: int) -> str | None:
    return f"{head}{number}" if number != NONE else None


def unsigned(values: Rows) -> Leaf:
    """An ``UnsignedInt64``: a whole number as text."""
    return Leaf(lambda rows: list(map(str, values[rows].tolist())), "plain")


def number(values: NDArray[Any]) -> Leaf:
    """An ``Int`` or ``Float``."""
    return Leaf(lambda rows: values[rows].tolist(), "number")


def flag(values: NDArray[np.bool_]) -> Leaf:
    """A ``Boolean``."""
    return Leaf(lambda rows: values[rows].tolist(), "flag")


def text(values: NDArray[np.object_]) -> Leaf:
    """A ``String!``."""
    return Leaf(lambda rows: values[rows].tolist())


def optional(values: NDArray[np.object_]) -> Leaf:
    """A ``String`` that is null where it is empty."""
    return Leaf(lambda rows: [value or None for value in values[rows].tolist()])


def same(value: str | bool | int | float | None) -> Leaf:
    """The same value on every row."""
    kind: Kind = "text" if isinstance(value, str) else "number"
    if isinstance(value, bool):
        kind = "flag"
    return Leaf(lambda rows: [value] * len(rows), kind)


def nothing() -> Leaf:
    """A list that is empty on every row."""
    return Leaf(lambda rows: [[] for _ in range(len(rows))], "list")


def words(values: NDArray[np.object_], separator: str = ", ") -> Leaf:
    """A list of texts that the ledger keeps in one."""
    return Leaf(
        lambda rows: [value.split(separator) if value else [] for value in values[rows].tolist()],
        "list",
    )


def moment(values: Times) -> Leaf:
    """A ``DateTime``: ``2026-06-30T08:15:00Z``, or null."""
    return Leaf(lambda rows: iso(values[rows]), "plain")


def iso(values: Times) -> list[str | None]:
    """Times as the API writes them."""
    if not values.size:
        return []
    written = np.datetime_as_string(values, unit="s").tolist()
    return [None if value == "NaT" else f"{value}Z" for value in written]


def decimal(cents: Cents) -> Leaf:
    """A ``Decimal``, trailing zeros dropped."""
    return Leaf(lambda rows: [_AMOUNTS[value] for value in cents[rows].tolist()], "plain")


def price(cents: Cents) -> Leaf:
    """A ``Money``, always with two decimals; ``NONE`` is null."""
    return Leaf(lambda rows: [_price(value) for value in cents[rows].tolist()], "plain")


def _price(cents: int) -> str | None:
    return None if cents == NONE else f"{cents // 100}.{cents % 100:02d}"


def money(cents: Cents, currency: str, *, present: NDArray[np.bool_] | None = None) -> One:
    """A ``MoneyV2`` in the shop's currency; null where not ``present``."""
    return _whole(_money_frame(cents, same(currency)), present)


class Bags:
    """Builds ``MoneyBag`` fields: an amount in the shop's and in the buyer's currency."""

    def __init__(
        self,
        currency: str,
        presentment: NDArray[np.object_],
        rate: NDArray[np.float64],
        parents: Rows | None = None,
    ) -> None:
        """Take the order's currencies.

        Args:
            currency: The shop's.
            presentment: The buyer's, one per order.
            rate: Units of it per unit of the shop's, one per order.
            parents: Row of the order of each row; ``None`` where the rows are the orders.
        """
        self.currency = currency
        self.presentment = presentment if parents is None else presentment[parents]
        self.rate = rate if parents is None else rate[parents]

    def bag(self, cents: Cents) -> One:
        """The field for one column of cents."""
        seen = np.rint(cents * self.rate).astype(np.int64)
        shop = _money_frame(cents, same(self.currency))
        buyer = _money_frame(seen, text(self.presentment))
        bag = Frame(
            always("MoneyBag"),
            np.empty(0, np.int64),
            {"shopMoney": _whole(shop), "presentmentMoney": _whole(buyer)},
        )
        return _whole(bag)

    def bags(self, **columns: Cents) -> dict[str, One]:
        """Several fields by name."""
        return {name: self.bag(cents) for name, cents in columns.items()}


def _money_frame(cents: Cents, code: Leaf) -> Frame:
    fields = {"amount": decimal(cents), "currencyCode": Leaf(code.values, "plain")}
    return Frame(always("MoneyV2"), np.empty(0, np.int64), dict(fields))


def _whole(frame: Frame, present: NDArray[np.bool_] | None = None) -> One:
    return One(lambda: frame, itself(present), own=present is None)


def itself(present: NDArray[np.bool_] | None = None) -> Callable[[Rows], Rows]:
    """Target of an object made of its owner's columns; ``NONE`` where it is not ``present``."""
    if present is None:
        return lambda rows: rows
    return lambda rows: np.where(present[rows], rows, NONE)


def lookup(targets: Rows) -> Callable[[Rows], Rows]:
    """Target of an object elsewhere, from one row number per owner."""
    return lambda rows: targets[rows]


def first_of(groups: Rows, count: int, values: list[str]) -> list[list[str]]:
    """Distinct values by group, each group's in order of appearance."""
    found: list[dict[str, None]] = [{} for _ in range(count)]
    for group, value in zip(groups.tolist(), values, strict=True):
        if group >= 0:
            found[group][value] = None
    return [list(itertools.chain(names)) for names in found]
