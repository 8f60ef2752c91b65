"""`basketline ingest`: one source into its raw schema."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.summary import LoadSummary, Progress
    from orchestration.lib.terminal import Ticker

DAY = ["%Y-%m-%d"]


def ingest(
    source: Annotated[str, typer.Argument(help="Which source, for example shopify or files.")],
    account: Annotated[
        list[str] | None, typer.Option(help="Only this account; may be given several times.")
    ] = None,
    date_from: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=DAY, help="First day of a range to load again."),
    ] = None,
    date_to: Annotated[
        dt.datetime | None,
        typer.Option("--to", formats=DAY, help="Its last day, inclusive; default: today."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Ask for everything again.")] = False,
    mapping: Annotated[
        str | None, typer.Option(help="files: the mapping of the columns, by name or path.")
    ] = None,
    path: Annotated[
        Path | None, typer.Option(help="files: the file or folder that the mapping reads.")
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="files: take away the rows of files that are gone.")
    ] = False,
) -> None:
    """Load what is new of one source."""
    from orchestration.lib.loads import load_source
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import ticking

    settings = open_settings()
    section = _one_feed(source, mapping, path) if mapping or path else None
    with ticking(f"{source}: asking") as ticker:
        summary = load_source(
            settings,
            source,
            accounts=account,
            date_from=date_from.date() if date_from else None,
            date_to=date_to.date() if date_to else None,
            full=full,
            section=section,
            options={"prune": prune},
            progress=LoadProgress(ticker),
        )
    show_summary(settings, summary)


class LoadProgress:
    """Counts rows while a load is under way.

    Args:
        ticker: Shows them.
    """

    def __init__(self, ticker: Ticker) -> None:
        self._ticker = ticker
        self._rows: dict[str, int] = {}

    def __call__(self, step: Progress) -> None:
        """Takes one step of the load."""
        place = " ".join(filter(None, (step.source, step.account)))
        if step.step == "load":
            self._ticker.tell(f"{place}: loading {sum(self._rows.values()):,} rows")
            return
        self._rows[step.table] = self._rows.get(step.table, 0) + step.rows
        self._ticker.tell(f"{place}: {step.table} {self._rows[step.table]:,} rows")


def show_summary(settings: Settings, summary: LoadSummary) -> None:
    """What a load did, a line a table."""
    from ingestion.destinations import Warehouse
    from orchestration.lib.terminal import say, table

    table(
        ("table", "new changes", "overlap", "restated", "loaded", "emptied"),
        [
            (
                load.table,
                load.new_rows,
                load.overlap_rows,
                load.restated_rows,
                load.loaded_rows,
                load.removed_groups,
            )
            for load in summary.tables
            if load.extracted_rows or load.removed_groups
        ],
    )
    accounts = ", ".join(summary.accounts)
    rejected = f", {summary.rejected_rows:,} rejected" if summary.rejected_rows else ""
    say(
        f"{summary.source} ({accounts}): {summary.extracted_rows:,} rows asked for, "
        f"{summary.loaded_rows:,} loaded{rejected} in {summary.seconds:.1f} s into "
        f"{Warehouse(settings).label}"
    )
    for line in _remarks(settings, summary):
        say(line)


def _remarks(settings: Settings, summary: LoadSummary) -> list[str]:
    """What deserves a look, one line each."""
    remarks = list(summary.notes)
    if summary.resumed_packages:
        remarks.append("An earlier load that was cut off was finished first")
    if summary.rejected_rows:
        from ingestion.destinations import Warehouse

        place = Warehouse(settings).schema(f"raw_{summary.source}")
        remarks.append(f"Rejected rows stand in {place}._rejected, with file, line and reason")
    if summary.variant_columns:
        remarks.append(f"Cells of another type, kept as text: {', '.join(summary.variant_columns)}")
    if summary.new_columns:
        remarks.append(f"Columns that nobody declared: {', '.join(summary.new_columns)}")
    return remarks


def _one_feed(source: str, mapping: str | None, path: Path | None) -> Any:
    """The section of `files` with the one feed that the command line names."""
    from ingestion.errors import SettingsError
    from ingestion.registry import find_source
    from ingestion.settings import load_section

    if source != "files":
        raise SettingsError(
            f"--mapping and --path belong to files, not to {source}", remedy="Leave them out"
        )
    if not mapping or not path:
        raise SettingsError("--mapping and --path belong together", remedy="Give both")
    section = find_source(source).settings
    return load_section(section, feeds=({"mapping": mapping, "path": str(path)},))
