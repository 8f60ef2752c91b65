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
    return [
        _product(project, row, variants[int(row["product_id"])])
        for row in project.records("products")
        if row["status"] == "ACTIVE"
    ]


def _product(project: Project, row: Object, variants: list[Object]) -> Object:
    modified = max([row["updated_at"], *(each["updated_at"] for each in variants)])
    told = [_variant(project, each, row) for each in sorted(variants, key=lambda v: v["position"])]
    return {
        **project.resource("product", row["product_id"], row["created_at"], modified),
        "key": row["handle"],
        "productType": reference("product-type", PRODUCT_TYPE),
        "name": {"en": row["title"]},
        "slug": {"en": row["handle"]},
        "categories": [reference("category", identity("category", row["category"]))],
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
    """One a category name, made with its first product."""
    first: dict[str, Any] = {}
    for row in project.records("products"):
        name = row["category"]
        first[name] = min(first.get(name, row["created_at"]), row["created_at"])
    return [
        {
            **project.resource("category", name, at, at),
            "name": {"en": name},
            "slug": {"en": "".join(c if c.isalnum() else "-" for c in name.lower())},
            "ancestors": [],
            "orderHint": "0.1",
        }
        for name, at in first.items()
    ]


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
    """Codes that were used so far, each for one cart discount.

    Args:
        project: The project.
        expand: `cartDiscounts[*]` puts the cart discounts in.
    """
    first: dict[str, Object] = {}
    for row in project.records("discount_allocations"):
        if row["kind"] == "code" and row["title"] not in first:
            first[row["title"]] = row
    return [_code(project, title, row, expand) for title, row in first.items()]


def _code(project: Project, title: str, row: Object, expand: str) -> Object:
    at = row["added_at"].normalize()
    discount = reference("cart-discount", identity("cart-discount", title))
    if expand == "cartDiscounts[*]":
        discount["obj"] = _cart_discount(project, title, row, at)
    return {
        **project.resource("discount-code", title, at, at),
        "code": title,
        "name": {"en": title},
        "cartDiscounts": [discount],
        "isActive": True,
        "references": [],
        "groups": [],
        "stores": [],
    }


def _cart_discount(project: Project, title: str, row: Object, at: Any) -> Object:
    if row["value_type"] == "percentage":
        value = {"type": "relative", "permyriad": round(row["value"] * 100)}
    else:
        money = project.money(round(row["value"] * 100))
        value = {"type": "absolute", "money": [money]}
    return {
        **project.resource("cart-discount", title, at, at),
        "name": {"en": title},
        "value": value,
        "cartPredicate": "1 = 1",
        "target": {"type": "lineItems", "predicate": "1 = 1"},
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
        "discounts": {"discountCombinationMode": {"type": "Stacking"}},
        "inventory": {},
    }
