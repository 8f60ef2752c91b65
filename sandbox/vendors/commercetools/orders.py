"""Orders, with their returns and deliveries; what was deleted is told by a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sandbox.vendors.commercetools.lines import Lines
from sandbox.vendors.commercetools.project import (
    Object,
    Project,
    address,
    identity,
    moment,
    reference,
)

PAYMENT_STATES = {
    "PAID": "Paid",
    "PARTIALLY_PAID": "BalanceDue",
    "PENDING": "Pending",
    "AUTHORIZED": "Pending",
    "FAILED": "Failed",
    "VOIDED": "Pending",
    "PARTIALLY_REFUNDED": "Paid",
    "REFUNDED": "Paid",
}
SHIPMENT_STATES = {
    "FULFILLED": "Shipped",
    "PARTIALLY_FULFILLED": "Partial",
    "UNFULFILLED": "Pending",
}


class Orders:
    """Every order of a project.

    Args:
        project: The project.
        codes: Discount codes to put in, by id; without any there are references only.
    """

    def __init__(self, project: Project, codes: Mapping[str, Object] | None = None) -> None:
        self._discount_codes = codes or {}
        self._project, self._make = project, Lines(project)
        self._lines = project.grouped("order_lines", "order_id")
        self._shipping = project.grouped("shipping_lines", "order_id")
        self._off = project.grouped("discount_allocations", "line_id")
        self._parcels = project.grouped("fulfillments", "order_id")
        self._packed = project.grouped("fulfillment_lines", "fulfillment_id")
        self._refunds = project.grouped("refunds", "order_id")
        self._back = project.grouped("refund_lines", "refund_id")
        self._paid = {row["order_id"] for row in project.records("transactions")}

    def listed(self) -> list[Object]:
        """Those that are not deleted."""
        rows = self._project.records("orders")
        return [self._order(row) for row in rows if pd.isna(row["deleted_at"])]

    def deletions(self) -> list[Object]:
        """A message a deleted order."""
        gone = [row for row in self._project.records("orders") if not pd.isna(row["deleted_at"])]
        return [self._deletion(row) for row in gone]

    def _deletion(self, row: Object) -> Object:
        at = row["deleted_at"]
        number = identity("order", row["order_id"])
        return {
            **self._project.resource("message", f"deleted {row['order_id']}", at, at),
            "sequenceNumber": 2,
            "resource": reference("order", number),
            "resourceVersion": 2,
            "type": "OrderDeleted",
            "order": self._order(row),
        }

    def _order(self, row: Object) -> Object:
        number = int(row["order_id"])
        lines = [self._item(line, row) for line in self._lines[number]]
        shipping = self._shipping_info(row)
        net = sum(line["totalPrice"]["centAmount"] for line in lines)
        net += shipping["price"]["centAmount"]
        place = address(row, "ship_", key="shipping")
        return {
            "type": "Order",
            **self._project.resource("order", number, row["processed_at"], row["updated_at"]),
            "orderNumber": row["name"],
            "customerEmail": row["email"],
            **self._buyer(row),
            "lineItems": lines,
            "customLineItems": [],
            "totalPrice": self._project.money(net),
            "taxedPrice": self._project.taxed(net, row["tax"], self._portions(number)),
            "taxMode": "Platform",
            "taxRoundingMode": "HalfUp",
            "inventoryMode": "TrackOnly",
            "shippingInfo": shipping,
            "shippingMode": "Single",
            "shipping": [],
            "shippingAddress": place,
            "billingAddress": place,
            "orderState": row["status"],
            "paymentState": PAYMENT_STATES[row["financial_status"]],
            "shipmentState": SHIPMENT_STATES[row["fulfillment_status"]],
            **self._codes(row),
            "directDiscounts": [],
            "refusedGifts": [],
            **self._payment(number),
            "returnInfo": self._returns(number),
            "syncInfo": [],
            "origin": "Customer",
            "country": row["ship_country_code"],
            **self._cart(row),
            "lastMessageSequenceNumber": 1,
        }

    def _item(self, line: Object, row: Object) -> Object:
        return self._make.item(
            line, self._off.get(int(line["line_id"]), []), kind="line", state=row["status"]
        )

    def _buyer(self, row: Object) -> Object:
        if pd.isna(row["customer_id"]):
            return {"anonymousId": identity("visitor", row["order_id"])}
        return {"customerId": identity("customer", int(row["customer_id"]))}

    def _cart(self, row: Object) -> Object:
        if pd.isna(row["checkout_id"]):
            return {}
        return {"cart": reference("cart", identity("cart", int(row["checkout_id"])))}

    def _codes(self, row: Object) -> Object:
        codes = [code for code in row["discount_codes"].split(",") if code]
        return {
            "discountCodes": [
                {"discountCode": self._code(code), "state": "MatchesCart"} for code in codes
            ]
        }

    def _code(self, code: str) -> Object:
        number = identity("discount-code", code)
        found = reference("discount-code", number)
        expanded = self._discount_codes.get(number)
        return {**found, "obj": expanded} if expanded else found

    def _payment(self, number: int) -> Object:
        if number not in self._paid:
            return {}
        return {"paymentInfo": {"payments": [reference("payment", identity("payment", number))]}}

    def _portions(self, number: int) -> dict[int, int]:
        found: dict[int, int] = {}
        for line in [*self._lines[number], *self._shipping.get(number, [])]:
            rate = int(line["tax_rate_bp"])
            found[rate] = found.get(rate, 0) + int(line["tax"])
        return {rate: tax for rate, tax in found.items() if tax}

    def _shipping_info(self, row: Object) -> Object:
        project, number = self._project, int(row["order_id"])
        (line, *_) = self._shipping.get(number, [None])
        price = int(line["price"] - line["discount"]) if line else 0
        tax, rate = (int(line["tax"]), int(line["tax_rate_bp"])) if line else (0, 0)
        return {
            "shippingMethodName": line["title"] if line else "Free shipping",
            "price": project.money(price),
            "shippingRate": {"price": project.money(price), "tiers": []},
            "taxRate": project.tax_rate(rate),
            "taxedPrice": project.taxed(price, tax, {rate: tax} if tax else {}),
            "deliveries": [self._delivery(each) for each in self._parcels.get(number, [])],
            "shippingMethodState": "MatchesCart",
        }

    def _delivery(self, parcel: Object) -> Object:
        number = parcel["fulfillment_id"]
        packed = self._packed.get(int(number), [])
        shipped = moment(parcel["shipped_at"])
        return {
            "id": identity("delivery", number),
            "createdAt": shipped,
            "items": [
                {"id": identity("line", line["line_id"]), "quantity": int(line["quantity"])}
                for line in packed
            ],
            "parcels": [
                {
                    "id": identity("parcel", number),
                    "createdAt": shipped,
                    "trackingData": {
                        "trackingId": parcel["tracking_number"],
                        "carrier": parcel["carrier"],
                    },
                    "items": [],
                }
            ],
        }

    def _returns(self, number: int) -> list[Object]:
        """Goods that came back; a cancellation pays back without any."""
        return [
            {
                "returnTrackingId": str(refund["refund_id"]),
                "returnDate": moment(refund["processed_at"]),
                "items": [self._return_item(line) for line in self._back[int(refund["refund_id"])]],
            }
            for refund in self._refunds.get(number, [])
            if not refund["is_cancellation"] and int(refund["refund_id"]) in self._back
        ]

    def _return_item(self, line: Object) -> Object:
        at = moment(line["processed_at"])
        return {
            "type": "LineItemReturnItem",
            "id": identity("return-item", line["refund_line_id"]),
            "lineItemId": identity("line", line["line_id"]),
            "quantity": int(line["quantity"]),
            "shipmentState": "Returned",
            "paymentState": "Refunded",
            "createdAt": at,
            "lastModifiedAt": at,
        }


def payments(project: Project) -> list[Object]:
    """One payment an order, that changes with each transaction; the order does not."""
    orders = {int(row["order_id"]): row for row in project.records("orders")}
    found = []
    for number, rows in project.grouped("transactions", "order_id").items():
        order = orders[number]
        moments = [row["processed_at"] for row in rows]
        buyer = order["customer_id"]
        customer = {} if pd.isna(buyer) else {
            "customer": reference("customer", identity("customer", int(buyer)))
        }  # fmt: skip
        found.append(
            {
                **project.resource("payment", number, min(moments), max(moments)),
                **customer,
                "amountPlanned": project.money(order["total"]),
                "paymentMethodInfo": {
                    "paymentInterface": rows[0]["gateway"],
                    "method": rows[0]["gateway"],
                },
                "paymentStatus": {},
                "transactions": [part for row in rows for part in _transactions(project, row)],
                "interfaceInteractions": [],
            }
        )
    return found


TYPES = {
    "SALE": "Charge",
    "CAPTURE": "Charge",
    "AUTHORIZATION": "Authorization",
    "VOID": "CancelAuthorization",
    "REFUND": "Refund",
}
STATES = {"SUCCESS": "Success", "FAILURE": "Failure", "PENDING": "Pending"}


def _transactions(project: Project, row: Object) -> list[Object]:
    told: dict[str, Any] = {
        "id": identity("transaction", row["transaction_id"]),
        "timestamp": moment(row["processed_at"]),
        "type": TYPES[row["kind"]],
        "amount": project.money(row["amount"]),
        "interactionId": str(row["transaction_id"]),
        "state": STATES[row["status"]],
    }
    return [told]
