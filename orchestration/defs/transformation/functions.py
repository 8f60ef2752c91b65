"""The functions over the marts, which dbt's assets do not have: current after every run."""

import json
from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from ingestion.errors import IngestionError
from ingestion.settings import Settings
from orchestration.defs.policies import warehouse_pool
from orchestration.lib.functions import keep_functions


def functions_assets(
    settings: Settings, models: Sequence[dg.AssetSpec], manifest_path: Path
) -> list[dg.AssetsDefinition]:
    """The functions as one asset after the marts; none where the project has no function.

    Args:
        settings: Name the warehouse.
        models: What dbt makes.
        manifest_path: dbt's manifest for these settings.
    """
    if not json.loads(manifest_path.read_text()).get("functions"):
        return []

    @dg.asset(
        key=["functions", "sql_functions"],
        deps=[spec.key for spec in models if spec.group_name == "marts"],
        group_name="functions",
        kinds={"dbt", "sql"},
        description="Functions of the warehouse, one a metric: functions.calculate_<metric>.",
        pool=warehouse_pool(settings),
    )
    def sql_functions() -> dg.MaterializeResult[None]:
        try:
            report = keep_functions(settings)
        except IngestionError as error:
            raise dg.Failure(str(error), allow_retries=error.is_transient) from error
        return dg.MaterializeResult(
            metadata={
                "functions": report.count,
                "rebuilt": report.is_rebuilt,
                "because": report.because,
            }
        )

    return [sql_functions]
