"""The warehouse's functions, where a planned build has not just made them."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from ingestion.settings import Settings
from orchestration.lib.build_plan import absent
from orchestration.lib.build_state import (
    BuildStore,
    LastBuild,
    code_fingerprint,
    settings_fingerprint,
)
from orchestration.lib.dbt import read_artifact, run_dbt, run_results
from orchestration.lib.publish import publish
from orchestration.lib.warehouse import open_reader

logger = logging.getLogger("basketline.build")


@dataclass(frozen=True)
class FunctionsReport:
    """How the functions stand.

    Attributes:
        count: How many there are.
        because: Why they were made, or left as they are.
        is_rebuilt: Whether they were made.
    """

    count: int
    because: str
    is_rebuilt: bool


def keep_functions(settings: Settings) -> FunctionsReport:
    """Makes the functions unless they are those of the last planned build, and all there.

    A function reads its mart when it is called: it is stale when code or settings have changed
    since, as after a build of chosen models.

    Args:
        settings: Name the warehouse.

    Returns:
        What was done.

    Raises:
        BuildError: A function failed.
        IngestionError: The warehouse cannot be had.
    """
    last = BuildStore(settings).last()
    because = _why_stale(settings, last)
    if last and not because:
        count = len(last.manifest().get("functions", {}))
        return FunctionsReport(count, "the last planned build made them", is_rebuilt=False)
    run_dbt(settings, ["build", "--select", "resource_type:function"])
    publish(settings, read_artifact(settings, "manifest.json"))
    logger.info("Built the functions: %s", because)
    return FunctionsReport(len(run_results(settings)), because, is_rebuilt=True)


def _why_stale(settings: Settings, last: LastBuild | None) -> str:
    """Why functions have to be made; empty where they are as the last planned build left them."""
    if last is None:
        return "there is no build of everything yet"
    now = code_fingerprint(settings), settings_fingerprint(settings)
    if now != (last.situation.code, last.situation.settings):
        return "code or settings have changed since the last planned build"
    with open_reader(settings) as reader:
        gone = absent({"functions": last.manifest().get("functions", {})}, reader)
    return f"{'.'.join(min(gone))} is not in the warehouse any more" if gone else ""
