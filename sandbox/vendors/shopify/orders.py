"""Orders: what was sold, what it is worth now, and the ways to everything below it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sandbox.vendors.shopify import discounts
from sandbox.vendors.shopify.addresses import address_frame, split_name
from sandbox.vendors.shopify.columns import (
    first_of,
    flag,
    flags,
    gid,
    ints,
    itself,
    lookup,
    moment,
    nothing,
    number,
    optional,
    same,
    text,
    texts,
    times,
    unsigned,
    words,
)
from sandbox.vendors.shopify.frames import NONE, Field, Frame, Leaf, One, Rows, always
from sandbox.vendors.shopify.store import Store
from sandbox.vendors.shopify.taxes import taxes_of


def orders(store: Store) -> Frame:
    """Every order that is not deleted, test orders among them."""
    table = store.table("orders")
    ids = ints(table, "order_id")
    return Frame(
        always("Order"),
        ids,
        {
            "id": gid("Order", ids),
            "legacyResourceId": unsigned(ids),
            **_facts(store),
            **_statuses(store),
            **_money(store),
            **_objects(store),
            **_lists(store),
        },
    )


def addresses(store: Store) -> Frame:
    """Where each order goes; its bill goes there too."""
    table = store.table("orders")
    whole = texts(table, "ship_name")
    return address_frame(table, ints(table, "order_id"), "ship_", (whole, *split_name(whole)))


def _facts(store: Store) -> dict[str, Field]:
    table = store.table("orders")
    codes = texts(table, "discount_codes")
    return {
        "name": text(texts(table, "name")),
        "number": number(ints(table, "number")),
        "email": optional(texts(table, "email")),
        "phone": optional(texts(table, "phone")),
        "note": Leaf(lambda rows: [None] * len(rows)),
        "tags": words(texts(table, "tags")),
        "test": flag(flags(table, "is_test")),
        "sourceName": optional(texts(table, "source_name")),
        "currencyCode": text(texts(table, "currency")),
        "presentmentCurrencyCode": text(texts(table, "presentment_currency")),
        "taxesIncluded": flag(flags(table, "taxes_included")),
        "taxExempt": flag(np.zeros(len(table), np.bool_)),
        "discountCodes": words(codes, ","),
        "discountCode": Leaf(
            lambda rows: [value.split(",")[0] or None for value in codes[rows].tolist()]
        ),
        "createdAt": moment(times(table, "created_at")),
        "processedAt": moment(times(table, "processed_at")),
        "updatedAt": moment(times(table, "updated_at")),
        "cancelledAt": moment(times(table, "cancelled_at")),
        "closedAt": moment(times(table, "closed_at")),
    }


def _statuses(store: Store) -> dict[str, Field]:
    table = store.table("orders")
    count = len(table)
    received, owed = ints(table, "received"), ints(table, "current_total")
    entries = store.table("sales_entries")
    edits = store.orders_of("sales_entries")[(entries["reason"] == "ORDER_EDIT").to_numpy()]
    lines = store.table("order_lines")
    goods = ~flags(lines, "is_gift_card") & (ints(lines, "product_id") != NONE)
    returned = store.orders_of("refund_lines")[
        (store.table("refund_lines")["restock_type"] == "RETURN").to_numpy()
    ]
    return {
        "closed": flag(table["closed_at"].notna().to_numpy()),
        "confirmed": flag(np.ones(count, np.bool_)),
        "edited": flag(np.bincount(edits, minlength=count) > 0),
        "cancelReason": optional(texts(table, "cancel_reason")),
        "displayFinancialStatus": text(texts(table, "financial_status")),
        "displayFulfillmentStatus": text(texts(table, "fulfillment_status")),
        "returnStatus": text(
            np.where(np.bincount(returned, minlength=count) > 0, "RETURNED", "NO_RETURN").astype(
                object
            )
        ),
        "fullyPaid": flag(received >= owed),
        "unpaid": flag(received == 0),
        "customerAcceptsMarketing": flag(_accepts_marketing(store)),
        "customerLocale": optional(_of_customer(store, "locale")),
        "subtotalLineItemsQuantity": number(store.sums("order_lines", "quantity", goods)),
        "currentSubtotalLineItemsQuantity": number(
            store.sums("order_lines", "current_quantity", goods)
        ),
        "paymentGatewayNames": _gateways(store),
        "checkoutToken": _checkout_token(store),
    }


def _money(store: Store) -> dict[str, Field]:
    table = store.table("orders")
    received, refunded = ints(table, "received"), ints(table, "refunded")
    owed = ints(table, "current_total")
    capturable = np.where(table["financial_status"] == "AUTHORIZED", owed, 0)
    cart = (store.table("discount_allocations")["target"] == "order").to_numpy()
    added = _added_by_edits(store)
    columns = {
        "originalTotalPriceSet": ints(table, "total"),
        "totalPriceSet": ints(table, "total") + added["total"],
        "subtotalPriceSet": ints(table, "subtotal") + added["subtotal"],
        "totalTaxSet": ints(table, "tax") + added["tax"],
        "totalDiscountsSet": ints(table, "discounts") + added["discount"],
        "cartDiscountAmountSet": store.sums("discount_allocations", "amount", cart),
        "totalShippingPriceSet": ints(table, "shipping"),
        "totalTipReceivedSet": ints(table, "tip"),
        "totalReceivedSet": received,
        "totalRefundedSet": refunded,
        "netPaymentSet": received - refunded,
        "totalOutstandingSet": owed - (received - refunded),
        "totalCapturableSet": capturable,
        "totalRefundedShippingSet": store.sums("refund_shipping_lines", "amount"),
        "refundDiscrepancySet": store.sums("refund_adjustments", "amount"),
        "currentTotalPriceSet": owed,
        "currentSubtotalPriceSet": ints(table, "current_subtotal"),
        "currentTotalTaxSet": ints(table, "current_tax"),
        "currentTotalDiscountsSet": ints(table, "current_discounts"),
        "currentShippingPriceSet": ints(table, "current_shipping"),
    }
    return {**store.bags().bags(**columns), "originalTotalDutiesSet": same(None)}


def _added_by_edits(store: Store) -> dict[str, Rows]:
    """What edits added: total amounts grow by it, while removals change current amounts only."""
    entries = store.table("sales_entries")
    more = ((entries["reason"] == "ORDER_EDIT") & (entries["total"] > 0)).to_numpy()
    sums = {
        name: store.sums("sales_entries", column, more)
        for name, column in {
            "total": "total",
            "tax": "tax",
            "discount": "discount_with_tax" if store.taxes_included else "discount",
        }.items()
    }
    without_tax = 0 if store.taxes_included else sums["tax"]
    return {**sums, "subtotal": sums["total"] - without_tax}


def _objects(store: Store) -> dict[str, Field]:
    table = store.table("orders")
    shipped = (table["ship_address1"] != "").to_numpy()
    address = One(store.link("OrderAddress"), itself(shipped))
    online = (ints(table, "visit_id") != NONE) | (table["source_name"] == "web").to_numpy()
    return {
        "customer": One(store.link("Customer"), lookup(_customer_rows(store))),
        "shippingAddress": address,
        "billingAddress": address,
        "customerJourneySummary": One(store.link("CustomerJourneySummary"), itself(online)),
    }


def _lists(store: Store) -> dict[str, Field]:
    count = len(store.table("orders"))
    children = {
        "lineItems": ("LineItem", "order_lines"),
        "shippingLines": ("ShippingLine", "shipping_lines"),
        "refunds": ("Refund", "refunds"),
        "transactions": ("OrderTransaction", "transactions"),
        "fulfillments": ("Fulfillment", "fulfillments"),
    }
    fields: dict[str, Field] = {
        name: store.many(frame, store.orders_of(table), count)
        for name, (frame, table) in children.items()
    }
    entries = store.table("sales_entries").drop_duplicates("agreement_id")
    agreements = store.order_rows(ints(entries, "order_id"))
    return {
        **fields,
        "agreements": store.many("SalesAgreement", agreements, count),
        "discountApplications": discounts.applications_of(store),
        "taxLines": taxes_of(store, "order", count),
        "additionalFees": nothing(),
    }


def _customer_rows(store: Store) -> Rows:
    return store.rows("orders", "customer_id", "customers", "customer_id")


def _of_customer(store: Store, column: str) -> NDArray[np.object_]:
    """A text of each order's customer; empty for guests."""
    values = np.append(texts(store.table("customers"), column), "")
    return values[_customer_rows(store)]


def _accepts_marketing(store: Store) -> NDArray[np.bool_]:
    values = np.append(flags(store.table("customers"), "accepts_marketing"), False)
    return values[_customer_rows(store)]


def _gateways(store: Store) -> Leaf:
    payments = store.table("transactions")
    names = first_of(
        store.orders_of("transactions"),
        len(store.table("orders")),
        texts(payments, "gateway").tolist(),
    )
    return Leaf(lambda rows: [names[row] for row in rows.tolist()], "list")


def _checkout_token(store: Store) -> Leaf:
    tokens = np.append(texts(store.table("checkouts"), "token"), "")
    found = store.rows("orders", "checkout_id", "checkouts", "checkout_id")
    return optional(tokens[found])
