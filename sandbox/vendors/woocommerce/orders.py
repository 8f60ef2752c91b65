"""Orders, with their lines, taxes, coupons and the names of their refunds."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd

from sandbox.vendors.woocommerce.refunds import Refunds
from sandbox.vendors.woocommerce.site import (
    SYMBOLS,
    TRASH_DAYS,
    Object,
    Site,
    meta,
    money,
    number,
    several_variants,
)
from sandbox.world.baskets import tax_of

VERSION = "10.2.4"
TITLES = {
    "stripe": "Credit / Debit Card",
    "ppcp-gateway": "PayPal",
    "klarna_payments": "Klarna",
    "bacs": "Direct bank transfer",
}
NEEDS_PAYMENT = ("pending", "failed")


class Orders:
    """Every order of a site, also those in the trash.

    Args:
        site: The site.
        refunds: Its refunds.
    """

    def __init__(self, site: Site, refunds: Refunds) -> None:
        self._site, self._refunds = site, refunds
        self._lines = site.by_order("order_lines")
        self._shipping = site.by_order("shipping_lines")
        self._allocations = site.by_order("discount_allocations")
        self._transactions = site.by_order("transactions")
        self._parcels = site.by_order("fulfillments")
        visits = site.table("visits")
        visits = visits[visits["visit_id"].isin(site.table("orders")["visit_id"])]
        self._visits = visits.set_index("visit_id")[["source", "medium", "campaign", "referrer",
                                                     "landing_path"]].to_dict("index")  # fmt: skip
        self._several = several_variants(site)

    def listed(self) -> list[Object]:
        """All of them; the trash is emptied after a month."""
        oldest = self._site.now - TRASH_DAYS
        return [
            self._order(row)
            for row in self._site.records("orders")
            if pd.isna(row["deleted_at"]) or row["deleted_at"] > oldest
        ]

    def _order(self, row: Object) -> Object:
        site, ledger_id = self._site, int(row["order_id"])
        own = site.ids.of("orders", ledger_id)
        lines = [self._line(line) for line in self._lines.get(ledger_id, ())]
        shipping = [self._shipping_line(line) for line in self._shipping.get(ledger_id, ())]
        address = self._address(row)
        key = "wc_order_" + hashlib.sha256(str(ledger_id).encode()).hexdigest()[:13]
        status, paid = str(row["status"]), self._paid_at(row)
        done = self._completed_at(row, paid)
        modified = max(row["updated_at"], row["deleted_at"]) if status == "trash" else None
        moments = {
            "created": row["processed_at"],
            "modified": modified or row["updated_at"],
            "completed": done,
            "paid": paid,
        }
        clocks = {name: site.times(name, moment) for name, moment in moments.items()}
        return {
            "id": own,
            "parent_id": 0,
            "status": status,
            "currency": site.currency,
            "version": VERSION,
            "prices_include_tax": site.taxes_included,
            **_local(clocks, "created", "modified"),
            **self._totals(row, lines, shipping),
            "customer_id": self._customer(row),
            "order_key": key,
            "billing": {**address, "email": row["email"], "phone": row["phone"]},
            "shipping": {**address, "phone": ""},
            **self._payment(row),
            "customer_ip_address": "",
            "customer_user_agent": "",
            "created_via": "checkout",
            "customer_note": "",
            **_local(clocks, "completed", "paid"),
            "cart_hash": "",
            "number": str(row["number"]),
            "meta_data": self._attribution(row),
            "line_items": lines,
            "tax_lines": self._tax_lines(ledger_id, own),
            "shipping_lines": shipping,
            "fee_lines": [],
            "coupon_lines": self._coupon_lines(ledger_id, lines),
            "refunds": self._refunds.named(ledger_id),
            "payment_url": f"{site.address}/checkout/order-pay/{own}/?pay_for_order=true&key={key}",
            "is_editable": status in ("pending", "on-hold"),
            "needs_payment": status in NEEDS_PAYMENT,
            "needs_processing": True,
            **_gmt(clocks),
            "currency_symbol": SYMBOLS[site.currency],
            "_links": self._links(own),
        }

    def _links(self, own: int) -> Object:
        found = self._site.links(f"orders/{own}")
        templates = f"{self._site.api}/orders/{own}/actions/email_templates"
        return {**found, "email_templates": [{"embeddable": True, "href": templates}]}

    def _line(self, line: Object) -> Object:
        site, included = self._site, self._site.taxes_included
        gross, rate = line["unit_price"] * line["quantity"], line["tax_rate_bp"]
        full_tax = int(tax_of(gross, rate, included))
        subtotal = gross - (full_tax if included else 0)
        total = gross - line["discount"] - (line["tax"] if included else 0)
        is_variation = line["product_id"] in self._several
        variation = site.ids.of("variants", line["variant_id"]) if is_variation else 0
        taxes = {"id": rate, "total": money(line["tax"]), "subtotal": money(full_tax)}
        return {
            "id": site.ids.of("order_lines", line["line_id"]),
            "name": _name(line, is_variation),
            "product_id": site.ids.of("products", line["product_id"]),
            "variation_id": variation,
            "quantity": line["quantity"],
            "tax_class": "",
            "subtotal": money(subtotal),
            "subtotal_tax": money(full_tax),
            "total": money(total),
            "total_tax": money(line["tax"]),
            "taxes": [taxes],
            "meta_data": [],
            "sku": line["sku"],
            "global_unique_id": "",
            "price": number(total / 100 / line["quantity"]),
            "image": {"id": "", "src": ""},
            "parent_name": line["title"] if is_variation else None,
        }

    def _shipping_line(self, line: Object) -> Object:
        site, included = self._site, self._site.taxes_included
        total = line["price"] - line["discount"] - (line["tax"] if included else 0)
        tax = {"id": line["tax_rate_bp"], "total": money(line["tax"]), "subtotal": ""}
        return {
            "id": site.ids.of("shipping_lines", line["shipping_line_id"]),
            "method_title": line["title"],
            "method_id": "free_shipping" if not line["price"] else "flat_rate",
            "instance_id": "1",
            "total": money(total),
            "total_tax": money(line["tax"]),
            "taxes": [tax] if line["tax"] else [],
            "tax_status": "taxable",
            "meta_data": [],
        }

    def _totals(self, row: Object, lines: list[Object], shipping: list[Object]) -> Object:
        discount = sum(cents(line["subtotal"]) - cents(line["total"]) for line in lines)
        untaxed = sum(cents(line["subtotal_tax"]) - cents(line["total_tax"]) for line in lines)
        cart_tax = sum(cents(line["total_tax"]) for line in lines)
        return {
            "discount_total": money(discount),
            "discount_tax": money(untaxed),
            "shipping_total": money(sum(cents(line["total"]) for line in shipping)),
            "shipping_tax": money(sum(cents(line["total_tax"]) for line in shipping)),
            "cart_tax": money(cart_tax),
            "total": money(row["total"]),
            "total_tax": money(row["tax"]),
        }

    def _tax_lines(self, ledger_id: int, own: int) -> list[Object]:
        """One a rate; its items have numbers behind all others."""
        goods: dict[int, int] = {}
        sent: dict[int, int] = {}
        for line in self._lines.get(ledger_id, ()):
            goods[line["tax_rate_bp"]] = goods.get(line["tax_rate_bp"], 0) + line["tax"]
        for line in self._shipping.get(ledger_id, ()):
            sent[line["tax_rate_bp"]] = sent.get(line["tax_rate_bp"], 0) + line["tax"]
        country = self._site.row["country"]
        rates = sorted(
            rate for rate in goods.keys() | sent.keys() if goods.get(rate) or sent.get(rate)
        )
        return [
            {
                "id": self._site.ids.last + own * 8 + place,
                "rate_code": f"{country}-VAT-{place + 1}",
                "rate_id": rate,
                "label": "VAT",
                "compound": False,
                "tax_total": money(goods.get(rate, 0)),
                "shipping_tax_total": money(sent.get(rate, 0)),
                "rate_percent": number(rate / 100),
                "meta_data": [],
            }
            for place, rate in enumerate(rates)
        ]

    def _coupon_lines(self, ledger_id: int, lines: list[Object]) -> list[Object]:
        """One a code; what it took off is told without tax, the tax beside it."""
        found: dict[str, Object] = {}
        for row in self._allocations.get(ledger_id, ()):
            coupon = found.setdefault(row["title"], {**row, "amount": 0})
            coupon["amount"] += row["amount"]
        whole = sum(coupon["amount"] for coupon in found.values())
        discount = sum(cents(line["subtotal"]) - cents(line["total"]) for line in lines)
        told, counted = [], 0
        for place, coupon in enumerate(found.values()):
            is_last = place == len(found) - 1
            part = discount - counted if is_last else discount * coupon["amount"] // whole
            counted += part
            told.append(self._coupon_line(coupon, part))
        return told

    def _coupon_line(self, coupon: Object, part: int) -> Object:
        code = coupon["title"].lower()
        kind = "percent" if coupon["value_type"] == "percentage" else "fixed_cart"
        value = number(coupon["value"])
        tax = coupon["amount"] - part if self._site.taxes_included else 0
        info = f'[1,"{code}","{kind}",{value}]'
        return {
            "id": self._site.ids.of("discount_allocations", coupon["allocation_id"]),
            "code": code,
            "discount": money(part),
            "discount_tax": money(tax),
            "meta_data": meta({"coupon_info": info}, shown=True),
            "discount_type": kind,
            "nominal_amount": value,
            "free_shipping": False,
        }

    def _customer(self, row: Object) -> int:
        if row["customer_id"] is pd.NA or pd.isna(row["customer_id"]):
            return 0
        return self._site.ids.of("customers", row["customer_id"])

    def _payment(self, row: Object) -> Object:
        tried = [each for each in self._transactions.get(int(row["order_id"]), ())
                 if each["kind"] != "REFUND"]  # fmt: skip
        gateway = tried[-1]["gateway"] if tried else ""
        is_paid = any(each["status"] == "SUCCESS" for each in tried)
        return {
            "payment_method": gateway,
            "payment_method_title": TITLES.get(gateway, ""),
            "transaction_id": f"ch_{tried[-1]['transaction_id']}" if is_paid else "",
        }

    def _paid_at(self, row: Object) -> Any:
        """The first money; an order that costs nothing is paid when it is made."""
        if not row["total"]:
            return row["processed_at"]
        paid = [
            each["processed_at"]
            for each in self._transactions.get(int(row["order_id"]), ())
            if each["kind"] in ("SALE", "CAPTURE") and each["status"] == "SUCCESS"
        ]
        return min(paid, default=None)

    def _completed_at(self, row: Object, paid: Any) -> Any:
        """Once everything is on its way."""
        if row["fulfillment_status"] != "FULFILLED" or paid is None:
            return None
        sent = [each["shipped_at"] for each in self._parcels.get(int(row["order_id"]), ())]
        return max(sent, default=None)

    def _attribution(self, row: Object) -> list[Object]:
        """Where the visit came from: what WooCommerce's own order attribution keeps."""
        visit = None if pd.isna(row["visit_id"]) else self._visits.get(int(row["visit_id"]))
        if visit is None:
            return []
        known = {
            "source_type": "typein" if visit["source"] == "(direct)" else "utm",
            "referrer": visit["referrer"],
            "utm_source": visit["source"],
            "utm_medium": visit["medium"],
            "utm_campaign": visit["campaign"],
            "session_entry": f"https://{self._site.shop}.example{visit['landing_path']}",
        }
        told = {f"_wc_order_attribution_{k}": str(v) for k, v in known.items() if v}
        return meta(told, first=self._site.ids.of("orders", row["order_id"]) * 100)

    def _address(self, row: Object) -> Object:
        first, _, last = str(row["ship_name"]).partition(" ")
        return {
            "first_name": first,
            "last_name": last,
            "company": "",
            "address_1": row["ship_address1"],
            "address_2": "",
            "city": row["ship_city"],
            "state": row["ship_province"],
            "postcode": row["ship_zip"],
            "country": row["ship_country_code"],
        }


def cents(text: str) -> int:
    """Money as WordPress writes it, in cents."""
    return int(text.replace(".", ""))


def _name(line: Object, is_variation: bool) -> str:
    return f"{line['title']} - {line['variant_title']}" if is_variation else line["title"]


def _local(clocks: dict[str, Object], *names: str) -> Object:
    return {f"date_{name}": clocks[name][f"date_{name}"] for name in names}


def _gmt(clocks: dict[str, Object]) -> Object:
    return {f"date_{name}_gmt": each[f"date_{name}_gmt"] for name, each in clocks.items()}
