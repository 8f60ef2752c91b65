"""A build of the models: planned, run by dbt, recorded and published.

`basketline build` and Dagster's step are the same `build`.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.settings import Settings
from orchestration.lib.build_plan import PlannedBuild, prepare_build
from orchestration.lib.build_report import BuildReport
from orchestration.lib.build_state import BuildStore
from orchestration.lib.data_quality import read_issues
from orchestration.lib.dbt import NodeDone, NodeResult, forget_results, run_dbt, run_results
from orchestration.lib.environment import project_dir, target_dir
from orchestration.lib.planner import (
    OWN,
    BuildPlan,
    Manifest,
    SkippedModels,
    reaches_readers_of_models,
    skipped_models,
)
from orchestration.lib.publish import publish

if TYPE_CHECKING:
    from orchestration.models.runs import ModelReport

logger = logging.getLogger("basketline.build")


@dataclass(frozen=True)
class BuildBegun:
    """A build as far as dbt has come.

    Attributes:
        planned: Its plan.
        results: What became of every node.
        seconds: How long it took.
    """

    planned: PlannedBuild
    results: tuple[NodeResult, ...]
    seconds: float


def build(
    settings: Settings,
    *,
    full: bool = False,
    on_plan: Callable[[BuildPlan], None] = lambda _: None,
    on_node: Callable[[NodeDone], None] = lambda _: None,
    on_model: Callable[[ModelReport], None] = lambda _: None,
) -> BuildReport:
    """Builds what has to be built; the models run between what they read and what reads them.

    Args:
        settings: Name the warehouse.
        full: Build everything, incremental tables from the start.
        on_plan: Is told the plan before anything runs.
        on_node: Is told of every node that is done.
        on_model: Is told what each of the project's own models did.

    Returns:
        What was done.

    Raises:
        IngestionError: The warehouse cannot be had.
        BuildError: A model or a test failed; the next build does this one's work again.
    """
    if not has_models(settings):
        return _build_whole(settings, full=full, on_plan=on_plan, on_node=on_node)
    # Models take seconds to import, which whoever only asks what was built does not need.
    from orchestration.models.everything import MODELS, run_model

    before = build_before_models(settings, full=full, on_plan=on_plan, on_node=on_node)
    for model in MODELS:
        on_model(run_model(settings, model))
    return build_after_models(before, on_node=on_node)


def has_models(settings: Settings) -> bool:
    """Whether the project reads tables that its own models write."""
    return (project_dir(settings) / "models" / "staging" / OWN).is_dir()


def build_before_models(
    settings: Settings,
    *,
    full: bool = False,
    on_plan: Callable[[BuildPlan], None] = lambda _: None,
    on_node: Callable[[NodeDone], None] = lambda _: None,
) -> BuildBegun:
    """Builds what has to be built of what does not depend on the project's own models.

    Args:
        settings: Name the warehouse.
        full: Build everything, incremental tables from the start.
        on_plan: Is told the plan before anything runs.
        on_node: Is told of every node that is done.

    Returns:
        What `build_after_models` goes on from.

    Raises:
        IngestionError: The warehouse cannot be had.
        BuildError: A model or a test failed; the next build does this one's work again.
    """
    started = time.monotonic()
    planned = prepare_build(settings, full=full)
    on_plan(planned.plan)
    if not (planned.plan.is_empty or planned.plan.is_of_models_only):
        run_dbt(settings, planned.arguments(planned.plan.before_models()), on_node=on_node)
    return BuildBegun(planned, run_results(settings), time.monotonic() - started)


def build_after_models(
    before: BuildBegun, *, on_node: Callable[[NodeDone], None] = lambda _: None
) -> BuildReport:
    """Builds what depends on the models, if they or the rows that arrived have changed it.

    Args:
        before: What `build_before_models` gave.
        on_node: Is told of every node that is done.

    Returns:
        What was done before the models and after them.

    Raises:
        IngestionError: The warehouse cannot be had.
        BuildError: A model or a test failed; the next build does the work of both parts again.
    """
    started = time.monotonic()
    planned = before.planned.after_models()
    settings, plan = planned.settings, planned.plan
    forget_results(settings)
    if not plan.is_empty and reaches_readers_of_models(planned.manifest(), plan):
        run_dbt(settings, planned.arguments(plan.after_models()), on_node=on_node)
    results = (*before.results, *run_results(settings))
    return _finished(BuildBegun(planned, results, before.seconds + time.monotonic() - started))


def skipped_so_far(before: BuildBegun) -> tuple[SkippedModels, ...]:
    """What is left as it is, as far as the first part can tell."""
    planned = before.planned
    built = [result.unique_id for result in before.results]
    return skipped_models(planned.manifest(), built, planned.plan)


def _build_whole(
    settings: Settings,
    *,
    full: bool,
    on_plan: Callable[[BuildPlan], None],
    on_node: Callable[[NodeDone], None],
) -> BuildReport:
    started = time.monotonic()
    planned = prepare_build(settings, full=full)
    on_plan(planned.plan)
    if not planned.plan.is_empty:
        run_dbt(settings, planned.arguments(planned.plan.whole()), on_node=on_node)
    return _finished(BuildBegun(planned, run_results(settings), time.monotonic() - started))


def _finished(done: BuildBegun) -> BuildReport:
    """What a build did that dbt has ended well; it is recorded, and what it made is published."""
    planned = done.planned
    manifest, is_empty = planned.manifest(), planned.plan.is_empty
    counts = dict(Counter(result.kind for result in done.results))
    published = None if is_empty else _recorded(done, manifest, counts)
    report = BuildReport(
        reason=planned.plan.reason,
        counts=counts,
        warnings=tuple(result.name for result in done.results if result.status == "warn"),
        issues=() if is_empty else read_issues(planned.settings),
        skipped=skipped_models(manifest, [each.unique_id for each in done.results], planned.plan),
        seconds=done.seconds,
        published=published,
    )
    for line in report.lines():
        logger.info("%s", line)
    return report


def _recorded(done: BuildBegun, manifest: Manifest, counts: dict[str, int]) -> Path | None:
    """Publishes what was built; the next build goes on from here."""
    planned, settings = done.planned, done.planned.settings
    published = publish(settings, manifest)
    BuildStore(settings).save(
        planned.situation,
        target=target_dir(settings),
        counts=counts,
        seconds=done.seconds,
        now=dt.datetime.now(dt.UTC),
    )
    return published
