"""Order lines and shipping lines."""

from __future__ import annotations

import numpy as np

from sandbox.vendors.shopify.columns import (
    flag,
    flags,
    gid,
    ints,
    lookup,
    number,
    optional,
    same,
    text,
    texts,
)
from sandbox.vendors.shopify.discounts import allocations_of
from sandbox.vendors.shopify.frames import Field, Frame, One, Rows, always, rows_of
from sandbox.vendors.shopify.store import Store
from sandbox.vendors.shopify.taxes import taxes_of


def order_lines(store: Store) -> Frame:
    """Every line of every order, also those an edit added."""
    table = store.table("order_lines")
    ids, count = ints(table, "line_id"), len(table)
    title, variant = texts(table, "title"), texts(table, "variant_title")
    variant = np.where(variant == "Default Title", "", variant).astype(object)
    name = np.where(variant == "", title, title + " - " + variant).astype(object)
    return Frame(
        always("LineItem"),
        ids,
        {
            "id": gid("LineItem", ids),
            "name": text(name),
            "title": text(title),
            "variantTitle": optional(variant),
            "sku": optional(texts(table, "sku")),
            "vendor": optional(texts(table, "vendor")),
            "isGiftCard": flag(flags(table, "is_gift_card")),
            "requiresShipping": flag(flags(table, "requires_shipping")),
            "taxable": flag(ints(table, "tax_rate_bp") > 0),
            "product": One(store.link("Product"), lookup(_product_rows(store))),
            "variant": One(
                store.link("ProductVariant"),
                lookup(store.rows("order_lines", "variant_id", "variants", "variant_id")),
            ),
            **_quantities(store),
            **_line_money(store),
            "discountAllocations": allocations_of(store, "line_id", "order_lines"),
            "taxLines": taxes_of(store, "line", count),
        },
    )


def _product_rows(store: Store) -> Rows:
    return store.rows("order_lines", "product_id", "products", "product_id")


def _quantities(store: Store) -> dict[str, Field]:
    table = store.table("order_lines")
    current = ints(table, "current_quantity")
    owner = store.rows("fulfillment_lines", "line_id", "order_lines", "line_id")
    sent = np.bincount(owner[owner >= 0], store.ids("fulfillment_lines", "quantity")[owner >= 0],
                       len(table)).astype(np.int64)  # fmt: skip
    return {
        "quantity": number(ints(table, "quantity")),
        "currentQuantity": number(current),
        "refundableQuantity": number(current),
        "unfulfilledQuantity": number(np.maximum(current - sent, 0)),
    }


def _line_money(store: Store) -> dict[str, One]:
    """A line's prices; which discounts each one leaves out is Shopify's own rule."""
    table = store.table("order_lines")
    units, unit_price = ints(table, "quantity"), ints(table, "unit_price")
    gross, all_discounts = units * unit_price, ints(table, "discount")
    shares = store.table("discount_allocations")
    owner = rows_of(ints(shares, "line_id"), ints(table, "line_id"))
    on_line = (owner >= 0) & (shares["target"] == "line").to_numpy()
    no_code = on_line & (shares["kind"] != "code").to_numpy()
    amounts = ints(shares, "amount")
    line_level = np.bincount(owner[on_line], amounts[on_line], len(table)).astype(np.int64)
    without_codes = np.bincount(owner[no_code], amounts[no_code], len(table)).astype(np.int64)
    divisor = np.maximum(units, 1)
    return store.bags("order_lines").bags(
        originalUnitPriceSet=unit_price,
        originalTotalSet=gross,
        totalDiscountSet=line_level,
        discountedTotalSet=gross - without_codes,
        discountedUnitPriceSet=np.rint((gross - without_codes) / divisor).astype(np.int64),
        discountedUnitPriceAfterAllDiscountsSet=np.rint((gross - all_discounts) / divisor).astype(
            np.int64
        ),
    )


def shipping_lines(store: Store) -> Frame:
    """The shipping line of every order that has one."""
    table = store.table("shipping_lines")
    ids, count = ints(table, "shipping_line_id"), len(table)
    price, discount = ints(table, "price"), ints(table, "discount")
    back = store.rows("refund_shipping_lines", "shipping_line_id", "shipping_lines",
                      "shipping_line_id")  # fmt: skip
    refunded = np.bincount(
        back[back >= 0], store.ids("refund_shipping_lines", "amount")[back >= 0], count
    ).astype(np.int64)
    return Frame(
        always("ShippingLine"),
        ids,
        {
            "id": gid("ShippingLine", ids),
            "title": text(texts(table, "title")),
            "code": optional(texts(table, "code")),
            "source": same("shopify"),
            "carrierIdentifier": same(None),
            "custom": same(False),
            "isRemoved": same(False),
            **store.bags("shipping_lines").bags(
                originalPriceSet=price,
                discountedPriceSet=price - discount,
                currentDiscountedPriceSet=price - discount - refunded,
            ),
            "discountAllocations": allocations_of(store, "shipping_line_id", "shipping_lines"),
            "taxLines": taxes_of(store, "shipping", count),
        },
    )
