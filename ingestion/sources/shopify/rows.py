"""From Shopify's orders and checkouts to the rows of the raw tables.

An object has its nested lists whole here, whichever way it came: `lineItems`, `shippingLines`,
`agreements` (each with `sales`), `refunds` (each with `refundLineItems`, `refundShippingLines` and
`orderAdjustments`) and `fulfillments` (each with `fulfillmentLineItems`) are plain lists. So both
ways give the same rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from ingestion.sources.shopify.cells import (
    NOTHING,
    Object,
    Row,
    address,
    as_json,
    joined,
    kind_id,
    money,
    optional_id,
    plain_id,
    sum_of,
)

_CHECKOUT_TOKEN = re.compile(r"/checkouts/(?:[a-z]{1,3}/)?(?P<token>[^/?]+)")


def checkout_rows(checkout: Object) -> Iterator[tuple[str, Row]]:
    """An abandoned checkout and its lines."""
    customer = checkout["customer"] or NOTHING
    lines = checkout["lineItems"]
    checkout_id = plain_id(checkout["id"])
    token = _CHECKOUT_TOKEN.search(checkout["abandonedCheckoutUrl"] or "")
    yield (
        "abandoned_checkouts",
        {
            "id": checkout_id,
            "token": token["token"] if token else None,
            "name": checkout["name"],
            "customer_id": optional_id(customer),
            "email": (customer.get("defaultEmailAddress") or NOTHING).get("emailAddress"),
            "phone": (customer.get("defaultPhoneNumber") or NOTHING).get("phoneNumber"),
            "currency_code": checkout["subtotalPriceSet"]["shopMoney"]["currencyCode"],
            "discount_codes": joined(checkout["discountCodes"]),
            "subtotal_price": money(checkout["subtotalPriceSet"]),
            "total_price": money(checkout["totalPriceSet"]),
            "total_discount": money(checkout["totalDiscountSet"]),
            "total_tax": money(checkout["totalTaxSet"]),
            "line_items_quantity": sum(line["quantity"] for line in lines),
            "taxes_included": checkout["taxesIncluded"],
            "created_at": checkout["createdAt"],
            "completed_at": checkout["completedAt"],
            "updated_at": checkout["updatedAt"],
        },
    )
    for line in lines:
        yield (
            "abandoned_checkout_lines",
            {
                "id": plain_id(line["id"]),
                "checkout_id": checkout_id,
                "checkout_updated_at": checkout["updatedAt"],
                "product_id": optional_id(line["product"]),
                "variant_id": optional_id(line["variant"]),
                "title": line["title"],
                "sku": line["sku"],
                "quantity": line["quantity"],
                "original_unit_price": money(line["originalUnitPriceSet"]),
                "discounted_total_price": money(line["discountedTotalPriceSet"]),
            },
        )


def order_rows(order: Object) -> Iterator[tuple[str, Row]]:
    """An order and all that belongs to it, the table's name beside each row."""
    yield "orders", order_row(order)
    owner = {"order_id": plain_id(order["id"]), "order_updated_at": order["updatedAt"]}
    line_ids = set()
    for line in _lines(order, owner):
        line_ids.add(line["id"])
        yield "order_lines", line
    for sale in _sales(order, owner, line_ids):
        yield "order_agreement_sales", sale
    for transaction in order["transactions"]:
        yield "transactions", _transaction(transaction, order, owner)
    for refund in order["refunds"]:
        yield "refunds", _refund(refund, owner)
        for refund_line in _refund_lines(refund, order, owner):
            yield "refund_lines", refund_line
    for parcel in order["fulfillments"]:
        yield "fulfillments", _parcel(parcel, owner)
        for parcel_line in _parcel_lines(parcel, owner):
            yield "fulfillment_lines", parcel_line


def order_row(order: Object) -> Row:
    """An order's own row."""
    visit = (order["customerJourneySummary"] or NOTHING).get("lastVisit") or NOTHING
    utm = visit.get("utmParameters") or NOTHING
    original_total = order["originalTotalPriceSet"]
    return {
        "id": plain_id(order["id"]),
        "name": order["name"],
        "customer_id": optional_id(order["customer"]),
        "email": order["email"],
        "phone": order["phone"],
        "checkout_token": order["checkoutToken"],
        "currency_code": order["currencyCode"],
        "presentment_currency_code": order["presentmentCurrencyCode"],
        "display_financial_status": order["displayFinancialStatus"],
        "display_fulfillment_status": order["displayFulfillmentStatus"],
        "cancel_reason": order["cancelReason"],
        "source_name": order["sourceName"],
        "tags": joined(order["tags"]),
        "discount_codes": joined(order["discountCodes"]),
        **address("shipping_address", order["shippingAddress"]),
        **address("billing_address", order["billingAddress"]),
        "last_visit__landing_page": visit.get("landingPage"),
        "last_visit__referrer_url": visit.get("referrerUrl"),
        "last_visit__utm_source": utm.get("source"),
        "last_visit__utm_medium": utm.get("medium"),
        "last_visit__utm_campaign": utm.get("campaign"),
        "original_total_price": money(original_total),
        "original_total_price__presentment": original_total["presentmentMoney"]["amount"],
        "total_price": money(order["totalPriceSet"]),
        "subtotal_price": money(order["subtotalPriceSet"]),
        "total_tax": money(order["totalTaxSet"]),
        "total_discounts": money(order["totalDiscountsSet"]),
        "total_shipping_price": money(order["totalShippingPriceSet"]),
        "total_tip_received": money(order["totalTipReceivedSet"]),
        "original_total_duties": money(order["originalTotalDutiesSet"]),
        "current_total_price": money(order["currentTotalPriceSet"]),
        "total_refunded": money(order["totalRefundedSet"]),
        "test": order["test"],
        "edited": order["edited"],
        "taxes_included": order["taxesIncluded"],
        "is_deleted": False,
        "created_at": order["createdAt"],
        "processed_at": order["processedAt"],
        "cancelled_at": order["cancelledAt"],
        "closed_at": order["closedAt"],
        "updated_at": order["updatedAt"],
    }


def _lines(order: Object, owner: Row) -> Iterator[Row]:
    """Whatever has a price on the order: goods, shipping, tip, fees, duties."""
    tips = _tip_ids(order)
    has_tip_line = False
    for item in order["lineItems"]:
        is_tip = item["id"] in tips
        has_tip_line = has_tip_line or is_tip
        yield _line_item(item, owner, is_tip=is_tip)
    for position, shipping in enumerate(order["shippingLines"]):
        yield _shipping_line(shipping, owner, position)
    for fee in order["additionalFees"]:
        amount = money(fee["price"])
        tax = sum_of(money(line["priceSet"]) for line in fee["taxLines"])
        yield _priced_line("fee", fee["id"], owner, name=fee["name"], amount=amount, tax=tax)
    if not has_tip_line and _is_positive(tip := money(order["totalTipReceivedSet"])):
        yield _priced_line("tip", order["id"], owner, name="Tip", amount=tip)
    if _is_positive(duties := money(order["originalTotalDutiesSet"])):
        yield _priced_line("duty", order["id"], owner, name="Duties", amount=duties)


def _line_item(item: Object, owner: Row, *, is_tip: bool) -> Row:
    kind = "gift_card" if item["isGiftCard"] else "product"
    return {
        "id": plain_id(item["id"]),
        **owner,
        "line_type": "tip" if is_tip else kind,
        "product_id": optional_id(item["product"]),
        "variant_id": optional_id(item["variant"]),
        "sku": item["sku"],
        "name": item["name"],
        "title": item["title"],
        "variant_title": item["variantTitle"],
        "vendor": item["vendor"],
        "quantity": item["quantity"],
        "current_quantity": item["currentQuantity"],
        "unfulfilled_quantity": item["unfulfilledQuantity"],
        "original_unit_price": money(item["originalUnitPriceSet"]),
        "original_total": money(item["originalTotalSet"]),
        "discount_allocations__total": _allocated(item["discountAllocations"]),
        "tax_lines__total": sum_of(money(line["priceSet"]) for line in item["taxLines"]),
        "tax_lines__rate": _rate(item["taxLines"]),
        "discount_allocations": as_json(item["discountAllocations"]),
        "requires_shipping": item["requiresShipping"],
        "is_removed": False,
    }


def _shipping_line(shipping: Object, owner: Row, position: int) -> Row:
    """A shipping line; free shipping by a cart discount shows only in the discounted price."""
    original = shipping["originalPriceSet"]["shopMoney"]["amount"]
    discounted = shipping["discountedPriceSet"]["shopMoney"]["amount"]
    discount = Decimal(original) - Decimal(discounted)
    line_id = shipping["id"] or f"{owner['order_id']}-{position}"
    line = _priced_line("shipping", line_id, owner, name=shipping["title"], amount=original)
    return line | {
        "sku": shipping["code"],
        "discount_allocations__total": str(discount),
        "tax_lines__total": sum_of(money(tax["priceSet"]) for tax in shipping["taxLines"]),
        "tax_lines__rate": _rate(shipping["taxLines"]),
        "discount_allocations": as_json(shipping["discountAllocations"]),
        "is_removed": shipping["isRemoved"],
    }


def _priced_line(
    kind: str, gid: str, owner: Row, *, name: str, amount: str | None, tax: str = "0"
) -> Row:
    """One unit of something that is no line item."""
    return {
        "id": kind_id(kind, gid),
        **owner,
        "line_type": kind,
        "name": name,
        "quantity": 1,
        "current_quantity": 1,
        "original_unit_price": amount,
        "original_total": amount,
        "discount_allocations__total": "0",
        "tax_lines__total": tax,
        "is_removed": False,
    }


def _sales(order: Object, owner: Row, line_ids: set[str]) -> Iterator[Row]:
    """The sales ledger: dated, signed money of every change."""
    for agreement in order["agreements"]:
        agreement_id = plain_id(agreement["id"])
        for sale in agreement["sales"]:
            yield {
                "id": plain_id(sale["id"]),
                "agreement_id": agreement_id,
                **owner,
                "reason": agreement["reason"],
                "action_type": sale["actionType"],
                "line_type": sale["lineType"],
                "line_id": _sold_line(sale, owner, line_ids),
                "quantity": sale["quantity"],
                "total_amount": money(sale["totalAmount"]),
                "total_tax_amount": money(sale["totalTaxAmount"]),
                "total_discount_before_taxes": money(sale["totalDiscountAmountBeforeTaxes"]),
                "total_discount_after_taxes": money(sale["totalDiscountAmountAfterTaxes"]),
                "happened_at": agreement["happenedAt"],
            }


def _sold_line(sale: Object, owner: Row, line_ids: set[str]) -> str | None:
    """The order line of a sale; a tip without a line of its own stands on the line made for it."""
    if item := sale.get("lineItem"):
        item_id = plain_id(item["id"])
        if item_id in line_ids or sale["lineType"] != "TIP":
            return item_id
    if sale["lineType"] in ("TIP", "DUTY"):
        return kind_id(sale["lineType"].lower(), owner["order_id"])
    if shipping := sale.get("shippingLine"):
        return kind_id("shipping", shipping["id"]) if shipping["id"] else None
    fee = sale.get("additionalFee") or sale.get("fee")
    return kind_id("fee", fee["id"]) if fee else None


def _transaction(transaction: Object, order: Object, owner: Row) -> Row:
    """A payment; its fee only where it is known in the shop's currency."""
    fees = [fee["amount"] for fee in transaction["fees"]]
    is_known = bool(fees) and all(fee["currencyCode"] == order["currencyCode"] for fee in fees)
    return {
        "id": plain_id(transaction["id"]),
        **owner,
        "parent_id": optional_id(transaction["parentTransaction"]),
        "kind": transaction["kind"],
        "status": transaction["status"],
        "gateway": transaction["gateway"],
        "currency_code": order["currencyCode"],
        "amount": money(transaction["amountSet"]),
        "fees__total": sum_of(fee["amount"] for fee in fees) if is_known else None,
        "fees": as_json(fees),
        "test": transaction["test"],
        "processed_at": transaction["processedAt"],
    }


def _refund(refund: Object, owner: Row) -> Row:
    return {
        "id": plain_id(refund["id"]),
        **owner,
        "total_refunded": money(refund["totalRefundedSet"]),
        "processed_at": refund["processedAt"],
    }


def _refund_lines(refund: Object, order: Object, owner: Row) -> Iterator[Row]:
    """What a refund consists of, with Shopify's signs: an adjustment below zero is money out."""
    refund_id = plain_id(refund["id"])
    common = {
        "refund_id": refund_id,
        **owner,
        "customer_id": optional_id(order["customer"]),
        "currency_code": order["currencyCode"],
        "taxes_included": order["taxesIncluded"],
        "processed_at": refund["processedAt"],
    }
    for line in refund["refundLineItems"]:
        item = line["lineItem"]
        item_id = plain_id(item["id"])
        yield common | {
            "id": plain_id(line["id"]) if line["id"] else f"{refund_id}_{item_id}",
            "line_type": "gift_card" if item["isGiftCard"] else "product",
            "line_id": item_id,
            "product_id": optional_id(item["product"]),
            "reason": line["restockType"],
            "quantity": line["quantity"],
            "amount": money(line["subtotalSet"]),
            "tax_amount": money(line["totalTaxSet"]),
        }
    for line in refund["refundShippingLines"]:
        shipping_id = line["shippingLine"]["id"]
        yield common | {
            "id": kind_id("shipping", line["id"]),
            "line_type": "shipping",
            "line_id": kind_id("shipping", shipping_id) if shipping_id else None,
            "amount": money(line["subtotalAmountSet"]),
            "tax_amount": money(line["taxAmountSet"]),
        }
    for position, duty in enumerate(refund["duties"] or ()):
        yield common | {
            "id": kind_id("duty", f"{refund_id}-{position}"),
            "line_type": "duty",
            "line_id": kind_id("duty", owner["order_id"]),
            "amount": money(duty["amountSet"]),
            "tax_amount": "0",
        }
    for adjustment in refund["orderAdjustments"]:
        yield common | {
            "id": kind_id("adjustment", adjustment["id"]),
            "line_type": "adjustment",
            "reason": adjustment["reason"],
            "amount": money(adjustment["amountSet"]),
            "tax_amount": money(adjustment["taxAmountSet"]),
        }


def _parcel(parcel: Object, owner: Row) -> Row:
    tracking = parcel["trackingInfo"]
    return {
        "id": plain_id(parcel["id"]),
        **owner,
        "location_id": optional_id(parcel["location"]),
        "status": parcel["status"],
        "display_status": parcel["displayStatus"],
        "tracking_company": tracking[0]["company"] if tracking else None,
        "total_quantity": parcel["totalQuantity"],
        "created_at": parcel["createdAt"],
        "in_transit_at": parcel["inTransitAt"],
        "delivered_at": parcel["deliveredAt"],
        "updated_at": parcel["updatedAt"],
    }


def _parcel_lines(parcel: Object, owner: Row) -> Iterator[Row]:
    units: Counter[str] = Counter()
    for line in parcel["fulfillmentLineItems"]:
        units[plain_id(line["lineItem"]["id"])] += line["quantity"] or 0
    for line_id, quantity in units.items():
        yield {
            "fulfillment_id": plain_id(parcel["id"]),
            "line_id": line_id,
            **owner,
            "quantity": quantity,
        }


def _tip_ids(order: Object) -> set[str]:
    return {
        sale["lineItem"]["id"]
        for agreement in order["agreements"]
        for sale in agreement["sales"]
        if sale["lineType"] == "TIP" and sale.get("lineItem")
    }


def _is_positive(amount: str | None) -> bool:
    return amount is not None and Decimal(amount) > 0


def _allocated(allocations: Sequence[Object]) -> str:
    return sum_of(money(allocation["allocatedAmountSet"]) for allocation in allocations)


def _rate(taxes: Sequence[Object]) -> str | None:
    """Of all taxes of a line together; none where there is no tax, be it of 0 %."""
    rates = [str(tax["rate"]) for tax in taxes if tax["rate"] is not None]
    return sum_of(rates) if rates else None
