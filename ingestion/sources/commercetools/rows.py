"""Makes rows of commercetools' resources; money is whole units of the smallest coin, made exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

Object = Mapping[str, Any]
Row = dict[str, Any]
TableRow = tuple[str, Row]

_NOTHING: Object = {}


def amount(money: Object | None) -> str | None:
    """Money as decimal text: `centPrecision`, and `highPrecision` with its own digits."""
    if not money:
        return None
    whole = money.get("preciseAmount", money["centAmount"])
    return str(Decimal(whole).scaleb(-money["fractionDigits"]))


def localized(text: Object | None, languages: Sequence[str]) -> str | None:
    """A text in the first of the project's languages that it has."""
    found = text or _NOTHING
    return next((found[word] for word in languages if word in found), None) or next(
        iter(found.values()), None
    )


def project_row(project: Object, timezone: str) -> Row:
    """The project itself."""
    return {
        "key": project["key"],
        "name": project.get("name"),
        "currency": next(iter(project.get("currencies") or ()), None),
        "country": next(iter(project.get("countries") or ()), None),
        "currencies": ",".join(project.get("currencies") or ()) or None,
        "languages": ",".join(project.get("languages") or ()) or None,
        "countries": ",".join(project.get("countries") or ()) or None,
        "timezone": timezone,
        "created_at": project.get("createdAt"),
    }


def customer_row(customer: Object) -> Row:
    """A customer with the address that parcels go to by default."""
    address = _address_of(customer)
    return {
        "id": customer["id"],
        "customer_number": customer.get("customerNumber"),
        "email": customer.get("email"),
        "first_name": customer.get("firstName"),
        "last_name": customer.get("lastName"),
        "company_name": customer.get("companyName"),
        "is_email_verified": customer.get("isEmailVerified"),
        "customer_group_id": reference_id(customer.get("customerGroup")),
        **address_columns("address", address),
        "address__phone": address.get("phone") or address.get("mobile"),
        **_times(customer),
    }


def _address_of(customer: Object) -> Object:
    addresses: dict[Any, Object] = {
        each.get("id"): each for each in customer.get("addresses") or ()
    }
    for name in ("defaultShippingAddressId", "defaultBillingAddressId"):
        if customer.get(name) in addresses:
            return addresses[customer[name]]
    return next(iter(addresses.values()), _NOTHING)


def category_rows(categories: Sequence[Object], languages: Sequence[str]) -> list[Row]:
    """Categories, each with the names from the top down to it."""
    names = {each["id"]: localized(each["name"], languages) or "" for each in categories}
    return [
        {
            "id": each["id"],
            "key": each.get("key"),
            "name": names[each["id"]],
            "parent_id": reference_id(each.get("parent")),
            "path": " > ".join(
                [*(names.get(above["id"], "?") for above in each["ancestors"]), names[each["id"]]]
            ),
            **_times(each),
        }
        for each in categories
    ]


def product_rows(
    product: Object, languages: Sequence[str], currency: str | None
) -> Iterator[TableRow]:
    """A product as it is shown, its variants and the categories it is in."""
    yield (
        "products",
        {
            "id": product["id"],
            "key": product.get("key"),
            "name": localized(product["name"], languages),
            "slug": localized(product["slug"], languages),
            "product_type_id": reference_id(product.get("productType")),
            "main_category_id": next((each["id"] for each in product["categories"]), None),
            "brand": _attribute(product, ("brand", "manufacturer", "vendor")),
            "published": product.get("published"),
            "has_staged_changes": product.get("hasStagedChanges"),
            **_times(product),
        },
    )
    owner = {"product_id": product["id"], "product_modified_at": product["lastModifiedAt"]}
    for category in product["categories"]:
        yield "product_categories", {"category_id": category["id"], **owner}
    for variant in [product["masterVariant"], *product["variants"]]:
        yield "product_variants", _variant(variant, product, currency) | owner


def _variant(variant: Object, product: Object, currency: str | None) -> Row:
    """A variant with its plain price: of the project's money, for everybody and everywhere."""
    plain = [
        price
        for price in variant.get("prices") or ()
        if price["value"]["currencyCode"] == currency
        and not any(price.get(name) for name in ("customerGroup", "channel", "validFrom"))
    ]
    price = next((each for each in plain if not each.get("country")), plain[0] if plain else {})
    discounted = (price.get("discounted") or _NOTHING).get("value")
    return {
        "id": f"{product['id']}_{variant['id']}",
        "variant_number": variant["id"],
        "sku": variant.get("sku"),
        "key": variant.get("key"),
        "price": amount(price.get("value")),
        "discounted_price": amount(discounted),
        "currency": currency if price else None,
        "attributes": _json(variant.get("attributes")),
    }


def _attribute(product: Object, names: Iterable[str]) -> str | None:
    """A text attribute of the master variant, the first of some names."""
    attributes = {
        each["name"]: each["value"] for each in product["masterVariant"].get("attributes") or ()
    }
    found = (attributes.get(name) for name in names)
    return next((value for value in found if isinstance(value, str)), None)


def inventory_row(entry: Object) -> Row:
    """Stock of one SKU in one place."""
    return {
        "id": entry["id"],
        "sku": entry["sku"],
        "supply_channel_id": reference_id(entry.get("supplyChannel")),
        "quantity_on_stock": entry["quantityOnStock"],
        "available_quantity": entry.get("availableQuantity"),
        **_times(entry),
    }


def discount_code_row(code: Object, languages: Sequence[str]) -> Row:
    """A code with what its first cart discount takes off."""
    discount = next((each["obj"] for each in code["cartDiscounts"] if "obj" in each), _NOTHING)
    value = discount.get("value") or _NOTHING
    money = next(iter(value.get("money") or ()), None)
    return {
        "id": code["id"],
        "code": code["code"],
        "name": localized(code.get("name") or discount.get("name"), languages),
        "is_active": code.get("isActive"),
        "value_type": value.get("type"),
        "permyriad": value.get("permyriad"),
        "amount": amount(money),
        "currency": money["currencyCode"] if money else None,
        "target_type": (discount.get("target") or _NOTHING).get("type"),
        "valid_from": code.get("validFrom"),
        "valid_until": code.get("validUntil"),
        **_times(code),
    }


def cart_row(cart: Object) -> Row:
    """A cart, whatever became of it."""
    taxed = cart.get("taxedPrice") or _NOTHING
    lines = cart.get("lineItems") or ()
    return {
        "id": cart["id"],
        "cart_state": cart.get("cartState"),
        "customer_id": cart.get("customerId"),
        "customer_email": cart.get("customerEmail"),
        "anonymous_id": cart.get("anonymousId"),
        "currency": cart["totalPrice"]["currencyCode"],
        "total_price": amount(cart["totalPrice"]),
        "taxed_price__total_gross": amount(taxed.get("totalGross")),
        "taxed_price__total_tax": amount(taxed.get("totalTax")),
        "line_items__discount": str(sum((_discount(line) for line in lines), Decimal(0))),
        "line_items__quantity": sum(line["quantity"] for line in lines),
        **_times(cart),
    }


def _discount(line: Object) -> Decimal:
    """What discounts took off a line, in the price's own terms."""
    full = Decimal(amount(line["price"]["value"]) or 0) * int(line["quantity"])
    return full - Decimal(amount(line["totalPrice"]) or 0)


def payment_rows(payment: Object) -> Iterator[TableRow]:
    """A payment and its transactions."""
    method = payment.get("paymentMethodInfo") or _NOTHING
    yield (
        "payments",
        {
            "id": payment["id"],
            "key": payment.get("key"),
            "interface_id": payment.get("interfaceId"),
            "customer_id": reference_id(payment.get("customer")),
            "payment_interface": method.get("paymentInterface"),
            "method": method.get("method"),
            "currency": payment["amountPlanned"]["currencyCode"],
            "amount_planned": amount(payment["amountPlanned"]),
            **_times(payment),
        },
    )
    for transaction in payment["transactions"]:
        yield (
            "payment_transactions",
            {
                "id": transaction["id"],
                "payment_id": payment["id"],
                "type": transaction["type"],
                "state": transaction.get("state"),
                "currency": transaction["amount"]["currencyCode"],
                "amount": amount(transaction["amount"]),
                "happened_at": transaction.get("timestamp") or payment["createdAt"],
                "payment_modified_at": payment["lastModifiedAt"],
            },
        )


def _times(found: Object) -> Row:
    return {"created_at": found["createdAt"], "last_modified_at": found["lastModifiedAt"]}


def address_columns(prefix: str, address: Object | None) -> Row:
    """What is kept of an address; names and streets are not."""
    found = address or _NOTHING
    return {
        f"{prefix}__country": found.get("country"),
        f"{prefix}__region": found.get("region") or found.get("state"),
        f"{prefix}__city": found.get("city"),
        f"{prefix}__postal_code": found.get("postalCode"),
    }


def reference_id(reference: Object | None) -> str | None:
    """The id of what is referred to."""
    return reference["id"] if reference else None


def _json(values: Any) -> str | None:
    return orjson.dumps(values).decode() if values else None
