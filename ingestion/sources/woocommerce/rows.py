"""Makes rows of WooCommerce's objects.

Money stays the text that the shop sends. Of the two times of everything the one in GMT counts: the
local one has no offset either. A line's `price` is a binary fraction and is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

Object = Mapping[str, Any]
Row = dict[str, Any]
TableRow = tuple[str, Row]

REFUNDED_ITEM = "_refunded_item_id"
ATTRIBUTION = "_wc_order_attribution_"
ATTRIBUTES = (
    "source_type",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "session_entry",
    "referrer",
)
TRASH = "trash"
# How the kinds of lines are called in `line_type`, by the list that they stand in.
LINES = {"line_items": "product", "shipping_lines": "shipping", "fee_lines": "fee"}
_ADDRESS = ("country", "state", "city", "postcode")
_PLAIN = [
    "number",
    "status",
    "currency",
    "version",
    "created_via",
    "payment_method",
    "payment_method_title",
    "transaction_id",
    "order_key",
    "total",
    "total_tax",
    "discount_total",
    "discount_tax",
    "shipping_total",
    "shipping_tax",
    "cart_tax",
    "prices_include_tax",
]


def order_rows(
    order: Object, refunds: Iterable[Object], cancelled_at: str | None
) -> list[TableRow]:
    """An order and everything that it owns.

    Args:
        order: As the API gives it.
        refunds: Its refunds.
        cancelled_at: When it was cancelled, where that is known.
    """
    owner = {"order_id": _id(order["id"]), "order_modified_gmt": _utc(order["date_modified_gmt"])}
    return [
        ("orders", _order(order, cancelled_at)),
        *(("order_lines", row | owner) for row in _lines(order)),
        *(("order_coupon_lines", _coupon_line(line) | owner) for line in order["coupon_lines"]),
        *(("order_tax_lines", _tax_line(line) | owner) for line in order["tax_lines"]),
        *_refund_rows(refunds, owner),
    ]


def _order(order: Object, cancelled_at: str | None) -> Row:
    billing, shipping = order["billing"], order["shipping"]
    meta = {each["key"]: each["value"] for each in order["meta_data"]}
    return {
        "id": _id(order["id"]),
        **{name: order.get(name) for name in _PLAIN},
        "customer_id": _id(order["customer_id"]),
        "billing__email": billing.get("email"),
        "billing__phone": billing.get("phone"),
        **{f"billing__{part}": billing.get(part) for part in _ADDRESS},
        **{f"shipping__{part}": shipping.get(part) for part in _ADDRESS},
        "coupon_codes": ",".join(line["code"] for line in order["coupon_lines"]) or None,
        "refund_ids": ",".join(str(refund["id"]) for refund in order["refunds"]) or None,
        **{f"attribution__{name}": meta.get(ATTRIBUTION + name) for name in ATTRIBUTES},
        "is_deleted": order["status"] == TRASH,
        **_times(order, "created", "paid", "completed", "modified"),
        "cancelled_at": cancelled_at,
    }


def _lines(order: Object) -> Iterator[Row]:
    """Everything with a price on an order; shipping and fees know no discount of their own."""
    for kind, line_type in LINES.items():
        for line in order[kind]:
            yield {
                "id": _id(line["id"]),
                "line_type": line_type,
                "name": line.get("name") or line.get("method_title"),
                "method_id": line.get("method_id"),
                **_product(line),
                "quantity": line.get("quantity", 1),
                "subtotal": line.get("subtotal", line["total"]),
                "subtotal_tax": line.get("subtotal_tax", line["total_tax"]),
                "total": line["total"],
                "total_tax": line["total_tax"],
            }


def _product(line: Object) -> Row:
    return {
        "product_id": _id(line.get("product_id")),
        "variation_id": _id(line.get("variation_id")),
        "sku": line.get("sku"),
    }


def _coupon_line(line: Object) -> Row:
    names = ("code", "discount", "discount_tax", "discount_type")
    return {"id": _id(line["id"]), **{name: line.get(name) for name in names}}


def _tax_line(line: Object) -> Row:
    names = [
        "rate_code",
        "rate_id",
        "label",
        "compound",
        "tax_total",
        "shipping_tax_total",
        "rate_percent",
    ]
    return {"id": _id(line["id"]), **{name: line.get(name) for name in names}}


def _refund_rows(refunds: Iterable[Object], owner: Row) -> Iterator[TableRow]:
    for refund in refunds:
        own = owner | {
            "refund_id": _id(refund["id"]),
            "date_created_gmt": _utc(refund["date_created_gmt"]),
        }
        yield "refunds", _refund(refund) | owner
        for row in _refund_lines(refund):
            yield "refund_lines", row | own


def _refund(refund: Object) -> Row:
    return {
        "id": _id(refund["id"]),
        "amount": refund["amount"],
        "reason": refund.get("reason"),
        "refunded_payment": refund.get("refunded_payment"),
        "date_created_gmt": _utc(refund["date_created_gmt"]),
    }


def _refund_lines(refund: Object) -> Iterator[Row]:
    """Its lines with WooCommerce's signs, and what the amount has beyond them."""
    covered = Decimal(0)
    for kind, line_type in LINES.items():
        for line in refund.get(kind) or ():
            covered -= Decimal(line["total"]) + Decimal(line["total_tax"])
            yield {
                "id": _id(line["id"]),
                "line_id": _refunded_line(line),
                "line_type": line_type,
                **_product(line),
                "quantity": line.get("quantity"),
                "total": line["total"],
                "total_tax": line["total_tax"],
            }
    rest = Decimal(refund["amount"]) - covered
    if rest:
        yield {
            "id": f"adjustment_{refund['id']}",
            "line_type": "adjustment",
            "total": str(-rest),
            "total_tax": "0",
        }


def _refunded_line(line: Object) -> str | None:
    """The order's line that a refund's line takes back."""
    for meta in line.get("meta_data") or ():
        if meta["key"] == REFUNDED_ITEM:
            return _id(meta["value"])
    return None


def customer_row(customer: Object) -> Row:
    """A user account; one that was never changed has no time of change."""
    billing, shipping = customer["billing"], customer["shipping"]
    names = ("email", "first_name", "last_name", "username", "role", "is_paying_customer")
    return {
        "id": _id(customer["id"]),
        **{name: customer.get(name) for name in names},
        "billing__phone": billing.get("phone"),
        **{f"billing__{part}": billing.get(part) for part in _ADDRESS},
        **{f"shipping__{part}": shipping.get(part) for part in _ADDRESS},
        **_times(customer, "created", "modified"),
        "version_at": _utc(customer.get("date_modified_gmt") or customer["date_created_gmt"]),
    }


def product_rows(product: Object) -> list[TableRow]:
    """A product with the categories it is in."""
    row = {
        "id": _id(product["id"]),
        **{name: product.get(name) for name in ("name", "slug", "type", "permalink")},
        "brand": ", ".join(brand["name"] for brand in product.get("brands") or ()) or None,
        "category": next((each["name"] for each in product["categories"]), None),
        "tags": ",".join(tag["name"] for tag in product["tags"]) or None,
        **_priced(product),
    }
    owner = {"product_id": row["id"], "product_modified_gmt": row["date_modified_gmt"]}
    categories: list[TableRow] = [
        ("product_categories", {"category_id": _id(each["id"]), "name": each["name"]} | owner)
        for each in product["categories"]
    ]
    return [("products", row), *categories]


def variation_row(variation: Object, product_id: int) -> Row:
    """A variation of a product."""
    return {
        "id": _id(variation["id"]),
        "product_id": _id(product_id),
        "name": variation.get("name"),
        "attributes": _json(variation.get("attributes")),
        **_priced(variation),
    }


def _priced(found: Object) -> Row:
    """What a product and a variation have in common."""
    names = ("sku", "status", "price", "regular_price", "sale_price")
    return {
        **{name: found.get(name) for name in names},
        "cost_of_goods_sold": _cost(found),
        **_stock(found),
        **_times(found, "created", "modified"),
    }


def _cost(found: Object) -> str | None:
    """WooCommerce's own cost of goods, where the shop has switched it on."""
    known = found.get("cost_of_goods_sold") or {}
    value = known.get("total_value") if isinstance(known, Mapping) else None
    return None if value is None else str(value)


def _stock(found: Object) -> Row:
    """`manage_stock` of a variation may be `parent`: its stock is the product's."""
    manages = found.get("manage_stock")
    return {
        "manage_stock": manages if isinstance(manages, bool) else False,
        "stock_quantity": found.get("stock_quantity"),
        "stock_status": found.get("stock_status"),
    }


def coupon_row(coupon: Object) -> Row:
    """A coupon."""
    names = [
        "code",
        "amount",
        "status",
        "discount_type",
        "description",
        "usage_count",
        "free_shipping",
    ]
    return {
        "id": _id(coupon["id"]),
        **{name: coupon.get(name) for name in names},
        **_times(coupon, "created", "modified"),
        "date_expires_gmt": _utc(coupon.get("date_expires_gmt")),
    }


def category_rows(categories: Sequence[Object]) -> list[Row]:
    """Categories, each with the names from the top down to it."""
    by_id = {each["id"]: each for each in categories}
    return [
        {
            "id": _id(each["id"]),
            "parent_id": _id(each["parent"]),
            "name": each["name"],
            "slug": each["slug"],
            "path": " > ".join(_path(each, by_id)),
        }
        for each in categories
    ]


def _path(category: Object, by_id: Mapping[int, Object]) -> list[str]:
    """Names from the top; a parent that is gone or goes in a circle ends it."""
    names: list[str] = []
    current: Object | None = category
    while current is not None and current["name"] not in names:
        names.insert(0, current["name"])
        current = by_id.get(current["parent"])
    return names


def _times(found: Object, *names: str) -> Row:
    return {f"date_{name}_gmt": _utc(found.get(f"date_{name}_gmt")) for name in names}


def _utc(text: str | None) -> str | None:
    """A time in GMT comes without an offset."""
    return f"{text}Z" if text else None


def _id(value: Any) -> str | None:
    """0 is nobody and nothing."""
    return str(value) if value else None


def _json(values: Any) -> str | None:
    return orjson.dumps(values).decode() if values else None
