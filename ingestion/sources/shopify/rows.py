"""From Shopify's objects to the rows of the raw tables.

An object has its nested lists whole here, whichever way it came: `lineItems`, `shippingLines`,
`agreements` (each with `sales`) and `refunds` (each with `refundLineItems`, `refundShippingLines`
and `orderAdjustments`) are plain lists. So both ways give the same rows.

Names are Shopify's in snake case, `__` for nesting. A money bag gives its shop money and loses the
`Set` of its name; amounts stay the text that Shopify sends until they become decimals. Ids lose
`gid://shopify/<Type>/`; those of lines that are no line items say what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

Object = Mapping[str, Any]
Row = dict[str, Any]

_CHECKOUT_TOKEN = re.compile(r"/checkouts/(?:[a-z]{1,3}/)?(?P<token>[^/?]+)")
_NOTHING: Object = {}


def shop_row(shop: Object) -> Row:
    """The shop."""
    return {
        "id": plain_id(shop["id"]),
        "name": shop["name"],
        "myshopify_domain": shop["myshopifyDomain"],
        "iana_timezone": shop["ianaTimezone"],
        "currency_code": shop["currencyCode"],
        "country_code": (shop["shopAddress"] or _NOTHING).get("countryCodeV2"),
        "taxes_included": shop["taxesIncluded"],
        "created_at": shop["createdAt"],
        "updated_at": shop["updatedAt"],
    }


def customer_row(customer: Object) -> Row:
    """A customer account."""
    email = customer["defaultEmailAddress"] or _NOTHING
    phone = customer["defaultPhoneNumber"] or _NOTHING
    return {
        "id": plain_id(customer["id"]),
        "email": email.get("emailAddress"),
        "phone": phone.get("phoneNumber"),
        "first_name": customer["firstName"],
        "last_name": customer["lastName"],
        **_address("default_address", customer["defaultAddress"]),
        "locale": customer["locale"],
        "state": customer["state"],
        "email_marketing_state": email.get("marketingState"),
        "email_marketing_updated_at": email.get("marketingUpdatedAt"),
        "tags": _joined(customer["tags"]),
        "tax_exempt": customer["taxExempt"],
        "created_at": customer["createdAt"],
        "updated_at": customer["updatedAt"],
    }


def product_row(product: Object) -> Row:
    """A product."""
    category = product["category"] or _NOTHING
    return {
        "id": plain_id(product["id"]),
        "title": product["title"],
        "handle": product["handle"],
        "vendor": product["vendor"],
        "product_type": product["productType"],
        "category__full_name": category.get("fullName"),
        "status": product["status"],
        "tags": _joined(product["tags"]),
        "total_inventory": product["totalInventory"],
        "is_gift_card": product["isGiftCard"],
        "created_at": product["createdAt"],
        "published_at": product["publishedAt"],
        "updated_at": product["updatedAt"],
    }


def variant_row(variant: Object) -> Row:
    """A variant; a new unit cost moves its inventory item's time, so the later one counts."""
    item = variant["inventoryItem"]
    cost = item["unitCost"] or _NOTHING
    return {
        "id": plain_id(variant["id"]),
        "product_id": plain_id(variant["product"]["id"]),
        "inventory_item_id": plain_id(item["id"]),
        "title": variant["title"],
        "sku": variant["sku"],
        "barcode": variant["barcode"],
        "unit_cost__currency_code": cost.get("currencyCode"),
        "position": variant["position"],
        "price": variant["price"],
        "compare_at_price": variant["compareAtPrice"],
        "unit_cost": cost.get("amount"),
        "inventory_quantity": variant["inventoryQuantity"],
        "taxable": variant["taxable"],
        "created_at": variant["createdAt"],
        "updated_at": max(variant["updatedAt"], item["updatedAt"]),
    }


def checkout_rows(checkout: Object) -> Iterator[tuple[str, Row]]:
    """An abandoned checkout and its lines."""
    customer = checkout["customer"] or _NOTHING
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
            "email": (customer.get("defaultEmailAddress") or _NOTHING).get("emailAddress"),
            "phone": (customer.get("defaultPhoneNumber") or _NOTHING).get("phoneNumber"),
            "currency_code": checkout["subtotalPriceSet"]["shopMoney"]["currencyCode"],
            "discount_codes": _joined(checkout["discountCodes"]),
            "subtotal_price": _money(checkout["subtotalPriceSet"]),
            "total_price": _money(checkout["totalPriceSet"]),
            "total_discount": _money(checkout["totalDiscountSet"]),
            "total_tax": _money(checkout["totalTaxSet"]),
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
                "original_unit_price": _money(line["originalUnitPriceSet"]),
                "discounted_total_price": _money(line["discountedTotalPriceSet"]),
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


def order_row(order: Object) -> Row:
    """An order's own row."""
    visit = (order["customerJourneySummary"] or _NOTHING).get("lastVisit") or _NOTHING
    utm = visit.get("utmParameters") or _NOTHING
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
        "tags": _joined(order["tags"]),
        "discount_codes": _joined(order["discountCodes"]),
        **_address("shipping_address", order["shippingAddress"]),
        **_address("billing_address", order["billingAddress"]),
        "last_visit__landing_page": visit.get("landingPage"),
        "last_visit__referrer_url": visit.get("referrerUrl"),
        "last_visit__utm_source": utm.get("source"),
        "last_visit__utm_medium": utm.get("medium"),
        "last_visit__utm_campaign": utm.get("campaign"),
        "original_total_price": _money(original_total),
        "original_total_price__presentment": original_total["presentmentMoney"]["amount"],
        "total_price": _money(order["totalPriceSet"]),
        "subtotal_price": _money(order["subtotalPriceSet"]),
        "total_tax": _money(order["totalTaxSet"]),
        "total_discounts": _money(order["totalDiscountsSet"]),
        "total_shipping_price": _money(order["totalShippingPriceSet"]),
        "total_tip_received": _money(order["totalTipReceivedSet"]),
        "original_total_duties": _money(order["originalTotalDutiesSet"]),
        "current_total_price": _money(order["currentTotalPriceSet"]),
        "total_refunded": _money(order["totalRefundedSet"]),
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
        amount = _money(fee["price"])
        tax = _sum(_money(line["priceSet"]) for line in fee["taxLines"])
        yield _priced_line("fee", fee["id"], owner, name=fee["name"], amount=amount, tax=tax)
    if not has_tip_line and _is_positive(tip := _money(order["totalTipReceivedSet"])):
        yield _priced_line("tip", order["id"], owner, name="Tip", amount=tip)
    if _is_positive(duties := _money(order["originalTotalDutiesSet"])):
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
        "original_unit_price": _money(item["originalUnitPriceSet"]),
        "original_total": _money(item["originalTotalSet"]),
        "discount_allocations__total": _allocated(item["discountAllocations"]),
        "tax_lines__total": _sum(_money(line["priceSet"]) for line in item["taxLines"]),
        "discount_allocations": _json(item["discountAllocations"]),
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
        "tax_lines__total": _sum(_money(tax["priceSet"]) for tax in shipping["taxLines"]),
        "discount_allocations": _json(shipping["discountAllocations"]),
        "is_removed": shipping["isRemoved"],
    }


def _priced_line(
    kind: str, gid: str, owner: Row, *, name: str, amount: str | None, tax: str = "0"
) -> Row:
    """One unit of something that is no line item."""
    return {
        "id": _kind_id(kind, gid),
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
                "total_amount": _money(sale["totalAmount"]),
                "total_tax_amount": _money(sale["totalTaxAmount"]),
                "total_discount_before_taxes": _money(sale["totalDiscountAmountBeforeTaxes"]),
                "total_discount_after_taxes": _money(sale["totalDiscountAmountAfterTaxes"]),
                "happened_at": agreement["happenedAt"],
            }


def _sold_line(sale: Object, owner: Row, line_ids: set[str]) -> str | None:
    """The order line of a sale; a tip without a line of its own stands on the line made for it."""
    if item := sale.get("lineItem"):
        item_id = plain_id(item["id"])
        if item_id in line_ids or sale["lineType"] != "TIP":
            return item_id
    if sale["lineType"] in ("TIP", "DUTY"):
        return _kind_id(sale["lineType"].lower(), owner["order_id"])
    if shipping := sale.get("shippingLine"):
        return _kind_id("shipping", shipping["id"]) if shipping["id"] else None
    fee = sale.get("additionalFee") or sale.get("fee")
    return _kind_id("fee", fee["id"]) if fee else None


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
        "amount": _money(transaction["amountSet"]),
        "fees__total": _sum(fee["amount"] for fee in fees) if is_known else None,
        "fees": _json(fees),
        "test": transaction["test"],
        "processed_at": transaction["processedAt"],
    }


def _refund(refund: Object, owner: Row) -> Row:
    return {
        "id": plain_id(refund["id"]),
        **owner,
        "total_refunded": _money(refund["totalRefundedSet"]),
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
            "amount": _money(line["subtotalSet"]),
            "tax_amount": _money(line["totalTaxSet"]),
        }
    for line in refund["refundShippingLines"]:
        shipping_id = line["shippingLine"]["id"]
        yield common | {
            "id": _kind_id("shipping", line["id"]),
            "line_type": "shipping",
            "line_id": _kind_id("shipping", shipping_id) if shipping_id else None,
            "amount": _money(line["subtotalAmountSet"]),
            "tax_amount": _money(line["taxAmountSet"]),
        }
    for position, duty in enumerate(refund["duties"] or ()):
        yield common | {
            "id": _kind_id("duty", f"{refund_id}-{position}"),
            "line_type": "duty",
            "line_id": _kind_id("duty", owner["order_id"]),
            "amount": _money(duty["amountSet"]),
            "tax_amount": "0",
        }
    for adjustment in refund["orderAdjustments"]:
        yield common | {
            "id": _kind_id("adjustment", adjustment["id"]),
            "line_type": "adjustment",
            "reason": adjustment["reason"],
            "amount": _money(adjustment["amountSet"]),
            "tax_amount": _money(adjustment["taxAmountSet"]),
        }


def plain_id(gid: str) -> str:
    """`gid://shopify/Order/5?key=1` is `5`."""
    tail = gid[gid.rfind("/") + 1 :]
    return tail.split("?", 1)[0] if "?" in tail else tail


def optional_id(value: Object | None) -> str | None:
    """The id of an object that may be absent."""
    return plain_id(value["id"]) if value else None


def _kind_id(kind: str, gid: str) -> str:
    return f"{kind}_{plain_id(gid)}"


def _tip_ids(order: Object) -> set[str]:
    return {
        sale["lineItem"]["id"]
        for agreement in order["agreements"]
        for sale in agreement["sales"]
        if sale["lineType"] == "TIP" and sale.get("lineItem")
    }


def _address(prefix: str, address: Object | None) -> Row:
    found = address or _NOTHING
    return {
        f"{prefix}__country_code": found.get("countryCodeV2"),
        f"{prefix}__province_code": found.get("provinceCode"),
        f"{prefix}__province": found.get("province"),
        f"{prefix}__city": found.get("city"),
        f"{prefix}__zip": found.get("zip"),
    }


def _money(bag: Object | None) -> str | None:
    return bag["shopMoney"]["amount"] if bag else None


def _is_positive(amount: str | None) -> bool:
    return amount is not None and Decimal(amount) > 0


def _allocated(allocations: Sequence[Object]) -> str:
    return _sum(_money(allocation["allocatedAmountSet"]) for allocation in allocations)


def _sum(amounts: Iterable[str | None]) -> str:
    """The exact sum of amounts that are text; one amount is itself."""
    found = [amount for amount in amounts if amount is not None]
    if len(found) <= 1:
        return found[0] if found else "0"
    return str(sum(map(Decimal, found)))


def _joined(words: Sequence[str]) -> str | None:
    return ",".join(words) or None


def _json(values: Sequence[Any]) -> str | None:
    return orjson.dumps(values).decode() if values else None
