"""Chances that customers do not buy again: fitted weekly, told daily with the last good model."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from orchestration.lib.warehouse import Reader
from orchestration.models.pictures import calibration_picture
from orchestration.models.runs import (
    Clock,
    ModelReport,
    Outcome,
    Runs,
    fingerprint,
    note,
    read_features,
)
from orchestration.models.tables import check_there, mart_name, read_frame, writing
from orchestration.models.weeks import monday_before

if TYPE_CHECKING:
    import pandas as pd

    from ml.churn import ChurnRun

NAME = "churn"
TABLES = ("churn_scores", "churn_summary", "model_runs")
READS = (("marts", "fct_customer_features"), ("marts", "fct_orders"))


def write_churn(reader: Reader, clock: Clock) -> ModelReport:
    """Fits where a week has begun, and scores the customers of the newest snapshot.

    Args:
        reader: Open, with the warehouse for itself.
        clock: UTC without a zone.

    Returns:
        What was done.

    Raises:
        ModelError: What it reads was never built.
    """
    from ml.churn import run_churn

    started = clock()
    check_there(reader, *READS, *(("ml", table) for table in TABLES))
    features = read_features(reader)
    if features.empty:
        return ModelReport(NAME, None, "no_model", "no_customers", 0, None)
    as_of = features["snapshot_date"].max().date()
    purchases = _purchases(reader, as_of)
    runs = Runs(reader)
    kept = runs.newest_fit(NAME)
    is_due = kept is None or kept.as_of < monday_before(as_of)
    prints = {as_of.isoformat(): fingerprint(features) + fingerprint(purchases)}
    if runs.fingerprints(NAME) == prints:
        version = kept.version if kept else None
        return ModelReport(NAME, version, "unchanged", None, len(features), as_of)
    moment = clock()
    run = run_churn(
        features, purchases, as_of, moment, kept=kept.parameters if kept else None, refit=is_due
    )
    report = _report(run, len(features), as_of)
    with writing(reader) as writer:
        for table, rows in (("churn_scores", run.scores), ("churn_summary", run.summary)):
            writer.delete(table, f"score_date = date '{as_of}'")
            writer.insert(table, rows)
        times = (started, clock())
        if run.is_refitted:
            note(writer, report, action="fit", times=times, parameters=run.model)
        note(writer, report, action="score", times=times, fingerprints=prints)
    return report


def _purchases(reader: Reader, as_of: dt.date) -> pd.DataFrame:
    return read_frame(
        reader,
        "select customer_key, order_date as purchase_date"
        f" from {mart_name(reader, 'fct_orders')} where counts_as_purchase"
        f" and customer_key is not null and order_date <= date '{as_of}'"
        " order by customer_key, order_date",
    )


def _report(run: ChurnRun, row_count: int, as_of: dt.date) -> ModelReport:
    """A fit that may not speak leaves the last one in force, or nobody has a score."""
    said: Outcome = "published" if run.reason is None else "kept_last"
    curve = run.calibration_curve
    return ModelReport(
        NAME,
        run.model_version,
        said if run.model is not None else "no_model",
        run.reason,
        row_count,
        as_of,
        metrics=run.metadata,
        pictures={"calibration": calibration_picture(curve)} if curve is not None else {},
    )
