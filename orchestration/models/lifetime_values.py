"""Values of the coming year, a customer: fitted weekly, told daily."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from orchestration.lib.warehouse import Reader
from orchestration.models.pictures import values_picture
from orchestration.models.runs import (
    Clock,
    Fitted,
    ModelReport,
    Runs,
    fingerprint,
    note,
    read_features,
)
from orchestration.models.tables import Writer, check_there, writing
from orchestration.models.weeks import fit_day, fit_days

if TYPE_CHECKING:
    import pandas as pd

NAME = "lifetime_value"
TABLE = "customer_lifetime_values"
READS = ("marts", "fct_customer_features")
AMOUNTS = ("probabilistic_clv_amount", "clv_low_amount", "clv_high_amount")
NUMBERS = (*AMOUNTS, "alive_probability", "expected_order_count")


def write_lifetime_values(reader: Reader, clock: Clock) -> ModelReport:
    """Fits where a week has begun, and values the customers of the newest snapshot.

    Args:
        reader: Open, with the warehouse for itself.
        clock: UTC without a zone.

    Returns:
        What was done.

    Raises:
        ModelError: The features were never built.
    """
    from ml.lifetime_value.value import COLUMNS, VALUE_COLUMN

    started = clock()
    check_there(reader, READS, ("ml", TABLE), ("ml", "model_runs"))
    columns = ("customer_key", "snapshot_date", *COLUMNS, VALUE_COLUMN)
    features = read_features(reader, ", ".join(columns))
    if features.empty:
        return ModelReport(NAME, None, "no_model", "no_customers", 0, None)
    snapshots = dict(iter(features.groupby(features["snapshot_date"].dt.date)))
    newest = max(snapshots)
    runs = Runs(reader)
    kept = runs.fits(NAME)
    wanted = fit_day(newest, snapshots, kept)
    refused = runs.refusal(NAME, *fit_days(newest)) if kept and wanted not in kept else None
    customers = snapshots[newest].reset_index(drop=True)
    prints = {newest.isoformat(): fingerprint(customers, f"{wanted}")}
    fitted, last = kept.get(wanted), kept[max(kept)] if kept else None
    if runs.fingerprints(NAME) == prints:
        version = last.version if last else None
        return ModelReport(NAME, version, "unchanged", refused, len(customers), newest)
    is_due, reason = fitted is None and refused is None, refused
    if is_due:
        fitted, reason = _fit(snapshots[wanted], wanted)
    last = fitted or last
    valued = _valued(customers, newest, last, reason)
    report = ModelReport(
        NAME,
        last.version if last else None,
        "published" if fitted else "kept_last" if last else "no_model",
        reason,
        len(customers),
        newest,
        metrics=_metrics(valued, last),
        pictures={"values": values_picture(valued)},
    )
    with writing(reader) as writer:
        _write(writer, valued, report, clock())
        times = (started, clock())
        if is_due:
            rows, parameters = len(snapshots[wanted]), fitted.parameters if fitted else None
            of_fit = replace(report, row_count=rows, as_of=wanted, metrics={}, pictures={})
            note(writer, of_fit, action="fit", times=times, parameters=parameters)
        note(writer, report, action="score", times=times, fingerprints=prints)
    return report


def _write(writer: Writer, valued: pd.DataFrame, report: ModelReport, moment: dt.datetime) -> None:
    """Replaces the values of the day."""
    writer.delete(TABLE, f"score_date = date '{report.as_of}'")
    rows = valued.assign(model_version=report.model_version, score_date=report.as_of)
    writer.insert(TABLE, rows.assign(scored_at=moment))


def _fit(customers: pd.DataFrame, day: dt.date) -> tuple[Fitted | None, str | None]:
    """A model, or why there is none."""
    from ml.errors import NotModelledError
    from ml.lifetime_value.value import LifetimeValue

    try:
        model = LifetimeValue().fit(customers)
    except NotModelledError as error:
        return None, error.reason
    return Fitted(f"{NAME}_{day:%Y%m%d}", day, model.parameters), None


def _valued(
    customers: pd.DataFrame, as_of: dt.date, fitted: Fitted | None, reason: str | None
) -> pd.DataFrame:
    """A row a customer, by key: values to the cent's hundredth part, or why there are none."""
    from ml.lifetime_value.value import LifetimeValue

    keys = customers[["customer_key"]]
    if fitted is None:
        nothing = dict.fromkeys(NUMBERS, float("nan"))
        return keys.assign(**nothing, next_purchase_date=None, no_value_reason=reason)
    model = LifetimeValue.from_parameters(fitted.parameters)
    values = model.predict(customers, as_of)
    dates = values["next_purchase_date"].astype(object)
    rounded = values.assign(next_purchase_date=dates.where(dates.notna(), None))
    return keys.join(rounded.round(dict.fromkeys(AMOUNTS, 4)))


def _metrics(valued: pd.DataFrame, fitted: Fitted | None) -> dict[str, object]:
    if fitted is None:
        return {"valued": 0, "without_value": len(valued)}
    has_value = valued["probabilistic_clv_amount"].notna()
    return {
        "valued": int(has_value.sum()),
        "without_value": int((~has_value).sum()),
        "total_value": round(float(valued["probabilistic_clv_amount"].sum()), 2),
        "expected_orders": round(float(valued["expected_order_count"].sum()), 2),
        "mean_alive_probability": round(float(valued["alive_probability"].mean()), 6)
        if has_value.any()
        else None,
        **{
            f"{part}_{name}": round(float(value), 6)
            for part in ("purchases", "spend")
            for name, value in fitted.parameters[part].items()
        },
        "fitted_rows": fitted.parameters["row_count"],
    }
