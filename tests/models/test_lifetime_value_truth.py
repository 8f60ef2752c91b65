"""Expected orders, held against those that came: by decile, in a planted world and at CDNOW."""

import datetime as dt
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.lifetime_value.purchases import BetaGeoNBD, ModifiedBetaGeoNBD
from ml.lifetime_value.value import DAYS_A_MONTH, LifetimeValue
from tests.models.printed import show

MONTHS = 12
TOTAL, DECILE, STANDARD_ERRORS = 0.05, 0.10, 3
DRAWS = 400
WEEKS = 39
"""CDNOW's sample is 78 weeks long: the literature learns from one half and foretells the other."""


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_expected_orders_come_decile_by_decile(world):
    rows = a_year_ago(world)
    cutoff = rows["snapshot_date"].iloc[0].date()
    told = LifetimeValue(months=MONTHS).fit(rows).predict(rows, cutoff)
    has_value = told["no_value_reason"].isna().to_numpy()
    rows, told = rows[has_value], told[has_value]
    history = rows[["repeat_purchase_day_count", "recency_days", "observed_days"]].to_numpy(float)
    population = ModifiedBetaGeoNBD.from_parameters(**world.parameters)
    orders = pd.DataFrame(
        {
            "came": purchase_days(world, rows["customer_key"], cutoff),
            "model": told["expected_order_count"].to_numpy(),
            "true parameters": population.expected_purchases(history, MONTHS * DAYS_A_MONTH),
            "as the year before": rows["purchase_day_count_365d"].to_numpy(float),
        }
    )
    rng = np.random.default_rng(0)
    drawn = population.draw_purchases(history, MONTHS * DAYS_A_MONTH, DRAWS, rng)
    found = by_decile(orders, drawn.var(axis=1))
    show(f"{len(rows):,} customers, the year after {cutoff}", found)
    assert has_value.mean() > 0.99
    assert (found["off by"] <= found["bound"]).all()


@pytest.mark.slow
def test_cdnow_is_foretold_as_by_the_package_of_the_field():
    """The sample that the literature quotes, with the half that it holds out.

    Nobody knows its ceiling: these customers bought more again than any such model expects.
    """
    lifetimes = pytest.importorskip("lifetimes.fitters.beta_geo_fitter")
    rows, came = cdnow()
    columns = [rows[name] for name in ("frequency", "recency", "age")]
    peer = lifetimes.BetaGeoFitter().fit(*columns)
    orders = pd.DataFrame(
        {
            "came": came,
            "model": BetaGeoNBD().fit(rows).expected_purchases(rows, WEEKS),
            "MBG/NBD": ModifiedBetaGeoNBD().fit(rows).expected_purchases(rows, WEEKS),
            "lifetimes": peer.conditional_expected_number_of_purchases_up_to_time(WEEKS, *columns),
            "as before": rows["frequency"].astype(float),
        }
    )
    found = by_decile(orders)
    show(f"CDNOW: {len(rows):,} customers, {WEEKS} weeks", found[[*orders]])
    assert orders["model"].to_numpy() == pytest.approx(orders["lifetimes"].to_numpy(), rel=2e-3)
    off = found.loc[:10, ["model", "MBG/NBD", "as before"]].sub(found.loc[:10, "came"], axis=0)
    assert off["model"].abs().sum() < 0.5 * off["as before"].abs().sum()
    assert off["MBG/NBD"].abs().sum() < 0.5 * off["as before"].abs().sum()


def a_year_ago(world):
    """Customers as of the newest month's end that a whole year has followed."""
    rows = world.features
    last = pd.Timestamp(world.as_of) - pd.Timedelta(days=MONTHS * DAYS_A_MONTH)
    ends = rows.loc[rows["snapshot_date"].dt.is_month_end, "snapshot_date"]
    return rows[rows["snapshot_date"] == ends[ends <= last].max()].reset_index(drop=True)


def purchase_days(world, customers, cutoff):
    """Days with a purchase within the months after the cut-off, a customer."""
    at = pd.to_datetime(world.purchases["purchase_date"])
    end = pd.Timestamp(cutoff) + dt.timedelta(days=round(MONTHS * DAYS_A_MONTH))
    bought = world.purchases[(at > pd.Timestamp(cutoff)) & (at <= end)].drop_duplicates()
    return customers.map(bought["customer_key"].value_counts()).fillna(0.0).to_numpy()


def cdnow():
    """Histories of the first half in weeks, and the purchase days of the second."""
    package = Path(importlib.util.find_spec("lifetimes").origin).parent
    columns = ["customer", "number", "day", "disks", "amount"]
    sales = pd.read_csv(
        package / "datasets" / "CDNOW_sample.txt", sep=r"\s+", names=columns, dtype={"day": str}
    )
    days = sales.assign(day=pd.to_datetime(sales["day"]))[["number", "day"]].drop_duplicates()
    end = days["day"].min() + pd.Timedelta(weeks=WEEKS) - pd.Timedelta(days=1)
    known, later = days[days["day"] <= end], days[days["day"] > end]
    of_customer = known.groupby("number")["day"]
    first, last = of_customer.min(), of_customer.max()
    rows = pd.DataFrame(
        {
            "frequency": of_customer.size() - 1,
            "recency": (last - first).dt.days / 7,
            "age": (end - first).dt.days / 7,
        }
    )
    came = later["number"].value_counts().reindex(rows.index, fill_value=0)
    return rows.reset_index(drop=True), came.to_numpy(float)


def by_decile(orders, variance=0.0):
    """Sums of each decile of the model's expectation, and of all, with how far off they may be.

    Standard errors are those of a parametric bootstrap: of what may come, by who knows the law.
    What came itself would not do: where little came, it seems to have varied little.
    """
    deciles = pd.qcut(orders["model"].rank(method="first"), 10, labels=range(1, 11))
    found = orders.groupby(deciles, observed=True).sum()
    error = np.sqrt(pd.Series(variance, orders.index).groupby(deciles, observed=True).sum())
    found["off by"] = (found["came"] / found["model"] - 1).abs()
    found["bound"] = np.maximum(DECILE, STANDARD_ERRORS * error / found["model"])
    found.loc["all"] = orders.sum()
    found.loc["all", "off by"] = abs(orders["came"].sum() / orders["model"].sum() - 1)
    found.loc["all", "bound"] = TOTAL
    return found
