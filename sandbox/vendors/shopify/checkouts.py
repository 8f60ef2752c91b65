"""Abandoned checkouts, recovered ones among them."""

from __future__ import annotations

import numpy as np

from sandbox.vendors.shopify.columns import (
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
    words,
)
from sandbox.vendors.shopify.frames import NONE, Frame, One, always, rows_of
from sandbox.vendors.shopify.store import Store


def checkouts(store: Store) -> Frame:
    """Every checkout that was abandoned at some time, completed later or not."""
    table = store.table("checkouts")
    table = table[table["abandoned_at"].notna()].reset_index(drop=True)
    ids, count = ints(table, "checkout_id"), len(table)
    shop = int(store.row["shop_id"])
    urls = [
        f"https://{store.handle}.myshopify.com/{shop}/checkouts/ac/{token}/recover"
        for token in texts(table, "token").tolist()
    ]
    names = np.array([f"#{number}" for number in ids.tolist()], object)
    customer = rows_of(ints(table, "customer_id"), store.ids("customers", "customer_id"))
    lines = rows_of(store.ids("checkout_lines", "checkout_id"), ids)
    subtotal, discount = ints(table, "subtotal"), ints(table, "discount")
    return Frame(
        always("AbandonedCheckout"),
        ids,
        {
            "id": gid("AbandonedCheckout", ids),
            "name": text(names),
            "note": same(""),
            "abandonedCheckoutUrl": text(np.array(urls, object)),
            "createdAt": moment(times(table, "created_at")),
            "updatedAt": moment(times(table, "updated_at")),
            "completedAt": moment(times(table, "completed_at")),
            "taxesIncluded": same(store.taxes_included),
            "discountCodes": words(texts(table, "discount_code"), ","),
            "customer": One(store.link("Customer"), lookup(customer)),
            "billingAddress": One(store.link("CustomerAddress"), lookup(np.full(count, NONE))),
            "shippingAddress": One(store.link("CustomerAddress"), lookup(customer)),
            "lineItems": store.many("AbandonedCheckoutLineItem", lines, count),
            **store.own_bags(count).bags(
                subtotalPriceSet=subtotal,
                totalDiscountSet=discount,
                totalLineItemsPriceSet=subtotal + discount,
                totalTaxSet=ints(table, "tax"),
                totalPriceSet=ints(table, "total"),
            ),
        },
    )


def checkout_lines(store: Store) -> Frame:
    """Every line of every checkout."""
    table = store.table("checkout_lines")
    ids = ints(table, "checkout_line_id")
    product = store.rows("checkout_lines", "product_id", "products", "product_id")
    variant = store.rows("checkout_lines", "variant_id", "variants", "variant_id")
    quantity, price = ints(table, "quantity"), ints(table, "unit_price")
    total = quantity * price
    discounted = total - ints(table, "discount")
    titles = np.append(texts(store.table("variants"), "title"), "")[variant]
    return Frame(
        always("AbandonedCheckoutLineItem"),
        ids,
        {
            "id": gid("AbandonedCheckoutLineItem", ids),
            "title": optional(np.append(texts(store.table("products"), "title"), "")[product]),
            "variantTitle": optional(
                np.where(titles == "Default Title", "", titles).astype(object)
            ),
            "sku": optional(np.append(texts(store.table("variants"), "sku"), "")[variant]),
            "quantity": number(quantity),
            "product": One(store.link("Product"), lookup(product)),
            "variant": One(store.link("ProductVariant"), lookup(variant)),
            **store.own_bags(len(table)).bags(
                originalUnitPriceSet=price,
                originalTotalPriceSet=total,
                discountedTotalPriceSet=discounted,
                discountedUnitPriceSet=np.rint(discounted / np.maximum(quantity, 1)).astype(
                    np.int64
                ),
            ),
        },
    )
