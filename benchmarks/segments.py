"""Segments on the bench world: one segment's membership, and a hundred at once with their history.

BENCH_WAREHOUSE names a DuckDB file that is built already; without it the world is loaded and built.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import duckdb

from benchmarks.measure import Row, run
from benchmarks.simulated import simulated_shop
from orchestration.segments.asked import rendered
from orchestration.segments.facts import read_facts
from orchestration.segments.rules import Segment, read_segments
from orchestration.segments.sql import membership_sql
from orchestration.segments.tree import Comparison, FieldRule, Measured, Recency, Together
from orchestration.segments.written import PROJECT

SIZE = "bench"
SOURCES = ("shopify", "fx_rates", "web_events", "klaviyo")
HISTORY_DAYS = 90
TARGET_ONE, TARGET_HUNDRED = 1.0, 20.0
WINDOWS = (7, 14, 30, 60, 90, 180, 365)


def measure(folder: Path) -> list[Row]:
    """A shipped segment as `estimate` asks for it, and a hundred as the model tells them."""
    given = os.environ.get("BENCH_WAREHOUSE")
    warehouse = Path(given) if given else _built(folder)
    facts = read_facts(PROJECT)
    shipped = read_segments(PROJECT, facts)
    one = membership_sql(facts, {"vip": shipped["vip"]}, shipped)
    many = {segment.key: segment for segment in _hundred()}
    hundred = membership_sql(facts, many, many)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        customers = connection.execute("select count(*) from marts.dim_customers").fetchone()
        seconds, members = _asked(connection, one, 0)
        all_seconds, rows = _asked(connection, hundred, HISTORY_DAYS)
    size = f"{customers[0]:,} customers" if customers else ""
    return [
        Row(f"a segment's {members:,} members, {size}", seconds, "s", target=TARGET_ONE),
        Row(
            f"{len(many)} segments, {rows:,} memberships of {HISTORY_DAYS} days, {size}",
            all_seconds,
            "s",
            target=TARGET_HUNDRED,
        ),
    ]


def _asked(connection: duckdb.DuckDBPyConnection, template: str, days: int) -> tuple[float, int]:
    """Seconds to write the rows into a table, as a build does, and how many there are."""
    warehouse = SimpleNamespace(engine="duckdb", schema=str)
    sql = rendered(warehouse, template, history_days=days)
    started = time.monotonic()
    connection.execute(f"create or replace temp table memberships as {sql}")
    seconds = time.monotonic() - started
    found = connection.execute("select count(*) from memberships").fetchone()
    return seconds, int(found[0]) if found else 0


def _hundred() -> Iterator[Segment]:
    """Rules over orders, visits and messages, in windows of all lengths."""
    for number in range(100):
        window = (0, WINDOWS[number % len(WINDOWS)] - 1)
        some = (Comparison("at_least", (1 + number % 3,)),)
        opened = FieldRule("emails", "is_opened", (Comparison("is", (True,)),))
        parts = (
            Measured("orders", None, "", window, some),
            Measured("orders", None, "net_amount", window, (Comparison("more_than", (number,)),)),
            Measured("sessions", None, "", window, some),
            Measured("emails", opened, "", window, some),
            Recency("orders", None, True, (Comparison("between", (number, number + 60)),)),
        )
        chosen = (parts[number % 5], parts[(number + 1 + number // 5 % 4) % 5])
        rule = Together("all" if number % 2 else "any", chosen)
        yield Segment(f"s{number}", f"Segment {number}", "Of the benchmark.", rule, "")


def _built(folder: Path) -> Path:
    warehouse = folder / "w.duckdb"
    with simulated_shop(folder / "state", "--size", SIZE) as variables:
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **variables,
            "DUCKDB_PATH": str(warehouse),
            "DATA_DIR": str(folder / "data"),
            "SOURCES": ",".join(SOURCES),
        }
        command = str(Path(sys.executable).with_name("basketline"))
        for source in SOURCES:
            run([command, "ingest", source], cwd=folder, env=environment)
        select = ["--select", "+fct_segment_memberships"]
        run([command, "build", "--full", *select], cwd=folder, env=environment)
    return warehouse
