"""What the root fields give: connections, single objects, counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from graphql import GraphQLError
from numpy.typing import NDArray

from sandbox.faults import Fault, Faults
from sandbox.vendors.shopify.access import SCOPES
from sandbox.vendors.shopify.filters import filters
from sandbox.vendors.shopify.frames import NONE, Batch, Frame, Ref, Rows
from sandbox.vendors.shopify.matching import Search
from sandbox.vendors.shopify.operations import Operations
from sandbox.vendors.shopify.paging import Ordered, Page, Slip, Window
from sandbox.vendors.shopify.sorting import keys
from sandbox.vendors.shopify.store import Store

CONNECTIONS = {
    "orders": "Order",
    "customers": "Customer",
    "products": "Product",
    "productVariants": "ProductVariant",
    "inventoryItems": "InventoryItem",
    "abandonedCheckouts": "AbandonedCheckout",
    "locations": "Location",
    "collections": "Collection",
    "discountNodes": "DiscountNode",
    "giftCards": "GiftCard",
}
NESTED = {"inventoryLevels": "InventoryLevel"}
"""Connections below an object that have a search of their own."""
SINGLES = {
    "order": "Order",
    "customer": "Customer",
    "product": "Product",
    "productVariant": "ProductVariant",
    "inventoryItem": "InventoryItem",
    "collection": "Collection",
    "giftCard": "GiftCard",
}
COUNTS = {
    "ordersCount": "orders",
    "customersCount": "customers",
    "productsCount": "products",
    "abandonedCheckoutsCount": "abandonedCheckouts",
    "collectionsCount": "collections",
    "discountNodesCount": "discountNodes",
    "giftCardsCount": "giftCards",
}
_NODES = frozenset(
    {
        "AbandonedCheckout",
        "Collection",
        "Customer",
        "Fulfillment",
        "GiftCard",
        "InventoryItem",
        "LineItem",
        "Location",
        "Order",
        "OrderTransaction",
        "Product",
        "ProductVariant",
        "Refund",
        "Shop",
    }
)
NEEDED = {
    "AbandonedCheckout": "read_orders",
    "Collection": "read_products",
    "Customer": "read_customers",
    "DiscountNode": "read_discounts",
    "Fulfillment": "read_orders",
    "GiftCard": "read_gift_cards",
    "InventoryItem": "read_inventory",
    "LineItem": "read_orders",
    "Location": "read_locations",
    "Order": "read_orders",
    "OrderTransaction": "read_orders",
    "Product": "read_products",
    "ProductVariant": "read_products",
    "Refund": "read_orders",
}
"""The scope that each type needs; the shop is open to all."""
_ACCESS_SCOPES = "https://shopify.dev/api/usage/access-scopes"
_GID = re.compile(r"gid://shopify/(\w+)/(\d+)(\?.*)?")


@dataclass
class Request:
    """One GraphQL request on its way.

    Attributes:
        store: The shop it asks.
        operations: The shop's bulk operations.
        faults: Faults to commit.
        slips: What goes wrong with the pages of each connection.
        searches: ``extensions.search`` of the answer.
        explain: The caller wants every search explained.
        scopes: What the caller's token may read.
        base_url: Where the API is reached, for addresses in answers.
    """

    store: Store
    operations: Operations
    faults: Faults
    slips: dict[str, Slip]
    base_url: str = ""
    scopes: frozenset[str] = frozenset(SCOPES)
    explain: bool = False
    searches: list[dict[str, Any]] = field(default_factory=list)

    def connection(self, root: str, arguments: Mapping[str, Any], path: str) -> Page:
        """A page of a root connection."""
        self._demand(CONNECTIONS[root], path)
        window = Window.of(arguments)
        ordered = self.ordered(root, arguments, path)
        slip = self.slips.setdefault(root, Slip())
        if window.after:
            slip.repeat = self.faults.take("shopify", Fault.DUPLICATE_PAGE) is not None
        slip.hold = self.faults.take("shopify", Fault.SHIFTING_PAGE) is not None
        return ordered.page(window, slip)

    def ordered(self, root: str, arguments: Mapping[str, Any], path: str) -> Ordered:
        """All rows of a root connection that the search finds, in order."""
        frame = self.store.frame(CONNECTIONS[root])
        found = self.found(root, arguments.get("query"), path)
        order, values = _order(self.store, root, frame, arguments.get("sortKey") or "ID")
        rows = order[found[order]]
        reverse = bool(arguments.get("reverse"))
        rows = rows[::-1] if reverse else rows
        return Ordered(frame, rows, values[rows], reverse)

    def may_read(self, root: str) -> bool:
        """Whether the caller's token has the scope of a root connection."""
        return NEEDED[CONNECTIONS[root]] in self.scopes

    def _demand(self, kind: str, field: str) -> None:
        """Denies what the token has no scope for."""
        scope = NEEDED.get(kind)
        if scope is not None and scope not in self.scopes:
            access = f"`{scope}` access scope."
            raise GraphQLError(
                f"Access denied for {field} field. Required access: {access}",
                extensions={
                    "code": "ACCESS_DENIED",
                    "documentation": _ACCESS_SCOPES,
                    "requiredAccess": access,
                },
            )

    def found(self, root: str, query: str | None, path: str) -> NDArray[np.bool_]:
        """The rows of a connection's type that a search finds; its warnings are noted."""
        store = self.store
        search = Search(
            filters(store, root),
            len(store.frame((CONNECTIONS | NESTED)[root]).ids),
            ZoneInfo(str(store.row["timezone"])),
            store.now,
        )
        found = search.rows(query)
        if query and (search.warnings or self.explain):
            self.searches.append({"path": [path], "query": query, "warnings": search.warnings})
        return found

    def count(self, name: str, arguments: Mapping[str, Any], path: str) -> dict[str, Any]:
        """How many objects a search finds, up to a limit."""
        self._demand(CONNECTIONS[COUNTS[name]], path)
        total = int(self.found(COUNTS[name], arguments.get("query"), path).sum())
        limit = arguments.get("limit")
        if limit is not None and total > limit:
            return {"count": limit, "precision": "AT_LEAST"}
        return {"count": total, "precision": "EXACT"}

    def single(self, kind: str, identity: str) -> Ref | None:
        """An object by id, if it is of that type."""
        found_kind, number = _parsed(identity)
        self._demand(kind, kind[0].lower() + kind[1:])
        return self._object(kind, number) if found_kind == kind else None

    def node(self, identity: str) -> Ref | dict[str, Any] | None:
        """Any object by id."""
        kind, number = _parsed(identity)
        if kind == "BulkOperation":
            return self.operations.poll(identity, self.base_url)
        self._demand(kind, "node")
        return self._object(kind, number) if kind in _NODES else None

    def shop(self) -> Ref:
        """The shop itself."""
        return Batch(self.store.frame("Shop"), np.zeros(1, np.int64)).refs()[0]

    def _object(self, kind: str, number: int) -> Ref | None:
        frame = self.store.frame(kind)
        row = frame.row_of(number)
        return None if row == NONE else Batch(frame, np.array([row])).refs()[0]


def _order(store: Store, root: str, frame: Frame, sort_key: str) -> tuple[Rows, NDArray[Any]]:
    """All rows by a sort key, then id; and the keys."""

    def make() -> tuple[Rows, NDArray[Any]]:
        values = keys(store, root, sort_key)
        return np.lexsort((frame.ids, values)), values

    made: tuple[Rows, NDArray[Any]] = store.once(("order", root, sort_key), make)
    return made


def _parsed(identity: str) -> tuple[str, int]:
    match = _GID.fullmatch(identity)
    if match is None:
        raise GraphQLError(
            f"Invalid global id '{identity}'", extensions={"code": "argumentLiteralsIncompatible"}
        )
    return match[1], int(match[2])
