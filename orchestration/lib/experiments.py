"""The experiments' statistics: read from the mart, written to the schema of the models."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from ingestion.destinations import Warehouse
from ingestion.settings import Settings
from orchestration.lib.own_rows import replace_rows
from orchestration.lib.warehouse import open_reader

logger = logging.getLogger("basketline.experiments")

TABLE = "experiment_results"


@dataclass(frozen=True)
class ExperimentsReport:
    """What was written.

    Attributes:
        experiment_count: Experiments.
        variant_count: Rows.
        suspicious: Experiments whose split is not as planned.
    """

    experiment_count: int
    variant_count: int
    suspicious: tuple[str, ...]


def write_experiments(settings: Settings, *, now: dt.datetime) -> ExperimentsReport:
    """Analyses every experiment and replaces `ml.experiment_results`.

    Args:
        settings: Name the warehouse.
        now: When it is written.

    Returns:
        What was written.

    Raises:
        IngestionError: The warehouse cannot be had.
    """
    # Statistics take seconds to import, which whoever only defines assets does not need.
    import pandas as pd

    from ml.experiments import COLUMNS, INPUT, analyse

    warehouse = Warehouse(settings)
    with open_reader(settings, exclusive=True) as reader:
        rows = reader.rows(
            f"select {', '.join(INPUT)} from {warehouse.schema('marts')}.fct_experiment_variants"
        )
        found = analyse(pd.DataFrame(list(rows), columns=list(INPUT)))
        moment = now.astimezone(dt.UTC).replace(tzinfo=None)
        values = [
            (*(None if pd.isna(cell) else cell for cell in row), moment)
            for row in found.astype(object).itertuples(index=False, name=None)
        ]
        table = f"{warehouse.schema('ml')}.{TABLE}"
        replace_rows(
            reader,
            table,
            (*COLUMNS, "analysed_at"),
            values,
            first=[(f"delete from {table}", ())],
        )
    suspicious = found[found["is_split_suspicious"].eq(True)]["experiment_key"]
    return ExperimentsReport(
        found["experiment_key"].nunique(), len(found), tuple(sorted(set(suspicious)))
    )
