"""`basketline build`: what changed since the last build, through dbt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from orchestration.lib.build import BuildReport
    from orchestration.lib.dbt import NodeDone
    from orchestration.lib.planner import BuildPlan
    from orchestration.lib.terminal import Ticker

SHOWN_NAMES = 4


def build(
    full: Annotated[
        bool, typer.Option("--full", help="Build everything, incremental tables from the start.")
    ] = False,
    select: Annotated[
        list[str] | None,
        typer.Option(help="Only these, as dbt selects; the record of builds stays as it is."),
    ] = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only changed code, the rest taken as published.")
    ] = False,
    state: Annotated[
        Path | None, typer.Option(help="--changed: folder of the published manifest.json.")
    ] = None,
) -> None:
    """Build the models that new rows or changed code ask for, and test them."""
    from orchestration.lib.build import build as build_models
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import ticking

    settings = open_settings()
    if select or changed:
        _build_part(settings, select or ["state:modified+"], state if changed else None, changed)
        return
    with ticking("looking at what arrived") as ticker:
        report = build_models(settings, full=full, on_plan=show_plan, on_node=NodeLines(ticker))
    show_report(report)


class NodeLines:
    """A line for every model, and for every test that does not pass.

    Args:
        ticker: Shows how far dbt is.
    """

    def __init__(self, ticker: Ticker) -> None:
        self._ticker = ticker

    def __call__(self, node: NodeDone) -> None:
        """Takes one node that is done."""
        from orchestration.lib.terminal import say

        self._ticker.tell(f"dbt: {node.index} of {node.total}")
        is_test = node.kind in ("test", "unit_test")
        if not is_test or node.status != "pass":
            width = len(str(node.total))
            say(
                f"{node.index:>{width}}/{node.total} {node.status:<8} "
                f"{node.kind} {node.name} {node.seconds:.1f} s"
            )


def show_plan(plan: BuildPlan) -> None:
    """Why dbt builds what it builds."""
    from orchestration.lib.terminal import say

    if plan.is_empty:
        say(f"Nothing to build: {plan.reason}.")
    elif plan.is_everything:
        say(f"Building everything: {plan.reason}.")
    else:
        say(f"Building what lies downstream of: {plan.reason}.")


def show_report(report: BuildReport) -> None:
    """What was built, and what was not and why."""
    from orchestration.lib.terminal import say

    if report.counts:
        parts = ", ".join(f"{count:,} {kind}s" for kind, count in sorted(report.counts.items()))
        say(f"Built {parts} in {report.seconds:.1f} s.")
    for name in report.warnings:
        say(f"Warning: {name}")
    for group in report.skipped:
        names = ", ".join(group.names[:SHOWN_NAMES])
        more = (
            f" and {len(group.names) - SHOWN_NAMES} more" if len(group.names) > SHOWN_NAMES else ""
        )
        say(f"Skipped {len(group.names)}: {group.reason} ({names}{more})")
    if report.published:
        say(f"Published marts, reports and functions to {report.published}")


def _build_part(
    settings: Settings, selection: list[str], state: Path | None, is_changed: bool
) -> None:
    """Builds a part only; what the next `build` has to do stays undone for it."""
    from orchestration.lib.dbt import run_dbt
    from orchestration.lib.terminal import say, ticking

    arguments = ["build", "--select", *selection]
    if is_changed:
        arguments += [
            "--defer",
            "--state",
            str(state.resolve() if state else _last_state(settings)),
        ]
    with ticking("dbt") as ticker:
        run_dbt(settings, arguments, on_node=NodeLines(ticker))
    say("Built. The record of builds is unchanged.")


def _last_state(settings: Settings) -> Path:
    from orchestration.errors import BuildError
    from orchestration.lib.build_state import BuildStore

    last = BuildStore(settings).last()
    if last is None:
        raise BuildError(
            "There is no published manifest to compare with",
            remedy="Name its folder with --state, or run `basketline build` once",
        )
    return last.state_dir
