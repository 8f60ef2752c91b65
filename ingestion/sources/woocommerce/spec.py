"""The facts of WooCommerce: its tables, their keys and cursors."""

from __future__ import annotations

import datetime as dt

from ingestion.columns import ColumnType, typed_columns
from ingestion.sources.woocommerce.rows import ATTRIBUTES
from ingestion.sources.woocommerce.settings import API_VERSION, WooCommerceSettings
from ingestion.spec import SourceSpec, Table

# Times are whole seconds, and a change shows when its transaction ends.
OVERLAP = dt.timedelta(minutes=1)

_ADDRESS = "{0}__country {0}__state {0}__city {0}__postcode"


def _of_order(name: str, description: str, columns: dict[str, ColumnType]) -> Table:
    """A table of rows that an order owns."""
    return Table(
        name,
        description,
        columns,
        primary_key=("id",),
        stream="orders",
        cursor="order_modified_gmt",
        overlap=OVERLAP,
        replace_by=("order_id",),
        parent="orders",
    )


STORES = Table(
    "stores",
    "One row per store.",
    typed_columns(text="id name url timezone currency country", bool="prices_include_tax"),
    primary_key=("id",),
    replaces_account=True,
)

CATEGORIES = Table(
    "categories",
    "One row per product category of a store.",
    typed_columns(text="id parent_id name slug path"),
    primary_key=("id",),
    replaces_account=True,
)

CUSTOMERS = Table(
    "customers",
    "One row per user account of a store and version seen; guests are only in orders.",
    typed_columns(
        text="id email first_name last_name username role billing__phone "
        + _ADDRESS.format("billing")
        + " "
        + _ADDRESS.format("shipping"),
        bool="is_paying_customer",
        timestamp="date_created_gmt date_modified_gmt version_at",
    ),
    primary_key=("id",),
    cursor="version_at",
    overlap=OVERLAP,
    kind="observation",
)

PRODUCTS = Table(
    "products",
    "One row per product of a store and version seen.",
    typed_columns(
        text="id name slug type status sku brand category tags permalink stock_status",
        decimal="price regular_price sale_price cost_of_goods_sold stock_quantity",
        bool="manage_stock",
        timestamp="date_created_gmt date_modified_gmt",
    ),
    primary_key=("id",),
    cursor="date_modified_gmt",
    overlap=OVERLAP,
    kind="observation",
)

PRODUCT_CATEGORIES = Table(
    "product_categories",
    "One row per product and category that it is in now.",
    typed_columns(text="product_id category_id name", timestamp="product_modified_gmt"),
    primary_key=("product_id", "category_id"),
    stream="products",
    cursor="product_modified_gmt",
    overlap=OVERLAP,
    replace_by=("product_id",),
)

VARIATIONS = Table(
    "variations",
    "One row per variation of a product and version seen: price and stock of then.",
    typed_columns(
        text="id product_id name sku status stock_status",
        json="attributes",
        decimal="price regular_price sale_price cost_of_goods_sold stock_quantity",
        bool="manage_stock",
        timestamp="date_created_gmt date_modified_gmt",
    ),
    primary_key=("id",),
    cursor="date_modified_gmt",
    overlap=OVERLAP,
    kind="observation",
)

# A use changes the count, and not the time of change: they are read whole.
COUPONS = Table(
    "coupons",
    "One row per coupon of a store.",
    typed_columns(
        text="id code status discount_type description",
        decimal="amount",
        bigint="usage_count",
        bool="free_shipping",
        timestamp="date_expires_gmt date_created_gmt date_modified_gmt",
    ),
    primary_key=("id",),
    replaces_account=True,
)

ORDERS = Table(
    "orders",
    "One row per order of a store, deleted ones too.",
    typed_columns(
        text="id number status currency version created_via customer_id payment_method"
        " payment_method_title transaction_id order_key billing__email billing__phone "
        + _ADDRESS.format("billing")
        + " "
        + _ADDRESS.format("shipping")
        + " coupon_codes refund_ids "
        + " ".join(f"attribution__{name}" for name in ATTRIBUTES),
        decimal="total total_tax discount_total discount_tax shipping_total shipping_tax cart_tax",
        bool="prices_include_tax is_deleted",
        timestamp="date_created_gmt date_paid_gmt date_completed_gmt cancelled_at"
        " date_modified_gmt",
    ),
    primary_key=("id",),
    cursor="date_modified_gmt",
    overlap=OVERLAP,
)

ORDER_LINES = _of_order(
    "order_lines",
    "One row per line of an order: products, shipping, fees. Amounts are without tax.",
    typed_columns(
        text="id order_id line_type name method_id product_id variation_id sku",
        decimal="quantity subtotal subtotal_tax total total_tax",
        timestamp="order_modified_gmt",
    ),
)

ORDER_COUPON_LINES = _of_order(
    "order_coupon_lines",
    "One row per coupon used on an order.",
    typed_columns(
        text="id order_id code discount_type",
        decimal="discount discount_tax",
        timestamp="order_modified_gmt",
    ),
)

ORDER_TAX_LINES = _of_order(
    "order_tax_lines",
    "One row per tax rate of an order.",
    typed_columns(
        text="id order_id rate_id rate_code label",
        decimal="tax_total shipping_tax_total rate_percent",
        bool="compound",
        timestamp="order_modified_gmt",
    ),
)

REFUNDS = _of_order(
    "refunds",
    "One row per refund.",
    typed_columns(
        text="id order_id reason",
        decimal="amount",
        bool="refunded_payment",
        timestamp="date_created_gmt order_modified_gmt",
    ),
)

REFUND_LINES = _of_order(
    "refund_lines",
    "One row per line of a refund, negative as WooCommerce writes it, and per amount beyond lines.",
    typed_columns(
        text="id refund_id order_id line_id line_type product_id variation_id sku",
        decimal="quantity total total_tax",
        timestamp="date_created_gmt order_modified_gmt",
    ),
)

ORDER_TABLES = (
    ORDERS,
    ORDER_LINES,
    ORDER_COUPON_LINES,
    ORDER_TAX_LINES,
    REFUNDS,
    REFUND_LINES,
)

SPEC = SourceSpec(
    name="woocommerce",
    description="Shops on WooCommerce, by the REST API wc/v3.",
    settings=WooCommerceSettings,
    tables=(
        STORES,
        CATEGORIES,
        CUSTOMERS,
        PRODUCTS,
        PRODUCT_CATEGORIES,
        COUPONS,
        *ORDER_TABLES,
        VARIATIONS,
    ),
    setup_hint=(
        "Set WOOCOMMERCE__STORES__0__NAME, …__URL, …__CONSUMER_KEY and …__CONSUMER_SECRET in .env"
    ),
    api_version=API_VERSION,
)
