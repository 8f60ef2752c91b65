"""Makes rows of Recharge's objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingestion.spec import Table

Row = dict[str, Any]


def row_of(table: Table, found: Mapping[str, Any]) -> Row:
    """The table's columns of an object.

    Args:
        table: The table.
        found: The object as Recharge sends it. What the shop system calls a thing lies one deeper
            (`{"ecommerce": …}`), and a charge has its customer inside.

    Returns:
        The row.
    """
    row = {name: _plain(found.get(name)) for name in table.columns}
    if "customer_id" in row and row["customer_id"] is None:
        row["customer_id"] = (found.get("customer") or {}).get("id")
    source = found.get("source") or {}
    for name in row:
        if name.startswith("source__"):
            row[name] = source.get(name.removeprefix("source__"))
        elif name in ("scheduled_at", "next_charge_scheduled_at") and row[name]:
            # A day, though some objects write it with a time.
            row[name] = str(row[name])[:10]
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping) and value.keys() == {"ecommerce"}:
        return value["ecommerce"]
    return value
