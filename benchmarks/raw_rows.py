"""The bench world's raw rows, as the connectors load them: made once, kept in `.data/bench/`.

    python -m benchmarks.raw_rows bench

The simulated shop is served from here, not as a process of its own: it writes no truth, and of the
files that shops leave only GA4's export, which has every event of this world.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import uvicorn

import ingestion
import sandbox
from orchestration.lib.ports import HOST, free_port
from sandbox.env import environment
from sandbox.faults import Faults
from sandbox.server import Sandbox, application
from sandbox.store import NOON, Store
from sandbox.vendors import ga4_export
from sandbox.world.presets import PRESETS
from sandbox.world.world import World

KEPT = Path(".data/bench")
# Both shops of this world have accounts with these, and with no other vendor.
SOURCES = ("shopify", "fx_rates", "meta_ads", "ga4_events")
STEP = pd.Timedelta(days=92)
PARTS = {"bench_quarter": 0.25, "bench_half": 0.5}


@dataclass(frozen=True)
class RawRows:
    """DuckDB files that have raw tables and nothing else.

    Attributes:
        first: Everything up to the world's day.
        next_day: The same after one day more, loaded on top of it.
    """

    first: Path
    next_day: Path


def raw_rows(size: str) -> RawRows:
    """The files of a size of the world, made now where they are not there, or are of other code."""
    rows = _places(size)
    if not rows.next_day.exists():
        subprocess.run([sys.executable, "-m", __name__, size], check=True)
    return rows


def make(size: str) -> None:
    """Loads a size of the world, lets a day pass, and loads what is new."""
    for other in KEPT.glob(f"{size}-*"):
        shutil.rmtree(other)
    rows = _places(size)
    folder = rows.first.parent
    folder.mkdir(parents=True)
    store = Store((KEPT / "worlds" / size).resolve())
    world = _open(store, size)
    warehouse = folder / "loading.duckdb"
    told = {"DATA_DIR": str((folder / "data").resolve()), "DUCKDB_PATH": str(warehouse.resolve())}
    with _served(Sandbox(world, store, Faults())) as port:
        told |= environment(port, store.folder)
        today = pd.Timestamp(PRESETS[size].now, tz="UTC") + NOON
        _move_on(world, store, today)
        _load(store, told)
        shutil.copy(warehouse, rows.first)
        _move_on(world, store, today + pd.Timedelta(days=1))
        _load(store, told)
    shutil.rmtree(folder / "data")
    warehouse.rename(rows.next_day)


def _places(size: str) -> RawRows:
    """Named by the code that they are made with."""
    digest = hashlib.sha256()
    for package in (sandbox, ingestion):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            digest.update(path.read_bytes())
    folder = KEPT / f"{size}-{digest.hexdigest()[:12]}"
    return RawRows(folder / "first.duckdb", folder / "next_day.duckdb")


def _open(store: Store, size: str) -> World:
    """The whole world, or a part of it that has all its days; at its beginning."""
    whole = PRESETS["bench"]
    for name, share in PARTS.items():
        PRESETS[name] = dataclasses.replace(
            whole,
            customers=int(whole.customers * share),
            orders=int((whole.orders or 0) * share),
            articles=int(whole.articles * share),
            quiet_visits=int(whole.quiet_visits * share),
        )
    return store.open(size, 1, pd.Timestamp(PRESETS[size].start, tz="UTC"))


def _move_on(world: World, store: Store, to: pd.Timestamp) -> None:
    """Lets time pass in steps: all events at once are more than a laptop's memory."""
    while world.clock.now < to:
        world.clock.advance(min(STEP, to - world.clock.now))
        ga4_export.publish(world.view(), world.clock.now, store.folder)


@contextmanager
def _served(shop: Sandbox) -> Iterator[int]:
    """The vendors' APIs, in a thread; yields their port."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(application(shop), HOST, port, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join()


def _load(store: Store, told: dict[str, str]) -> None:
    """Every source, by the command that everybody uses."""
    command = str(Path(sys.executable).with_name("basketline"))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    for source in SOURCES:
        subprocess.run([command, "ingest", source], cwd=store.folder, env=kept | told, check=True)


if __name__ == "__main__":
    make(sys.argv[1])
