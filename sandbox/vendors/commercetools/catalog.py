"""Products, categories and stock; discount codes; customers; carts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sandbox.vendors.commercetools.lines import PRODUCT_TYPE, Lines
from sandbox.vendors.commercetools.project import (
    Object,
    Project,
    address,
    identity,
    moment,
    reference,
)


def products(project: Project) -> list[Object]:
    """Published products as they are shown, with their prices."""
    variants = project.grouped("variants", "product_id")
    leaves = {row["name"]: int(row["category_id"]) for row in project.records("categories")}
    return [
        _product(project, row, variants[int(row["product_id"])], leaves[row["category"]])
        for row in project.records("products")
        if row["status"] == "ACTIVE"
    ]


def _product(project: Project, row: Object, variants: list[Object], category: int) -> Object:
    modified = max([row["updated_at"], *(each["updated_at"] for each in variants)])
    told = [_variant(project, each, row) for each in sorted(variants, key=lambda v: v["position"])]
    return {
        **project.resource("product", row["product_id"], row["created_at"], modified),
        "key": row["handle"],
        "productType": reference("product-type", PRODUCT_TYPE),
        "name": {"en": row["title"]},
        "slug": {"en": row["handle"]},
        "categories": [reference("category", identity("category", category))],
        "categoryOrderHints": {},
        "masterVariant": told[0],
        "variants": told[1:],
        "attributes": [],
        "searchKeywords": {},
        "hasStagedChanges": False,
        "published": True,
    }


def _variant(project: Project, row: Object, product: Object) -> Object:
    compare = row["compare_at_price"]
    is_reduced = not pd.isna(compare) and compare > row["price"]
    price: Object = {
        "id": identity("price", row["variant_id"]),
        "value": project.money(int(compare) if is_reduced else row["price"]),
    }
    if is_reduced:
        discount = reference("product-discount", identity("product-discount", "reduced"))
        price["discounted"] = {"value": project.money(row["price"]), "discount": discount}
    return {
        "id": int(row["position"]),
        "sku": row["sku"],
        "key": row["sku"].lower(),
        "prices": [price],
        "images": [],
        "attributes": [
            {"name": "size", "value": row["title"]},
            {"name": "brand", "value": product["vendor"]},
        ],
        "assets": [],
    }


def categories(project: Project) -> list[Object]:
    """The tree; each category has those above it, from the top down."""
    rows = {int(row["category_id"]): row for row in project.records("categories")}
    opened = project.row["created_at"]
    return [_category(project, row, rows, opened) for row in rows.values()]


def _category(project: Project, row: Object, rows: dict[int, Object], opened: Any) -> Object:
    above: list[int] = []
    current = row
    while not pd.isna(current["parent_id"]):
        above.insert(0, int(current["parent_id"]))
        current = rows[above[0]]
    ancestors = [reference("category", identity("category", number)) for number in above]
    return {
        **project.resource("category", row["category_id"], opened, opened),
        "name": {"en": row["name"]},
        "slug": {"en": "".join(c if c.isalnum() else "-" for c in row["name"].lower())},
        "ancestors": ancestors,
        **({"parent": ancestors[-1]} if ancestors else {}),
        "orderHint": "0.1",
    }


def inventory(project: Project) -> list[Object]:
    """Stock by SKU; there is one place."""
    return [
        {
            **project.resource("stock", row["variant_id"], row["created_at"], row["updated_at"]),
            "sku": row["sku"],
            "quantityOnStock": int(row["inventory_quantity"]),
            "availableQuantity": int(row["inventory_quantity"]),
        }
        for row in project.records("variants")
    ]


def discount_codes(project: Project, expand: str) -> list[Object]:
    """Codes, each for one cart discount; a cart discount without a code is in no list here.

    Args:
        project: The project.
        expand: `cartDiscounts[*]` puts the cart discounts in.
    """
    return [_code(project, row, expand) for row in project.records("discount_codes") if row["code"]]


def _code(project: Project, row: Object, expand: str) -> Object:
    discount = reference("cart-discount", identity("cart-discount", row["title"]))
    if expand == "cartDiscounts[*]":
        discount["obj"] = _cart_discount(project, row)
    ends = {} if pd.isna(row["ends_at"]) else {"validUntil": moment(row["ends_at"])}
    return {
        **project.resource("discount-code", row["code"], row["created_at"], row["updated_at"]),
        "code": row["code"],
        "name": {"en": row["title"]},
        "cartDiscounts": [discount],
        "isActive": True,
        "validFrom": moment(row["starts_at"]),
        **ends,
        "references": [],
        "groups": [],
        "stores": [],
    }


def _cart_discount(project: Project, row: Object) -> Object:
    made = row["created_at"]
    is_free = row["kind"] == "free_shipping"
    target = {"type": "shipping"} if is_free else {"type": "lineItems", "predicate": "1 = 1"}
    value: Object = {"type": "relative", "permyriad": 10_000 if is_free else
                     round(row["value"] * 100)}  # fmt: skip
    if row["kind"] == "fixed_amount":
        value = {"type": "absolute", "money": [project.money(round(row["value"] * 100))]}
    return {
        **project.resource("cart-discount", row["title"], made, made),
        "name": {"en": row["title"]},
        "value": value,
        "cartPredicate": "1 = 1",
        "target": target,
        "sortOrder": "0.5",
        "isActive": True,
        "requiresDiscountCode": True,
        "references": [],
        "stackingMode": "Stacking",
        "stores": [],
        "recurringOrderScope": {"type": "AnyOrder"},
    }


def customers(project: Project) -> list[Object]:
    """Everybody with an account."""
    return [
        {
            **project.resource(
                "customer", row["customer_id"], row["created_at"], row["updated_at"]
            ),
            "customerNumber": str(row["customer_id"]),
            "email": row["email"],
            "firstName": row["first_name"],
            "lastName": row["last_name"],
            "addresses": [address(row, "", key="home")],
            "defaultShippingAddressId": "home",
            "shippingAddressIds": ["home"],
            "billingAddressIds": [],
            "isEmailVerified": True,
            "stores": [],
            "authenticationMode": "Password",
            "customerGroupAssignments": [],
        }
        for row in project.records("customers")
    ]


def carts(project: Project) -> list[Object]:
    """Carts that got as far as contact data: still open, or ordered."""
    make, lines = Lines(project), project.grouped("checkout_lines", "checkout_id")
    return [
        _cart(project, row, make, lines.get(int(row["checkout_id"]), []))
        for row in project.records("checkouts")
    ]


def _cart(project: Project, row: Object, make: Lines, lines: list[Object]) -> Object:
    items = [
        make.item({**line, "line_id": line["checkout_line_id"]}, [], kind="cart-line", state="Open")
        for line in lines
    ]
    net = int(row["subtotal"])
    buyer = {} if pd.isna(row["customer_id"]) else {
        "customerId": identity("customer", int(row["customer_id"]))
    }  # fmt: skip
    is_ordered = not pd.isna(row["completed_at"])
    return {
        "type": "Cart",
        **project.resource("cart", row["checkout_id"], row["created_at"], row["updated_at"]),
        **buyer,
        "customerEmail": row["email"],
        "lineItems": items,
        "customLineItems": [],
        "totalPrice": project.money(net),
        "taxedPrice": project.taxed(net, int(row["tax"]), {}),
        "cartState": "Ordered" if is_ordered else "Active",
        "shippingMode": "Single",
        "shipping": [],
        "itemShippingAddresses": [],
        "discountCodes": [],
        "directDiscounts": [],
        "inventoryMode": "None",
        "taxMode": "Platform",
        "priceRoundingMode": "HalfEven",
        "taxRoundingMode": "HalfUp",
        "taxCalculationMode": "LineItemLevel",
        "refusedGifts": [],
        "origin": "Customer",
    }


def facts(project: Project) -> Object:
    """The project itself."""
    by = moment(project.row["created_at"])
    return {
        "key": project.shop,
        "version": 1,
        "name": str(project.row["name"]),
        "countries": [project.country],
        "currencies": [project.currency],
        "languages": ["en"],
        "createdAt": by,
        "messages": {"enabled": True, "deleteDaysAfterCreation": 90},
        "carts": {"countryTaxRateFallbackEnabled": False, "deleteDaysAfterLastModification": 365},
        "discounts": {"discountCombinationMode": "Stacking"},
        "inventory": {"releaseExpiredReservations": False},
    }
