"""GA4's export as a feed: the day files in the state folder, kept up to the clock."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.feeds import Feed
from sandbox.vendors import ga4_events
from sandbox.world.ledger import Ledger
from sandbox.writing import write, write_text

MANIFEST = "ga4_events/manifest.json"
# Parquet is written without Python's lock.
WRITERS = 2


def settings(state: Path) -> dict[str, str]:
    """The settings that read the export of both streams."""
    return {
        f"GA4_EVENTS__STREAMS__{number}__{name}": value
        for number, shop in enumerate(ga4_events.STREAM_IDS)
        for name, value in (("NAME", shop), ("PATH", str(state / "ga4_events" / shop)))
    }


def publish(view: Ledger, now: pd.Timestamp, state: Path) -> list[str]:
    """Bring GA4's day files up to the clock; days whose events are all there stay as they are."""
    manifest = state / MANIFEST
    before = json.loads(manifest.read_text("utf-8")) if manifest.exists() else {}
    days = ga4_events.day_counts(view, now)
    days["path"] = "ga4_events/" + days["shop"].astype("str") + "/" + days["name"]
    after = dict(zip(days["path"], days["events"].tolist(), strict=True))
    for gone in before.keys() - after.keys():
        (state / gone).unlink(missing_ok=True)
    stale = [
        path for path in after if before.get(path) != after[path] or not (state / path).exists()
    ]
    wanted = days[days["path"].isin(stale)]
    names = wanted.set_index(["shop", "date"])["path"]
    with ThreadPoolExecutor(WRITERS) as pool:
        written = [
            pool.submit(write, state / names[(shop, day)], partial(_write_events, table))
            for shop, day, table in ga4_events.day_tables(view, wanted)
        ]
    for file in written:
        file.result()
    write_text(manifest, json.dumps(after, indent=0))
    return stale


def _write_events(table: pa.Table, path: Path) -> None:
    """One small file of many: nobody skips row groups by statistics in it."""
    pq.write_table(table, path, write_statistics=False, store_schema=False)


FEED = Feed(name="ga4_events", settings=settings, publish=publish)
