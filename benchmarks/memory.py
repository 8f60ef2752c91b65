"""Memory of a load, with a history ten times as long beside it: it should hardly grow."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks.measure import Row, Run, run
from benchmarks.simulated import simulated_shop

SOURCES = ("shopify", "klaviyo", "ga4_events", "web_events", "meta_ads")
# The demo's world begins on 2024-07-01; the other sandbox stands ten times as far into it.
SHORT, LONG = "2024-09-11", "2026-06-21"
TARGET = 1.3
MIB = 1024**2


def measure(folder: Path) -> list[Row]:
    """Peaks of both, and their ratio against the target."""
    peaks = {now: _peaks(folder / now, now) for now in (SHORT, LONG)}
    return [
        Row(
            f"{source}: memory of a load, history ten times as long",
            peaks[LONG][source] / peaks[SHORT][source],
            "times",
            f"{peaks[SHORT][source]:,.0f} and {peaks[LONG][source]:,.0f} MiB",
            target=TARGET,
        )
        for source in SOURCES
    ]


def _peaks(folder: Path, now: str) -> dict[str, float]:
    with simulated_shop(folder / "state", "--now", now) as variables:
        return {source: _load(folder, source, variables).peak_bytes / MIB for source in SOURCES}


def _load(folder: Path, source: str, variables: dict[str, str]) -> Run:
    command = Path(sys.executable).parent / "basketline"
    own = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder / source)}
    place = {"DUCKDB_PATH": str(folder / f"{source}.duckdb")}
    return run([str(command), "ingest", source], cwd=folder, env=variables | own | place)
