"""What is read of an event: which column comes from which field or parameter of the export.

Fields and parameters as in Google's schema of the BigQuery export
(https://support.google.com/analytics/answer/7029846). Whatever an older export lacks is NULL.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.columns import ColumnType

DAY_COLUMN = "event_date"


@dataclass(frozen=True)
class Origin:
    """Where a column comes from.

    Attributes:
        kind: The column's type.
        field: Path of a field of the event, or of the item.
        param: Key of an event parameter.
    """

    kind: ColumnType
    field: str = ""
    param: str = ""


def _fields(kind: ColumnType, *paths: str) -> dict[str, Origin]:
    return {path.replace(".", "__"): Origin(kind, field=path) for path in paths}


def _params(kind: ColumnType, *keys: str) -> dict[str, Origin]:
    return {f"param__{key}": Origin(kind, param=key) for key in keys}


EVENT_ORIGINS: dict[str, Origin] = {
    **_fields("bigint", "event_timestamp", "event_bundle_sequence_id"),
    **_fields("text", "event_name", "user_pseudo_id", "user_id", "stream_id", "platform"),
    **_fields("text", "privacy_info.analytics_storage"),
    **_fields("text", "device.category", "device.operating_system", "device.language"),
    **_fields("text", "device.web_info.browser", "device.web_info.hostname"),
    **_fields("text", "geo.country", "geo.region", "geo.city"),
    **_fields("text", "traffic_source.source", "traffic_source.medium", "traffic_source.name"),
    **_fields(
        "text",
        "collected_traffic_source.manual_source",
        "collected_traffic_source.manual_medium",
        "collected_traffic_source.manual_campaign_name",
        "collected_traffic_source.manual_campaign_id",
        "collected_traffic_source.manual_content",
        "collected_traffic_source.manual_term",
        "collected_traffic_source.gclid",
    ),
    **_fields("text", "ecommerce.transaction_id"),
    **_fields("decimal", "ecommerce.purchase_revenue"),
    **_params("bigint", "ga_session_id", "ga_session_number"),
    **_params("text", "page_location", "page_title", "page_referrer"),
    **_params("text", "source", "medium", "campaign", "campaign_id", "content", "term"),
    **_params("text", "gclid", "transaction_id", "currency", "search_term"),
    **_params("text", "experiment_id", "variant"),
    **_params("decimal", "value"),
    **_params("bigint", "percent_scrolled", "engagement_time_msec"),
}

ITEM_ORIGINS: dict[str, Origin] = {
    **_fields("text", "item_id", "item_name", "item_brand", "item_variant", "item_category"),
    **_fields("text", "coupon", "item_list_name"),
    **_fields("decimal", "price", "item_revenue"),
    **_fields("bigint", "quantity"),
}

EVENT_COLUMNS: dict[str, ColumnType] = {
    "event_id": "text",
    DAY_COLUMN: "date",
    "occurred_at": "timestamp",
    "is_intraday": "bool",
    **{name: origin.kind for name, origin in EVENT_ORIGINS.items()},
    "other_params": "text",
}

ITEM_COLUMNS: dict[str, ColumnType] = {
    "event_id": "text",
    "item_index": "bigint",
    DAY_COLUMN: "date",
    **{name: origin.kind for name, origin in ITEM_ORIGINS.items()},
}
