"""The facts of Recharge: tables, keys, and how far back a run looks again."""

from __future__ import annotations

import datetime as dt

from ingestion.columns import typed_columns
from ingestion.sources.recharge.settings import API_VERSION, RechargeSettings
from ingestion.spec import RateLimit, SourceSpec, Table

OVERLAP = dt.timedelta(hours=1)


CUSTOMERS = Table(
    "customers",
    "One row per customer.",
    typed_columns(
        text="id external_customer_id email first_name last_name phone",
        bigint="subscriptions_active_count subscriptions_total_count",
        timestamp="first_charge_processed_at created_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
    overlap=OVERLAP,
)

SUBSCRIPTIONS = Table(
    "subscriptions",
    "One row per subscription.",
    typed_columns(
        text="id customer_id address_id external_product_id external_variant_id product_title"
        " variant_title sku status presentment_currency order_interval_unit cancellation_reason"
        " cancellation_reason_comments",
        bigint="quantity order_interval_frequency charge_interval_frequency",
        decimal="price",
        bool="is_prepaid is_skippable is_swappable max_retries_reached has_queued_charges",
        json="properties",
        date="next_charge_scheduled_at",
        timestamp="cancelled_at created_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
    overlap=OVERLAP,
)

CHARGES = Table(
    "charges",
    "One row per charge, also those to come.",
    typed_columns(
        text="id customer_id external_order_id status type currency error_type",
        bigint="orders_count",
        decimal="subtotal_price total_discounts total_tax total_price total_refunds",
        json="line_items discounts",
        date="scheduled_at",
        timestamp="processed_at created_at updated_at",
    ),
    primary_key=("id",),
    cursor="updated_at",
    overlap=OVERLAP,
)

EVENTS = Table(
    "events",
    "One row per change of a subscription, or removal of a charge.",
    typed_columns(
        text="id object_type object_id customer_id verb description source__origin"
        " source__user_type",
        json="updated_attributes custom_attributes",
        timestamp="created_at",
    ),
    primary_key=("id",),
    cursor="created_at",
    overlap=OVERLAP,
)

SPEC = SourceSpec(
    name="recharge",
    description="Subscriptions of a shop, what happened to them, and their charges.",
    settings=RechargeSettings,
    tables=(CUSTOMERS, SUBSCRIPTIONS, CHARGES, EVENTS),
    setup_hint="Set RECHARGE__ACCOUNTS__0__NAME and RECHARGE__ACCOUNTS__0__ACCESS_TOKEN in .env",
    api_version=API_VERSION,
    # A bucket of 40 that empties by two a second.
    rate_limit=RateLimit(40, 20.0),
)
