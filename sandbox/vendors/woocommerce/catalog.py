"""Products, their variations and categories, and coupons."""

from __future__ import annotations

import pandas as pd

from sandbox.vendors.woocommerce.ids import UNCATEGORIZED
from sandbox.vendors.woocommerce.site import SYMBOLS, Object, Site, money, several_variants

STATUSES = {"ACTIVE": "publish", "ARCHIVED": "private", "DRAFT": "draft"}
OPTION = "Size"


class Catalog:
    """What a site sells.

    Args:
        site: The site.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._several = several_variants(site)
        self._categories = {row["name"]: row for row in site.records("categories")}
        self._rows = site.records("products")
        self._by_number = {site.ids.of("products", row["product_id"]): row for row in self._rows}
        self._variants: dict[int, list[Object]] = {}
        for row in site.records("variants"):
            self._variants.setdefault(row["product_id"], []).append(row)

    def products(self) -> list[Object]:
        """Simple products, and variable ones without their variations."""
        return [self._product(row) for row in self._rows]

    def variations(self, product: int) -> list[Object] | None:
        """The variations of a product; None where there is no such product."""
        row = self._by_number.get(product)
        if row is None:
            return None
        several = row["product_id"] in self._several
        variants = self._variants[row["product_id"]] if several else []
        return [self._variation(row, variant) for variant in variants]

    def categories(self) -> list[Object]:
        """The tree; every site has one for what is in none."""
        counts = self._site.table("products")["category"].value_counts()
        told = [
            self._category(self._number(row), row["name"], self._parent(row), counts)
            for row in self._categories.values()
        ]
        return [*told, self._category(UNCATEGORIZED, "Uncategorized", 0, counts)]

    def _category(self, own: int, name: str, parent: int, counts: pd.Series) -> Object:
        return {
            "id": own,
            "name": name,
            "slug": _slug(name),
            "parent": parent,
            "description": "",
            "display": "default",
            "image": None,
            "menu_order": 0,
            "count": int(counts.get(name, 0)),
            "_links": self._site.links(f"products/categories/{own}"),
        }

    def _number(self, row: Object) -> int:
        return self._site.ids.of("categories", row["category_id"])

    def _parent(self, row: Object) -> int:
        if pd.isna(row["parent_id"]):
            return 0
        return self._site.ids.of("categories", row["parent_id"])

    def _product(self, row: Object) -> Object:
        site, variants = self._site, self._variants[row["product_id"]]
        own = site.ids.of("products", row["product_id"])
        is_variable = row["product_id"] in self._several
        first = variants[0]
        modified = max([row["updated_at"], *([] if is_variable else [first["updated_at"]])])
        numbers = [site.ids.of("variants", each["variant_id"]) for each in variants]
        price = money(min(each["price"] for each in variants))
        category = row["category"]
        attribute = {
            "id": 0,
            "name": OPTION,
            "slug": OPTION,
            "position": 0,
            "visible": True,
            "variation": True,
            "options": [each["title"] for each in variants],
        }
        return {
            "id": own,
            "name": row["title"],
            "slug": row["handle"],
            "permalink": f"{site.address}/product/{row['handle']}/",
            **site.times("created", row["created_at"]),
            **site.times("modified", modified),
            "type": "variable" if is_variable else "simple",
            "status": STATUSES[row["status"]],
            "featured": False,
            "catalog_visibility": "visible",
            "description": "",
            "short_description": "",
            **self._common(first, is_sold=not is_variable),
            **({"price": price} if is_variable else {}),
            "total_sales": 0,
            "external_url": "",
            "button_text": "",
            "sold_individually": False,
            "shipping_required": True,
            "shipping_taxable": True,
            "reviews_allowed": True,
            "average_rating": "0.00",
            "rating_count": 0,
            "upsell_ids": [],
            "cross_sell_ids": [],
            "parent_id": 0,
            "purchase_note": "",
            "categories": [
                {
                    "id": self._number(self._categories[category]),
                    "name": category,
                    "slug": _slug(category),
                }
            ],
            "brands": [{"id": 1, "name": row["vendor"], "slug": _slug(row["vendor"])}],
            "tags": [],
            "images": [],
            "attributes": [attribute] if is_variable else [],
            "default_attributes": [],
            "variations": numbers if is_variable else [],
            "grouped_products": [],
            "menu_order": 0,
            "price_html": self._price_html(price),
            "related_ids": [],
            "meta_data": [],
            "has_options": is_variable,
            "post_password": "",
            "_links": site.links(f"products/{own}"),
        }

    def _variation(self, product: Object, row: Object) -> Object:
        site = self._site
        own = site.ids.of("variants", row["variant_id"])
        parent = site.ids.of("products", product["product_id"])
        option = {"id": 0, "name": OPTION, "slug": OPTION.lower(), "option": row["title"]}
        path = f"products/{parent}/variations/{own}"
        page = f"{site.address}/product/{product['handle']}/"
        return {
            "id": own,
            "type": "variation",
            **site.times("created", row["created_at"]),
            **site.times("modified", row["updated_at"]),
            "description": "",
            "permalink": f"{page}?attribute_size={row['title']}",
            **self._common(row, is_sold=True),
            "status": "publish",
            "image": None,
            "attributes": [option],
            "menu_order": 0,
            "meta_data": [],
            "name": row["title"],
            "parent_id": parent,
            "_links": site.links(path, up=f"products/{parent}"),
        }

    def _common(self, row: Object, *, is_sold: bool) -> Object:
        """What products and variations have in common; a variable product has no price."""
        compare = row["compare_at_price"]
        on_sale = is_sold and not pd.isna(compare) and compare > row["price"]
        regular = money(int(compare) if on_sale else row["price"])
        stock = int(row["inventory_quantity"])
        return {
            "sku": row["sku"] if is_sold else "",
            "global_unique_id": row["barcode"] if is_sold else "",
            "price": money(row["price"]),
            "regular_price": regular if is_sold else "",
            "sale_price": money(row["price"]) if on_sale else "",
            **dict.fromkeys(
                (
                    "date_on_sale_from",
                    "date_on_sale_from_gmt",
                    "date_on_sale_to",
                    "date_on_sale_to_gmt",
                )
            ),
            "on_sale": on_sale,
            "purchasable": True,
            "virtual": False,
            "downloadable": False,
            "downloads": [],
            "download_limit": -1,
            "download_expiry": -1,
            "tax_status": "taxable",
            "tax_class": "",
            "manage_stock": is_sold,
            "stock_quantity": stock if is_sold else None,
            "stock_status": "instock" if stock > 0 or not is_sold else "outofstock",
            "backorders": "no",
            "backorders_allowed": False,
            "backordered": False,
            "low_stock_amount": None,
            "weight": "",
            "dimensions": {"length": "", "width": "", "height": ""},
            "shipping_class": "",
            "shipping_class_id": 0,
        }

    def _price_html(self, price: str) -> str:
        symbol = SYMBOLS[self._site.currency]
        return (
            '<span class="woocommerce-Price-amount amount"><bdi>'
            f'<span class="woocommerce-Price-currencySymbol">{symbol}</span>{price}</bdi></span>'
        )


def coupons(site: Site) -> list[Object]:
    """Every code; WooCommerce has no discounts without one."""
    return [_coupon(site, row) for row in site.records("discount_codes") if row["code"]]


def _coupon(site: Site, row: Object) -> Object:
    """A use counts, but does not change the coupon."""
    own = site.ids.of("discount_codes", row["discount_id"])
    is_free = row["kind"] == "free_shipping"
    return {
        "id": own,
        "code": row["code"].lower(),
        "amount": "0.00" if is_free else money(round(row["value"] * 100)),
        "status": "publish",
        **site.times("created", row["created_at"]),
        **site.times("modified", row["created_at"]),
        "discount_type": "percent" if row["kind"] == "percentage" else "fixed_cart",
        "description": row["title"],
        **site.times("expires", row["ends_at"]),
        "usage_count": int(row["usage_count"]),
        "individual_use": False,
        "product_ids": [],
        "excluded_product_ids": [],
        "usage_limit": None,
        "usage_limit_per_user": None,
        "limit_usage_to_x_items": None,
        "free_shipping": is_free,
        "product_categories": [],
        "excluded_product_categories": [],
        "exclude_sale_items": False,
        "minimum_amount": "0.00",
        "maximum_amount": "0.00",
        "email_restrictions": [],
        "used_by": [],
        "meta_data": [],
        "_links": site.links(f"coupons/{own}"),
    }


def _slug(name: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
