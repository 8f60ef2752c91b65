"""Thirty days of daily loads give what one load at the end gives, table by table, every source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingestion.registry import source_specs
from ingestion.run import REJECTED_TABLE, ingest
from ingestion.settings import Settings
from ingestion.spec import SourceSpec, Table
from ingestion.windows import restated_days
from sandbox.world.presets import PRESETS
from tests.running_sandbox import RunningSandbox, run_sandbox

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(7200)]
DAYS = 30
FIRST_DAY = PRESETS["tests"].now - dt.timedelta(days=DAYS)
CLAIM_DAYS = restated_days(90)
# What the vendor shows for a while only, and the day it is of: who came daily has more.
FORGOTTEN = {"instagram.follower_days": "metric_date"}
# Columns that say when this project looked.
OWN_CLOCK = {"seen_at", "observed_on", "observed_at", "counted_at"}
SPECS = source_specs()


@dataclass
class Warehouse:
    """A DuckDB file that every source is loaded into, as the sandbox shows it.

    Attributes:
        running: The sandbox.
        settings: Name the file.
    """

    running: RunningSandbox
    settings: Settings

    def load(self) -> None:
        """Loads every source."""
        now = self.running.sandbox.world.clock.now.to_pydatetime()
        for spec in SPECS.values():
            ingest(self.settings, spec, clock=lambda: now, sleep=lambda _: None)


@dataclass
class Loads:
    """What the days left behind.

    Attributes:
        daily: Loaded every day.
        whole: Loaded once, at the end.
        seen: Every state of an observed row that was the newest at the end of some day.
    """

    daily: Path
    whole: Path
    seen: dict[str, set[tuple[object, ...]]]

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of both files: schema `daily.…` and `whole.…`."""
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.daily}' as daily (read_only)")
            connection.execute(f"attach '{self.whole}' as whole (read_only)")
            return connection.execute(sql).fetchall()


def new_settings(folder: Path) -> Settings:
    return Settings(_env_file=None, data_dir=folder, duckdb_path=folder / "w.duckdb")


@pytest.fixture(scope="module")
def loads(tmp_path_factory) -> Iterator[Loads]:
    folder = tmp_path_factory.mktemp("days")
    start = dt.datetime.combine(FIRST_DAY, dt.time(12)).isoformat()
    with run_sandbox(folder / "state", now=start) as running, running.entered() as patch:
        # Conversions are claimed up to that late, and each Sunday's window is not each day's.
        patch.setenv("GOOGLE_ADS__RESTATEMENT_DAYS", str(CLAIM_DAYS))
        daily = Warehouse(running, new_settings(folder / "daily"))
        seen: dict[str, set[tuple[object, ...]]] = {}
        daily.load()
        for _ in range(DAYS):
            running.advance(1)
            daily.load()
            remember(daily.settings.duckdb_path, seen)
        whole = Warehouse(running, new_settings(folder / "whole"))
        whole.load()
        yield Loads(daily.settings.duckdb_path, whole.settings.duckdb_path, seen)


def facts(spec: SourceSpec) -> tuple[Table, ...]:
    return spec.tables_for(Settings(_env_file=None))


def tables(kind: str) -> list[tuple[SourceSpec, Table]]:
    """Tables of a kind, over every source; those of `files` are whatever the seam has."""
    return [
        (spec, table)
        for spec in SPECS.values()
        if spec.name != "files"
        for table in facts(spec)
        if table.kind == kind
    ]


def names(table: Table) -> str:
    columns = ("_account_id", *table.columns)
    return ", ".join(f't."{name}"' for name in columns if name not in OWN_CLOCK)


def newest(file: str, spec: SourceSpec, table: Table) -> str:
    """The newest version of each observed row."""
    keys = ", ".join(f'"{key}"' for key in ("_account_id", *table.primary_key))
    return (
        f"select {names(table)} from {file}{spec.schema}.{table.name} t"
        f" qualify row_number() over (partition by {keys} order by _observed_at desc) = 1"
    )


def remember(path: Path, seen: dict[str, set[tuple[object, ...]]]) -> None:
    with duckdb.connect(str(path), read_only=True) as connection:
        for spec, table in tables("observation"):
            rows = connection.execute(newest("", spec, table)).fetchall()
            seen.setdefault(f"{spec.name}.{table.name}", set()).update(rows)


def kept(file: str, spec: SourceSpec, table: Table) -> str:
    """Rows that are not flagged as deleted, nor owned by one that is."""
    flagged = '"is_deleted" is not true' if "is_deleted" in table.columns else "true"
    owned = "true"
    if table.parent:
        parent = next(one for one in facts(spec) if one.name == table.parent)
        if "is_deleted" in parent.columns:
            pairs = zip(parent.primary_key, table.replace_by, strict=True)
            same = " and ".join(f'p."{theirs}" = t."{ours}"' for theirs, ours in pairs)
            owned = (
                f"not exists (select 1 from {file}.{spec.schema}.{parent.name} p where"
                f" p.is_deleted and p._account_id = t._account_id and {same})"
            )
    shown = "true"
    if day := FORGOTTEN.get(f"{spec.name}.{table.name}"):
        shown = f"{day} >= (select min({day}) from whole.{spec.schema}.{table.name})"
    where = f"where {flagged} and {owned} and {shown}"
    return f"select {names(table)} from {file}.{spec.schema}.{table.name} t {where}"


def identify(pair: tuple[SourceSpec, Table]) -> str:
    return f"{pair[0].name}.{pair[1].name}"


@pytest.mark.pitfall(11)
@pytest.mark.parametrize("pair", tables("ledger"), ids=identify)
def test_a_ledger_is_what_one_load_gives(loads, pair):
    daily, whole = kept("daily", *pair), kept("whole", *pair)
    ((count,),) = loads.ask(f"select count(*) from ({whole})")
    assert bool(count) == (pair[1].name != REJECTED_TABLE)  # the sandbox sends nothing wrong
    assert loads.ask(f"({daily}) except all ({whole})") == []
    assert loads.ask(f"({whole}) except all ({daily})") == []


@pytest.mark.pitfall(11)
@pytest.mark.parametrize("pair", tables("observation"), ids=identify)
def test_an_observation_keeps_every_version_seen(loads, pair):
    spec, table = pair
    stored = set(loads.ask(f"select {names(table)} from daily.{spec.schema}.{table.name} t"))
    seen = loads.seen[f"{spec.name}.{table.name}"]
    assert seen
    assert seen <= stored
    daily, whole = newest("daily.", spec, table), newest("whole.", spec, table)
    assert loads.ask(f"({whole}) except ({daily})") == []
