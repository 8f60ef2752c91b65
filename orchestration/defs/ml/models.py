"""The models as assets: marts in, tables of the schema `ml` out, which dbt reads again."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial

import dagster as dg

from ingestion.errors import IngestionError
from ingestion.settings import Settings
from orchestration.defs.policies import warehouse_pool
from orchestration.lib.ahead import WorkAhead
from orchestration.lib.planner import OWN
from orchestration.models.archetypes import write_archetypes
from orchestration.models.churn import write_churn
from orchestration.models.everything import Model, run_model
from orchestration.models.experiments import write_experiments
from orchestration.models.growth import write_growth
from orchestration.models.lifetime_values import write_lifetime_values
from orchestration.models.pictures import data_uri
from orchestration.models.runs import ModelReport

GUARD = "newest_fit_is_good"

ModelEvent = dg.MaterializeResult[None] | dg.AssetCheckResult


@dataclass(frozen=True)
class _Step:
    """A model, what it writes and what it reads.

    Attributes:
        name: Of the step.
        model: What runs.
        writes: Tables of `ml`.
        reads: Schema and name.
        description: Of its tables.
        is_guarded: Whether a fit may be refused; the last good one speaks on.
    """

    name: str
    model: Model
    writes: tuple[str, ...]
    reads: tuple[tuple[str, str], ...]
    description: str
    is_guarded: bool = False


FEATURES = ("marts", "fct_customer_features")
STEPS = (
    _Step(
        "fit_archetypes",
        write_archetypes,
        ("archetype_memberships", "archetypes", "archetype_models", "archetype_drift"),
        (FEATURES,),
        "Archetypes of every snapshot by fuzzy c-means: fitted weekly, told daily.",
    ),
    _Step(
        "value_customers",
        write_lifetime_values,
        ("customer_lifetime_values",),
        (FEATURES,),
        "Net revenue that a customer is expected to bring: fitted weekly, told daily.",
        is_guarded=True,
    ),
    _Step(
        "score_churn",
        write_churn,
        ("churn_scores", "churn_summary"),
        (FEATURES, ("marts", "fct_orders")),
        "How likely a customer does not buy again: fitted weekly, told daily.",
        is_guarded=True,
    ),
    _Step(
        "project_growth",
        write_growth,
        ("growth_projections",),
        (
            *(FEATURES, ("marts", "fct_sales_movements")),
            *((OWN, "archetype_memberships"), (OWN, "churn_scores")),
        ),
        "Customers and revenue of the next two years, with bands.",
    ),
    _Step(
        "analyse_experiments",
        write_experiments,
        ("experiment_results",),
        (("marts", "fct_experiment_variants"),),
        "Uplift, interval and p-value of each variant, and whether the split is fair.",
    ),
)


def ml_assets(
    settings: Settings, made: Collection[dg.AssetKey], ahead: WorkAhead
) -> list[dg.AssetsDefinition]:
    """A step a model; none where the project describes no customers.

    Args:
        settings: Name the warehouse.
        made: Keys that dbt makes.
        ahead: What was done already.
    """
    if dg.AssetKey(FEATURES) not in made:
        return []
    return [_asset(settings, step, ahead) for step in STEPS]


def model_tasks(settings: Settings) -> dict[str, Callable[[], ModelReport]]:
    """What each step does, in the order in which they read each other.

    Args:
        settings: Name the warehouse.
    """
    return {step.name: partial(run_model, settings, step.model) for step in STEPS}


def _asset(settings: Settings, step: _Step, ahead: WorkAhead) -> dg.AssetsDefinition:
    task = model_tasks(settings)[step.name]
    guard = dg.AssetCheckSpec(
        GUARD,
        asset=dg.AssetKey([OWN, step.writes[0]]),
        description="The newest fit is better than what it has to beat.",
    )

    @dg.multi_asset(
        name=step.name,
        specs=[
            dg.AssetSpec(
                [OWN, table],
                deps=[dg.AssetKey(key) for key in step.reads],
                group_name=OWN,
                description=step.description,
                kinds={"python"},
            )
            for table in step.writes
        ],
        check_specs=[guard] if step.is_guarded else [],
        pool=warehouse_pool(settings),
    )
    def run(context: dg.AssetExecutionContext) -> Iterator[ModelEvent]:
        try:
            report = ahead.result(context.run.run_id, step.name, task)
        except IngestionError as error:
            raise dg.Failure(str(error), allow_retries=error.is_transient) from error
        metadata = _metadata(report)
        for table in step.writes:
            yield dg.MaterializeResult(asset_key=[OWN, table], metadata=metadata)
        if step.is_guarded:
            passed, told = not report.is_refused, str(report)
            yield dg.AssetCheckResult(
                asset_key=guard.asset_key, check_name=GUARD, passed=passed, description=told
            )

    return run


def _metadata(report: ModelReport) -> dict[str, dg.MetadataValue]:
    """What a run did, what was fitted and measured, and its pictures."""
    told = {
        "outcome": report.outcome,
        "reason": report.reason or "none",
        "model": report.model_version or "none",
        "as of": f"{report.as_of}",
    }
    return {
        **{name: dg.MetadataValue.text(text) for name, text in told.items()},
        "rows read": dg.MetadataValue.int(report.row_count),
        "measures": dg.MetadataValue.json(json.loads(json.dumps(dict(report.metrics)))),
        **{
            title: dg.MetadataValue.md(data_uri(picture, title))
            for title, picture in report.pictures.items()
        },
    }
