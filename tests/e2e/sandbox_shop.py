"""A simulated shop, a warehouse, and the way from one to the other."""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from ingestion.run import ingest
from ingestion.settings import load_settings
from ingestion.summary import LoadSummary
from tests.integration.shop import DuckDBWarehouse, build
from tests.running_sandbox import RunningSandbox, run_sandbox

SALT = "5a" * 32


class SandboxShop:
    """A running sandbox, and a DuckDB warehouse that is loaded from it and built.

    Args:
        running: The sandbox.
        folder: Where the warehouse and everything beside it goes.
    """

    def __init__(self, running: RunningSandbox, folder: Path) -> None:
        self.running = running
        self.folder = folder
        self.warehouse = DuckDBWarehouse(folder / "warehouse.duckdb")
        self._reader: duckdb.DuckDBPyConnection | None = None
        with self.running.entered():
            self.settings = load_settings(
                env_file=None, duckdb_path=self.warehouse.path, data_dir=folder / "data"
            )

    def load(self, source: str, **options: Any) -> LoadSummary:
        """Ingests one source."""
        self.stop_reading()
        with self.running.entered():
            return ingest(self.settings, source, **options)

    def dbt(
        self, *arguments: str, sources: str, command: str = "build"
    ) -> subprocess.CompletedProcess[str]:
        """Runs dbt with these sources switched on."""
        self.stop_reading()
        switches = {"SOURCES": sources, "PRIVACY_SALT": SALT}
        return build(self.warehouse, self.folder / "dbt", *arguments, command=command, **switches)

    def ask(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """Rows of the warehouse, which stays open until it is written to: opening takes longest."""
        self._reader = self._reader or self.warehouse.reading()
        return self._reader.execute(sql).fetchall()

    def stop_reading(self) -> None:
        """Closes the file for those who write to it."""
        if self._reader is not None:
            self._reader.close()
        self._reader = None

    def truth(self, table: str, shops: Collection[str] = ()) -> pd.DataFrame:
        """A truth file of the sandbox, as of its clock; of some shops where they are named."""
        rows = pd.read_parquet(self.running.folder / "truth" / f"{table}.parquet")
        return rows[rows["shop"].isin(shops)] if shops else rows

    def world(self, table: str, shops: Collection[str] = ()) -> pd.DataFrame:
        """A table of the world, as of its clock; of some shops where they are named."""
        rows: pd.DataFrame = getattr(self.running.sandbox.world.view(), table)
        return rows[rows["shop"].isin(shops)].reset_index(drop=True) if shops else rows


@contextmanager
def open_shop(folder: Path, **options: Any) -> Iterator[SandboxShop]:
    """Starts a sandbox and gives its shop.

    Args:
        folder: Of everything.
        **options: Of `run_sandbox`: size, seed, now.
    """
    with run_sandbox(folder / "sandbox", **options) as running:
        shop = SandboxShop(running, folder)
        yield shop
        shop.stop_reading()
