"""The sales ledger: agreements, and the dated, signed sales in them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sandbox.vendors.shopify.columns import (
    gid,
    ints,
    lookup,
    moment,
    number,
    same,
    text,
    texts,
    times,
)
from sandbox.vendors.shopify.frames import NONE, Field, Frame, One, Rows, rows_of
from sandbox.vendors.shopify.store import Store
from sandbox.vendors.shopify.taxes import tax_rows

_AGREEMENTS = {
    "ORDER": "OrderAgreement",
    "ORDER_EDIT": "OrderEditAgreement",
    "REFUND": "RefundAgreement",
    "RETURN": "ReturnAgreement",
}
_SALES = {
    "PRODUCT": "ProductSale",
    "GIFT_CARD": "GiftCardSale",
    "SHIPPING": "ShippingLineSale",
    "TIP": "TipSale",
    "FEE": "FeeSale",
    "DUTY": "DutySale",
    "ADDITIONAL_FEE": "AdditionalFeeSale",
    "ADJUSTMENT": "AdjustmentSale",
}


def agreements(store: Store) -> Frame:
    """Every agreement: the order, each edit, each refund. All have ids of one kind."""
    table = store.table("sales_entries").drop_duplicates("agreement_id")
    ids = ints(table, "agreement_id")
    owner = rows_of(store.ids("sales_entries", "agreement_id"), ids)
    refund = rows_of(ints(table, "refund_id"), store.ids("refunds", "refund_id"))
    order = store.order_rows(ints(table, "order_id"))
    names = _named(table, "reason", _AGREEMENTS, "SalesAgreement")
    return Frame(
        lambda rows: names[rows].tolist(),
        ids,
        {
            "id": gid("SalesAgreement", ids),
            "happenedAt": moment(times(table, "happened_at")),
            "reason": text(texts(table, "reason")),
            "order": One(store.link("Order"), lookup(order)),
            "refund": One(store.link("Refund"), lookup(refund)),
            "sales": store.many("Sale", owner, len(table)),
        },
    )


def sales(store: Store) -> Frame:
    """Every sale: one signed change of one line's money."""
    table = store.table("sales_entries")
    ids = ints(table, "entry_id")
    names = _named(table, "line_type", _SALES, "UnknownSale")
    units = ints(table, "quantity")
    return Frame(
        lambda rows: names[rows].tolist(),
        ids,
        {
            "id": gid("Sale", ids),
            "actionType": text(texts(table, "action_type")),
            "lineType": text(texts(table, "line_type")),
            "quantity": number(_or_nothing(units)),
            **_amounts(store),
            "lineItem": One(store.link("LineItem"), lookup(_line_rows(store))),
            "shippingLine": One(store.link("ShippingLine"), lookup(_shipping_rows(store))),
            "fee": same(None),
            "taxes": _taxes(store),
        },
    )


def sale_taxes(store: Store) -> Frame:
    """The tax of each taxed sale, with the tax line it belongs to."""
    table = store.table("sales_entries")
    ids, tax = ints(table, "entry_id"), ints(table, "tax")
    bags = store.bags("sales_entries")
    return Frame(
        lambda rows: ["SaleTax"] * len(rows),
        ids,
        {
            "id": gid("SaleTax", ids),
            "amount": bags.bag(tax),
            "taxLine": One(store.link("TaxLine"), lookup(_tax_rows(store))),
        },
    )


def _or_nothing(units: Rows) -> NDArray[np.object_]:
    """Units as numbers; null where they mean nothing."""
    found = units.astype(object)
    found[units == 0] = None
    return found


def _amounts(store: Store) -> dict[str, Field]:
    table = store.table("sales_entries")
    return dict(
        store.bags("sales_entries").bags(
            totalAmount=ints(table, "total"),
            totalTaxAmount=ints(table, "tax"),
            totalDiscountAmountBeforeTaxes=ints(table, "discount"),
            totalDiscountAmountAfterTaxes=ints(table, "discount_with_tax"),
        )
    )


def _taxes(store: Store) -> Field:
    count = len(store.table("sales_entries"))
    taxed = (store.ids("sales_entries", "tax") != 0) & (_tax_rows(store) != NONE)
    return store.many("SaleTax", np.where(taxed, np.arange(count), NONE), count)


def _tax_rows(store: Store) -> Rows:
    of_line = tax_rows(store, "line", _line_rows(store))
    of_shipping = tax_rows(store, "shipping", _shipping_rows(store))
    return np.where(of_line != NONE, of_line, of_shipping)


def _line_rows(store: Store) -> Rows:
    return store.rows("sales_entries", "line_id", "order_lines", "line_id")


def _shipping_rows(store: Store) -> Rows:
    return store.rows("sales_entries", "shipping_line_id", "shipping_lines", "shipping_line_id")


def _named(table: pd.DataFrame, column: str, names: dict[str, str], other: str) -> np.ndarray:
    return np.array([names.get(value, other) for value in table[column].tolist()], object)
