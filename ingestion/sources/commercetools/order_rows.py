"""Makes rows of an order: its lines, payments, returns and deliveries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ingestion.sources.commercetools.rows import (
    Row,
    TableRow,
    address_columns,
    amount,
    localized,
    reference_id,
)

Object = Mapping[str, Any]
_NOTHING: Object = {}


def order_rows(order: Object, languages: Sequence[str]) -> Iterator[TableRow]:
    """An order and everything that it owns."""
    owner = {"order_id": order["id"], "order_modified_at": order["lastModifiedAt"]}
    yield "orders", _order(order)
    for row in _lines(order, languages):
        yield "order_lines", row | owner
    for payment in (order.get("paymentInfo") or _NOTHING).get("payments") or ():
        yield "order_payments", {"payment_id": payment["id"], **owner}
    for place, info in enumerate(order.get("returnInfo") or ()):
        for item in info["items"]:
            yield "return_items", _return_item(item, info, f"{order['id']}_{place}") | owner
    for delivery in _deliveries(order):
        yield "deliveries", _delivery(delivery) | owner
        for item in delivery.get("items") or ():
            line = {"line_id": item["id"], "quantity": item["quantity"]}
            yield "delivery_items", {"delivery_id": delivery["id"], **line, **owner}


def _order(order: Object) -> Row:
    taxed = order.get("taxedPrice") or _NOTHING
    shipping = order.get("shippingInfo") or _NOTHING
    codes = [each["discountCode"].get("obj") for each in order.get("discountCodes") or ()]
    return {
        "id": order["id"],
        "order_number": order.get("orderNumber"),
        "customer_id": order.get("customerId"),
        "customer_email": order.get("customerEmail"),
        "anonymous_id": order.get("anonymousId"),
        "cart_id": reference_id(order.get("cart")),
        "order_state": order["orderState"],
        "payment_state": order.get("paymentState"),
        "shipment_state": order.get("shipmentState"),
        "origin": order.get("origin"),
        "store_key": (order.get("store") or _NOTHING).get("key"),
        "currency": order["totalPrice"]["currencyCode"],
        "discount_codes": ",".join(code["code"] for code in codes if code) or None,
        "total_price": amount(order["totalPrice"]),
        "taxed_price__total_net": amount(taxed.get("totalNet")),
        "taxed_price__total_gross": amount(taxed.get("totalGross")),
        "taxed_price__total_tax": amount(taxed.get("totalTax") or _difference(taxed)),
        "shipping_info__price": amount(_charged(shipping)),
        "is_tax_included": _is_tax_included(order),
        **address_columns("shipping_address", order.get("shippingAddress")),
        **address_columns("billing_address", order.get("billingAddress")),
        "phone": (order.get("shippingAddress") or _NOTHING).get("phone"),
        "is_deleted": False,
        "created_at": order["createdAt"],
        "completed_at": order.get("completedAt"),
        "last_modified_at": order["lastModifiedAt"],
    }


def _difference(taxed: Object) -> Object | None:
    """Tax where it is not told apart."""
    if not taxed:
        return None
    cents = taxed["totalGross"]["centAmount"] - taxed["totalNet"]["centAmount"]
    return {**taxed["totalGross"], "centAmount": cents}


def _charged(shipping: Object) -> Object | None:
    discounted: Object = shipping.get("discountedPrice") or _NOTHING
    found: Object | None = discounted.get("value") or shipping.get("price")
    return found


def _is_tax_included(order: Object) -> bool:
    """Whether prices contain tax; a project may have both kinds, an order has one."""
    rates = [line.get("taxRate") or _NOTHING for line in order["lineItems"]]
    return bool(rates) and all(rate.get("includedInPrice") for rate in rates)


def _lines(order: Object, languages: Sequence[str]) -> Iterator[Row]:
    """Everything with a price on an order."""
    for line in order["lineItems"]:
        variant = line["variant"]
        yield {
            "id": line["id"],
            "line_type": "product",
            "product_id": line["productId"],
            "variant_id": f"{line['productId']}_{variant['id']}",
            "sku": variant.get("sku"),
            "name": localized(line["name"], languages),
            **_prices(line, line["price"]["value"], line["quantity"]),
        }
    for line in order.get("customLineItems") or ():
        yield {
            "id": line["id"],
            "line_type": "custom",
            "name": localized(line["name"], languages),
            **_prices(line, line["money"], line["quantity"]),
        }
    yield from _shipping_lines(order)
    if off := order.get("discountOnTotalPrice"):
        yield _discount_line(order, off)


def _prices(line: Object, price: Object, quantity: int) -> Row:
    """Before discounts and after them, as priced, with the tax beside it."""
    taxed = line.get("taxedPrice") or _NOTHING
    gross = Decimal(amount(price) or 0) * quantity
    return {
        "quantity": quantity,
        "price": amount(price),
        "gross": str(gross),
        "total_price": amount(line["totalPrice"]),
        "total_tax": amount(taxed.get("totalTax") or _difference(taxed)),
        "tax_rate": _tax_rate(line),
    }


def _shipping_lines(order: Object) -> Iterator[Row]:
    shipping = order.get("shippingInfo")
    if not shipping:
        return
    taxed = shipping.get("taxedPrice") or _NOTHING
    yield {
        "id": f"shipping_{order['id']}",
        "line_type": "shipping",
        "name": shipping.get("shippingMethodName"),
        "quantity": 1,
        "price": amount(shipping["price"]),
        "gross": amount(shipping["price"]),
        "total_price": amount(_charged(shipping)),
        "total_tax": amount(taxed.get("totalTax") or _difference(taxed)),
        "tax_rate": _tax_rate(shipping),
    }


def _tax_rate(line: Object) -> str | None:
    """None where the project has its taxes from outside."""
    rate = line.get("taxRate")
    return str(rate["amount"]) if rate else None


def _discount_line(order: Object, off: Object) -> Row:
    """A discount on the total stands in no line."""
    net = off.get("discountedNetAmount")
    gross = off.get("discountedGrossAmount")
    told = off["discountedAmount"]
    tax = Decimal(amount(gross) or 0) - Decimal(amount(net) or 0) if net and gross else Decimal(0)
    taken = str(-Decimal(amount(told) or 0))
    return {
        "id": f"discount_{order['id']}",
        "line_type": "discount",
        "quantity": 1,
        "price": taken,
        "gross": taken,
        "total_price": taken,
        "total_tax": str(-tax),
    }


def _return_item(item: Object, info: Object, number: str) -> Row:
    return {
        "id": item["id"],
        "return_id": number,
        "line_id": item.get("lineItemId") or item.get("customLineItemId"),
        "quantity": item["quantity"],
        "shipment_state": item["shipmentState"],
        "payment_state": item["paymentState"],
        "comment": item.get("comment"),
        "returned_at": info.get("returnDate") or item["createdAt"],
    }


def _deliveries(order: Object) -> Iterator[Object]:
    yield from (order.get("shippingInfo") or _NOTHING).get("deliveries") or ()
    for shipping in order.get("shipping") or ():
        yield from shipping["shippingInfo"].get("deliveries") or ()


def _delivery(delivery: Object) -> Row:
    parcel = next(iter(delivery.get("parcels") or ()), _NOTHING)
    tracking = parcel.get("trackingData") or _NOTHING
    return {
        "id": delivery["id"],
        "carrier": tracking.get("carrier"),
        "tracking_id": tracking.get("trackingId"),
        "created_at": delivery["createdAt"],
    }
