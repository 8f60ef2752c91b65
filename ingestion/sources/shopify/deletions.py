"""Orders that are gone: Shopify tells nobody, so those that are known are looked for.

Nothing is removed. A row that Shopify no longer has is loaded once more with `is_deleted`, and
with it all that the order owns, so that neither takes the other away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.destinations import Warehouse
from ingestion.settings import Settings
from ingestion.sources.shopify.settings import ShopifySettings
from ingestion.spec import ACCOUNT_COLUMN, Table
from ingestion.windows import Window

# So many at once are more likely a lost right than deletions.
SUSPICIOUS_COUNT = 20
SUSPICIOUS_SHARE = 0.2
_STATE = "reconciled"


@dataclass(frozen=True)
class LoadedOrders:
    """Reads a shop's orders, and what they own, back from the warehouse.

    Attributes:
        settings: Where the warehouse is.
        schema: The raw schema.
        account_id: The shop.
    """

    settings: Settings
    schema: str
    account_id: str

    def newest(self) -> dt.datetime | None:
        """When the newest order was made; None where there is none."""
        rows = self._select("orders", ["max(created_at)"], "true", [])
        newest: dt.datetime | None = rows[0]["max(created_at)"]
        return newest

    def ids(self, since: dt.datetime) -> set[str]:
        """Ids of the orders made since a moment that are not known to be deleted."""
        rows = self._select(
            "orders",
            ["id"],
            "created_at >= {mark} and coalesce(is_deleted, false) = false",
            [since],
        )
        return {row["id"] for row in rows}

    def rows(self, table: Table, order_ids: Sequence[str]) -> list[dict[str, Any]]:
        """A table's rows of some orders, in the columns that the spec declares."""
        owner = table.replace_by[0] if table.replace_by else "id"
        marks = ", ".join(["{mark}"] * len(order_ids))
        return self._select(table.name, list(table.columns), f"{owner} in ({marks})", order_ids)

    def _select(
        self, table: str, columns: Sequence[str], condition: str, values: Sequence[Any]
    ) -> list[dict[str, Any]]:
        warehouse = Warehouse(self.settings)
        place = f"{warehouse.schema(self.schema)}.{table}"
        sql = f"select {', '.join(columns)} from {place} where {ACCOUNT_COLUMN} = {{mark}} and "
        mark = "?" if warehouse.engine == "duckdb" else "%s"
        connection = warehouse.connect(read_only=True)
        try:
            cursor = connection.cursor()
            cursor.execute((sql + condition).format(mark=mark), [self.account_id, *values])
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        finally:
            connection.close()


def is_due(
    section: ShopifySettings, window: Window, state: MutableMapping[str, Any], today: dt.date
) -> bool:
    """Whether this run looks for deleted orders: not the first load, nor one of a given range.

    Args:
        section: How often.
        window: What this run asks for.
        state: What the last look left behind.
        today: The day of the run. The shop's own days count too: a backlog may be read in a day.
    """
    if not section.reconcile_every_days or window.is_first_load or window.is_explicit:
        return False
    last = state.get(_STATE, {})
    days = _days_of(window, today)
    return any(
        name not in last
        or (day - dt.date.fromisoformat(last[name])).days >= section.reconcile_every_days
        for name, day in days.items()
    )


def mark_done(state: MutableMapping[str, Any], window: Window, today: dt.date) -> None:
    """Remembers the days of the last look."""
    state[_STATE] = {name: day.isoformat() for name, day in _days_of(window, today).items()}


def _days_of(window: Window, today: dt.date) -> dict[str, dt.date]:
    seen = dt.date.fromisoformat(window.seen[:10]) if window.seen else today
    return {"run": today, "shop": seen}


def is_suspicious(missing: int, known: int) -> bool:
    """Whether so many orders cannot have been deleted."""
    return missing > SUSPICIOUS_COUNT and missing > known * SUSPICIOUS_SHARE


def deleted_rows(
    loaded: LoadedOrders, tables: Sequence[Table], order_ids: Sequence[str]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of deleted orders as they are, their own marked.

    Args:
        loaded: Where they are read.
        tables: Orders, and the tables of what they own.
        order_ids: Those that Shopify no longer has.
    """
    for table in tables:
        rows = loaded.rows(table, order_ids)
        if "is_deleted" in table.columns:
            rows = [row | {"is_deleted": True} for row in rows]
        yield table.name, rows
