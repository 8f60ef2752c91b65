"""The facts of commercetools: its tables, their keys and cursors."""

from __future__ import annotations

import datetime as dt

from ingestion.columns import ColumnType, typed_columns
from ingestion.sources.commercetools.settings import CommercetoolsSettings
from ingestion.spec import SourceSpec, Table

# A query may lag behind a write for a moment.
OVERLAP = dt.timedelta(minutes=1)
MODIFIED = "last_modified_at"


def _address(prefix: str) -> str:
    return " ".join(f"{prefix}__{part}" for part in ("country", "region", "city", "postal_code"))


def _changing(name: str, description: str, columns: dict[str, ColumnType]) -> Table:
    """A table of resources that tell when they changed."""
    return Table(name, description, columns, primary_key=("id",), cursor=MODIFIED, overlap=OVERLAP)


def _observed(name: str, description: str, columns: dict[str, ColumnType]) -> Table:
    """The same, every version seen kept."""
    return Table(
        name,
        description,
        columns,
        primary_key=("id",),
        cursor=MODIFIED,
        overlap=OVERLAP,
        kind="observation",
    )


def _owned(
    name: str,
    description: str,
    columns: dict[str, ColumnType],
    *,
    parent: str = "orders",
    owner: str = "order_id",
    key: tuple[str, ...] = ("id",),
) -> Table:
    """A table of rows that an order or payment owns."""
    return Table(
        name,
        description,
        columns,
        primary_key=key,
        stream=parent,
        cursor=f"{parent.removesuffix('s')}_modified_at",
        overlap=OVERLAP,
        replace_by=(owner,),
        parent=parent,
    )


PROJECTS = Table(
    "projects",
    "One row per project.",
    typed_columns(
        text="key name currency country currencies languages countries timezone",
        timestamp="created_at",
    ),
    primary_key=("key",),
    replaces_account=True,
)

CATEGORIES = Table(
    "categories",
    "One row per category of a project.",
    typed_columns(text="id key name parent_id path", timestamp="created_at last_modified_at"),
    primary_key=("id",),
    replaces_account=True,
)

CUSTOMERS = _observed(
    "customers",
    "One row per customer of a project and version seen; guests are only in orders.",
    typed_columns(
        text="id customer_number email first_name last_name company_name customer_group_id "
        + _address("address")
        + " address__phone",
        bool="is_email_verified",
        timestamp="created_at last_modified_at",
    ),
)

PRODUCTS = _observed(
    "products",
    "One row per published product of a project and version seen.",
    typed_columns(
        text="id key name slug product_type_id main_category_id brand",
        bool="published has_staged_changes",
        timestamp="created_at last_modified_at",
    ),
)

PRODUCT_VARIANTS = Table(
    "product_variants",
    "One row per variant of a published product and version seen, with its plain price of then.",
    typed_columns(
        text="id product_id sku key currency",
        bigint="variant_number",
        decimal="price discounted_price",
        json="attributes",
        timestamp="product_modified_at",
    ),
    primary_key=("id",),
    stream="products",
    cursor="product_modified_at",
    overlap=OVERLAP,
    kind="observation",
)

PRODUCT_CATEGORIES = Table(
    "product_categories",
    "One row per published product and category that it is in now.",
    typed_columns(text="product_id category_id", timestamp="product_modified_at"),
    primary_key=("product_id", "category_id"),
    stream="products",
    cursor="product_modified_at",
    overlap=OVERLAP,
    replace_by=("product_id",),
)

INVENTORY = _observed(
    "inventory",
    "One row per SKU, supply channel and version seen.",
    typed_columns(
        text="id sku supply_channel_id",
        bigint="quantity_on_stock available_quantity",
        timestamp="created_at last_modified_at",
    ),
)

DISCOUNT_CODES = _changing(
    "discount_codes",
    "One row per discount code of a project, with what its first cart discount takes off.",
    typed_columns(
        text="id code name value_type target_type currency",
        bigint="permyriad",
        decimal="amount",
        bool="is_active",
        timestamp="valid_from valid_until created_at last_modified_at",
    ),
)

CARTS = _changing(
    "carts",
    "One row per cart, whatever became of it.",
    typed_columns(
        text="id cart_state customer_id customer_email anonymous_id currency",
        bigint="line_items__quantity",
        decimal="total_price taxed_price__total_gross taxed_price__total_tax line_items__discount",
        timestamp="created_at last_modified_at",
    ),
)

ORDERS = _changing(
    "orders",
    "One row per order of a project, deleted ones too.",
    typed_columns(
        text="id order_number customer_id customer_email anonymous_id cart_id order_state"
        " payment_state shipment_state origin store_key currency discount_codes "
        + _address("shipping_address")
        + " "
        + _address("billing_address")
        + " phone",
        decimal="total_price taxed_price__total_net taxed_price__total_gross"
        " taxed_price__total_tax shipping_info__price",
        bool="is_tax_included is_deleted",
        timestamp="created_at completed_at last_modified_at",
    ),
)

ORDER_LINES = _owned(
    "order_lines",
    "One row per line of an order: products, custom lines, shipping, a discount on the total.",
    typed_columns(
        text="id order_id line_type product_id variant_id sku name",
        bigint="quantity",
        decimal="price gross total_price total_tax tax_rate",
        timestamp="order_modified_at",
    ),
)

ORDER_PAYMENTS = _owned(
    "order_payments",
    "One row per order and payment.",
    typed_columns(text="order_id payment_id", timestamp="order_modified_at"),
    key=("order_id", "payment_id"),
)

RETURN_ITEMS = _owned(
    "return_items",
    "One row per line that comes back in a return.",
    typed_columns(
        text="id return_id order_id line_id shipment_state payment_state comment",
        bigint="quantity",
        timestamp="returned_at order_modified_at",
    ),
)

DELIVERIES = _owned(
    "deliveries",
    "One row per delivery of an order.",
    typed_columns(text="id order_id carrier tracking_id", timestamp="created_at order_modified_at"),
)

DELIVERY_ITEMS = _owned(
    "delivery_items",
    "One row per delivery and line.",
    typed_columns(
        text="order_id delivery_id line_id", bigint="quantity", timestamp="order_modified_at"
    ),
    key=("delivery_id", "line_id"),
)

PAYMENTS = _changing(
    "payments",
    "One row per payment of a project.",
    typed_columns(
        text="id key interface_id customer_id payment_interface method currency",
        decimal="amount_planned",
        timestamp="created_at last_modified_at",
    ),
)

PAYMENT_TRANSACTIONS = _owned(
    "payment_transactions",
    "One row per transaction of a payment.",
    typed_columns(
        text="id payment_id type state currency",
        decimal="amount",
        timestamp="happened_at payment_modified_at",
    ),
    parent="payments",
    owner="payment_id",
)

ORDER_TABLES = (
    ORDERS,
    ORDER_LINES,
    ORDER_PAYMENTS,
    RETURN_ITEMS,
    DELIVERIES,
    DELIVERY_ITEMS,
)

SPEC = SourceSpec(
    name="commercetools",
    description="Shops on commercetools, by the HTTP API.",
    settings=CommercetoolsSettings,
    tables=(
        PROJECTS,
        CATEGORIES,
        CUSTOMERS,
        PRODUCTS,
        PRODUCT_VARIANTS,
        PRODUCT_CATEGORIES,
        INVENTORY,
        DISCOUNT_CODES,
        CARTS,
        *ORDER_TABLES,
        PAYMENTS,
        PAYMENT_TRANSACTIONS,
    ),
    setup_hint=(
        "Set COMMERCETOOLS__PROJECTS__0__PROJECT_KEY, …__CLIENT_ID and …__CLIENT_SECRET in .env"
    ),
)
