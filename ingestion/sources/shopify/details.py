"""What lists of an order own: a bulk operation refuses connections inside a list.

So the parts of refunds, and the lines of parcels, are asked for by ids, many at once. Most parcels
need no question: one with as many units as the whole order has every line of it whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.sources.shopify.api import AdminApi

Object = dict[str, Any]


@dataclass(frozen=True)
class Parts:
    """The connections of one kind of an order's children.

    Attributes:
        field: The order's list.
        document: Asks for some of its objects by their ids.
        at_once: So many, so that a question costs less than one may.
        connections: From connection to the document that reads its further pages.
    """

    field: str
    document: str
    at_once: int
    connections: Mapping[str, str]


REFUNDS = Parts(
    "refunds",
    "refunds",
    15,
    {
        "refundLineItems": "refund_line_items",
        "refundShippingLines": "refund_shipping_lines",
        "orderAdjustments": "refund_order_adjustments",
    },
)
FULFILLMENTS = Parts(
    "fulfillments",
    "fulfillments",
    50,
    {"fulfillmentLineItems": "fulfillment_line_items"},
)


class DetailReader:
    """Completes orders.

    Args:
        api: The shop's API.
    """

    def __init__(self, api: AdminApi) -> None:
        self._api = api

    def complete(self, orders: Sequence[Object]) -> list[Object]:
        """Orders whose refunds and parcels have their connections as plain lists."""
        found = self._asked(REFUNDS, [refund for order in orders for refund in order["refunds"]])
        found |= self._asked(FULFILLMENTS, list(_unclear_parcels(orders)))
        return [_completed(order, found) for order in orders]

    def _asked(self, parts: Parts, children: Sequence[Object]) -> dict[str, Object]:
        """From id to the connections of those children that Shopify still has."""
        ids = [child["id"] for child in children]
        found: dict[str, Object] = {}
        for at in range(0, len(ids), parts.at_once):
            for node in self._api.ask(parts.document, ids=ids[at : at + parts.at_once])["nodes"]:
                if node:
                    found[node["id"]] = self._to_the_end(parts, node)
        return found

    def _to_the_end(self, parts: Parts, node: Object) -> Object:
        return {
            field: list(self._api.rest_of(node[field], document, "node", field, id=node["id"]))
            for field, document in parts.connections.items()
        }


def without_details(order: Object) -> Object:
    """An order whose refunds and parcels are complete as far as it tells itself."""
    return _completed(order, {})


def _completed(order: Object, found: Mapping[str, Object]) -> Object:
    nothing: Object = {field: [] for field in REFUNDS.connections}
    return order | {
        "refunds": [nothing | refund | found.get(refund["id"], {}) for refund in order["refunds"]],
        "fulfillments": [
            {"fulfillmentLineItems": _lines_of_all(parcel, order)}
            | parcel
            | found.get(parcel["id"], {})
            for parcel in order["fulfillments"]
        ],
    }


def _unclear_parcels(orders: Sequence[Object]) -> Iterator[Object]:
    """Parcels that hold a part of their order."""
    for order in orders:
        for parcel in order["fulfillments"]:
            if not _holds_all(parcel, order):
                yield parcel


def _holds_all(parcel: Object, order: Object) -> bool:
    """No line has more units in a parcel than on the order, so equal sums are equal lines."""
    units: int = sum(item["quantity"] for item in order["lineItems"])
    return bool(parcel["totalQuantity"] == units)


def _lines_of_all(parcel: Object, order: Object) -> list[Object]:
    """The lines of a parcel with the whole order; none of another."""
    if not _holds_all(parcel, order):
        return []
    return [{"lineItem": item, "quantity": item["quantity"]} for item in order["lineItems"]]
