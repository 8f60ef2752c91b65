"""One run: a fit where one is asked for, the scores of the day, and what there is to tell of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from ml.churn import features as read
from ml.churn.model import ChurnModel
from ml.churn.scoring import score, summarise
from ml.churn.settings import ChurnSettings
from ml.churn.training import ChurnFit, fit

VERSION_DIGITS = 12


@dataclass(frozen=True)
class ChurnRun:
    """What came of a run.

    Attributes:
        scores: Rows of `ml.churn_scores`: one a customer of the day, with a score or a reason.
        summary: Rows of `ml.churn_summary`: one a risk level, and one of who has no score.
        model: What has to be kept for the next run, as JSON takes it; None where no model speaks.
        model_version: Its name: the same data and settings give the same one.
        is_refitted: Whether the model is of this run.
        reason: Why this run's fit gave no model; None where it did, or none was asked for.
        metadata: Of the run and its evaluation, as JSON takes it.
        calibration_curve: A row a bin of the newest split; None where nothing was evaluated.
    """

    scores: pd.DataFrame
    summary: pd.DataFrame
    model: dict[str, Any] | None
    model_version: str | None
    is_refitted: bool
    reason: str | None
    metadata: dict[str, Any]
    calibration_curve: pd.DataFrame | None


def run_churn(
    features: pd.DataFrame,
    purchases: pd.DataFrame,
    as_of: date,
    scored_at: datetime,
    *,
    kept: dict[str, Any] | None = None,
    refit: bool = True,
    settings: ChurnSettings | None = None,
) -> ChurnRun:
    """Fits, unless a kept model is to speak, and scores the customers of the day.

    A fit that gives no model, or one below its baselines, leaves the kept model in force.

    Args:
        features: Rows of `fct_customer_features` of every snapshot, the day's among them.
        purchases: A row a purchase to the day: customer_key and purchase_date.
        as_of: Last complete day of the data.
        scored_at: Written to the tables, in UTC.
        kept: `model` of the last run that had one.
        refit: Whether to fit anew; without a kept model that can be read it is done anyway.
        settings: Of a fit.
    """
    last_good = _readable(kept)
    found = fit(features, purchases, as_of, settings) if refit or last_good is None else None
    fresh = found.model if found else None
    reason = found.reason if found else None
    stored = kept if last_good else None
    if fresh:
        stored = _stored(fresh, as_of)
    version = stored["version"] if stored else None

    is_today = read.days(features, "snapshot_date") == pd.Timestamp(as_of)
    scores = score(fresh or last_good, features[is_today.to_numpy()], reason)
    said: dict[str, Any] = {"model_version": version, "score_date": as_of, "scored_at": scored_at}
    summary = summarise(scores)
    return ChurnRun(
        scores=scores.assign(**said),
        summary=summary.assign(**said),
        model=stored,
        model_version=version,
        is_refitted=fresh is not None,
        reason=reason,
        metadata=_told(found, summary) | {"as_of": as_of.isoformat(), "model_version": version},
        calibration_curve=found.evaluation.curve if found and found.evaluation else None,
    )


def _readable(kept: dict[str, Any] | None) -> ChurnModel | None:
    """The kept model; none where it reads other columns than there are today."""
    try:
        return ChurnModel.from_dict(kept["model"]) if kept else None
    except ValueError:
        return None


def _stored(model: ChurnModel, as_of: date) -> dict[str, Any]:
    numbers = model.to_dict()
    text = json.dumps(numbers, sort_keys=True, allow_nan=False)
    digits = hashlib.sha256(text.encode()).hexdigest()[:VERSION_DIGITS]
    return {"version": f"churn_{as_of.isoformat()}_{digits}", "model": numbers}


def _told(found: ChurnFit | None, summary: pd.DataFrame) -> dict[str, Any]:
    customers = summary.set_index("risk_level")["customer_count"]
    return {
        **(found.card() if found else {"reason": None}),
        "is_refitted": found is not None and found.model is not None,
        "customers_by_risk": {str(level): int(count) for level, count in customers.items()},
    }
