"""A warehouse with its settings: load into it, look into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ingestion.destinations import Warehouse
from ingestion.run import ingest
from ingestion.settings import Settings
from ingestion.summary import LoadSummary

OWN = {"_loaded_at", "_observed_at", "_row_id"}


@dataclass
class Place:
    """A warehouse with its settings."""

    settings: Settings

    def load(self, source: Any, section: Any, **request: Any) -> LoadSummary:
        return ingest(self.settings, source, section=section, **request)

    def rows(self, table: str, *, drop: set[str] = OWN) -> list[dict[str, Any]]:
        """Every row of `schema.table`, without the times of loading, in a fixed order."""
        connection = Warehouse(self.settings).connect()
        try:
            cursor = connection.cursor()
            schema, name = table.split(".")
            cursor.execute(f"select * from {Warehouse(self.settings).schema(schema)}.{name}")
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        finally:
            connection.close()
        kept = [{k: v for k, v in row.items() if k not in drop} for row in rows]
        return sorted(kept, key=repr)

    def everything(self, schema: str, tables: list[str]) -> dict[str, list[dict[str, Any]]]:
        return {table: self.rows(f"{schema}.{table}") for table in tables}
