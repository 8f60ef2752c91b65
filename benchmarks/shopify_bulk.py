"""Shopify's bulk history: from the file of lines to the tables in DuckDB.

Both sides read the same file of the twin into an empty DuckDB file, from the first byte to the end
of the load. Ours is the connector's way; beside it stands dlt with its stock settings, which takes
nested orders apart row by row, on so many orders that it ends.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import dlt
import pandas as pd

from benchmarks.measure import Row
from ingestion.builder import Extraction, LoadRequest, Tools
from ingestion.destinations import Warehouse
from ingestion.run import open_pipeline
from ingestion.settings import Settings
from ingestion.sources.shopify.batches import tables_of
from ingestion.sources.shopify.bulk import read_lines
from ingestion.sources.shopify.details import without_details
from ingestion.sources.shopify.documents import bulk_document
from ingestion.sources.shopify.jsonl import ORDER_CHILDREN, assemble
from ingestion.sources.shopify.rows import order_rows
from ingestion.sources.shopify.settings import ShopifySettings, StoreSettings
from ingestion.sources.shopify.spec import ORDER_TABLES, SPEC
from sandbox.faults import Faults
from sandbox.vendors.shopify.catalog import open_store
from sandbox.vendors.shopify.operations import Operations
from sandbox.vendors.shopify.roots import Request
from sandbox.world.generate import generate
from sandbox.world.presets import PRESETS

SIZE, SHOP = "models", "basketline-eu"
STOCK_ORDERS = 1_500
TARGET = 5_000


def measure(folder: Path) -> list[Row]:
    """Orders a second, ours and dlt's."""
    file = _bulk_file(folder)
    orders, rows, seconds = _load_ours(folder, file)
    theirs = _load_stock(folder, file)
    what = f"Shopify bulk, {orders:,} orders ({rows:,} rows) to DuckDB"
    return [
        Row(what, orders / seconds, "orders/s", f"dlt stock, {STOCK_ORDERS:,} orders",
            STOCK_ORDERS / theirs, TARGET, smaller_is_better=False),
        Row(f"{what}, rows", rows / seconds, "rows/s", target=7 * TARGET, smaller_is_better=False),
    ]  # fmt: skip


def _bulk_file(folder: Path) -> Path:
    """The twin's answer to the connector's own query."""
    now = pd.Timestamp(PRESETS[SIZE].now, tz="UTC")
    store = open_store(generate(SIZE, 1).as_of(now), SHOP, now)
    operations = Operations(folder, lambda: now)
    request = Request(store, operations, Faults(), {}, base_url="")
    query = bulk_document("orders_bulk", "")
    operation = operations.run(query, request, grouped=True)["bulkOperation"]
    while operation["status"] in ("CREATED", "RUNNING"):
        time.sleep(0.2)
        operation = operations.poll(operation["id"], "") or {}
    return next(folder.glob("*-final"))


def _orders(file: Path) -> Iterator[dict[str, Any]]:
    """Whole orders, without what does not come in the file: parts of refunds, of some parcels."""
    yield from map(without_details, assemble(read_lines(file), ORDER_CHILDREN, where="bench"))


class _FileClient:
    """The connector's way from the file on."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def extract(self, _stream: str, _window: object) -> Iterator[Any]:
        yield from tables_of(_orders(self._file), order_rows)

    def close(self) -> None:
        return None


def _load_ours(folder: Path, file: Path) -> tuple[int, int, float]:
    settings = Settings(
        _env_file=None, duckdb_path=folder / "ours.duckdb", data_dir=folder / "data"
    )
    store = StoreSettings(shop=SHOP, access_token="none")
    spec = replace(SPEC, tables=ORDER_TABLES)
    extraction = Extraction(
        spec,
        accounts=(store,),
        section=ShopifySettings(_env_file=None, stores=(store,)),
        settings=settings,
        request=LoadRequest(dt.datetime.now(dt.UTC)),
        tools=Tools(
            connect=lambda *_: _FileClient(file),
            clock=lambda: dt.datetime.now(dt.UTC),
            sleep=time.sleep,
            progress=lambda _: None,
        ),
    )
    pipeline = open_pipeline(settings, spec)
    begun = time.perf_counter()
    pipeline.extract(
        extraction.dlt_source({}), loader_file_format=Warehouse(settings).loader_file_format
    )
    pipeline.normalize()
    pipeline.load()
    seconds = time.perf_counter() - begun
    counts = {name: tally.loaded for name, tally in extraction.tallies.items()}
    return counts["orders"], sum(counts.values()), seconds


def _load_stock(folder: Path, file: Path) -> float:
    pipeline = dlt.pipeline(
        "stock",
        pipelines_dir=str(folder / "stock"),
        destination=dlt.destinations.duckdb(str(folder / "stock.duckdb")),
        dataset_name="raw_shopify",
    )
    begun = time.perf_counter()
    orders = dlt.resource(
        islice(_orders(file), STOCK_ORDERS),
        name="orders",
        primary_key="id",
        write_disposition="merge",
    )
    pipeline.run(orders)
    return time.perf_counter() - begun
