"""Paged reads: roots of a search, and their nested lists to the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingestion.sources.shopify.api import AdminApi, TooCostlyError

AGREEMENTS_AT_ONCE = 2
SALES_AT_ONCE = 9
SALES_OF_ONE = 50


class PageReader:
    """Reads by pages.

    Args:
        api: The shop's API.
    """

    def __init__(self, api: AdminApi) -> None:
        self._api = api

    def roots(self, name: str, field: str, search: str, first: int) -> Iterator[dict[str, Any]]:
        """Every root that a search finds, as the pages give them.

        Args:
            name: The document, with `filter`, `first` and `after`.
            field: The connection of the root.
            search: The filter in Shopify's search syntax.
            first: Objects a page; halved where Shopify finds them too costly.
        """
        for page in self.pages(name, field, filter=search, first=first):
            yield from page

    def pages(
        self, name: str, *path: str, first: int, **variables: Any
    ) -> Iterator[list[dict[str, Any]]]:
        """The pages of a connection, to the last one.

        Args:
            name: The document, with `first` and `after`.
            *path: Where the connection stands in its answer.
            first: Objects a page; halved where Shopify finds them too costly.
            **variables: The document's other variables.
        """
        after: str | None = None
        while True:
            try:
                page: Any = self._api.ask(name, first=first, after=after, **variables)
            except TooCostlyError:
                if first == 1:
                    raise
                first //= 2
                continue
            for step in path:
                page = page[step]
            yield page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def count(self, name: str, search: str, limit: int) -> int:
        """How many objects a search finds, at most `limit`."""
        found: int = self._api.ask(name, filter=search, limit=limit)["count"]["count"]
        return found

    def whole_order(self, order: dict[str, Any]) -> dict[str, Any]:
        """An order whose nested connections are plain lists, read to the end."""
        rest, order_id = self._api.rest_of, order["id"]
        return order | {
            "lineItems": list(
                rest(order["lineItems"], "order_line_items", "order", "lineItems", id=order_id)
            ),
            "shippingLines": list(
                rest(
                    order["shippingLines"],
                    "order_shipping_lines",
                    "order",
                    "shippingLines",
                    id=order_id,
                )
            ),
            "agreements": list(self._agreements(order_id, order["agreements"])),
        }

    def whole_checkout(self, checkout: dict[str, Any]) -> dict[str, Any]:
        """A checkout with all its lines."""
        lines = self._api.rest_of(
            checkout["lineItems"], "checkout_line_items", "node", "lineItems", id=checkout["id"]
        )
        return checkout | {"lineItems": list(lines)}

    def _agreements(self, order_id: str, page: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Agreements with all their sales. One is found again by the cursor before its own."""
        before: str | None = None
        while True:
            for edge in page["edges"]:
                agreement = edge["node"]
                yield agreement | {"sales": list(self._sales(order_id, before, agreement))}
                before = edge["cursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            page = self._ask_agreements(order_id, after=before)

    def _sales(
        self, order_id: str, before: str | None, agreement: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        sales = agreement["sales"]
        yield from sales["nodes"]
        while sales["pageInfo"]["hasNextPage"]:
            page = self._ask_agreements(
                order_id,
                after=before,
                first=1,
                salesFirst=SALES_OF_ONE,
                salesAfter=sales["pageInfo"]["endCursor"],
            )
            sales = page["edges"][0]["node"]["sales"]
            yield from sales["nodes"]

    def _ask_agreements(self, order_id: str, **variables: Any) -> dict[str, Any]:
        asked = {"first": AGREEMENTS_AT_ONCE, "salesFirst": SALES_AT_ONCE, "salesAfter": None}
        answer = self._api.ask("order_agreements", id=order_id, **(asked | variables))
        page: dict[str, Any] = answer["order"]["agreements"]
        return page
