"""The experiments' statistics as an asset, after their mart."""

import datetime as dt

import dagster as dg

from ingestion.errors import IngestionError
from ingestion.settings import Settings
from orchestration.defs.policies import warehouse_pool
from orchestration.lib.experiments import TABLE, write_experiments

MART = "fct_experiment_variants"


def experiments_assets(
    settings: Settings, models: dg.AssetsDefinition
) -> list[dg.AssetsDefinition]:
    """What fills `ml.experiment_results`, as an asset; none where the project has no such mart.

    Args:
        settings: Name the warehouse.
        models: The dbt assets.

    The key is not the table's: dbt reads the table too, and the models would wait for themselves.
    """
    mart = [spec.key for spec in models.specs if spec.key.path[-1] == MART]
    if not mart:
        return []

    @dg.asset(
        key=["analyses", TABLE],
        deps=mart,
        group_name="analyses",
        kinds={"python"},
        description="Uplift, interval and p-value of each variant, and whether the split is fair.",
        pool=warehouse_pool(settings),
    )
    def experiment_results() -> dg.MaterializeResult[None]:
        try:
            report = write_experiments(settings, now=dt.datetime.now(dt.UTC))
        except IngestionError as error:
            raise dg.Failure(str(error), allow_retries=error.is_transient) from error
        return dg.MaterializeResult(
            metadata={
                "experiments": report.experiment_count,
                "variants": report.variant_count,
                "suspicious splits": len(report.suspicious),
            }
        )

    return [experiment_results]
