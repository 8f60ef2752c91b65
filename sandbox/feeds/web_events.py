"""What the shops' own collector writes: messages in Segment's form, a file of JSON lines a day.

A file holds what was received on its UTC day, so it never changes once the day has passed. Clocks
of some devices are wrong, which `sentAt` gives away; some messages are sent twice; without consent
there is neither `anonymousId` nor `userId`.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from sandbox.feeds import Feed
from sandbox.feeds.web_messages import lines, received
from sandbox.world.ledger import Ledger
from sandbox.world.shops import SHOPS
from sandbox.writing import write, write_text

FOLDER = "web_events"
MANIFEST = f"{FOLDER}/manifest.json"
STREAMS = tuple(shop.handle for shop in SHOPS if "first_party" in shop.collectors)


def publish(view: Ledger, now: pd.Timestamp, state: Path) -> list[str]:
    """Bring the files up to the clock; days whose messages are all there stay as they are."""
    manifest = state / MANIFEST
    before = json.loads(manifest.read_text("utf-8")) if manifest.exists() else {}
    after: dict[str, int] = {}
    stale: list[str] = []
    switched_on = view.stores.loc[view.stores["first_party_at"].notna(), "shop"]
    for shop in switched_on:
        rows = received(view, shop, now)
        days = rows.groupby("day").size().rename(lambda day, shop=shop: _name(shop, day))
        after |= days.to_dict()
        changed = [
            name for name in days.index if before.get(name) != after[name] or _lacks(state, name)
        ]
        _write_days(view, shop, rows[rows["day"].map(partial(_name, shop)).isin(changed)], state)
        stale += changed
    for gone in before.keys() - after.keys():
        (state / gone).unlink(missing_ok=True)
    write_text(manifest, json.dumps(after, indent=0))
    return stale


def _write_days(view: Ledger, shop: str, rows: pd.DataFrame, state: Path) -> None:
    """Write whole days; the rows are in the order of their days."""
    if rows.empty:
        return
    written = lines(view, shop, rows)
    _, offsets, content = written.buffers()
    starts = np.frombuffer(offsets, np.int64)[: len(written) + 1]
    place = 0
    for day, count in rows.groupby("day").size().items():
        first, last = starts[place], starts[place + count]
        write(state / _name(shop, str(day)), partial(_fill, content[first:last]))
        place += count


def _fill(content: pa.Buffer, path: Path) -> None:
    path.write_bytes(content)


def _name(shop: str, day: str) -> str:
    return f"{FOLDER}/{shop}/{day}.jsonl"


def _lacks(state: Path, name: str) -> bool:
    return not (state / name).exists()


def settings(state: Path) -> dict[str, str]:
    """The settings that read every stream."""
    return {
        f"WEB_EVENTS__STREAMS__{number}__{name}": value
        for number, shop in enumerate(STREAMS)
        for name, value in (("NAME", shop), ("PATH", str(state / FOLDER / shop)))
    }


FEED = Feed(name=FOLDER, settings=settings, publish=publish)
