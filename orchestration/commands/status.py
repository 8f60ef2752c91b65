"""`basketline status`: what is switched on, what is there, what comes next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestion.settings import Settings

Row = tuple[str, object]


def status() -> None:
    """Show sources, rows, the last build, the size of the warehouse and the next run."""
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import say, table

    settings = open_settings()
    table(("source", "rows", "last load (UTC)"), _sources(settings))
    say("")
    table(("", ""), [*_build(settings), *_warehouse(settings), *_next_run(settings)])


def _sources(settings: Settings) -> list[tuple[str, int | None, str]]:
    """Every source that is switched on; one that was never loaded says so."""
    from orchestration.lib.source_report import source_reports
    from orchestration.lib.warehouse import read_arrivals

    today = dt.datetime.now(dt.UTC).date()
    return [
        (
            report.spec.name,
            report.rows,
            f"{report.loaded_at:%Y-%m-%d %H:%M:%S}" if report.loaded_at else "never",
        )
        for report in source_reports(settings, read_arrivals(settings), today)
        if report.is_on
    ]


def _build(settings: Settings) -> list[Row]:
    from orchestration.lib.build_state import BuildStore

    last = BuildStore(settings).last()
    if last is None:
        return [("last build", "none yet")]
    parts = ", ".join(f"{count:,} {kind}s" for kind, count in sorted(last.counts.items()))
    return [("last build", f"{last.finished_at[:19]} UTC: {parts} in {last.seconds:.0f} s")]


def _warehouse(settings: Settings) -> list[Row]:
    from ingestion.destinations import Warehouse

    place = Warehouse(settings).label
    if settings.warehouse != "duckdb":
        return [("warehouse", place)]
    if not settings.duckdb_path.exists():
        return [("warehouse", f"{place} (not there yet)")]
    return [("warehouse", f"{place}, {settings.duckdb_path.stat().st_size / 2**20:,.1f} MiB")]


def _next_run(settings: Settings) -> list[Row]:
    """When the schedule is due; it runs only as long as Dagster does."""
    from croniter import croniter  # type: ignore[import-untyped]

    now = dt.datetime.now(dt.UTC)
    due = croniter(settings.schedule_cron, now).get_next(dt.datetime)
    return [
        ("next run", f"{due:%Y-%m-%d %H:%M} UTC ({settings.schedule_cron}), while Dagster is open")
    ]
