"""Which frame is built by which function, and a store that builds them."""

from __future__ import annotations

import pandas as pd

from sandbox.vendors.shopify import (
    categories,
    checkouts,
    customers,
    discount_nodes,
    discounts,
    fulfillments,
    gift_cards,
    journeys,
    lines,
    orders,
    payments,
    products,
    refunds,
    sales,
    shops,
    stock,
    taxes,
)
from sandbox.vendors.shopify.store import Builder, Store
from sandbox.world.ledger import Ledger

BUILDERS: dict[str, Builder] = {
    "AbandonedCheckout": checkouts.checkouts,
    "AbandonedCheckoutLineItem": checkouts.checkout_lines,
    "Collection": categories.collections,
    "Customer": customers.customers,
    "CustomerAddress": customers.addresses,
    "CustomerJourneySummary": journeys.summaries,
    "CustomerVisit": journeys.visits,
    "Discount": discount_nodes.discounts,
    "DiscountAllocation": discounts.allocations,
    "DiscountApplication": discounts.applications,
    "DiscountCustomerGets": discount_nodes.benefits,
    "DiscountNode": discount_nodes.discount_nodes,
    "DiscountRedeemCode": discount_nodes.redeem_codes,
    "Fulfillment": fulfillments.parcels,
    "FulfillmentLineItem": fulfillments.parcel_lines,
    "GiftCard": gift_cards.gift_cards,
    "InventoryItem": products.inventory_items,
    "InventoryLevel": stock.levels,
    "InventoryQuantity": stock.quantities,
    "LineItem": lines.order_lines,
    "Location": shops.locations,
    "Order": orders.orders,
    "OrderAddress": orders.addresses,
    "OrderAdjustment": refunds.adjustments,
    "OrderTransaction": payments.transactions,
    "Product": products.products,
    "ProductVariant": products.variants,
    "Refund": refunds.refunds,
    "RefundLineItem": refunds.refund_lines,
    "RefundShippingLine": refunds.refund_shipping_lines,
    "Sale": sales.sales,
    "SaleTax": sales.sale_taxes,
    "SalesAgreement": sales.agreements,
    "ShippingLine": lines.shipping_lines,
    "Shop": shops.shops,
    "TaxLine": taxes.tax_lines,
    "TaxonomyCategory": categories.taxonomy,
    "TransactionFee": payments.fees,
}


def open_store(view: Ledger, handle: str, now: pd.Timestamp) -> Store:
    """One shop of a view of the world.

    Args:
        view: The ledger as of ``now``.
        handle: A shop in it.
        now: The moment of the view.
    """
    return Store(view, handle, now, BUILDERS)
