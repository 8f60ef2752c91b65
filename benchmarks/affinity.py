"""Affinity on the bench world, and of 10,000 of its baskets beside mlxtend.

Ours is what dbt would send, from the mart's orders and lines to rules with their tests; theirs is
the encoding of the same baskets, `fpgrowth` and `association_rules`, which test nothing.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from mlxtend.frequent_patterns import association_rules, fpgrowth
from mlxtend.preprocessing import TransactionEncoder

from benchmarks.measure import Row, run
from benchmarks.simulated import simulated_shop

SIZE = "bench"
SOURCES = ("shopify", "fx_rates")
REPORTS = ("+rpt_cross_sells", "+fct_category_affinities")
MODELS = (
    "int_basket_items",
    "int_item_pairs_counted",
    "int_item_pairs_tested",
    "fct_product_affinities",
    "fct_category_affinities",
    "rpt_cross_sells",
)
READ = ("marts.fct_order_lines", "marts.fct_orders", "marts.dim_products", "intermediate.int_as_of")
BASKETS = 10_000
MIN_SUPPORT = 0.001
TARGET_SECONDS, TARGET_TIMES = 10.0, 100.0


def measure(folder: Path) -> list[Row]:
    """All baskets by dbt, then 10,000 of them by us and by mlxtend."""
    warehouse = folder / "w.duckdb"
    with simulated_shop(folder / "state", "--size", SIZE) as variables:
        results = _build(folder, warehouse, variables)
    own = {name: result for name, result in results.items() if name in MODELS}
    whole = sum(result["execution_time"] for result in own.values())
    part = folder / "part" / warehouse.name
    _copy_baskets(warehouse, part)
    ours, rules = _ours(part, own)
    theirs = _theirs(part)
    return [
        Row(f"affinity of the {SIZE} world", whole, "s", target=TARGET_SECONDS),
        Row(f"affinity of {BASKETS:,} baskets, {rules:,} rules", ours, "s", "mlxtend", theirs),
        Row("the same, times as fast", theirs / ours, "x", target=TARGET_TIMES,
            smaller_is_better=False),
    ]  # fmt: skip


def _build(folder: Path, warehouse: Path, variables: Mapping[str, str]) -> dict[str, Any]:
    """Loads the shop and builds affinity; dbt's result of every model, by its name."""
    place = {"DATA_DIR": str(folder / "data"), "DUCKDB_PATH": str(warehouse)}
    own = {"PATH": os.environ["PATH"], "SOURCES": ",".join(SOURCES)}
    command = str(Path(sys.executable).with_name("basketline"))
    for arguments in (
        *(("ingest", source) for source in SOURCES),
        ("dbt", "seed"),
        ("dbt", "run", "--select", *REPORTS),
    ):
        run([command, *arguments], cwd=folder, env={**variables, **own, **place})
    (target,) = (folder / "data" / "dbt").iterdir()
    results = json.loads((target / "run_results.json").read_text())["results"]
    return {result["unique_id"].rpartition(".")[2]: result for result in results}


def _copy_baskets(warehouse: Path, part: Path) -> None:
    """What affinity reads, of the newest purchases of the store that has most of them."""
    part.parent.mkdir()
    with duckdb.connect(str(part)) as connection:
        connection.execute(f"attach '{warehouse}' as whole (read_only)")
        connection.execute("create schema marts; create schema intermediate; create schema reports")
        connection.execute(f"""
            create table chosen as
            select order_key from whole.marts.fct_orders
            where
                counts_as_purchase
                and order_date <= (select as_of_date from whole.intermediate.int_as_of)
                and store_key = (
                    select store_key from whole.marts.fct_orders
                    where counts_as_purchase group by store_key order by count(*) desc limit 1
                )
            order by placed_at desc, order_key limit {BASKETS}
        """)
        for table in READ:
            chosen = "where order_key in (from chosen)" if "fct_order" in table else ""
            connection.execute(f"create table {table} as from whole.{table} {chosen}")


def _ours(part: Path, results: Mapping[str, Any]) -> tuple[float, int]:
    """Seconds from the mart to the rules of products, and how many there are."""
    with duckdb.connect(str(part)) as connection:
        started = time.perf_counter()
        for name in MODELS[:4]:
            kind = "view" if name == "int_basket_items" else "table"
            result = results[name]
            connection.execute(
                f"create {kind} {result['relation_name']} as {result['compiled_code']}"
            )
        seconds = time.perf_counter() - started
        ((rules,),) = connection.execute(
            "select count(*) from marts.fct_product_affinities"
        ).fetchall()
    return seconds, rules


def _theirs(part: Path) -> float:
    """Seconds for the same rules by mlxtend, from the same mart."""
    with duckdb.connect(str(part), read_only=True) as connection:
        started = time.perf_counter()
        baskets = connection.execute("""
            select list(distinct product_key) from marts.fct_order_lines
            where line_type = 'goods' and quantity > 0 and product_key is not null
            group by order_key
        """).fetchall()
        encoder = TransactionEncoder()
        table = pd.DataFrame(
            encoder.fit_transform([items for (items,) in baskets]), columns=encoder.columns_
        )
        frequent = fpgrowth(table, min_support=MIN_SUPPORT, use_colnames=True, max_len=2)
        association_rules(frequent, metric="support", min_threshold=MIN_SUPPORT)
        return time.perf_counter() - started
