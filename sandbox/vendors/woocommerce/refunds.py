"""Refunds: lines below zero, each naming the order's line, or an amount alone."""

from __future__ import annotations

from sandbox.vendors.woocommerce.site import (
    Object,
    Site,
    meta,
    money,
    number,
    several_variants,
)

RIGHTS = ("GET", "DELETE")


class Refunds:
    """Every refund of a site.

    Args:
        site: The site.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._rows = site.by_order("refunds")
        self._parts = {
            name: _by_refund(site.records(name))
            for name in ("refund_lines", "refund_shipping_lines")
        }
        self._sold = {line["line_id"]: line for line in site.records("order_lines")}
        self._sent = {line["shipping_line_id"]: line for line in site.records("shipping_lines")}
        self._several = several_variants(site)

    def named(self, order_id: int) -> list[Object]:
        """What an order tells of its refunds."""
        return [
            {
                "id": self._site.ids.of("refunds", row["refund_id"]),
                "reason": row["note"],
                "total": money(-row["total"]),
            }
            for row in self._rows.get(order_id, ())
        ]

    def listed(self) -> list[Object]:
        """All of them, with the order they belong to."""
        return [self._refund(row) for rows in self._rows.values() for row in rows]

    def _refund(self, row: Object) -> Object:
        site = self._site
        own = site.ids.of("refunds", row["refund_id"])
        parent = site.ids.of("orders", row["order_id"])
        created = site.times("created", row["processed_at"])
        path = f"orders/{parent}/refunds/{own}"
        lines = self._parts["refund_lines"].get(row["refund_id"], [])
        sent = self._parts["refund_shipping_lines"].get(row["refund_id"], [])
        return {
            "id": own,
            "parent_id": parent,
            **created,
            "amount": money(row["total"]),
            "reason": row["note"],
            "refunded_by": 1,
            "refunded_payment": True,
            "meta_data": meta({"_refund_type": "partial"}, first=own * 10),
            "line_items": [self._line(line) for line in lines],
            "shipping_lines": [self._shipping_line(line) for line in sent],
            "tax_lines": [],
            "fee_lines": [],
            "_links": site.links(path, RIGHTS, up=f"orders/{parent}"),
            "_modified": created["date_created_gmt"],
        }

    def _line(self, line: Object) -> Object:
        site, sold = self._site, self._sold[line["line_id"]]
        is_variation = sold["product_id"] in self._several
        back = line["subtotal"] - (line["tax"] if site.taxes_included else 0)
        variation = site.ids.of("variants", sold["variant_id"]) if is_variation else 0
        taken = str(site.ids.of("order_lines", line["line_id"]))
        own = site.ids.of("refund_lines", line["refund_line_id"])
        tax = {
            "id": sold["tax_rate_bp"],
            "total": money(-line["tax"]),
            "subtotal": money(-line["tax"]),
        }
        return {
            "id": own,
            "name": sold["title"],
            "product_id": site.ids.of("products", sold["product_id"]),
            "variation_id": variation,
            "quantity": -line["quantity"],
            "tax_class": "",
            "subtotal": money(-back),
            "subtotal_tax": money(-line["tax"]),
            "total": money(-back),
            "total_tax": money(-line["tax"]),
            "taxes": [tax],
            "meta_data": meta({"_refunded_item_id": taken}, first=own * 10, shown=True),
            "sku": sold["sku"],
            "global_unique_id": "",
            "price": number(back / 100 / line["quantity"]),
            "image": {"id": "", "src": ""},
            "parent_name": sold["title"] if is_variation else None,
        }

    def _shipping_line(self, line: Object) -> Object:
        site, sold = self._site, self._sent[line["shipping_line_id"]]
        own = site.ids.of("refund_shipping_lines", line["refund_id"])
        taken = str(site.ids.of("shipping_lines", line["shipping_line_id"]))
        back = line["amount"] - (line["tax"] if site.taxes_included else 0)
        return {
            "id": own,
            "method_title": sold["title"],
            "method_id": "flat_rate",
            "instance_id": "1",
            "total": money(-back),
            "total_tax": money(-line["tax"]),
            "taxes": [],
            "tax_status": "taxable",
            "meta_data": meta({"_refunded_item_id": taken}, first=own * 10, shown=True),
        }


def _by_refund(rows: list[Object]) -> dict[int, list[Object]]:
    found: dict[int, list[Object]] = {}
    for row in rows:
        found.setdefault(row["refund_id"], []).append(row)
    return found
