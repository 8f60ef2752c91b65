"""The facts of Shopify: its tables, their keys and cursors."""

from __future__ import annotations

import datetime as dt

from ingestion.columns import ColumnType, typed_columns
from ingestion.sources.shopify.settings import API_VERSION, ShopifySettings, version_expires
from ingestion.spec import SourceSpec, Table

# The search that answers `updated_at` lags behind the shop by minutes.
OVERLAP = dt.timedelta(hours=1)

_ADDRESS = ("country_code", "province_code", "province", "city", "zip")


def _address(prefix: str) -> str:
    return " ".join(f"{prefix}__{part}" for part in _ADDRESS)


def _child(
    name: str,
    description: str,
    columns: dict[str, ColumnType],
    primary_key: tuple[str, ...] = ("id",),
) -> Table:
    """A table of rows that an order owns."""
    return Table(
        name,
        description,
        columns,
        primary_key=primary_key,
        stream="orders",
        cursor="order_updated_at",
        overlap=OVERLAP,
        replace_by=("order_id",),
        parent="orders",
    )


SHOPS = Table(
    "shops",
    "One row per shop.",
    typed_columns(
        text="id name myshopify_domain iana_timezone currency_code country_code",
        bool="taxes_included",
        timestamp="created_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
)

LOCATIONS = Table(
    "locations",
    "One row per location of a shop, those that are closed too.",
    typed_columns(
        text="id name country_code city", bool="is_active", timestamp="created_at updated_at"
    ),
    primary_key=("id",),
    replaces_account=True,
)

CUSTOMERS = Table(
    "customers",
    "One row per customer account of a shop and version seen.",
    typed_columns(
        text="id email phone first_name last_name "
        + _address("default_address")
        + " locale state email_marketing_state tags",
        bool="tax_exempt",
        timestamp="email_marketing_updated_at created_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
    overlap=OVERLAP,
    kind="observation",
)

PRODUCTS = Table(
    "products",
    "One row per product of a shop and version seen.",
    typed_columns(
        text="id title handle vendor product_type category__id category__name category__full_name"
        " category__parent_id status tags",
        bool="is_gift_card",
        timestamp="created_at published_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
    overlap=OVERLAP,
    kind="observation",
)

PRODUCT_COLLECTIONS = Table(
    "product_collections",
    "One row per product and collection that it is in now.",
    typed_columns(text="product_id collection_id title"),
    primary_key=("product_id", "collection_id"),
    # A product that joins or leaves one need not change by that.
    replaces_account=True,
)

PRODUCT_VARIANTS = Table(
    "product_variants",
    "One row per variant of a product and version seen: its price and unit cost of then.",
    typed_columns(
        text="id product_id inventory_item_id title sku barcode unit_cost__currency_code",
        bigint="position",
        decimal="price compare_at_price unit_cost",
        bool="taxable",
        timestamp="created_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
    overlap=OVERLAP,
    kind="observation",
)

INVENTORY_LEVELS = Table(
    "inventory_levels",
    "One row per inventory item, location and version seen: its stock of then.",
    typed_columns(
        text="inventory_item_id location_id",
        bigint="available on_hand committed incoming",
        timestamp="updated_at",
    ),
    # A level's own id tells its location only.
    primary_key=("inventory_item_id", "location_id"),
    cursor="updated_at",
    overlap=OVERLAP,
    kind="observation",
)

DISCOUNTS = Table(
    "discounts",
    "One row per discount code or automatic discount of a shop.",
    typed_columns(
        text="id discount_id discount_type code title status value__currency_code",
        decimal="value__percentage value__amount",
        bigint="usage_count",
        bool="is_automatic",
        timestamp="starts_at ends_at created_at updated_at",
    ),
    primary_key=("id",),
    # A use counts up without changing the discount's time.
    replaces_account=True,
)

GIFT_CARDS = Table(
    "gift_cards",
    "One row per gift card of a shop.",
    typed_columns(
        text="id order_id line_id customer_id last_characters currency_code",
        decimal="initial_value balance",
        bool="enabled",
        date="expires_on",
        timestamp="created_at deactivated_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
    overlap=OVERLAP,
)

ORDERS = Table(
    "orders",
    "One row per order of a shop, test orders and deleted ones too.",
    typed_columns(
        text="id name customer_id email phone checkout_token currency_code"
        " presentment_currency_code display_financial_status display_fulfillment_status"
        " cancel_reason source_name tags discount_codes "
        + _address("shipping_address")
        + " "
        + _address("billing_address")
        + " last_visit__landing_page last_visit__referrer_url last_visit__utm_source"
        " last_visit__utm_medium last_visit__utm_campaign",
        decimal="original_total_price original_total_price__presentment total_price"
        " subtotal_price total_tax total_discounts total_shipping_price total_tip_received"
        " original_total_duties current_total_price total_refunded",
        bool="test edited taxes_included is_deleted",
        timestamp="created_at processed_at cancelled_at closed_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
    overlap=OVERLAP,
)

ORDER_LINES = _child(
    "order_lines",
    "One row per line of an order: products, gift cards, shipping, tip, fees, duties.",
    typed_columns(
        text="id order_id line_type product_id variant_id sku name title variant_title vendor",
        bigint="quantity current_quantity unfulfilled_quantity",
        decimal="original_unit_price original_total discount_allocations__total tax_lines__total"
        " tax_lines__rate",
        json="discount_allocations",
        bool="requires_shipping is_removed",
        timestamp="order_updated_at",
    ),
)

ORDER_AGREEMENT_SALES = _child(
    "order_agreement_sales",
    "One row per sale of an agreement: a dated, signed change of one line's money.",
    typed_columns(
        text="id agreement_id order_id reason action_type line_type line_id",
        bigint="quantity",
        decimal="total_amount total_tax_amount total_discount_before_taxes"
        " total_discount_after_taxes",
        timestamp="happened_at order_updated_at",
    ),
)

REFUNDS = _child(
    "refunds",
    "One row per refund.",
    typed_columns(
        text="id order_id",
        decimal="total_refunded",
        timestamp="processed_at order_updated_at",
    ),
)

REFUND_LINES = _child(
    "refund_lines",
    "One row per part of a refund: products, gift cards, shipping, duties, adjustments.",
    typed_columns(
        text="id refund_id order_id customer_id currency_code line_type line_id product_id reason",
        bigint="quantity",
        decimal="amount tax_amount",
        bool="taxes_included",
        timestamp="processed_at order_updated_at",
    ),
)

TRANSACTIONS = _child(
    "transactions",
    "One row per payment transaction of an order.",
    typed_columns(
        text="id order_id parent_id kind status gateway currency_code",
        decimal="amount fees__total",
        json="fees",
        bool="test",
        timestamp="processed_at order_updated_at",
    ),
)

FULFILLMENTS = _child(
    "fulfillments",
    "One row per parcel.",
    typed_columns(
        text="id order_id location_id status display_status tracking_company",
        bigint="total_quantity",
        timestamp="created_at in_transit_at delivered_at updated_at order_updated_at",
    ),
)

FULFILLMENT_LINES = _child(
    "fulfillment_lines",
    "One row per parcel and order line in it.",
    typed_columns(
        text="fulfillment_id line_id order_id", bigint="quantity", timestamp="order_updated_at"
    ),
    primary_key=("fulfillment_id", "line_id"),
)

ABANDONED_CHECKOUTS = Table(
    "abandoned_checkouts",
    "One row per checkout that was left, recovered or not.",
    typed_columns(
        text="id token name customer_id email phone currency_code discount_codes",
        bigint="line_items_quantity",
        decimal="subtotal_price total_price total_discount total_tax",
        bool="taxes_included",
        timestamp="created_at completed_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
    overlap=OVERLAP,
)

ABANDONED_CHECKOUT_LINES = Table(
    "abandoned_checkout_lines",
    "One row per line of an abandoned checkout.",
    typed_columns(
        text="id checkout_id product_id variant_id title sku",
        bigint="quantity",
        decimal="original_unit_price discounted_total_price",
        timestamp="checkout_updated_at",
    ),
    primary_key=("id",),
    stream="abandoned_checkouts",
    cursor="checkout_updated_at",
    overlap=OVERLAP,
    replace_by=("checkout_id",),
    parent="abandoned_checkouts",
)

ORDER_TABLES = (
    ORDERS,
    ORDER_LINES,
    ORDER_AGREEMENT_SALES,
    REFUNDS,
    REFUND_LINES,
    TRANSACTIONS,
    FULFILLMENTS,
    FULFILLMENT_LINES,
)
TABLES = (
    SHOPS,
    LOCATIONS,
    CUSTOMERS,
    PRODUCTS,
    PRODUCT_COLLECTIONS,
    PRODUCT_VARIANTS,
    INVENTORY_LEVELS,
    DISCOUNTS,
    GIFT_CARDS,
    *ORDER_TABLES,
    ABANDONED_CHECKOUTS,
    ABANDONED_CHECKOUT_LINES,
)

SPEC = SourceSpec(
    name="shopify",
    description="Shops on Shopify, by the Admin GraphQL API.",
    settings=ShopifySettings,
    tables=TABLES,
    setup_hint=(
        "Set SHOPIFY__STORES__0__SHOP and SHOPIFY__STORES__0__ACCESS_TOKEN"
        " (or CLIENT_ID and CLIENT_SECRET) in .env"
    ),
    api_version=API_VERSION,
    api_version_expires=version_expires(API_VERSION),
)
