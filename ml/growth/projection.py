"""Customers and revenue of the next two years, by archetype and in total, with bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.errors import NotModelledError
from ml.growth.forecast import YEAR, SeasonalForecast
from ml.growth.survival import log_survival, loss_rates

Floats = NDArray[np.float64]

HISTORY_COLUMNS = ("month", "new_customers", "active_customers", "revenue_amount")
CUSTOMER_COLUMNS = ("archetype", "monthly_hazard", "monthly_revenue_amount")

HORIZONS = (6, 12, 18, 24)
BANDS = {80: (0.1, 0.9), 95: (0.025, 0.975)}
TOTAL = "all"
"""Stands for all archetypes together."""


@dataclass(frozen=True)
class Paths:
    """How the months ahead may go: what all archetypes share.

    Attributes:
        new: New customers; one row a draw, one column a month. So are the others.
        pace: Months of losing customers that have gone by at a month's end.
        revenue: Factor of revenue a customer: season, and chance in the draws.
    """

    new: Floats
    pace: Floats
    revenue: Floats


@dataclass(frozen=True)
class Archetype:
    """What a projection needs of an archetype.

    Attributes:
        name: Its name.
        customers: Active now.
        share: Of new customers that will be of it.
        log_survival: Logarithm of the share left after 0, 1, … months.
        rate: Revenue of an active customer in an average month.
    """

    name: str
    customers: int
    share: float
    log_survival: Floats
    rate: float


def project(
    history: pd.DataFrame,
    customers: pd.DataFrame,
    *,
    horizons: Sequence[int] = HORIZONS,
    draws: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Projects customers and revenue.

    New customers come from a seasonal forecast and are divided among the archetypes as the active
    ones are; both they and who is here now leave by the hazards of their archetype. Revenue is
    active customers times their archetype's mean month times the month's season. The projection
    itself has no chance in it, so that parts add up to the whole. Its bands have: the forecast's
    own paths, months in which more or fewer leave and buy than usual, and each customer's luck.
    Bands of parts do not add up: luck evens out.

    Args:
        history: Whole months, oldest first: `HISTORY_COLUMNS`.
        customers: Active customers, a row each: `CUSTOMER_COLUMNS`; a row without a finite hazard
            counts with the mean of its archetype, or of all.
        horizons: Months ahead.
        draws: For the bands.
        seed: Of the draws.

    Returns:
        One row a horizon, archetype (`all` for the total) and measure (`customers` at the
        horizon's end, `revenue` until then): `value`, `low_80`, `high_80`, `low_95`, `high_95`.

    Raises:
        NotModelledError: Where history or customers do not carry a projection.
        ValueError: Where columns lack.
    """
    _check(history, HISTORY_COLUMNS)
    _check(customers, CUSTOMER_COLUMNS)
    if customers.empty:
        raise NotModelledError("no_customers", "nobody is active")
    months = max(horizons)
    parts = _archetypes(customers, months)
    forecast = SeasonalForecast().fit(history["new_customers"])
    rng = np.random.default_rng(seed)
    points = _points(history, forecast, months)
    paths = _drawn(history, forecast, points, draws, rng)
    rows: list[dict[str, object]] = []
    total = {measure: (np.zeros((1, months)), np.zeros((draws, months))) for measure in MEASURES}
    for part in parts:
        expected, drawn = _grown(part, points), _grown(part, paths, rng)
        for measure in MEASURES:
            total[measure][0][:] += expected[measure]
            total[measure][1][:] += drawn[measure]
            rows += _rows(part.name, measure, expected[measure], drawn[measure], horizons)
    for measure, (point, draw) in total.items():
        rows += _rows(TOTAL, measure, point, draw, horizons)
    return pd.DataFrame(rows)


MEASURES = ("customers", "revenue")


def seasonal_factors(history: pd.DataFrame) -> tuple[Floats, float]:
    """Revenue a customer of each calendar month against the mean, and its spread around that.

    With less than two years there is no season: all factors are 1.
    """
    active = np.maximum(history["active_customers"].to_numpy(dtype=float), 1.0)
    rate = history["revenue_amount"].to_numpy(dtype=float) / active
    calendar = pd.DatetimeIndex(history["month"]).month.to_numpy() - 1
    level = rate.mean() if rate.mean() > 0 else 1.0
    factors = np.ones(YEAR)
    if len(history) >= 2 * YEAR:
        sums, counts = np.bincount(calendar, rate, YEAR), np.bincount(calendar, minlength=YEAR)
        factors = np.maximum(sums / np.maximum(counts, 1) / level, 0.0)
        factors = factors / factors.mean() if factors.mean() > 0 else np.ones(YEAR)
    return factors, float(np.std(rate / level - factors[calendar]))


def _check(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    if lacking := [column for column in columns if column not in frame]:
        raise ValueError(f"the frame lacks {', '.join(lacking)}")


def _archetypes(customers: pd.DataFrame, months: int) -> list[Archetype]:
    hazards = customers["monthly_hazard"].astype(float).replace([np.inf, -np.inf], np.nan)
    if hazards.isna().all():
        raise NotModelledError("no_hazards", "no customer has a chance to leave")
    hazards = hazards.fillna(hazards.groupby(customers["archetype"]).transform("mean"))
    hazards = hazards.fillna(hazards.mean())
    rates = customers["monthly_revenue_amount"].astype(float)
    rates = rates.replace([np.inf, -np.inf], np.nan).groupby(customers["archetype"]).mean()
    rates = rates.fillna(0.0)
    return [
        Archetype(
            str(name),
            len(own),
            len(own) / len(customers),
            log_survival(own.to_numpy(), months),
            float(rates[name]),
        )
        for name, own in hazards.groupby(customers["archetype"])
    ]


def _season_ahead(history: pd.DataFrame, months: int) -> tuple[Floats, float]:
    factors, spread = seasonal_factors(history)
    last = pd.DatetimeIndex(history["month"])[-1].month - 1
    return factors[(last + 1 + np.arange(months)) % YEAR], spread


def _points(history: pd.DataFrame, forecast: SeasonalForecast, months: int) -> Paths:
    season, _ = _season_ahead(history, months)
    pace = np.arange(1.0, months + 1)
    return Paths(forecast.predict(months)[None], pace[None], season[None])


def _drawn(
    history: pd.DataFrame,
    forecast: SeasonalForecast,
    points: Paths,
    draws: int,
    rng: np.random.Generator,
) -> Paths:
    months = points.new.shape[1]
    _, spread = _season_ahead(history, months)
    rates = loss_rates(history)
    usual = rates.mean() if len(rates) else 0.0
    unrest = float(rates.std() / usual) if usual > 0 else 0.0
    shape = (draws, months)
    return Paths(
        forecast.simulate(months, draws, rng),
        np.cumsum(_around_one(unrest, shape, rng), axis=1),
        points.revenue * _around_one(spread, shape, rng),
    )


def _around_one(spread: float, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Positive factors of mean 1 and the spread given."""
    if not spread:
        return np.ones(shape)
    return rng.gamma(1 / spread**2, spread**2, shape)


def _grown(
    part: Archetype, paths: Paths, rng: np.random.Generator | None = None
) -> dict[str, Floats]:
    """Customers at each month's end and revenue until then; with luck where there is a generator.

    Who comes in a month is here at its end, and leaves from the next month on.
    """
    months = paths.new.shape[1]
    known = np.arange(months + 1.0)
    before = np.concatenate([np.zeros((len(paths.pace), 1)), paths.pace], axis=1)
    customers = np.empty(paths.new.shape)
    variance = np.zeros(paths.new.shape)
    for month in range(months):
        gone_by = before[:, [month + 1]] - before[:, : month + 2]
        left = np.exp(np.interp(gone_by, known, part.log_survival))
        came = np.concatenate(
            [
                np.full((len(left), 1), float(part.customers)),
                part.share * paths.new[:, : month + 1],
            ],
            axis=1,
        )
        customers[:, month] = (came * left).sum(axis=1)
        variance[:, month] = (came * left * (1 - left)).sum(axis=1)
    if rng is not None:
        luck = rng.standard_normal((len(customers), 1))
        customers = np.maximum(customers + luck * np.sqrt(variance), 0.0)
    revenue = np.cumsum(customers * part.rate * paths.revenue, axis=1)
    return {"customers": customers, "revenue": revenue}


def _rows(
    name: str, measure: str, point: Floats, drawn: Floats, horizons: Sequence[int]
) -> list[dict[str, object]]:
    rows = []
    for horizon in horizons:
        row: dict[str, object] = {
            "horizon_months": horizon,
            "archetype": name,
            "measure": measure,
            "value": float(point[0, horizon - 1]),
        }
        for share, ends in BANDS.items():
            low, high = np.quantile(drawn[:, horizon - 1], ends)
            # The projection lies within its bands, also where few draws would have it outside.
            row[f"low_{share}"] = float(min(low, point[0, horizon - 1]))
            row[f"high_{share}"] = float(max(high, point[0, horizon - 1]))
        rows.append(row)
    return rows
