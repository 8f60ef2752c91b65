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

from ingestion.settings import Settings
from orchestration.errors import BuildError
from orchestration.lib.build_state import (
    BuildStore,
    LastBuild,
    code_fingerprint,
    settings_fingerprint,
)
from orchestration.lib.data_quality import Issue, issues_line, read_issues
from orchestration.lib.dbt import NodeDone, forget_results, read_artifact, run_dbt, run_results
from orchestration.lib.environment import target_dir
from orchestration.lib.planner import (
    BuildPlan,
    Manifest,
    Situation,
    SkippedModels,
    functions,
    plan_build,
    relations,
    skipped_models,
    source_tables,
)
from orchestration.lib.publish import publish
from orchestration.lib.warehouse import Reader, open_reader

logger = logging.getLogger("basketline.build")

SHOWN_NAMES = 4
# Unit tests prove code, not data: `make test` and `make ci-slim` run them, a build does not.
BUILD = ("build", "--exclude-resource-type", "unit_test")


@dataclass(frozen=True)
class PlannedBuild:
    """A plan with what it was made from.

    Attributes:
        settings: The settings.
        plan: What to build.
        situation: What the warehouse held when it was made.
        last: The build before.
    """

    settings: Settings
    plan: BuildPlan
    situation: Situation
    last: LastBuild | None

    @property
    def arguments(self) -> list[str]:
        """What dbt is called with."""
        arguments = [*BUILD]
        if self.plan.starts_anew:
            arguments.append("--full-refresh")
        if self.plan.selection:
            arguments += ["--select", *self.plan.selection]
        if self.plan.compares_code and self.last:
            arguments += ["--state", str(self.last.state_dir)]
        return arguments


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    Attributes:
        reason: Why these models.
        counts: Kind of node (`model`, `test`) to how many ran.
        warnings: Names of tests that warn.
        issues: Rules that rows break.
        skipped: Models left as they are, with the reason.
        seconds: How long it took.
        published: The file for BI tools, if it was written.
    """

    reason: str
    counts: dict[str, int]
    warnings: tuple[str, ...]
    issues: tuple[Issue, ...]
    skipped: tuple[SkippedModels, ...]
    seconds: float
    published: Path | None

    def lines(self) -> list[str]:
        """What was built, and what was not and why, for people."""
        lines = []
        if self.counts:
            parts = ", ".join(f"{count:,} {kind}s" for kind, count in sorted(self.counts.items()))
            lines.append(f"Built {parts} in {self.seconds:.1f} s")
        lines += [f"Warning: {name}" for name in self.warnings]
        if self.issues:
            lines.append(issues_line(self.issues))
        for group in self.skipped:
            more = len(group.names) - SHOWN_NAMES
            names = ", ".join(group.names[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")
            lines.append(f"Skipped {len(group.names)} models: {group.reason} ({names})")
        if self.published:
            lines.append(f"Published marts, reports and functions to {self.published}")
        return lines


def prepare_build(settings: Settings, *, full: bool = False) -> PlannedBuild:
    """Looks at the warehouse and decides what to build; leaves no connection open.

    Args:
        settings: Name the warehouse.
        full: Build everything, incremental tables from the start.

    Returns:
        The plan.

    Raises:
        IngestionError: The warehouse cannot be had, or a source was never loaded.
    """
    forget_results(settings)
    last = BuildStore(settings).last()
    manifest = last.manifest() if last else {}
    with open_reader(settings, exclusive=True) as reader:
        _check_sources_loaded(settings, reader)
        arrivals = reader.arrivals()
        missing = absent(manifest, reader)
    situation = Situation(arrivals, settings_fingerprint(settings), code_fingerprint(settings))
    plan = plan_build(
        situation,
        last.situation if last else None,
        known_tables=source_tables(manifest).values(),
        missing=[f"{schema}.{name}" for schema, name in missing],
        full=full,
    )
    return PlannedBuild(settings, plan, situation, last)


def absent(manifest: Manifest, reader: Reader) -> set[tuple[str, str]]:
    """Schema and name of what a build has left in the warehouse and is not there any more."""
    gone = relations(manifest) - reader.relations()
    made = functions(manifest)
    return gone | (made - reader.functions() if made else set())


def finish_build(planned: PlannedBuild, seconds: float) -> BuildReport:
    """Records a build that dbt has ended well, and publishes what it made.

    Args:
        planned: Its plan.
        seconds: How long dbt took.

    Returns:
        What was done.
    """
    if planned.plan.is_empty:
        return _empty_report(planned, seconds)
    settings = planned.settings
    manifest: Manifest = read_artifact(settings, "manifest.json")
    results = run_results(settings)
    counts = dict(Counter(result.kind for result in results))
    published = publish(settings, manifest)
    BuildStore(settings).save(
        planned.situation,
        target=target_dir(settings),
        counts=counts,
        seconds=seconds,
        now=dt.datetime.now(dt.UTC),
    )
    return BuildReport(
        reason=planned.plan.reason,
        counts=counts,
        warnings=tuple(result.name for result in results if result.status == "warn"),
        issues=read_issues(settings),
        skipped=skipped_models(manifest, [result.unique_id for result in results], planned.plan),
        seconds=seconds,
        published=published,
    )


def build(
    settings: Settings,
    *,
    full: bool = False,
    on_plan: Callable[[BuildPlan], None] = lambda _: None,
    on_node: Callable[[NodeDone], None] = lambda _: None,
) -> BuildReport:
    """Builds what has to be built.

    Args:
        settings: Name the warehouse.
        full: Build everything, incremental tables from the start.
        on_plan: Is told the plan before anything runs.
        on_node: Is told of every node that is done.

    Returns:
        What was done.

    Raises:
        IngestionError: The warehouse cannot be had.
        BuildError: A model or a test failed; the next build does this one's work again.
    """
    started = time.monotonic()
    planned = prepare_build(settings, full=full)
    on_plan(planned.plan)
    if not planned.plan.is_empty:
        run_dbt(settings, planned.arguments, on_node=on_node)
    report = finish_build(planned, time.monotonic() - started)
    for line in report.lines():
        logger.info("%s", line)
    return report


def _empty_report(planned: PlannedBuild, seconds: float) -> BuildReport:
    manifest = planned.last.manifest() if planned.last else {}
    skipped = skipped_models(manifest, (), planned.plan)
    return BuildReport(planned.plan.reason, {}, (), (), skipped, seconds, published=None)


def _check_sources_loaded(settings: Settings, reader: Reader) -> None:
    """Better one line here than an error of the first model that finds no raw table."""
    schemas = {schema for schema, _ in reader.relations()}
    for source in settings.sources:
        if reader.warehouse.schema(f"raw_{source}") not in schemas:
            raise BuildError(
                f"{source} is switched on but was never loaded into {reader.warehouse.label}",
                remedy=f"Run `basketline ingest {source}` first, or take {source} out of SOURCES",
            )
