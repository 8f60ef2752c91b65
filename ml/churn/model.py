"""The fitted model: numbers alone, which it is kept as and made of again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ml.churn.blend import Blend
from ml.churn.calibration import Calibration
from ml.churn.rhythm import COLUMNS, Rhythm
from ml.churn.settings import ChurnSettings

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Classifier:
    """Log odds with their calibration.

    Attributes:
        blend: Log odds.
        calibration: From them to probabilities.
    """

    blend: Blend
    calibration: Calibration

    def probability(self, x: Floats) -> Floats:
        """Of churn, of rows with the column of the rhythm."""
        return self.calibration.probability(self.blend.log_odds(x))


@dataclass(frozen=True)
class ChurnModel:
    """Foretells who will not buy.

    Attributes:
        settings: What it was fitted to.
        rhythm: Of purchases.
        horizon: Of the horizon.
        short_horizon: Of the nearer one.
        bootstraps: What it might as well have become on other customers of the kind.
    """

    settings: ChurnSettings
    rhythm: Rhythm
    horizon: Classifier
    short_horizon: Classifier
    bootstraps: tuple[Blend, ...]

    def probability(self, x: Floats) -> Floats:
        """Of no purchase within the horizon."""
        return self.horizon.probability(self.read(x))

    def probability_soon(self, x: Floats) -> Floats:
        """Of no purchase in the nearer horizon: never below that of none in the whole."""
        near = self.rhythm.beside(x, self.settings.short_horizon_days)
        return np.maximum(self.short_horizon.probability(near), self.probability(x))

    def contributions(self, x: Floats) -> Floats:
        """What each of `COLUMNS` adds to the log odds of no purchase within the horizon."""
        return self.horizon.blend.contributions(self.read(x))

    def level(self, probability: Floats) -> NDArray[np.int64]:
        """Number of the risk level in `settings.levels`."""
        starts = np.array([start for _, start in self.settings.levels])
        numbers: NDArray[np.int64] = (probability[:, None] < starts[None, :]).sum(axis=1)
        return numbers

    def confidence(self, x: Floats) -> Floats:
        """Share of the bootstrap models that see the same level."""
        own = self.level(self.probability(x))
        calibration, rows = self.horizon.calibration, self.read(x)
        agreeing = np.zeros(len(x))
        for blend in self.bootstraps:
            agreeing += self.level(calibration.probability(blend.log_odds(rows))) == own
        return agreeing / max(1, len(self.bootstraps))

    def read(self, x: Floats) -> Floats:
        """The matrix with the column of the rhythm over the horizon."""
        return self.rhythm.beside(x, self.settings.horizon_days)

    def to_dict(self) -> dict[str, Any]:
        """Numbers, text and lists: JSON that `from_dict` makes the same model of."""
        return {
            "columns": list(COLUMNS),
            "settings": asdict(self.settings),
            "rhythm": self.rhythm.parameters,
            "horizon": _stored(self.horizon),
            "short_horizon": _stored(self.short_horizon),
            "bootstraps": [blend.to_dict() for blend in self.bootstraps],
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The model that `to_dict` told of.

        Raises:
            ValueError: It was fitted on other columns than are read today.
        """
        if tuple(stored.get("columns", ())) != COLUMNS:
            raise ValueError("the stored churn model reads other columns: fit it anew")
        return cls(
            settings=ChurnSettings(**stored["settings"]),
            rhythm=Rhythm(stored["rhythm"]),
            horizon=_restored(stored["horizon"]),
            short_horizon=_restored(stored["short_horizon"]),
            bootstraps=tuple(Blend.from_dict(blend) for blend in stored["bootstraps"]),
        )


def _stored(classifier: Classifier) -> dict[str, Any]:
    return {
        "blend": classifier.blend.to_dict(),
        "calibration": asdict(classifier.calibration),
    }


def _restored(stored: dict[str, Any]) -> Classifier:
    return Classifier(
        blend=Blend.from_dict(stored["blend"]),
        calibration=Calibration(**stored["calibration"]),
    )
