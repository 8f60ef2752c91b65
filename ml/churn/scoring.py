"""What the model says of customers today: a row each, and the sum of it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from ml.churn import features as read
from ml.churn.model import ChurnModel
from ml.churn.reasons import actions, drivers

LAST_PURCHASE_TOO_LONG_AGO = "last_purchase_too_long_ago"
UNSCORED = "unscored"
LEVELS = ("critical", "high", "medium", "low", UNSCORED)

COLUMNS = (
    "customer_key",
    "churn_probability",
    "churn_probability_30d",
    "risk_level",
    "confidence",
    "drivers",
    "recommended_action",
    "no_score_reason",
)


def score(model: ChurnModel | None, features: pd.DataFrame, reason: str | None) -> pd.DataFrame:
    """Scores customers.

    Args:
        model: None where there is none that may speak.
        features: Rows of `fct_customer_features` of one snapshot.
        reason: Why there is no model.

    Returns:
        A row a customer with `COLUMNS`, by customer_key; where there is no score, the reason.
    """
    rows = features.sort_values("customer_key").reset_index(drop=True)
    if model is None:
        return _unscored(rows, reason or "no_model")
    near = read.eligible(rows, model.settings.eligible_days)
    told = [_scored(model, rows[near]), _unscored(rows[~near], LAST_PURCHASE_TOO_LONG_AGO)]
    scores = pd.concat([part for part in told if len(part)] or told[:1])
    return scores.sort_values("customer_key").reset_index(drop=True)


def _scored(model: ChurnModel, rows: pd.DataFrame) -> pd.DataFrame:
    x = read.matrix(rows)
    probability = model.probability(x)
    names = np.array([name for name, _ in model.settings.levels], object)
    levels = pd.Series(names[model.level(probability)], index=rows.index, dtype=object)
    reasons = drivers(model.read(x), model.contributions(x))
    return pd.DataFrame(
        {
            "customer_key": rows["customer_key"],
            "churn_probability": probability,
            "churn_probability_30d": model.probability_soon(x),
            "risk_level": levels,
            "confidence": model.confidence(x),
            "drivers": [json.dumps(told) for told in reasons],
            "recommended_action": actions(levels, rows),
            "no_score_reason": None,
        },
        columns=list(COLUMNS),
    )


def _unscored(rows: pd.DataFrame, reason: str) -> pd.DataFrame:
    scores = pd.DataFrame({"customer_key": rows["customer_key"]}).reindex(columns=list(COLUMNS))
    numbers = ["churn_probability", "churn_probability_30d", "confidence"]
    texts = ["risk_level", "drivers", "recommended_action"]
    scores = scores.astype({**dict.fromkeys(numbers, np.float64), **dict.fromkeys(texts, object)})
    scores[texts] = None
    return scores.assign(no_score_reason=reason)


def summarise(scores: pd.DataFrame) -> pd.DataFrame:
    """Sums scores up: a row a risk level, and one of who has no score.

    Expected churn is the sum of the probabilities: of no purchase within the horizon, and within
    the nearer one.
    """
    level = scores["risk_level"].where(scores["churn_probability"].notna(), UNSCORED)
    grouped = scores.groupby(level)
    sums = grouped[["churn_probability", "churn_probability_30d"]].sum().reindex(LEVELS).fillna(0.0)
    counts = grouped.size().reindex(LEVELS).fillna(0).astype(np.int64)
    return pd.DataFrame(
        {
            "risk_level": list(LEVELS),
            "customer_count": counts.to_numpy(),
            "customer_share": (counts / max(1, len(scores))).to_numpy(np.float64),
            "expected_churn_count": sums["churn_probability"].to_numpy(np.float64),
            "expected_churn_count_30d": sums["churn_probability_30d"].to_numpy(np.float64),
        }
    )
