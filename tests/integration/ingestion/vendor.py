"""A vendor of the tests: what its tables hold now is a dictionary."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from ingestion.settings import SourceSettings
from ingestion.spec import SourceSpec, Table

HOUR = dt.timedelta(hours=1)


class Account(BaseModel):
    account_id: str


class Section(SourceSettings):
    names: tuple[str, ...] = ("eu", "us")

    def accounts(self):
        return tuple(Account(account_id=name) for name in self.names)


TABLES = (
    Table(
        "orders",
        "One row per order.",
        {"id": "text", "total": "decimal", "updated_at": "timestamp"},
        primary_key=("id",),
        cursor="updated_at",
        overlap=HOUR,
    ),
    Table(
        "order_lines",
        "One row per order line.",
        {"id": "text", "order_id": "text", "order_updated_at": "timestamp", "units": "bigint"},
        primary_key=("id",),
        stream="orders",
        cursor="order_updated_at",
        overlap=HOUR,
        replace_by=("order_id",),
        parent="orders",
    ),
    Table(
        "ad_days",
        "One row per ad and day.",
        {"ad": "text", "day": "date", "spend": "decimal"},
        primary_key=("ad", "day"),
        cursor="day",
        restatement_days=3,
        replace_by=("day",),
    ),
    Table(
        "shops", "One row per shop.", {"id": "text", "name": "text"}, ("id",), replaces_account=True
    ),
    Table(
        "products",
        "One row per product and version seen.",
        {"id": "text", "name": "text", "updated_at": "timestamp"},
        primary_key=("id",),
        cursor="updated_at",
        kind="observation",
    ),
)
TABLE_NAMES = [table.name for table in TABLES]


class Vendor:
    """Answers from `data[account][table]`; remembers what it was asked."""

    def __init__(self, data: dict[str, dict[str, list[dict]]]) -> None:
        self.data = data
        self.asked: dict[tuple[str, str], object] = {}

    @property
    def spec(self) -> SourceSpec:
        return SourceSpec(
            "acme", "A vendor", Section, TABLES, "Set ACME__NAMES", connect=self.connect
        )

    def connect(self, account, context):
        del context
        return _Client(self, account.account_id)


class _Client:
    def __init__(self, vendor: Vendor, account: str) -> None:
        self._vendor = vendor
        self._account = account

    def extract(self, stream, window):
        self._vendor.asked[self._account, stream] = window
        for table in TABLES:
            if table.stream_name == stream:
                rows = self._vendor.data[self._account].get(table.name, [])
                yield table.name, [row for row in rows if _is_asked(row, table, window)]

    def close(self):
        pass


def _is_asked(row, table, window) -> bool:
    if table.cursor is None:
        return True
    if table.is_partitioned:
        after = window.first_day is None or row[table.cursor] >= window.first_day
        return after and row[table.cursor] <= window.last_day
    at = dt.datetime.fromisoformat(row[table.cursor])
    return (window.since is None or at >= window.since) and (
        window.until is None or at < window.until
    )
