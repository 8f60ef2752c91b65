"""Discounts: the application to an order, and its shares on lines and shipping."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from sandbox.vendors.shopify.columns import decimal, itself, lookup, number, same, text, texts
from sandbox.vendors.shopify.frames import NONE, Frame, Many, One, Rows, always, children
from sandbox.vendors.shopify.store import Store

_TYPES = {
    "code": "DiscountCodeApplication",
    "automatic": "AutomaticDiscountApplication",
    "manual": "ManualDiscountApplication",
}
_METHODS = {"line": "EACH", "order": "ACROSS", "shipping": "EACH"}
_SELECTIONS = {"line": "ENTITLED", "order": "ALL", "shipping": "ALL"}
_VALUE_TYPES = {"percentage": "PricingPercentageValue", "fixed_amount": "MoneyV2"}


def allocations(store: Store) -> Frame:
    """Every share of a discount."""
    table = store.table("discount_allocations")
    return Frame(
        always("DiscountAllocation"),
        np.empty(0, np.int64),
        {
            "allocatedAmountSet": store.bags("discount_allocations").bag(
                table["amount"].to_numpy(np.int64)
            ),
            "discountApplication": One(
                store.link("DiscountApplication"), lookup(_application_rows(store))
            ),
        },
    )


def applications(store: Store) -> Frame:
    """Every discount of an order."""
    table = _applications(store)
    titles = texts(table, "title")
    value = One(lambda: _values(table, store.currency), itself())
    return Frame(
        _typenames(table, "kind", _TYPES),
        np.empty(0, np.int64),
        {
            "index": number(table["application_index"].to_numpy(np.int64)),
            "code": text(titles),
            "title": text(titles),
            "description": text(titles),
            "allocationMethod": text(_mapped(table, "target", _METHODS)),
            "targetSelection": text(_mapped(table, "target", _SELECTIONS)),
            "targetType": text(
                np.where(table["target"] == "shipping", "SHIPPING_LINE", "LINE_ITEM").astype(object)
            ),
            "value": value,
        },
    )


def applications_of(store: Store) -> Many:
    """The discounts of each order, by their index."""
    table = _applications(store)
    orders = store.order_rows(table["order_id"].to_numpy(np.int64))
    return store.many("DiscountApplication", orders, len(store.table("orders")))


def allocations_of(store: Store, column: str, owner: str) -> Many:
    """The shares of each order line or shipping line."""
    parents = store.rows("discount_allocations", column, owner, column)
    return Many(store.link("DiscountAllocation"), *children(parents, len(store.table(owner))))


def _applications(store: Store) -> pd.DataFrame:
    table = store.table("discount_allocations")
    keys = ["order_id", "application_index"]
    return table.drop_duplicates(keys).sort_values(keys, ignore_index=True)


def _application_rows(store: Store) -> Rows:
    keys = ["order_id", "application_index"]
    known = _applications(store)[keys].assign(row=lambda frame: np.arange(len(frame)))
    found = store.table("discount_allocations")[keys].merge(known, how="left", on=keys)
    return found["row"].fillna(NONE).to_numpy(np.int64)


def _values(table: pd.DataFrame, currency: str) -> Frame:
    value = table["value"].to_numpy(np.float64)
    return Frame(
        _typenames(table, "value_type", _VALUE_TYPES),
        np.empty(0, np.int64),
        {
            "percentage": number(value),
            "amount": decimal(np.rint(value * 100).astype(np.int64)),
            "currencyCode": same(currency),
        },
    )


def _typenames(
    table: pd.DataFrame, column: str, types: dict[str, str]
) -> Callable[[Rows], list[str]]:
    names = _mapped(table, column, types)
    return lambda rows: names[rows].tolist()


def _mapped(table: pd.DataFrame, column: str, words: dict[str, str]) -> np.ndarray:
    return np.array([words[value] for value in table[column].tolist()], object)
