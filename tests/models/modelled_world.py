"""A simulated world, the mart that dbt makes of it, and what is true of its customers.

The world's orders go straight into raw tables, as a shop's own files would have loaded them: the
vendors' protocols add nothing to what models are held against. Everything after that is dbt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from sandbox.world.generate import generate
from sandbox.world.ledger import Ledger
from sandbox.world.parameters import parameters
from sandbox.world.presets import PRESETS
from tests.integration.shop import DuckDBWarehouse, build, load

SALT = "5a" * 32
FEATURES = "fct_customer_features"


@dataclass(frozen=True)
class ModelledWorld:
    """What the models read of a world, and its truth.

    Attributes:
        features: `fct_customer_features`; the last two days are both among its snapshots.
        purchases: A row a purchase: customer_key, purchase_date.
        people: The hidden truth of each customer, by customer_key.
        parameters: Of the population: r, alpha, a, b.
        as_of: Last complete day of the data.
        warehouse: DuckDB file with all of it, and an empty schema `ml`.
    """

    features: pd.DataFrame
    purchases: pd.DataFrame
    people: pd.DataFrame
    parameters: dict[str, float]
    as_of: date
    warehouse: Path


def modelled_world(size: str, seed: int, folder: Path) -> ModelledWorld:
    """Generates a world and builds its mart.

    Args:
        size: Preset.
        seed: Of the world.
        folder: Where the warehouse goes.
    """
    now = pd.Timestamp(PRESETS[size].now, tz="UTC") + pd.Timedelta(hours=12)
    ledger = generate(size, seed).as_of(now)
    warehouse = DuckDBWarehouse(folder / "warehouse.duckdb")
    load(warehouse, {})
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table, rows in raw_tables(ledger).items():
            _insert(connection, table, rows)
    done = build(
        warehouse,
        folder / "dbt",
        *("--select", f"+{FEATURES}", "--exclude-resource-type", "test", "unit_test"),
        *("--vars", f"{{extra_snapshot_dates: ['{day_before_the_last(size)}']}}"),
        PRIVACY_SALT=SALT,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    return _read(warehouse, ledger, parameters(size)["mbg_nbd"])


def day_before_the_last(size: str) -> date:
    """The complete day before the last one: customers are described as of both."""
    return PRESETS[size].now - timedelta(days=2)


def raw_tables(ledger: Ledger) -> dict[str, pd.DataFrame]:
    """Raw tables of the source `files` with what the models of customers need.

    All shops sell in one currency, so that no rate comes between an amount and its truth.
    """
    stores, orders, lines = ledger.stores, ledger.orders, ledger.order_lines
    orders = orders[orders["deleted_at"].isna()]
    lines = lines[lines["order_id"].isin(orders["order_id"])]
    back = ledger.refund_lines.merge(ledger.refunds[["refund_id", "is_cancellation"]])
    back = back[~back["is_cancellation"] & back["order_id"].isin(orders["order_id"])]
    return {
        "stores": pd.DataFrame(
            {
                "_account_id": stores["shop"],
                "store_id": stores["shop_id"].astype(str),
                "store_name": stores["name"],
                "timezone": stores["timezone"],
                "currency_code": "EUR",
                "is_tax_inclusive": stores["taxes_included"],
            }
        ),
        "products": pd.DataFrame(
            {
                "_account_id": ledger.products["shop"],
                "product_id": ledger.products["product_id"].astype(str),
                "product_name": ledger.products["title"],
                "category": ledger.products["category"],
            }
        ),
        "orders": pd.DataFrame(
            {
                "_account_id": orders["shop"],
                "order_id": orders["order_id"].astype(str),
                "customer_id": orders["customer_id"].astype("string"),
                "email": orders["email"],
                "currency_code": "EUR",
                "payment_status": orders["financial_status"].str.lower(),
                "total_amount": orders["total"] / 100,
                "tax_amount": orders["tax"] / 100,
                "shipping_amount": orders["shipping"] / 100,
                "is_test": orders["is_test"],
                "placed_at": orders["processed_at"],
                "cancelled_at": orders["cancelled_at"],
            }
        ),
        "order_lines": pd.DataFrame(
            {
                "_account_id": lines["shop"],
                "line_id": lines["line_id"].astype(str),
                "order_id": lines["order_id"].astype(str),
                "line_type": lines["is_gift_card"].map({True: "gift_card", False: "goods"}),
                "product_id": lines["product_id"].astype(str),
                "quantity": lines["quantity"],
                "unit_price_amount": lines["unit_price"] / 100,
                "discount_amount": lines["discount"] / 100,
                "tax_amount": lines["tax"] / 100,
            }
        ),
        "refund_lines": pd.DataFrame(
            {
                "_account_id": back["shop"],
                "refund_line_id": back["refund_line_id"].astype(str),
                "refund_id": back["refund_id"].astype(str),
                "order_id": back["order_id"].astype(str),
                "line_id": back["line_id"].astype(str),
                "currency_code": "EUR",
                "refund_line_type": "goods",
                "quantity": back["quantity"],
                "amount": (back["subtotal"] - back["tax"]) / 100,
                "tax_amount": back["tax"] / 100,
                "processed_at": back["processed_at"],
            }
        ),
    }


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    connection.register("rows", rows.assign(_loaded_at=pd.Timestamp("2026-07-01", tz="UTC")))
    kinds = dict(
        connection.execute(
            "select column_name, data_type from information_schema.columns"
            f" where table_schema = 'raw_files' and table_name = '{table}'"
        ).fetchall()
    )
    names = [name for name in (*rows, "_loaded_at") if name in kinds]
    cells = ", ".join(f"cast({name} as {kinds[name]})" for name in names)
    connection.execute(
        f"insert into raw_files.{table} ({', '.join(names)}) select {cells} from rows"
    )


def _read(
    warehouse: DuckDBWarehouse, ledger: Ledger, population: dict[str, float]
) -> ModelledWorld:
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        features = connection.execute(
            f"select * from marts.{FEATURES} order by customer_key, snapshot_date"
        ).df()
        orders = connection.execute(
            "select customer_key, order_id, order_date as purchase_date from marts.fct_orders"
            " where counts_as_purchase and customer_key is not null order by placed_at, order_key"
        ).df()
        (as_of,) = connection.execute("select as_of_date from intermediate.int_as_of").fetchone()
    who = ledger.orders[["order_id", "person_id"]].astype({"order_id": str})
    known = orders.merge(who, on="order_id").drop_duplicates("customer_key")
    people = known[["customer_key", "person_id"]].merge(ledger.people, on="person_id")
    return ModelledWorld(
        features=features,
        purchases=orders[["customer_key", "purchase_date"]],
        people=people.set_index("customer_key"),
        parameters=population,
        as_of=as_of,
        warehouse=warehouse.path,
    )
