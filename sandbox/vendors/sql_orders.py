"""The till's own database: receipts, returns and payments, in SQLite, kept up to the clock.

A shop schema as such programs have it: whole cents, UTC times without a zone, ``updated_at`` on
what can change, articles known by their SKU. Most receipts name no customer; a return may come
without its receipt, but never without lines.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pandas as pd

from sandbox.feeds import Feed
from sandbox.world.ledger import Ledger
from sandbox.writing import write, write_text

SHOP = "basketline-till"
FILE = "sql_orders/till.db"
DIGEST = "sql_orders/till.sha256"
SCHEMA = """
create table shop (
    id text primary key, name text, timezone text, currency text, country text,
    prices_with_tax integer, updated_at text);
create table customers (
    id integer primary key, email text, phone text, first_name text, last_name text,
    created_at text, updated_at text);
create table articles (
    sku text primary key, name text, price_cents integer, is_active integer, updated_at text);
create table receipts (
    id integer primary key, receipt_no text, customer_id integer, email text, currency text,
    status text, total_cents integer, tax_cents integer, discount_cents integer, sold_at text,
    cancelled_at text, updated_at text, deleted_at text);
create table receipt_lines (
    id integer primary key, receipt_id integer, sku text, name text, quantity integer,
    unit_price_cents integer, discount_cents integer, tax_cents integer, tax_percent integer,
    updated_at text);
create table returns (
    id integer primary key, receipt_id integer, returned_at text, updated_at text);
create table return_lines (
    id integer primary key, return_id integer, receipt_line_id integer, sku text, quantity integer,
    amount_cents integer, tax_cents integer);
create table payments (
    id integer primary key, receipt_id integer, return_id integer, method text,
    amount_cents integer, paid_at text, updated_at text);
create index receipts_by_change on receipts (updated_at);
create index receipt_lines_by_change on receipt_lines (updated_at);
"""


def publish(view: Ledger, _now: pd.Timestamp, state: Path) -> list[str]:
    """Bring the database up to the clock; a world without a till has an empty one."""
    tables = rows(view)
    text = "".join(frame.to_csv(index=False) for frame in tables.values())
    is_new = write_text(state / DIGEST, hashlib.sha256(text.encode()).hexdigest() + "\n")
    if not is_new and (state / FILE).exists():
        return []
    write(state / FILE, partial(_fill, tables))
    return [FILE]


def _fill(tables: dict[str, pd.DataFrame], path: Path) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(SCHEMA)
        for name, frame in tables.items():
            marks = ", ".join("?" * len(frame.columns))
            columns = ", ".join(frame.columns)
            plain = frame.astype(object).where(frame.notna(), None)
            sql = f"insert into {name} ({columns}) values ({marks})"
            database.executemany(sql, plain.itertuples(index=False, name=None))


def rows(view: Ledger) -> dict[str, pd.DataFrame]:
    """Every table of the till."""
    own = {
        name: frame[frame["shop"] == SHOP].reset_index(drop=True)
        for name, frame in view.tables().items()
        if "shop" in frame
    }
    return {
        "shop": _shop(own["stores"]),
        "customers": _customers(own["customers"]),
        "articles": _articles(own["variants"], own["products"]),
        "receipts": _receipts(own["orders"]),
        "receipt_lines": _receipt_lines(own["order_lines"]),
        "returns": _returns(own["refunds"]),
        "return_lines": _return_lines(own["refund_lines"], own["refunds"], own["order_lines"]),
        "payments": _payments(own["transactions"], own["refunds"]),
    }


def _shop(stores: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": stores["shop"],
            "name": stores["name"],
            "timezone": stores["timezone"],
            "currency": stores["currency"],
            "country": stores["country"],
            "prices_with_tax": stores["taxes_included"].astype(int),
            "updated_at": _times(stores["created_at"]),
        }
    )


def _customers(customers: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": customers["customer_id"],
            "email": _texts(customers["email"]),
            "phone": _texts(customers["phone"]),
            "first_name": customers["first_name"],
            "last_name": customers["last_name"],
            "created_at": _times(customers["created_at"]),
            "updated_at": _times(customers["updated_at"]),
        }
    )


def _articles(variants: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    product = products.set_index("product_id").loc[variants["product_id"]].reset_index()
    is_plain = variants["title"] == "Default Title"
    name = product["title"].where(is_plain, product["title"] + " " + variants["title"])
    return pd.DataFrame(
        {
            "sku": variants["sku"],
            "name": name,
            "price_cents": variants["price"],
            "is_active": (product["status"] == "ACTIVE").astype(int),
            "updated_at": _times(variants["updated_at"]),
        }
    )


def _receipts(orders: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": orders["order_id"],
            "receipt_no": orders["name"],
            "customer_id": orders["customer_id"],
            "email": _texts(orders["email"]),
            "currency": orders["currency"],
            "status": orders["status"],
            "total_cents": orders["total"],
            "tax_cents": orders["tax"],
            "discount_cents": orders["discounts"],
            "sold_at": _times(orders["processed_at"]),
            "cancelled_at": _times(orders["cancelled_at"]),
            "updated_at": _times(orders["updated_at"]),
            "deleted_at": _times(orders["deleted_at"]),
        }
    )


def _receipt_lines(lines: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": lines["line_id"],
            "receipt_id": lines["order_id"],
            "sku": lines["sku"],
            "name": lines["title"],
            "quantity": lines["quantity"],
            "unit_price_cents": lines["unit_price"],
            "discount_cents": lines["discount"],
            "tax_cents": lines["tax"],
            "tax_percent": lines["tax_rate_bp"] // 100,
            "updated_at": _times(lines["added_at"]),
        }
    )


def _returns(refunds: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": refunds["refund_id"],
            "receipt_id": refunds["order_id"].astype("Int64").where(refunds["has_receipt"]),
            "returned_at": _times(refunds["processed_at"]),
            "updated_at": _times(refunds["processed_at"]),
        }
    )


def _return_lines(back: pd.DataFrame, refunds: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    has_receipt = refunds.set_index("refund_id")["has_receipt"].loc[back["refund_id"]].to_numpy()
    sku = lines.set_index("line_id")["sku"].loc[back["line_id"]].to_numpy()
    return pd.DataFrame(
        {
            "id": back["refund_line_id"],
            "return_id": back["refund_id"],
            "receipt_line_id": back["line_id"].astype("Int64").where(has_receipt),
            "sku": sku,
            "quantity": back["quantity"],
            "amount_cents": back["subtotal"],
            "tax_cents": back["tax"],
        }
    )


def _payments(transactions: pd.DataFrame, refunds: pd.DataFrame) -> pd.DataFrame:
    """Money in is of a receipt, money out of a return."""
    done = transactions[transactions["status"] == "SUCCESS"].reset_index(drop=True)
    known = refunds.set_index("refund_id")["has_receipt"]
    refund = done["refund_id"].astype("Int64")
    has_receipt = refund.map(known).astype("boolean").fillna(True).astype(bool)
    return pd.DataFrame(
        {
            "id": done["transaction_id"],
            "receipt_id": done["order_id"].astype("Int64").where(has_receipt),
            "return_id": refund,
            "method": done["gateway"],
            "amount_cents": done["amount"],
            "paid_at": _times(done["processed_at"]),
            "updated_at": _times(done["processed_at"]),
        }
    )


def _times(times: pd.Series) -> pd.Series:
    return times.dt.strftime("%Y-%m-%d %H:%M:%S").where(times.notna(), None)


def _texts(texts: pd.Series) -> pd.Series:
    return texts.astype(object).where(texts != "", None)


def settings(state: Path) -> dict[str, str]:
    """The settings that read it."""
    return {
        "SQL_ORDERS__DATABASES__0__NAME": SHOP,
        "SQL_ORDERS__DATABASES__0__URL": f"sqlite:///{state / FILE}",
        "SQL_ORDERS__DATABASES__0__MAPPING": "till",
    }


FEED = Feed(name="sql_orders", settings=settings, publish=publish)
