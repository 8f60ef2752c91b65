"""Chances that customers do not buy again: fitted weekly, told daily with the last good model."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

from orchestration.lib.environment import variables
from orchestration.lib.warehouse import Reader
from orchestration.models.pictures import calibration_picture
from orchestration.models.runs import (
    Clock,
    Fitted,
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

    from ml.churn import ChurnRun, ChurnSettings

NAME = "churn"
TABLES = ("churn_scores", "churn_summary", "model_runs")
READS = (("marts", "fct_customer_features"), ("marts", "fct_orders"))
VARIABLES = {
    "horizon_days": "churn_horizon_days",
    "eligible_days": "churn_eligible_days",
    "critical": "churn_critical_probability",
    "high": "churn_high_probability",
    "medium": "churn_medium_probability",
}
"""Setting of the model to the variable of the dbt project that says it."""


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
    settings = read_settings(reader)
    runs = Runs(reader)
    kept = _kept(runs, settings)
    monday = monday_before(as_of)
    refused = runs.refusal(NAME, monday, as_of) if kept else None
    is_due = kept is None or (kept.as_of < monday and refused is None)
    prints = {as_of.isoformat(): fingerprint(features, str(settings)) + fingerprint(purchases)}
    if runs.fingerprints(NAME) == prints:
        version = kept.version if kept else None
        return ModelReport(NAME, version, "unchanged", refused, len(features), as_of)
    run = run_churn(
        *(features, purchases, as_of, clock()),
        kept=kept.parameters if kept else None,
        refit=is_due,
        settings=settings,
    )
    report = _report(run, run.reason or refused, len(features), as_of)
    with writing(reader) as writer:
        for table, rows in (("churn_scores", run.scores), ("churn_summary", run.summary)):
            writer.delete(table, f"score_date = date '{as_of}'")
            writer.insert(table, rows)
        times = (started, clock())
        if is_due or run.is_refitted:
            fitted = run.model if run.is_refitted else None
            note(writer, report, action="fit", times=times, parameters=fitted)
        note(writer, report, action="score", times=times, fingerprints=prints)
    return report


def read_settings(reader: Reader) -> ChurnSettings:
    """What churn means, as the project's variables have it."""
    from ml.churn import ChurnSettings

    said = variables(reader.warehouse.settings)
    named = {name: said[variable] for name, variable in VARIABLES.items() if variable in said}
    return ChurnSettings(**named)


def _kept(runs: Runs, settings: ChurnSettings) -> Fitted | None:
    """The last good model, unless it answers another question than is asked now."""
    kept = runs.newest_fit(NAME)
    asked = kept.parameters["model"]["settings"] if kept else None
    return kept if asked == asdict(settings) else None


def _purchases(reader: Reader, as_of: dt.date) -> pd.DataFrame:
    return read_frame(
        reader,
        "select customer_key, order_date as purchase_date"
        f" from {mart_name(reader, 'fct_orders')} where counts_as_purchase"
        f" and customer_key is not null and order_date <= date '{as_of}'"
        " order by customer_key, order_date",
    )


def _report(run: ChurnRun, reason: str | None, row_count: int, as_of: dt.date) -> ModelReport:
    """A fit that may not speak leaves the last one in force for the week, or nobody has a score."""
    said: Outcome = "published" if reason is None else "kept_last"
    curve = run.calibration_curve
    return ModelReport(
        NAME,
        run.model_version,
        said if run.model is not None else "no_model",
        reason,
        row_count,
        as_of,
        metrics=run.metadata,
        pictures={"calibration": calibration_picture(curve)} if curve is not None else {},
    )
