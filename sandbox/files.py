"""What the sandbox leaves in its state folder: the truth, the shop's files, GA4's export.

Every file is written beside and renamed, and only if its content is new, so that a reader sees
whole files and an incremental reader sees only what changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.vendors import ga4_events
from sandbox.world.ledger import Ledger
from sandbox.world.truth import truth

MANIFEST = "ga4_events/manifest.json"
# Parquet is written without Python's lock.
WRITERS = 2


def publish(view: Ledger, now: pd.Timestamp, state: Path) -> list[str]:
    """Write the truth first, then everything that is read as files.

    Args:
        view: The ledger as of ``now``.
        now: The clock.
        state: The state folder.

    Returns:
        Paths of the feeds' files that are new or changed, relative to the folder.
    """
    for name, frame in truth(view, now).items():
        write(state / f"truth/{name}.parquet", lambda path, frame=frame: frame.to_parquet(path))
    changed = [
        name
        for name, text in (
            ("files/fx_rates.csv", fx_rates(view)),
            ("files/order_costs.csv", order_costs(view)),
        )
        if write_text(state / name, text)
    ]
    return changed + _export_events(view, now, state)


def write(path: Path, writer: Callable[[Path], object]) -> None:
    """Write a file beside its place and put it there whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    writer(beside)
    os.replace(beside, path)  # noqa: PTH105 - atomic, and says so


def write_text(path: Path, text: str) -> bool:
    """Write a text file if its content is new; returns whether it was."""
    if path.exists() and path.read_text("utf-8") == text:
        return False
    write(path, lambda beside: beside.write_text(text, "utf-8"))
    return True


def fx_rates(view: Ledger) -> str:
    """``fx_rates.csv``: date, base, currency, rate (units of the currency per euro)."""
    rate = view.fx["rate_e4"] / 10_000
    frame = pd.DataFrame(
        {
            "date": view.fx["rate_date"].dt.strftime("%Y-%m-%d"),
            "base": "EUR",
            "currency": view.fx["currency"],
            "rate": rate.map("{:.4f}".format),
        }
    )
    return frame.to_csv(index=False, lineterminator="\n")


def order_costs(view: Ledger) -> str:
    """``order_costs.csv``: shop, order_id, cost_type, amount, currency, date."""
    costs = view.order_costs
    frame = pd.DataFrame(
        {
            "shop": costs["shop"],
            "order_id": costs["order_id"],
            "cost_type": costs["cost_type"],
            "amount": (costs["amount"] / 100).map("{:.2f}".format),
            "currency": costs["currency"],
            "date": costs["cost_date"].dt.strftime("%Y-%m-%d"),
        }
    )
    return frame.to_csv(index=False, lineterminator="\n")


def _export_events(view: Ledger, now: pd.Timestamp, state: Path) -> list[str]:
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
