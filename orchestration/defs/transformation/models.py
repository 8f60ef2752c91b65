"""The dbt project as assets: the same planned build as on the command line."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from dagster_dbt import dbt_assets

from ingestion.errors import IngestionError
from ingestion.settings import Settings
from orchestration.defs.policies import warehouse_pool
from orchestration.lib.build import BuildReport, build
from orchestration.lib.dbt import FAILED, NodeDone, NodeResult, run_dbt, run_results
from orchestration.lib.planner import BuildPlan
from orchestration.lib.translator import LayerTranslator, NodeIndex
from orchestration.lib.warehouse import open_reader

logger = logging.getLogger("basketline.build")

BuildEvent = dg.MaterializeResult[None] | dg.AssetCheckResult
BUILT = ("success", "pass", "warn")


def model_assets(settings: Settings, manifest_path: Path) -> dg.AssetsDefinition:
    """Every model, seed and snapshot, with dbt's tests as checks.

    The whole graph is built as planned: models whose upstream received nothing are left as they
    are and reported with the reason. Chosen assets are built without a plan.

    Args:
        settings: Where they are built.
        manifest_path: dbt's manifest for these settings.
    """
    translator = LayerTranslator()
    manifest = json.loads(manifest_path.read_text())

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        name="build_models",
        pool=warehouse_pool(settings),
    )
    def models(context: dg.AssetExecutionContext) -> Iterator[BuildEvent]:
        index = NodeIndex(manifest, context.assets_def, translator)
        events = _Events(context, settings, index)
        try:
            report = _build(context, settings, index)
        except IngestionError as error:
            logger.error("%s", error)
            yield from events.of_results()
            raise dg.Failure(str(error), allow_retries=error.is_transient) from error
        yield from events.of_results()
        if report:
            yield from events.of_skipped(report)

    return models


def _build(
    context: dg.AssetExecutionContext, settings: Settings, index: NodeIndex
) -> BuildReport | None:
    """The planned build; of chosen assets those, and no report."""
    if not context.is_subset:
        return build(settings, on_plan=_log_plan, on_node=log_node)
    selection = index.selection(context.selected_asset_keys)
    run_dbt(settings, ["build", "--select", *selection], on_node=log_node)
    return None


class _Events:
    """Tells Dagster what dbt did."""

    def __init__(
        self, context: dg.AssetExecutionContext, settings: Settings, index: NodeIndex
    ) -> None:
        self._settings = settings
        self._index = index
        self._keys = set(context.selected_asset_keys)
        self._checks = set(context.selected_asset_check_keys)

    def of_results(self) -> Iterator[BuildEvent]:
        """One event a node that ran and was asked for."""
        results = run_results(self._settings)
        rows = self._row_counts(results)
        for result in results:
            key = self._index.asset_key(result.unique_id)
            check = self._index.check_key(result.unique_id)
            if key and key in self._keys and result.status in BUILT:
                self._keys.discard(key)
                yield _materialized(key, result, rows)
            elif check and check in self._checks and result.status != "skipped":
                yield _checked(check, result)

    def of_skipped(self, report: BuildReport) -> Iterator[BuildEvent]:
        """What was left as it is counts as up to date, and says why."""
        reasons = {name: group.reason for group in report.skipped for name in group.names}
        for key in sorted(self._keys):
            because = reasons.get(key.path[-1], report.reason)
            yield dg.MaterializeResult(
                asset_key=key, metadata={"rebuilt": False, "because": because}
            )

    def _row_counts(self, results: tuple[NodeResult, ...]) -> dict[str, int]:
        """Rows of every table that was built, in one query."""
        built = {
            result.unique_id: self._index.relation(result.unique_id)
            for result in results
            if result.kind in ("model", "seed", "snapshot") and result.status in BUILT
        }
        if not built:
            return {}
        counts = " union all ".join(
            f"select '{unique_id}' as unique_id, count(*) as row_count from {schema}.{name}"
            for unique_id, (schema, name) in built.items()
        )
        with open_reader(self._settings) as reader:
            return {unique_id: int(count) for unique_id, count in reader.rows(counts)}


def _materialized(
    key: dg.AssetKey, result: NodeResult, rows: dict[str, int]
) -> dg.MaterializeResult[None]:
    counted = {"dagster/row_count": rows[result.unique_id]} if result.unique_id in rows else {}
    metadata = {"rebuilt": True, "seconds": round(result.seconds, 2), **counted}
    return dg.MaterializeResult(asset_key=key, metadata=metadata)


def _checked(check: dg.AssetCheckKey, result: NodeResult) -> dg.AssetCheckResult:
    is_error = result.status in FAILED
    return dg.AssetCheckResult(
        asset_key=check.asset_key,
        check_name=check.name,
        passed=result.status == "pass",
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        metadata={"status": result.status, "message": result.message or "none"},
    )


def log_node(node: NodeDone) -> None:
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


def _log_plan(plan: BuildPlan) -> None:
    what = "nothing" if plan.is_empty else "everything" if plan.is_everything else "a part"
    logger.info("building %s: %s", what, plan.reason)
