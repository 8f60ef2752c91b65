"""Customers as `fct_customer_features` describes them, made by hand, and an empty schema `ml`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from ingestion.destinations import Warehouse
from ingestion.settings import Settings
from orchestration.lib.warehouse import open_reader
from orchestration.models.tables import writing

DBT = Path(__file__).parents[2] / "dbt_project"
FEATURES = DBT / "models/marts/archetypes/_customer_features__models.yml"
OWN_TABLES = DBT / "models/staging/ml/_ml__sources.yml"
MOVEMENTS = {"customer_key": "varchar", "net_amount": "numeric(18,4)", "movement_date": "date"}
ORDERS = {"customer_key": "varchar", "counts_as_purchase": "boolean", "order_date": "date"}

VARIANTS = {
    **{"experiment_key": "varchar", "variant": "varchar"},
    **dict.fromkeys(("visitor_count", "converted_visitor_count"), "bigint"),
    **dict.fromkeys(("net_amount", "net_square_amount"), "numeric(18,4)"),
}


def make_tables(settings: Settings) -> None:
    """The marts that models read, and the tables that they write, all empty."""
    warehouse = Warehouse(settings)
    marts, own = warehouse.schema("marts"), warehouse.schema("ml")
    described = yaml.safe_load(FEATURES.read_text())["models"][0]["columns"]
    tables = {
        f"{marts}.fct_customer_features": {c["name"]: c["data_type"] for c in described},
        f"{marts}.fct_sales_movements": MOVEMENTS,
        f"{marts}.fct_orders": ORDERS,
        f"{marts}.fct_experiment_variants": VARIANTS,
    }
    for table in yaml.safe_load(OWN_TABLES.read_text())["sources"][0]["tables"]:
        columns = {column["name"]: column["data_type"] for column in table["columns"]}
        tables[f"{own}.{table['name']}"] = columns
    with open_reader(settings, exclusive=True) as reader, writing(reader) as writer:
        for schema in (marts, own):
            writer.run(f"create schema if not exists {schema}")
        for name, columns in tables.items():
            typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            writer.run(f"create table {name} ({typed})")


def fill(settings: Settings, mart: str, rows: pd.DataFrame) -> None:
    """Replaces the rows of a mart."""
    with open_reader(settings, exclusive=True) as reader, writing(reader) as writer:
        writer.delete(mart, schema="marts")
        writer.insert(mart, rows, schema="marts")


def customers(count: int, day: dt.date, *, seed: int = 0) -> pd.DataFrame:
    """Customers of a shop that opened two years before the first snapshot.

    Args:
        count: How many.
        day: What they are described as of.
        seed: The same seed gives the same customers.
    """
    rng = np.random.default_rng(seed)
    bought, first, last = np.array([_history(rng) for _ in range(count)]).T
    own = rng.lognormal(3.5, 0.6, count)
    spend = (own * rng.gamma(3 * bought) / (3 * bought)).round(4)
    share = rng.choice([0.0, 0.25, 0.5, 1.0], count)
    many = bought > 2
    gaps = np.where(bought > 1, (first - last) / np.maximum(bought - 1, 1), np.nan)
    return pd.DataFrame(
        {
            "customer_key": [f"c{number:05d}" for number in range(count)],
            "purchase_day_count": bought,
            "purchase_days_per_year": 365 * bought / first,
            "purchase_day_count_90d": np.minimum(bought, last < 90),
            "purchase_day_count_365d": np.minimum(bought, 1 + (first < 365)),
            "average_order_value_amount": spend,
            "highest_order_value_amount": (spend * 1.5).round(4),
            "net_revenue_amount": (spend * bought).round(4),
            "category_count": 1 + bought % 4,
            "category_entropy": np.log(1 + bought % 4),
            "top_category_share": 1 / (1 + bought % 4),
            "discounted_order_share": share,
            "mean_discount_rate": share / 4,
            "full_price_share": 1 - share,
            "mean_gap_days": gaps,
            "gap_variation": np.where(many, rng.uniform(0, 2, count), np.nan),
            "month_concentration": rng.uniform(0, 1, count),
            "tenure_days": first,
            "days_since_first_purchase": first,
            "days_since_last_purchase": last,
            "order_count": bought,
            "repeat_line_share": rng.uniform(0, 1, count).round(2),
            "repeat_gap_regularity": np.where(many, rng.uniform(0, 1, count), np.nan),
            "returned_unit_share": rng.choice([0.0, 0.2, 0.6], count),
            "returned_value_share": rng.choice([0.0, 0.2, 0.6], count),
            "mean_days_to_return": np.where(bought % 2, 12.0, np.nan),
            "repeat_purchase_day_count": bought - 1,
            "recency_days": first - last,
            "observed_days": first,
            "is_return_window_over": last > 30,
            "snapshot_date": day,
        }
    )


def _history(rng: np.random.Generator) -> tuple[int, int, int]:
    """Purchase days, and days since the first and the last, of who may leave after each."""
    age = int(rng.integers(200, 700))
    pace, leaving = rng.gamma(1.2, 40.0) + 5, rng.beta(1, 4)
    day, days = 0, 1
    while rng.random() > leaving:
        later = day + 1 + int(rng.exponential(pace))
        if later > age:
            break
        day, days = later, days + 1
    return days, age, age - day
