"""What is read of a message: which column comes from which field or property.

Fields as in Segment's spec (https://segment.com/docs/connections/spec/common/), properties as in
its e-commerce and A/B testing specs. The address of the visitor (`context.ip`) is never read.
"""

from __future__ import annotations

from ingestion.columns import ColumnType

MESSAGE_FIELDS: dict[str, str] = {
    "type": "type",
    "message_id": "messageId",
    "anonymous_id": "anonymousId",
    "user_id": "userId",
    "write_key": "writeKey",
    "tracked": "event",
    "named": "name",
    "timestamp": "timestamp",
    "original_timestamp": "originalTimestamp",
    "sent_at": "sentAt",
    "received_at": "receivedAt",
}

CONTEXT_FIELDS: dict[str, str] = {
    "page__url": "page.url",
    "page__path": "page.path",
    "page__title": "page.title",
    "page__referrer": "page.referrer",
    "campaign__source": "campaign.source",
    "campaign__medium": "campaign.medium",
    "campaign__name": "campaign.name",
    "campaign__id": "campaign.id",
    "campaign__content": "campaign.content",
    "campaign__term": "campaign.term",
    "user_agent": "userAgent",
    "device__type": "device.type",
    "os__name": "os.name",
    "locale": "locale",
    "location__country": "location.country",
    "location__region": "location.region",
    "location__city": "location.city",
    "session_id": "sessionId",
}

# The first property that is there counts: of page calls the address is a property as well.
Keys = tuple[ColumnType, tuple[str, ...]]
PROPERTIES: dict[str, Keys] = {
    "property__url": ("text", ("url",)),
    "property__title": ("text", ("title",)),
    "property__referrer": ("text", ("referrer",)),
    "property__order_id": ("text", ("order_id", "orderId")),
    "property__currency": ("text", ("currency",)),
    "property__value": ("decimal", ("value", "total", "revenue")),
    "property__query": ("text", ("query",)),
    "property__experiment_id": ("text", ("experiment_id", "experimentId")),
    "property__variation": ("text", ("variation_id", "variationId", "variation_name", "variant")),
    "property__percent_scrolled": ("bigint", ("percent_scrolled",)),
    "property__engagement_msec": ("bigint", ("engagement_msec",)),
}

TRAITS: dict[str, Keys] = {
    "trait__email": ("text", ("email",)),
}

ITEM_PROPERTIES: dict[str, Keys] = {
    "product_id": ("text", ("product_id", "productId", "id")),
    "sku": ("text", ("sku",)),
    "name": ("text", ("name",)),
    "brand": ("text", ("brand",)),
    "category": ("text", ("category",)),
    "variant": ("text", ("variant",)),
    "coupon": ("text", ("coupon",)),
    "price": ("decimal", ("price",)),
    "quantity": ("decimal", ("quantity",)),
}

EVENT_COLUMNS: dict[str, ColumnType] = {
    "event_id": "text",
    "type": "text",
    "event": "text",
    "anonymous_id": "text",
    "user_id": "text",
    "write_key": "text",
    **dict.fromkeys(CONTEXT_FIELDS, "text"),
    "device__category": "text",
    "device__browser": "text",
    "device__os": "text",
    **{name: kind for name, (kind, _) in (PROPERTIES | TRAITS).items()},
    "has_consent": "bool",
    "occurred_at": "timestamp",
    "original_timestamp": "timestamp",
    "sent_at": "timestamp",
    "received_at": "timestamp",
}

ITEM_COLUMNS: dict[str, ColumnType] = {
    "event_id": "text",
    "item_index": "bigint",
    **{name: kind for name, (kind, _) in ITEM_PROPERTIES.items()},
}
