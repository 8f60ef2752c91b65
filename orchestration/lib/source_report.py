"""How every source stands: on or off, set up or not, loaded when, and how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from ingestion.errors import SettingsError
from ingestion.registry import source_specs
from ingestion.settings import Settings, load_section
from ingestion.spec import SourceSpec
from orchestration.lib.planner import Arrival

EXPIRY_NOTICE = dt.timedelta(days=60)


@dataclass(frozen=True)
class SourceReport:
    """How one source stands.

    Attributes:
        spec: Its facts.
        is_on: Whether it is among `SOURCES`.
        accounts: Names of the accounts that are set up.
        missing: What the settings lack; empty where they are complete.
        rows: Rows of all its raw tables; None where it was never loaded.
        loaded_at: When it last brought rows, UTC.
        today: The day of the report.
    """

    spec: SourceSpec
    is_on: bool
    accounts: tuple[str, ...]
    missing: str
    rows: int | None
    loaded_at: dt.datetime | None
    today: dt.date

    @property
    def state(self) -> str:
        """One or a few words: what to do comes first."""
        if not self.is_on:
            return "off"
        if self.missing:
            return "not set up"
        if self.loaded_at is None:
            return "never loaded"
        expires = self.spec.api_version_expires
        if expires and expires <= self.today:
            return "API version expired"
        if expires and expires - self.today <= EXPIRY_NOTICE:
            return f"API version ends in {(expires - self.today).days} days"
        return "ok"

    @property
    def is_good(self) -> bool:
        """Whether nothing needs to be done; a source that is off needs nothing."""
        return self.state in ("ok", "off")

    def lag(self, now: dt.datetime) -> str:
        """Time since it last brought rows, in words; empty where it never did."""
        if self.loaded_at is None:
            return ""
        hours, seconds = divmod(int((now - self.loaded_at).total_seconds()), 3600)
        days, hours = divmod(hours, 24)
        return f"{days} d {hours} h" if days else f"{hours} h {seconds // 60} min"


def source_reports(
    settings: Settings, arrivals: dict[str, Arrival], today: dt.date
) -> list[SourceReport]:
    """Every source of the registry, those that are on first.

    Args:
        settings: Name the sources that are on.
        arrivals: What every raw table holds, by `source.table`.
        today: The day of the report.
    """
    reports = [
        _report(spec, settings, _of(arrivals, name), today) for name, spec in source_specs().items()
    ]
    return sorted(reports, key=lambda report: (not report.is_on, report.spec.name))


def _of(arrivals: dict[str, Arrival], source: str) -> list[Arrival]:
    return [one for table, one in arrivals.items() if table.partition(".")[0] == source]


def _report(
    spec: SourceSpec, settings: Settings, arrivals: list[Arrival], today: dt.date
) -> SourceReport:
    accounts, missing = _accounts(spec)
    return SourceReport(
        spec,
        is_on=spec.name in settings.sources,
        accounts=accounts,
        missing=missing,
        rows=sum(one.rows for one in arrivals) if arrivals else None,
        loaded_at=_newest(arrivals),
        today=today,
    )


def _accounts(spec: SourceSpec) -> tuple[tuple[str, ...], str]:
    """The accounts that are set up, or what is missing."""
    try:
        found = spec.pick_accounts(load_section(spec.settings))
    except SettingsError as error:
        return (), str(error)
    return tuple(account.account_id for account in found), ""


def _newest(arrivals: Iterable[Arrival]) -> dt.datetime | None:
    found = max((one.newest for one in arrivals), default="")
    if not found:
        return None
    moment = dt.datetime.fromisoformat(found)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
