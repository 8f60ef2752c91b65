"""`basketline sources`: every source there is, and how it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.lib.source_report import SourceReport

HEADINGS = ("source", "state", "accounts", "keys", "rows", "last rows (UTC)", "lag", "API version")


def sources() -> None:
    """List every source: on or off, accounts, credentials, rows, lag, API version and its end."""
    from orchestration.lib.session import open_settings
    from orchestration.lib.source_report import source_reports
    from orchestration.lib.terminal import say, table
    from orchestration.lib.warehouse import read_arrivals

    settings = open_settings()
    now = dt.datetime.now(dt.UTC)
    reports = source_reports(settings, read_arrivals(settings), now.date())
    table(HEADINGS, [_line(report, now) for report in reports])
    for report in reports:
        if report.is_on and report.missing:
            say(f"{report.spec.name}: {report.missing}")


def _line(report: SourceReport, now: dt.datetime) -> tuple[object, ...]:
    from orchestration.lib.terminal import mark

    return (
        report.spec.name,
        mark(report.state, good=report.is_good, quiet=not report.is_on),
        ", ".join(report.accounts),
        "missing" if report.missing else "present",
        report.rows,
        f"{report.loaded_at:%m-%d %H:%M}" if report.loaded_at else "",
        report.lag(now),
        _api_version(report),
    )


def _api_version(report: SourceReport) -> str:
    version, expires = report.spec.api_version or "", report.spec.api_version_expires
    return f"{version} until {expires}" if expires else version
