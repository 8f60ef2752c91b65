"""From what a shop is, has and offers to the rows of the raw tables."""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.sources.shopify.cells import (
    NOTHING,
    Object,
    Row,
    address,
    joined,
    kind_id,
    optional_id,
    plain_id,
)

STOCK_STATES = ("available", "on_hand", "committed", "incoming")


def shop_row(shop: Object) -> Row:
    """The shop."""
    return {
        "id": plain_id(shop["id"]),
        "name": shop["name"],
        "myshopify_domain": shop["myshopifyDomain"],
        "iana_timezone": shop["ianaTimezone"],
        "currency_code": shop["currencyCode"],
        "country_code": (shop["shopAddress"] or NOTHING).get("countryCodeV2"),
        "taxes_included": shop["taxesIncluded"],
        "created_at": shop["createdAt"],
        "updated_at": shop["updatedAt"],
    }


def location_row(location: Object) -> Row:
    """A place where stock lies."""
    place = location["address"] or NOTHING
    return {
        "id": plain_id(location["id"]),
        "name": location["name"],
        "country_code": place.get("countryCode"),
        "city": place.get("city"),
        "is_active": location["isActive"],
        "created_at": location["createdAt"],
        "updated_at": location["updatedAt"],
    }


def customer_row(customer: Object) -> Row:
    """A customer account."""
    email = customer["defaultEmailAddress"] or NOTHING
    phone = customer["defaultPhoneNumber"] or NOTHING
    return {
        "id": plain_id(customer["id"]),
        "email": email.get("emailAddress"),
        "phone": phone.get("phoneNumber"),
        "first_name": customer["firstName"],
        "last_name": customer["lastName"],
        **address("default_address", customer["defaultAddress"]),
        "locale": customer["locale"],
        "state": customer["state"],
        "email_marketing_state": email.get("marketingState"),
        "email_marketing_updated_at": email.get("marketingUpdatedAt"),
        "tags": joined(customer["tags"]),
        "tax_exempt": customer["taxExempt"],
        "created_at": customer["createdAt"],
        "updated_at": customer["updatedAt"],
    }


def product_row(product: Object) -> Row:
    """A product."""
    category = product["category"] or NOTHING
    return {
        "id": plain_id(product["id"]),
        "title": product["title"],
        "handle": product["handle"],
        "vendor": product["vendor"],
        "product_type": product["productType"],
        "category__id": optional_id(category),
        "category__name": category.get("name"),
        "category__full_name": category.get("fullName"),
        "category__parent_id": plain_id(parent) if (parent := category.get("parentId")) else None,
        "status": product["status"],
        "tags": joined(product["tags"]),
        "is_gift_card": product["isGiftCard"],
        "created_at": product["createdAt"],
        "published_at": product["publishedAt"],
        "updated_at": product["updatedAt"],
    }


def variant_row(variant: Object) -> Row:
    """A variant; a new unit cost moves its inventory item's time, so the later one counts."""
    item = variant["inventoryItem"]
    cost = item["unitCost"] or NOTHING
    return {
        "id": plain_id(variant["id"]),
        "product_id": plain_id(variant["product"]["id"]),
        "inventory_item_id": plain_id(item["id"]),
        "title": variant["title"],
        "sku": variant["sku"],
        "barcode": variant["barcode"],
        "unit_cost__currency_code": cost.get("currencyCode"),
        "position": variant["position"],
        "price": variant["price"],
        "compare_at_price": variant["compareAtPrice"],
        "unit_cost": cost.get("amount"),
        "taxable": variant["taxable"],
        "created_at": variant["createdAt"],
        "updated_at": max(variant["updatedAt"], item["updatedAt"]),
    }


def collection_rows(collection: Object) -> Iterator[tuple[str, Row]]:
    """The products of a collection."""
    owner = {"collection_id": plain_id(collection["id"]), "title": collection["title"]}
    for product in collection["products"]:
        yield "product_collections", {"product_id": plain_id(product["id"]), **owner}


def level_rows(item: Object) -> Iterator[tuple[str, Row]]:
    """The stock of an inventory item at every location."""
    for level in item["inventoryLevels"]:
        units = {each["name"]: each["quantity"] for each in level["quantities"]}
        yield (
            "inventory_levels",
            {
                "inventory_item_id": plain_id(level["item"]["id"]),
                "location_id": plain_id(level["location"]["id"]),
                **{name: units.get(name) for name in STOCK_STATES},
                "updated_at": level["updatedAt"],
            },
        )


def discount_rows(node: Object) -> Iterator[tuple[str, Row]]:
    """A discount: one row a code; one in all where it is automatic or has no code yet."""
    discount = node["discount"]
    kind = discount["__typename"].removeprefix("Discount")
    common = {
        "discount_id": plain_id(node["id"]),
        "discount_type": kind,
        "title": discount["title"],
        "status": discount["status"],
        **_discount_value(discount),
        "is_automatic": kind.startswith("Automatic"),
        "starts_at": discount["startsAt"],
        "ends_at": discount["endsAt"],
        "created_at": discount["createdAt"],
        "updated_at": discount["updatedAt"],
    }
    for code in node["codes"]:
        yield (
            "discounts",
            common
            | {
                "id": kind_id("code", code["id"]),
                "code": code["code"],
                "usage_count": code["asyncUsageCount"],
            },
        )
    if not node["codes"]:
        whole = {
            "id": kind_id("discount", node["id"]),
            "usage_count": discount["asyncUsageCount"],
        }
        yield "discounts", common | whole


def _discount_value(discount: Object) -> Row:
    """A share of 1, or an amount; what is bought and got has it one level deeper."""
    value = (discount.get("customerGets") or NOTHING).get("value") or NOTHING
    value = value.get("effect") or value
    amount = value.get("amount") or NOTHING
    share = value.get("percentage")
    return {
        "value__percentage": None if share is None else str(share),
        "value__amount": amount.get("amount"),
        "value__currency_code": amount.get("currencyCode"),
    }


def gift_card_row(card: Object) -> Row:
    """A gift card; never its code."""
    return {
        "id": plain_id(card["id"]),
        "order_id": optional_id(card["order"]),
        "line_id": optional_id(card["lineItem"]),
        "customer_id": optional_id(card["customer"]),
        "last_characters": card["lastCharacters"],
        "currency_code": card["initialValue"]["currencyCode"],
        "initial_value": card["initialValue"]["amount"],
        "balance": card["balance"]["amount"],
        "enabled": card["enabled"],
        "expires_on": card["expiresOn"],
        "created_at": card["createdAt"],
        "deactivated_at": card["deactivatedAt"],
        "updated_at": card["updatedAt"],
    }
