"""What a site says about itself: WordPress's index, settings, words, notes, a report."""

from __future__ import annotations

import pandas as pd

from sandbox.vendors.woocommerce.orders import cents
from sandbox.vendors.woocommerce.site import Object, Site, money

STATUS_NAMES = {
    "pending": "Pending payment",
    "processing": "Processing",
    "on-hold": "On hold",
    "completed": "Completed",
    "cancelled": "Cancelled",
    "refunded": "Refunded",
    "failed": "Failed",
    "checkout-draft": "Draft",
}
COUNTED = ("processing", "on-hold", "completed", "refunded")


def index(site: Site) -> Object:
    """``/wp-json/``: public."""
    offset = site.now.tz_convert(site.zone).utcoffset()
    return {
        "name": str(site.row["name"]),
        "description": "",
        "url": site.address,
        "home": site.address,
        "gmt_offset": offset.total_seconds() / 3600,
        "timezone_string": site.zone,
        "namespaces": ["wc/v3", "wp/v2"],
        "authentication": [],
        "routes": {},
    }


def settings_group(site: Site, group: str) -> list[Object] | None:
    """The settings that a shop has made; None where there is no such group."""
    groups = {
        "general": {
            "woocommerce_default_country": str(site.row["country"]),
            "woocommerce_currency": site.currency,
        },
        "tax": {"woocommerce_prices_include_tax": "yes" if site.taxes_included else "no"},
    }
    if group not in groups:
        return None
    return [
        {
            "id": name,
            "label": name.removeprefix("woocommerce_").replace("_", " "),
            "description": "",
            "type": "select",
            "default": "",
            "value": value,
            "_links": site.links(f"settings/{group}/{name}"),
        }
        for name, value in groups[group].items()
    ]


def statuses() -> list[Object]:
    """``/orders/statuses``."""
    return [{"slug": slug, "name": name} for slug, name in STATUS_NAMES.items()]


def notes(site: Site, order: Object, cancelled_at: pd.Timestamp | None) -> list[Object]:
    """What the shop was told about an order, newest first."""
    told = [(order["date_created_gmt"], "Order created.")]
    if cancelled_at is not None:
        before = "Processing" if order["date_paid_gmt"] else "Pending payment"
        text = f"Order status changed from {before} to Cancelled."
        told.append((f"{cancelled_at:%Y-%m-%dT%H:%M:%S}", text))
    return [
        {
            "id": order["id"] * 10 + place,
            "author": "system",
            **site.times("created", pd.Timestamp(at, tz="UTC")),
            "note": text,
            "customer_note": False,
            "added_by_user": False,
            "_links": site.links(f"orders/{order['id']}/notes/{order['id'] * 10 + place}"),
        }
        for place, (at, text) in reversed(list(enumerate(told)))
    ]


def sales_report(site: Site, orders: list[Object]) -> list[Object]:
    """``/reports/sales``: the last seven days of the site."""
    today = site.now.tz_convert(site.zone).normalize()
    first = f"{today - pd.Timedelta(days=6):%Y-%m-%d}"
    counted = [each for each in orders if each["status"] in COUNTED]
    recent = [each for each in counted if each["date_created"][:10] >= first]
    days: dict[str, list[Object]] = {}
    for each in recent:
        days.setdefault(each["date_created"][:10], []).append(each)
    back = sum(-cents(refund["total"]) for each in recent for refund in each["refunds"])
    total, tax = _sum(recent, "total"), _sum(recent, "total_tax")
    shipping = _sum(recent, "shipping_total")
    net = total - tax - shipping - back
    return [
        {
            "total_sales": money(total - back),
            "net_sales": money(net),
            "average_sales": money(net // max(len(days), 1)),
            "total_orders": len(recent),
            "total_items": sum(_units(each) for each in recent),
            "total_tax": money(tax),
            "total_shipping": money(shipping),
            "total_refunds": back / 100 if back % 100 else back // 100,
            "total_discount": money(_sum(recent, "discount_total")),
            "totals_grouped_by": "day",
            "totals": {day: _day(placed) for day, placed in sorted(days.items())},
            "total_customers": 0,
            "_links": {"about": [{"href": f"{site.api}/reports"}]},
        }
    ]


def _day(orders: list[Object]) -> Object:
    return {
        "sales": money(_sum(orders, "total")),
        "orders": len(orders),
        "items": sum(_units(each) for each in orders),
        "tax": money(_sum(orders, "total_tax")),
        "shipping": money(_sum(orders, "shipping_total")),
        "discount": money(_sum(orders, "discount_total")),
        "customers": 0,
    }


def _sum(orders: list[Object], column: str) -> int:
    return sum(cents(each[column]) for each in orders)


def _units(order: Object) -> int:
    return sum(line["quantity"] for line in order["line_items"])
