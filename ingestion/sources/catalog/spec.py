"""The facts of product catalogues: one table, which keeps every version of an item."""

from __future__ import annotations

from ingestion.columns import ColumnType
from ingestion.sources.catalog.settings import CatalogSettings
from ingestion.spec import SourceSpec, Table

ITEM_COLUMNS: dict[str, ColumnType] = {
    "id": "text",
    "item_group_id": "text",
    "title": "text",
    "link": "text",
    "brand": "text",
    "gtin": "text",
    "mpn": "text",
    "condition": "text",
    "availability": "text",
    "google_product_category": "text",
    "category_path": "text",
    "category_name": "text",
    "parent_category_path": "text",
    "price": "decimal",
    "price_currency": "text",
    "sale_price": "decimal",
    "cost_of_goods_sold": "decimal",
    "is_listed": "bool",
    "seen_at": "timestamp",
}

ITEMS = Table(
    "items",
    "One row per item of a catalogue and version of it that was seen.",
    ITEM_COLUMNS,
    primary_key=("id",),
    cursor="seen_at",
    kind="observation",
)

SPEC = SourceSpec(
    name="catalog",
    description="Product catalogues in the form of merchant feeds: JSON or CSV, by HTTP or file.",
    settings=CatalogSettings,
    tables=(ITEMS,),
    setup_hint="Set CATALOG__FEEDS__0__NAME and CATALOG__FEEDS__0__URL in .env",
)
