"""Line items of orders and carts: units, discounts by unit, tax."""

from __future__ import annotations

from sandbox.vendors.commercetools.project import Object, Project, identity, reference

PRODUCT_TYPE = identity("product-type", "goods")


class Lines:
    """Makes line items.

    Args:
        project: Whose.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._products = {row["product_id"]: row for row in project.records("products")}
        self._variants = {row["variant_id"]: row for row in project.records("variants")}

    def item(self, line: Object, discounts: list[Object], *, kind: str, state: str) -> Object:
        """A line item.

        Args:
            line: An order's or cart's line of the ledger.
            discounts: Its allocations.
            kind: What its id is made of.
            state: Of its units.
        """
        project, quantity = self._project, int(line["quantity"])
        product, variant = self._products[line["product_id"]], self._variants[line["variant_id"]]
        gross = int(line["unit_price"]) * quantity
        net = gross - int(line["discount"])
        item = {
            "id": identity(kind, line["line_id"]),
            "productId": identity("product", line["product_id"]),
            "productKey": product["handle"],
            "name": {"en": product["title"]},
            "productType": reference("product-type", PRODUCT_TYPE),
            "productSlug": {"en": product["handle"]},
            "variant": {"id": int(variant["position"]), "sku": variant["sku"], "prices": [],
                        "images": [], "attributes": [], "assets": []},
            "price": {"id": identity("price", line["variant_id"]),
                      "value": project.money(line["unit_price"])},
            "quantity": quantity,
            "discountedPricePerQuantity": self._discounted(line, discounts, quantity),
            "state": [{"quantity": quantity,
                       "state": reference("state", identity("state", state))}],
            "priceMode": "Platform",
            "lineItemMode": "Standard",
            "totalPrice": project.money(net),
            "perMethodTaxRate": [],
            "taxedPricePortions": [],
        }  # fmt: skip
        if "tax" in line:
            rate, tax = int(line["tax_rate_bp"]), int(line["tax"])
            item["taxRate"] = project.tax_rate(rate)
            item["taxedPrice"] = project.taxed(net, tax, {rate: tax})
        return item

    def _discounted(self, line: Object, discounts: list[Object], quantity: int) -> list[Object]:
        """Prices of units after discounts; what does not divide makes some a cent cheaper."""
        off = int(line["discount"])
        if not off:
            return []
        each, rest = divmod(off, quantity)
        groups = [(quantity - rest, each), (rest, each + 1)]
        titles = [row["title"] for row in discounts] or ["Discount"]
        return [
            {"quantity": count, "discountedPrice": self._price(line, cents, titles[0])}
            for count, cents in groups
            if count
        ]

    def _price(self, line: Object, off: int, title: str) -> Object:
        cart_discount = reference("cart-discount", identity("cart-discount", title))
        return {
            "value": self._project.money(int(line["unit_price"]) - off),
            "includedDiscounts": [
                {"discount": cart_discount, "discountedAmount": self._project.money(off)}
            ],
        }
