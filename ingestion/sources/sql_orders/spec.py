"""The facts of shops' own databases: a table an entity, in the shape of the seam."""

from __future__ import annotations

import datetime as dt

from ingestion.seam import read_entities
from ingestion.settings import Settings
from ingestion.sources.files.spec import FILE_COLUMN, LINE_COLUMN, REJECTED
from ingestion.sources.sql_orders.settings import SqlOrdersSettings
from ingestion.spec import SourceSpec, Table

NAME = "sql_orders"
CURSOR_COLUMN = "_changed_at"
PRESENT_KEYS = "_present_keys"
# Rows are stamped when they are written, and seen when their transaction ends.
OVERLAP = dt.timedelta(minutes=15)

KEYS: dict[str, str] = {
    "stores": "store_id",
    "customers": "customer_id",
    "products": "product_id",
    "product_variants": "variant_id",
    "orders": "order_id",
    "order_lines": "line_id",
    "refund_lines": "refund_line_id",
    "payments": "payment_id",
}


def entity_tables(settings: Settings) -> tuple[Table, ...]:
    """One table an entity, the keys that are still there, and the rows that could not be read."""
    return (
        *(
            Table(
                name=entity,
                description=f"One row per row of {entity} that the database has, or had.",
                columns={**columns, CURSOR_COLUMN: "timestamp"},
                primary_key=(KEYS[entity],),
                cursor=CURSOR_COLUMN,
                overlap=OVERLAP,
            )
            for entity, columns in read_entities(settings, NAME).items()
        ),
        Table(
            name=PRESENT_KEYS,
            description="One row per key that the database has, where keys are compared.",
            columns={"entity": "text", "key": "text"},
            primary_key=("entity", "key"),
            replace_by=("entity",),
        ),
        Table(
            name=REJECTED,
            description="One row per row of the database that could not be read.",
            columns={
                FILE_COLUMN: "text",
                LINE_COLUMN: "bigint",
                "entity": "text",
                "reason": "text",
            },
            replace_by=(FILE_COLUMN,),
        ),
    )


SPEC = SourceSpec(
    name=NAME,
    description="Orders of a shop's own database: PostgreSQL, MySQL, SQL Server or SQLite.",
    settings=SqlOrdersSettings,
    tables=entity_tables,
    setup_hint="Set SQL_ORDERS__DATABASES__0__NAME, …__URL and …__MAPPING in .env",
)
