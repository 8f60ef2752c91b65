"""Every source of a sandbox loaded into a warehouse on any engine, as of one moment."""

from __future__ import annotations

from pathlib import Path

from ingestion.registry import source_specs
from ingestion.run import ingest
from ingestion.settings import load_settings
from sandbox.env import SALT
from tests.integration.shop import Warehouse
from tests.running_sandbox import run_sandbox

SWITCHES = {"SOURCES": ",".join(source_specs()), "PRIVACY_SALT": SALT}


def load_every_source(folder: Path, engine: str, warehouse: Warehouse) -> None:
    """Loads every source from a sandbox that is opened for it: vendors count requests."""
    place = (
        {"duckdb_path": warehouse.path}
        if engine == "duckdb"
        else {"warehouse": "postgres", "postgres_url": warehouse.url}
    )
    with run_sandbox(folder / "sandbox") as running, running.entered():
        now = running.sandbox.world.clock.now.to_pydatetime()
        settings = load_settings(env_file=None, data_dir=folder / engine, **place)
        for source in source_specs():
            ingest(settings, source, clock=lambda: now, sleep=lambda _: None)
