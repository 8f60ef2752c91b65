"""The dbt project as assets: the same planned build as on the command line."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Self

import dagster as dg
from dagster_dbt import dbt_assets

from ingestion.errors import IngestionError
from ingestion.settings import Settings
from orchestration.defs.ml.models import model_tasks
from orchestration.defs.policies import warehouse_pool
from orchestration.lib.ahead import WorkAhead
from orchestration.lib.build import (
    build,
    build_after_models,
    build_before_models,
    has_models,
    skipped_so_far,
)
from orchestration.lib.build_plan import BUILD
from orchestration.lib.build_records import FAILED
from orchestration.lib.build_report import BuildReport
from orchestration.lib.dbt import NodeDone, NodeResult, run_dbt, run_results
from orchestration.lib.docs_site import docs_beside
from orchestration.lib.planner import OF_MODELS, SkippedModels
from orchestration.lib.translator import LayerTranslator, NodeIndex
from orchestration.lib.warehouse import open_reader

logger = logging.getLogger("basketline.build")

Beside = Callable[[], AbstractContextManager[None]]
BuildEvent = dg.MaterializeResult[None] | dg.AssetCheckResult
DOCS_STEP = "docs__site"
BEFORE, AFTER = "build_models", "build_scored_models"
BUILT = ("success", "pass", "warn")


@dataclass(frozen=True)
class Done:
    """What a step has done, beside what dbt says of it.

    Attributes:
        reason: Why its part was built; empty where there was no plan.
        skipped: What was left as it is.
        beside: What goes on while Dagster records it.
    """

    reason: str = ""
    skipped: tuple[SkippedModels, ...] = ()
    beside: Beside | None = None

    @classmethod
    def of(cls, report: BuildReport | None, beside: Beside | None) -> Self:
        """A build that has ended."""
        return cls(report.reason, report.skipped, beside) if report else cls(beside=beside)


def model_assets(
    settings: Settings, manifest_path: Path, ahead: WorkAhead
) -> list[dg.AssetsDefinition]:
    """Every model, seed and snapshot, with dbt's tests as checks.

    The whole graph is built as planned: models whose upstream received nothing are left as they
    are and reported with the reason. Chosen assets are built without a plan. What reads the tables
    of the project's own models is a step of its own: they run between the two.

    Args:
        settings: Where they are built.
        manifest_path: dbt's manifest for these settings.
        ahead: Does the work of the steps that follow while Dagster records the first.
    """
    manifest = json.loads(manifest_path.read_text())
    step = partial(_step, settings, manifest)
    docs = partial(docs_beside, settings)
    if not has_models(settings):

        def whole(context: dg.AssetExecutionContext) -> Done:
            return Done.of(build(settings, **_HEARD), docs if _has(context, DOCS_STEP) else None)

        return [step(BEFORE, whole)]

    def before(context: dg.AssetExecutionContext) -> Done:
        first = build_before_models(settings, **_HEARD)
        rest = partial(build_after_models, first, on_node=_log_node)
        tasks: dict[str, Callable[[], Any]] = {**model_tasks(settings), AFTER: rest}
        beside = partial(ahead.begun, context.run.run_id, tasks) if _has(context, *tasks) else None
        return Done(first.planned.plan.reason, skipped_so_far(first), beside)

    def after(context: dg.AssetExecutionContext) -> Done:
        report = ahead.result(context.run.run_id, AFTER, partial(_build_after, settings))
        return Done.of(report, docs if _has(context, DOCS_STEP) else None)

    return [step(BEFORE, before, exclude=OF_MODELS), step(AFTER, after, select=OF_MODELS)]


def _step(
    settings: Settings,
    manifest: Mapping[str, Any],
    name: str,
    run: Callable[[dg.AssetExecutionContext], Done],
    *,
    select: str = "fqn:*",
    exclude: str = "",
) -> dg.AssetsDefinition:
    """A step that builds a part of the project.

    Args:
        settings: Where it is built.
        manifest: dbt's.
        name: Of the step.
        run: Builds all of the part.
        select: The part, as dbt selects.
        exclude: What is none of it.
    """
    translator = LayerTranslator()

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        name=name,
        pool=warehouse_pool(settings),
        select=select,
        exclude=exclude,
    )
    def models(context: dg.AssetExecutionContext) -> Iterator[BuildEvent]:
        index = NodeIndex(manifest, context.assets_def, translator)
        events = _Events(context, settings, index)
        try:
            done = _build_chosen(context, settings, index) if context.is_subset else run(context)
        except IngestionError as error:
            logger.error("%s", error)
            yield from events.of_failure()
            raise dg.Failure(str(error), allow_retries=error.is_transient) from error
        recorded = events.of_success(done)
        # Dagster takes its time for a thousand events: what comes next is done beside.
        with done.beside() if done.beside else nullcontext():
            yield from recorded

    return models


def _has(context: dg.AssetExecutionContext, *steps: str) -> bool:
    """Whether a run has all of these steps."""
    return {*steps} <= {node.name for node in context.job_def.nodes}


def _build_after(settings: Settings) -> BuildReport | None:
    """Builds what reads the models in a run that takes up a failed one.

    It has no plan: the next build does the whole of it again.
    """
    run_dbt(settings, [*BUILD, "--select", OF_MODELS], on_node=_log_node)
    return None


def _build_chosen(context: dg.AssetExecutionContext, settings: Settings, index: NodeIndex) -> Done:
    """Builds chosen assets with the functions over them: there is no plan."""
    chosen = context.selected_asset_keys
    selection = [*index.selection(chosen), *index.functions_over(chosen)]
    run_dbt(settings, ["build", "--select", *selection], on_node=_log_node)
    return Done()


class _Events:
    """Tells Dagster what dbt did."""

    def __init__(
        self, context: dg.AssetExecutionContext, settings: Settings, index: NodeIndex
    ) -> None:
        self._settings = settings
        self._index = index
        self._keys = set(context.selected_asset_keys)
        self._checks = set(context.selected_asset_check_keys)

    def of_success(self, done: Done) -> Iterator[BuildEvent]:
        """What was built, and what was left as it is: that counts as up to date, and says why."""
        results = run_results(self._settings)
        reasons = {name: group.reason for group in done.skipped for name in group.names}
        built = self._materialized(results, reasons, done.reason)
        return chain(built, self._checked(results))

    def of_failure(self) -> Iterator[BuildEvent]:
        """What was built before something failed, and the checks that did run."""
        results = run_results(self._settings)
        if results:
            yield from self._materialized(results, {}, "not in the plan of this build")
            yield from self._checked(results)

    def _materialized(
        self, results: tuple[NodeResult, ...], reasons: Mapping[str, str], otherwise: str
    ) -> Iterator[BuildEvent]:
        """One event an asset that was asked for, upstream first; rows are counted at once."""
        rows = self._row_counts(results)
        return self._materializations(results, rows, reasons, otherwise)

    def _materializations(
        self,
        results: tuple[NodeResult, ...],
        rows: Mapping[str, int],
        reasons: Mapping[str, str],
        otherwise: str,
    ) -> Iterator[BuildEvent]:
        by_id = {result.unique_id: result for result in results}
        for unique_id, key in self._index.in_order():
            result = by_id.get(unique_id)
            if key not in self._keys or (result and result.status not in BUILT):
                continue
            because = reasons.get(key.path[-1], otherwise)
            metadata = _of_built(result, rows) if result else _of_skipped(because)
            yield dg.MaterializeResult(asset_key=key, metadata=metadata)

    def _checked(self, results: tuple[NodeResult, ...]) -> Iterator[BuildEvent]:
        for result in results:
            check = self._index.check_key(result.unique_id)
            if check and check in self._checks and result.status != "skipped":
                yield _check_result(check, result)

    def _row_counts(self, results: tuple[NodeResult, ...]) -> dict[str, int]:
        """Rows of every table that was built, in one query; views are left out."""
        built = {
            result.unique_id: self._index.relation(result.unique_id)
            for result in results
            if result.kind in ("model", "seed", "snapshot")
            and result.status in BUILT
            and self._index.is_stored(result.unique_id)
        }
        if not built:
            return {}
        counts = " union all ".join(
            f"select '{unique_id}' as unique_id, count(*) as row_count from {schema}.{name}"
            for unique_id, (schema, name) in built.items()
        )
        with open_reader(self._settings) as reader:
            return {unique_id: int(count) for unique_id, count in reader.rows(counts)}


def _of_built(result: NodeResult, rows: Mapping[str, int]) -> dict[str, Any]:
    counted = {"dagster/row_count": rows[result.unique_id]} if result.unique_id in rows else {}
    return {"rebuilt": True, "seconds": round(result.seconds, 2), **counted}


def _of_skipped(because: str) -> dict[str, Any]:
    return {"rebuilt": False, "because": because}


def _check_result(check: dg.AssetCheckKey, result: NodeResult) -> dg.AssetCheckResult:
    is_error = result.status in FAILED
    return dg.AssetCheckResult(
        asset_key=check.asset_key,
        check_name=check.name,
        passed=result.status == "pass",
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        metadata={"status": result.status, "message": result.message or "none"},
    )


def _log_node(node: NodeDone) -> None:
    """A line for every model, and for every test that does not pass."""
    if node.kind not in ("test", "unit_test") or node.status != "pass":
        logger.info(
            "%d/%d %s %s %s %.1f s",
            node.index,
            node.total,
            node.status,
            node.kind,
            node.name,
            node.seconds,
        )


_HEARD: dict[str, Any] = {"on_plan": lambda plan: logger.info("%s", plan), "on_node": _log_node}
