"""The docs site, written after the models."""

from collections.abc import Sequence

import dagster as dg

from ingestion.errors import IngestionError
from ingestion.settings import Settings
from orchestration.defs.policies import warehouse_pool
from orchestration.lib.docs_site import write_docs

LAST_LAYERS = ("reports", "marts")


def docs_asset(settings: Settings, models: Sequence[dg.AssetSpec]) -> dg.AssetsDefinition:
    """The dbt docs as an asset, downstream of the last layer that has models.

    Args:
        settings: Name the warehouse.
        models: What dbt makes.
    """
    by_layer = [[spec.key for spec in models if spec.group_name == layer] for layer in LAST_LAYERS]

    @dg.asset(
        key=["docs", "site"],
        deps=next(filter(None, by_layer), []),
        group_name="docs",
        kinds={"dbt", "html"},
        description="One page: every model, its columns, tests and lineage. `make docs` opens it.",
        pool=warehouse_pool(settings),
    )
    def site() -> dg.MaterializeResult[None]:
        try:
            page = write_docs(settings)
        except IngestionError as error:
            raise dg.Failure(str(error), allow_retries=error.is_transient) from error
        return dg.MaterializeResult(metadata={"page": str(page), "bytes": page.stat().st_size})

    return site
