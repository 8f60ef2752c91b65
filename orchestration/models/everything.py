"""All models, one after the other, as every build has them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ingestion.settings import Settings
from orchestration.lib.warehouse import Reader, open_reader
from orchestration.models.archetypes import write_archetypes
from orchestration.models.churn import write_churn
from orchestration.models.experiments import write_experiments
from orchestration.models.growth import write_growth
from orchestration.models.lifetime_values import write_lifetime_values
from orchestration.models.runs import Clock, ModelReport, utc_now

logger = logging.getLogger("basketline.models")

Model = Callable[[Reader, Clock], ModelReport]

# Growth reads what the others have written.
CUSTOMER_MODELS: tuple[Model, ...] = (
    write_archetypes,
    write_lifetime_values,
    write_churn,
    write_growth,
)
MODELS: tuple[Model, ...] = (*CUSTOMER_MODELS, write_experiments)


def run_model(settings: Settings, model: Model, clock: Clock = utc_now) -> ModelReport:
    """Runs a model on a connection of its own, so that dbt can have the warehouse afterwards.

    Args:
        settings: Name the warehouse.
        model: Which.
        clock: UTC without a zone.

    Returns:
        What it did.

    Raises:
        IngestionError: The warehouse cannot be had, or was never built.
    """
    with open_reader(settings, exclusive=True) as reader:
        report = model(reader, clock)
    logger.info("%s", report)
    return report
