"""The raw rows of the golden shop, in tables as ingestion declares them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from ingestion.columns import type_batch
from ingestion.hints import empty_batch, key_columns, with_own_columns
from ingestion.registry import find_source
from ingestion.settings import Settings
from ingestion.spec import ACCOUNT_COLUMN, Table
from tests.integration.shop import Warehouse

SOURCES = (
    "files",
    "fx_rates",
    "ga4_events",
    "google_ads",
    "klaviyo",
    "meta_ads",
    "shopify",
    "web_events",
    "woocommerce",
)
LOADED_AT = {
    1: dt.datetime(2026, 5, 6, 2, tzinfo=dt.UTC),
    2: dt.datetime(2026, 5, 7, 2, tzinfo=dt.UTC),
}
_SQL_TYPES = {
    "string": "varchar",
    "int64": "bigint",
    "decimal128(38, 9)": "decimal(38, 9)",
    "double": "double precision",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us, tz=UTC]": "timestamp with time zone",
}

Cells = Mapping[str, str | None]
Arrivals = Mapping[str, Mapping[int, Sequence[Cells]]]
"""From `source.table` to the rows of each day."""


def load(warehouse: Warehouse, arrivals: Arrivals, *, day: int) -> None:
    """Makes every raw table what it is after the load of a day.

    Args:
        warehouse: Where to.
        arrivals: The rows of all days.
        day: The last day that has come.
    """
    tables = {
        f"{source}.{table.name}": table
        for source in SOURCES
        for table in find_source(source).tables_for(Settings(_env_file=None))
    }
    if unknown := set(arrivals) - set(tables):
        raise ValueError(f"there is no raw table {', '.join(sorted(unknown))}")
    contents = {
        f"raw_{name}": _after(table, arrivals.get(name, {}), day) for name, table in tables.items()
    }
    statements = [f"create schema if not exists raw_{source}" for source in SOURCES]
    for name, rows in contents.items():
        statements += _replacement(name, rows)
    warehouse.execute_all(statements)


def _after(table: Table, days: Mapping[int, Sequence[Cells]], last: int) -> pa.Table:
    """A raw table after the loads up to a day: by key, or by group, the later load counts."""
    kept = empty_batch(table, LOADED_AT[1])
    for day in sorted(number for number in days if number <= last):
        batch = pa.concat_tables(_typed(table, days[day], day))
        names = _replaced_by(table)
        arrived = set(_values(batch, names))
        stays = [values not in arrived for values in _values(kept, names)]
        kept = pa.concat_tables([kept.filter(pa.array(stays, pa.bool_())), batch])
    return kept


def _replaced_by(table: Table) -> tuple[str, ...]:
    """The columns in which an older row is replaced by a newer one."""
    if table.load_mode == "replace_account":
        return (ACCOUNT_COLUMN,)
    if table.load_mode == "replace_groups":
        return (ACCOUNT_COLUMN, *table.replace_by)
    return (ACCOUNT_COLUMN, *key_columns(table))


def _typed(table: Table, rows: Sequence[Cells], day: int) -> Iterable[pa.Table]:
    for row in rows:
        cells = {name: cell for name, cell in row.items() if name != ACCOUNT_COLUMN}
        batch = type_batch([cells], table.columns)
        odd = batch.variant_columns | batch.new_columns
        if odd:
            raise ValueError(f"{table.name} cannot take {', '.join(sorted(odd))} of {dict(row)}")
        yield with_own_columns(
            batch.table, table, account_id=str(row[ACCOUNT_COLUMN]), now=LOADED_AT[day]
        )


def _values(rows: pa.Table, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return list(zip(*(rows.column(name).to_pylist() for name in names), strict=True))


def _replacement(name: str, rows: pa.Table) -> Iterator[str]:
    """Keeps the table, and so the views on it; only its rows are replaced."""
    columns = ", ".join(f"{field.name} {_SQL_TYPES[str(field.type)]}" for field in rows.schema)
    yield f"create table if not exists {name} ({columns})"
    yield f"delete from {name}"
    if rows.num_rows:
        values = ", ".join(
            f"({', '.join(map(_literal, row.values()))})" for row in rows.to_pylist()
        )
        yield f"insert into {name} values {values}"


def _literal(cell: Any) -> str:
    """A cell as SQL; the column's type makes a number or a time of the text."""
    if cell is None:
        return "null"
    return "'" + str(cell).replace("'", "''") + "'"
