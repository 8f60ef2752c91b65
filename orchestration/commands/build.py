"""`basketline build`: what changed since the last build, through dbt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from orchestration.lib.dbt import NodeDone
    from orchestration.lib.terminal import Ticker


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
    from orchestration.lib.terminal import say, ticking

    settings = open_settings()
    if select or changed:
        selection = select or ["state:modified+"]
        _build_part(settings, selection, state, is_changed=changed, is_full=full or changed)
        return
    with ticking("looking at what arrived") as ticker:
        report = build_models(
            settings,
            full=full,
            on_plan=lambda plan: say(str(plan)),
            on_node=NodeLines(ticker),
            on_model=lambda report: say(str(report)),
        )
    for line in report.lines():
        say(line)


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


def _build_part(
    settings: Settings,
    selection: list[str],
    state: Path | None,
    *,
    is_changed: bool,
    is_full: bool,
) -> None:
    """Builds a part only; what the next `build` has to do stays undone for it."""
    from orchestration.lib.dbt import run_dbt
    from orchestration.lib.terminal import say, ticking

    arguments = ["build", "--select", *selection]
    if is_full:
        arguments.append("--full-refresh")
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
