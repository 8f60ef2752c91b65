"""What Dagster loads: one graph from raw table to report."""

import dagster as dg

from ingestion.settings import Settings
from orchestration.defs.checks.targets import target_checks
from orchestration.defs.ingestion.assets import LOADS, ingestion_assets, loads_resource
from orchestration.defs.ml.models import ml_assets
from orchestration.defs.schedules import daily_schedule
from orchestration.defs.sensors import sensors
from orchestration.defs.transformation.docs import docs_asset
from orchestration.defs.transformation.functions import functions_assets
from orchestration.defs.transformation.models import model_assets
from orchestration.lib.ahead import WorkAhead
from orchestration.lib.load_processes import LoadProcesses
from orchestration.lib.manifest import prepare_manifest
from orchestration.lib.session import open_settings


def build_definitions(settings: Settings, loads: LoadProcesses | None = None) -> dg.Definitions:
    """Assets, checks, schedule and sensors for the sources that are switched on.

    Args:
        settings: Name warehouse and sources.
        loads: The loads of a run that are under way; unset, a run begins its own.
    """
    manifest = prepare_manifest(settings)
    ahead = WorkAhead()
    models = model_assets(settings, manifest, ahead)
    specs = [spec for part in models for spec in part.specs]
    keys = {spec.key for spec in specs}
    return dg.Definitions(
        assets=[
            *ingestion_assets(settings),
            *models,
            *ml_assets(settings, keys, ahead),
            *functions_assets(settings, specs, manifest),
            docs_asset(settings, specs),
        ],
        asset_checks=target_checks(settings, keys),
        schedules=[daily_schedule(settings)],
        sensors=sensors(settings),
        resources={LOADS: loads or loads_resource(settings)},
        executor=dg.in_process_executor,
    )


@dg.definitions
def definitions() -> dg.Definitions:
    """As the settings say; read when Dagster asks, not at import."""
    return build_definitions(open_settings())
