"""What an order of WooCommerce does not bring along: its refunds, and when it was cancelled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ingestion.errors import RequestRefusedError
from ingestion.sources.woocommerce.api import PAGE_ROWS, Object, WooApi
from ingestion.sources.woocommerce.rows import TableRow, order_rows

CANCELLED = "cancelled"


class OrderParts:
    """Completes orders of one store.

    Args:
        api: The store's API.
    """

    def __init__(self, api: WooApi) -> None:
        self._api = api
        self._has_refund_list = True
        self._cancelled_name: str | None = None

    def rows_of(self, orders: Sequence[Object]) -> Iterator[TableRow]:
        """Every row of some orders, each with its table."""
        refunds = self._refunds(orders)
        for order in orders:
            yield from order_rows(order, refunds[order["id"]], self._cancelled_at(order))

    def _refunds(self, orders: Sequence[Object]) -> Mapping[int, list[Object]]:
        """The refunds of each order: it names them, a list of all gives them by their ids."""
        found: dict[int, list[Object]] = {order["id"]: [] for order in orders}
        named = [refund["id"] for order in orders for refund in order["refunds"]]
        for start in range(0, len(named), PAGE_ROWS):
            for refund in self._by_ids(named[start : start + PAGE_ROWS]):
                if refund["parent_id"] in found:
                    found[refund["parent_id"]].append(refund)
        for order in orders:
            if len(found[order["id"]]) != len(order["refunds"]):
                pages = self._api.listed(f"orders/{order['id']}/refunds")
                found[order["id"]] = [refund for page in pages for refund in page]
        return found

    def _by_ids(self, ids: Sequence[int]) -> list[Object]:
        """Refunds by id; before WooCommerce 9.0 there is no list of all."""
        if not self._has_refund_list:
            return []
        try:
            wanted = ",".join(map(str, ids))
            refunds: list[Object] = self._api.get("refunds", include=wanted, per_page=PAGE_ROWS)
        except RequestRefusedError:
            self._has_refund_list = False
            return []
        return [refund for refund in refunds if refund["id"] in set(ids)]

    def _cancelled_at(self, order: Object) -> str | None:
        """When an order was cancelled.

        Only a note tells it, in the shop's language. It matters for orders that were paid; of the
        others, and where no note is found, it is the last change.
        """
        if order["status"] != CANCELLED:
            return None
        last_change: str = order["date_modified_gmt"]
        if not order.get("date_paid_gmt"):
            return f"{last_change}Z"
        notes = self._api.get(f"orders/{order['id']}/notes", type="internal")
        told = [
            note["date_created_gmt"]
            for note in notes
            if self._name_of_cancelled() in note["note"] and not note.get("customer_note")
        ]
        return f"{max(told, default=last_change)}Z"

    def _name_of_cancelled(self) -> str:
        """What the shop's language calls the status."""
        if self._cancelled_name is None:
            names = {each["slug"]: each["name"] for each in self._api.get("orders/statuses")}
            self._cancelled_name = str(names.get(CANCELLED, "Cancelled"))
        return self._cancelled_name
