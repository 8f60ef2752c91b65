"""Fits the model on what is known, holds it against what came, and says whether it may speak.

Cut-offs are snapshots whose horizon has passed. Each split is out of time: the newest cut-off is
foretold by who learned from cut-offs whose horizon had passed by then, calibrated on splits that
were over by then, and so on back. The model that is kept has learned from all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.churn import features as read
from ml.churn.baselines import ALIVE, baseline_aucs
from ml.churn.blend import Blend, blend
from ml.churn.calibration import Calibration, calibrate
from ml.churn.evaluate import Metrics, calibration_curve, metrics, roc_auc
from ml.churn.model import ChurnModel, Classifier
from ml.churn.rhythm import Rhythm, find_rhythm
from ml.churn.settings import ChurnSettings
from ml.churn.trees import FULL, SMALL

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

INSUFFICIENT_HISTORY = "insufficient_history"
MODEL_BELOW_BASELINE = "model_below_baseline"


@dataclass(frozen=True)
class Evaluation:
    """How the newest split came out.

    Attributes:
        cutoff: Day of the split.
        model: Metrics of the model.
        baselines: ROC AUC by baseline.
        curve: Calibration, a row a bin of equal count.
        earlier_aucs: ROC AUC of the model on the splits before, by cut-off.
    """

    cutoff: date
    model: Metrics
    baselines: dict[str, float]
    curve: pd.DataFrame
    earlier_aucs: dict[str, float]

    @property
    def is_above_baselines(self) -> bool:
        """Whether the model tells customers apart better than every baseline."""
        return all(self.model.roc_auc > auc for auc in self.baselines.values())


@dataclass(frozen=True)
class ChurnFit:
    """What came of a fit.

    Attributes:
        model: To score with; None where there is a reason not to.
        evaluation: Of the newest split; None where there was too little for one.
        reason: insufficient_history or model_below_baseline; None where the model may speak.
        as_of: Last day of the data.
        training_rows: Customers times cut-offs, which the kept model learned from.
    """

    model: ChurnModel | None
    evaluation: Evaluation | None
    reason: str | None
    as_of: date
    training_rows: int

    def card(self) -> dict[str, Any]:
        """What a model card and the run's metadata say, in numbers and text."""
        told: dict[str, Any] = {
            "as_of": self.as_of.isoformat(),
            "training_rows": self.training_rows,
            "reason": self.reason,
        }
        if self.evaluation is not None:
            told |= {
                "cutoff": self.evaluation.cutoff.isoformat(),
                **self.evaluation.model.as_dict(),
                "baseline_roc_auc": self.evaluation.baselines,
                "earlier_roc_auc": self.evaluation.earlier_aucs,
            }
        return told


@dataclass(frozen=True)
class _Examples:
    """Customers times cut-offs whose horizon has passed: what is learned from."""

    rows: pd.DataFrame
    x: Floats
    at: pd.Series[Any]
    is_near: NDArray[np.bool_]
    labels: Floats
    labels_soon: Floats

    def of(self, day: pd.Timestamp) -> Rows:
        """Those of a cut-off who are asked about."""
        return np.flatnonzero((self.at == day).to_numpy() & self.is_near)

    def before(self, day: pd.Timestamp, horizon_days: int) -> Rows:
        """Those whose horizon had passed by a cut-off."""
        is_past = (self.at <= day - pd.Timedelta(days=horizon_days)).to_numpy()
        return np.flatnonzero(is_past & self.is_near)

    def rhythm(self, known: Rows) -> Rhythm:
        """Of the newest day among rows: of all who had bought by then, near or not."""
        return find_rhythm(self.x[(self.at == self.at.iloc[known].max()).to_numpy()])


@dataclass(frozen=True)
class _Learned:
    """What rows have taught."""

    rhythm: Rhythm
    blend: Blend
    blend_soon: Blend


@dataclass(frozen=True)
class _Split:
    """A cut-off that was foretold by who knew nothing of it."""

    day: pd.Timestamp
    known: Rows
    asked: Rows
    alive: Floats
    log_odds: Floats
    log_odds_soon: Floats


def fit(
    features: pd.DataFrame,
    purchases: pd.DataFrame,
    as_of: date,
    settings: ChurnSettings | None = None,
) -> ChurnFit:
    """Fits and evaluates the model.

    Args:
        features: Rows of `fct_customer_features` of every snapshot; with `alive_probability`, where
            it is known from elsewhere, as the baseline in place of the rhythm's own.
        purchases: A row a purchase to `as_of`: customer_key and purchase_date.
        as_of: Last complete day of the data.
        settings: Of the model.
    """
    settings = settings or ChurnSettings()
    examples = _examples(features, purchases, as_of, settings)
    count = int(examples.is_near.sum())
    splits = _splits(examples, settings)
    if not splits:
        return ChurnFit(None, None, INSUFFICIENT_HISTORY, as_of, count)
    evaluation = _evaluation(examples, splits, settings)
    if not evaluation.is_above_baselines:
        return ChurnFit(None, evaluation, MODEL_BELOW_BASELINE, as_of, count)
    return ChurnFit(_model(examples, splits, settings), evaluation, None, as_of, count)


def _examples(
    features: pd.DataFrame, purchases: pd.DataFrame, as_of: date, settings: ChurnSettings
) -> _Examples:
    dates = read.labelled_dates(features, as_of, settings.horizon_days)
    rows = features[read.days(features, "snapshot_date").isin(dates).to_numpy()]
    rows = rows.sort_values(["snapshot_date", "customer_key"]).reset_index(drop=True)
    return _Examples(
        rows=rows,
        x=read.matrix(rows),
        at=read.days(rows, "snapshot_date"),
        is_near=read.eligible(rows, settings.eligible_days),
        labels=read.has_churned(rows, purchases, settings.horizon_days),
        labels_soon=read.has_churned(rows, purchases, settings.short_horizon_days),
    )


def _splits(examples: _Examples, settings: ChurnSettings) -> list[_Split]:
    """The newest first; a cut-off with too few customers, or with one kind alone, is none."""
    dates = [pd.Timestamp(day) for day in examples.at.drop_duplicates()]
    chosen = read.split_dates(dates, settings.horizon_days, settings.splits) if dates else []
    splits = []
    for day in chosen:
        known, asked = examples.before(day, settings.horizon_days), examples.of(day)
        if not (_is_enough(examples, known, settings) and _is_enough(examples, asked, settings)):
            break
        splits.append(_foretold(examples, day, known, asked, settings))
    return splits


def _is_enough(examples: _Examples, rows: Rows, settings: ChurnSettings) -> bool:
    both = all(
        0 < labels[rows].mean() < 1 if len(rows) else False
        for labels in (examples.labels, examples.labels_soon)
    )
    return both and len(rows) >= settings.fewest_rows


def _foretold(
    examples: _Examples, day: pd.Timestamp, known: Rows, asked: Rows, settings: ChurnSettings
) -> _Split:
    learned, x = _learned(examples, known, settings), examples.x[asked]
    near, soon = settings.horizon_days, settings.short_horizon_days
    return _Split(
        day=day,
        known=known,
        asked=asked,
        alive=learned.rhythm.alive_probability(x),
        log_odds=learned.blend.log_odds(learned.rhythm.beside(x, near)),
        log_odds_soon=learned.blend_soon.log_odds(learned.rhythm.beside(x, soon)),
    )


def _learned(examples: _Examples, known: Rows, settings: ChurnSettings) -> _Learned:
    rhythm = examples.rhythm(known)
    chosen = _sample(known, settings.most_rows, settings.seed)
    blends = [
        blend(rhythm.beside(examples.x[chosen], days), labels[chosen], FULL, settings.seed)
        for days, labels in (
            (settings.horizon_days, examples.labels),
            (settings.short_horizon_days, examples.labels_soon),
        )
    ]
    return _Learned(rhythm, *blends)


def _sample(rows: Rows, most: int, seed: int) -> Rows:
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _calibrated(examples: _Examples, splits: Sequence[_Split]) -> tuple[Calibration, Calibration]:
    """Of the horizon and of the nearer one, on splits that are over."""
    if not splits:
        return Calibration(), Calibration()
    asked = np.concatenate([split.asked for split in splits])
    log_odds = np.concatenate([split.log_odds for split in splits])
    soon = np.concatenate([split.log_odds_soon for split in splits])
    return (
        calibrate(log_odds, examples.labels[asked]),
        calibrate(soon, examples.labels_soon[asked]),
    )


def _evaluation(
    examples: _Examples, splits: Sequence[_Split], settings: ChurnSettings
) -> Evaluation:
    newest, *earlier = splits
    calibration, _ = _calibrated(examples, earlier)
    probability = calibration.probability(newest.log_odds)
    labels = examples.labels[newest.asked]
    known = _sample(newest.known, settings.most_rows, settings.seed)
    return Evaluation(
        cutoff=newest.day.date(),
        model=metrics(labels, probability),
        baselines=baseline_aucs(
            (examples.x[known], examples.labels[known]),
            (examples.x[newest.asked], labels),
            _alive(examples, newest),
        ),
        curve=calibration_curve(labels, probability),
        earlier_aucs={
            split.day.date().isoformat(): roc_auc(examples.labels[split.asked], split.log_odds)
            for split in earlier
        },
    )


def _alive(examples: _Examples, split: _Split) -> Floats:
    """P(alive) of those who are asked about: as it was given, or by their own rhythm."""
    if ALIVE not in examples.rows:
        return split.alive
    given = pd.to_numeric(examples.rows[ALIVE].iloc[split.asked])
    return np.asarray(given, dtype=np.float64)


def _model(examples: _Examples, splits: Sequence[_Split], settings: ChurnSettings) -> ChurnModel:
    every = np.flatnonzero(examples.is_near)
    learned = _learned(examples, every, settings)
    calibration, calibration_soon = _calibrated(examples, splits)
    return ChurnModel(
        settings=settings,
        rhythm=learned.rhythm,
        horizon=Classifier(learned.blend, calibration),
        short_horizon=Classifier(learned.blend_soon, calibration_soon),
        bootstraps=tuple(_bootstraps(examples, every, learned.rhythm, settings)),
    )


def _bootstraps(
    examples: _Examples, every: Rows, rhythm: Rhythm, settings: ChurnSettings
) -> list[Blend]:
    """Small ones on customers drawn with replacement, each with all of their cut-offs."""
    rng = np.random.default_rng(settings.seed)
    codes, keys = pd.factorize(examples.rows["customer_key"].iloc[every])
    order = every[np.argsort(codes, kind="stable")]
    counts = np.bincount(codes, minlength=len(keys))
    starts = np.cumsum(counts) - counts
    share = min(1.0, settings.most_bootstrap_rows / len(codes))
    drawn = max(1, round(share * len(keys)))
    x = rhythm.beside(examples.x, settings.horizon_days)
    blends = []
    for _ in range(settings.bootstraps):
        customers = rng.integers(0, len(keys), drawn)
        rows = np.concatenate([order[starts[who] : starts[who] + counts[who]] for who in customers])
        labels = examples.labels[rows]
        if 0 < labels.mean() < 1:
            blends.append(blend(x[rows], labels, SMALL, settings.seed))
    return blends
