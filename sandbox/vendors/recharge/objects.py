"""Recharge's objects, from the ledger's subscriptions; all lists of one store."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sandbox.world.ledger import Ledger

Row = dict[str, Any]
OWN_IDS = 90_000_000_000
"""Recharge numbers its customers itself: the shop's ids lie this far below."""

VERBS = {
    "created": "created",
    "paused": "paused",
    "resumed": "activated",
    "cancelled": "cancelled",
    "reactivated": "activated",
    "expired": "expired",
}


def subscriptions(view: Ledger, shop: str) -> list[Row]:
    """Subscriptions. A paused one stays active and has no next charge: only its event tells."""
    own = _own(view.subscriptions, shop)
    variants = view.variants.set_index("variant_id")
    products = view.products.set_index("product_id")["title"]
    currency = view.stores.set_index("shop").loc[shop, "currency"]
    return [
        {
            "id": row.subscription_id,
            "address_id": row.subscription_id,
            "customer_id": row.customer_id + OWN_IDS,
            "analytics_data": {"utm_params": []},
            "cancellation_reason": row.cancellation_reason or None,
            "cancellation_reason_comments": None,
            "cancelled_at": _moment(row.cancelled_at),
            "charge_interval_frequency": row.interval_days,
            "created_at": _moment(row.created_at),
            "expire_after_specific_number_of_charges": None,
            "external_product_id": {"ecommerce": str(row.product_id)},
            "external_variant_id": {"ecommerce": str(row.variant_id)},
            "has_queued_charges": row.status == "ACTIVE",
            "is_prepaid": False,
            "is_skippable": True,
            "is_swappable": False,
            "max_retries_reached": False,
            "next_charge_scheduled_at": _day(row.next_charge_at),
            "order_day_of_month": None,
            "order_day_of_week": None,
            "order_interval_frequency": row.interval_days,
            "order_interval_unit": "day",
            "presentment_currency": currency,
            "price": _money(row.price),
            "product_title": products[row.product_id],
            "properties": [],
            "quantity": row.quantity,
            "sku": variants.loc[row.variant_id, "sku"],
            "sku_override": False,
            "status": "active" if row.status == "PAUSED" else row.status.lower(),
            "updated_at": _moment(row.updated_at),
            "variant_title": variants.loc[row.variant_id, "title"],
        }
        for row in own.itertuples(index=False)
    ]


def customers(view: Ledger, shop: str) -> list[Row]:
    """Customers with a subscription."""
    own = _own(view.subscriptions, shop).sort_values("created_at")
    names = view.customers.set_index("customer_id")
    found = []
    for customer_id, group in own.groupby("customer_id"):
        account = names.loc[customer_id] if customer_id in names.index else None
        found.append(
            {
                "id": int(customer_id) + OWN_IDS,
                "analytics_data": {"utm_params": []},
                "created_at": _moment(group["created_at"].iloc[0]),
                "email": group["email"].iloc[-1],
                "external_customer_id": {"ecommerce": str(customer_id)},
                "first_charge_processed_at": _moment(group["created_at"].iloc[0]),
                "first_name": None if account is None else account["first_name"],
                "has_valid_payment_method": True,
                "hash": f"{int(customer_id):x}",
                "last_name": None if account is None else account["last_name"],
                "phone": None if account is None else account["phone"] or None,
                "subscriptions_active_count": int((group["status"] == "ACTIVE").sum()),
                "subscriptions_total_count": len(group),
                "tax_exempt": False,
                "updated_at": _moment(group["updated_at"].max()),
            }
        )
    return found


def charges(view: Ledger, shop: str) -> list[Row]:
    """Charges that were made, or failed, or were skipped."""
    own = _own(view.subscription_charges, shop).merge(
        view.subscriptions[["subscription_id", "customer_id", "email"]], on="subscription_id"
    )
    currency = view.stores.set_index("shop").loc[shop, "currency"]
    return [
        {
            "id": row.charge_id,
            "address_id": row.subscription_id,
            "analytics_data": {"utm_params": []},
            "created_at": _moment(min(row.scheduled_at, row.processed_at)),
            "currency": currency,
            "customer": {
                "id": row.customer_id + OWN_IDS,
                "email": row.email,
                "external_customer_id": {"ecommerce": str(row.customer_id)},
                "hash": f"{row.customer_id:x}",
            },
            "discounts": [],
            "error": None if row.status != "ERROR" else "Card declined",
            "error_type": None if row.status != "ERROR" else "CARD_DECLINED",
            "external_order_id": {
                "ecommerce": None if pd.isna(row.order_id) else str(int(row.order_id))
            },
            "line_items": [
                {"purchase_item_id": row.subscription_id, "total_price": _money(row.total)}
            ],
            "orders_count": int(pd.notna(row.order_id)),
            "processed_at": None if row.status == "SKIPPED" else _moment(row.processed_at),
            "scheduled_at": _day(row.scheduled_at),
            "status": row.status.lower(),
            "subtotal_price": _money(row.total),
            "tags": "Subscription, Subscription Recurring Order",
            "total_discounts": "0.00",
            "total_price": _money(row.total),
            "total_refunds": "0.00",
            "total_tax": "0.00",
            "type": "recurring",
            "updated_at": _moment(row.processed_at),
        }
        for row in own.itertuples(index=False)
    ]


def events(view: Ledger, shop: str) -> list[Row]:
    """What happened to subscriptions; times without a zone."""
    own = _own(view.subscription_events, shop).merge(
        view.subscriptions[["subscription_id", "customer_id", "product_id"]], on="subscription_id"
    )
    products = view.products.set_index("product_id")["title"]
    return [
        {
            "id": row.event_id,
            "customer_id": row.customer_id + OWN_IDS,
            "object_id": row.subscription_id,
            "created_at": f"{row.happened_at:%Y-%m-%dT%H:%M:%S}",
            "custom_attributes": [],
            "description": f"{VERBS[row.kind].capitalize()} subscription for"
            f" {products[row.product_id]}",
            "object_type": "subscription",
            "source": {
                "account_id": None,
                "api_token_id": None,
                "account_email": None,
                "api_token_name": None,
                "origin": "customer_portal",
                "user_type": "customer",
            },
            "updated_attributes": [],
            "verb": VERBS[row.kind],
        }
        for row in own.itertuples(index=False)
    ]


LISTS = {
    "subscriptions": subscriptions,
    "customers": customers,
    "charges": charges,
    "events": events,
}


def _own(frame: pd.DataFrame, shop: str) -> pd.DataFrame:
    return frame[frame["shop"] == shop]


def _moment(moment: pd.Timestamp) -> str | None:
    return None if pd.isna(moment) else f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"


def _day(moment: pd.Timestamp) -> str | None:
    return None if pd.isna(moment) else f"{moment:%Y-%m-%d}"


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
