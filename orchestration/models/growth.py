"""Customers and revenue of the next two years, from what was and how likely customers leave."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from orchestration.lib.warehouse import Reader
from orchestration.models.pictures import growth_picture
from orchestration.models.runs import Clock, ModelReport, Runs, fingerprint, note
from orchestration.models.tables import check_there, mart_name, read_frame, table_name, writing

if TYPE_CHECKING:
    import pandas as pd

NAME = "growth"
TABLE = "growth_projections"
READS = (("marts", "fct_customer_features"), ("marts", "fct_sales_movements"))
MODELS_READ = ("archetype_memberships", "churn_scores")

ACTIVE_DAYS = 90
"""Who bought in so many days is active; churn foretells who will not be after as many."""

LARGEST = 20
"""So many archetypes stand alone; the smaller ones together are `others`."""
OTHERS = "others"
YEAR_DAYS = 365


def write_growth(reader: Reader, clock: Clock) -> ModelReport:
    """Projects, unless nothing has changed since the last time.

    Args:
        reader: Open, with the warehouse for itself.
        clock: UTC without a zone.

    Returns:
        What was done.

    Raises:
        ModelError: What it reads was never built.
    """
    started = clock()
    check_there(reader, *READS, *(("ml", table) for table in (TABLE, *MODELS_READ, "model_runs")))
    as_of = read_as_of(reader)
    if as_of is None:
        return ModelReport(NAME, None, "no_model", "no_customers", 0, None)
    history, customers = read_history(reader, as_of), read_active(reader, as_of)
    prints = {as_of.isoformat(): fingerprint(history) + fingerprint(customers)}
    if Runs(reader).fingerprints(NAME) == prints:
        return ModelReport(NAME, None, "unchanged", None, len(customers), as_of)
    rows, reason = _projected(history, _at_the_pace_of(history, customers))
    report = ModelReport(
        NAME,
        f"{NAME}_{as_of:%Y%m%d}" if rows is not None else None,
        "published" if rows is not None else "no_model",
        reason,
        len(customers),
        as_of,
        metrics={"months": len(history), "backtest": _backtest(history)},
        pictures={"growth": growth_picture(rows, history)} if rows is not None else {},
    )
    moment = clock()
    with writing(reader) as writer:
        writer.delete(TABLE, f"as_of_date = date '{as_of}'")
        if rows is not None:
            writer.insert(TABLE, rows.assign(as_of_date=as_of, projected_at=moment))
        note(writer, report, action="score", times=(started, clock()), fingerprints=prints)
    return report


def _projected(
    history: pd.DataFrame, customers: pd.DataFrame
) -> tuple[pd.DataFrame | None, str | None]:
    """Rows of the projection, or why there is none."""
    from ml.errors import NotModelledError
    from ml.growth.projection import project

    try:
        return project(history, customers), None
    except NotModelledError as error:
        return None, error.reason


def read_as_of(reader: Reader) -> dt.date | None:
    """The newest day that customers are described as of."""
    features = mart_name(reader, "fct_customer_features")
    ((day,),) = reader.rows(f"select max(snapshot_date) from {features}")
    return day if day is None or isinstance(day, dt.date) else day.date()


def read_history(reader: Reader, as_of: dt.date) -> pd.DataFrame:
    """Whole months, oldest first: customers won, active at the end, and net revenue.

    The month of the first sale is no whole one.
    """
    customers = read_frame(
        reader,
        "select snapshot_date, sum(case when days_since_first_purchase"
        " < extract(day from snapshot_date) then 1 else 0 end) as new_customers,"
        f" sum(case when days_since_last_purchase < {ACTIVE_DAYS} then 1 else 0 end)"
        f" as active_customers from {mart_name(reader, 'fct_customer_features')}"
        " group by snapshot_date order by snapshot_date",
    )
    revenue = read_frame(
        reader,
        "select extract(year from movement_date) * 12 + extract(month from movement_date) - 1"
        " as month_number, sum(net_amount) as revenue_amount"
        f" from {mart_name(reader, 'fct_sales_movements')}"
        f" where movement_date <= date '{as_of}' group by 1",
    )
    ends = customers[customers["snapshot_date"].dt.is_month_end]
    numbers = ends["snapshot_date"].dt.year * 12 + ends["snapshot_date"].dt.month - 1
    amounts = revenue.set_index("month_number")["revenue_amount"]
    found = ends.assign(
        month=ends["snapshot_date"].dt.to_period("M").dt.to_timestamp(),
        revenue_amount=numbers.map(amounts).fillna(0.0),
    )
    columns = ["month", "new_customers", "active_customers", "revenue_amount"]
    whole: pd.DataFrame = found[columns].iloc[1:]
    return whole.reset_index(drop=True)


def read_active(reader: Reader, as_of: dt.date) -> pd.DataFrame:
    """Active customers with their archetype, chance to leave and revenue of a month."""
    import numpy as np

    from ml.growth.survival import monthly_hazard

    year_ago = as_of - dt.timedelta(days=YEAR_DAYS)
    rows = read_frame(
        reader,
        "select f.customer_key, m.archetype_l1_id as archetype, c.churn_probability,"
        " coalesce(s.net_amount, 0) as net_amount"
        f" from {mart_name(reader, 'fct_customer_features')} as f"
        f" left join {table_name(reader, 'archetype_memberships')} as m"
        " on f.customer_key = m.customer_key and f.snapshot_date = m.snapshot_date"
        f" left join {table_name(reader, 'churn_scores')} as c"
        " on f.customer_key = c.customer_key and f.snapshot_date = c.score_date"
        " left join (select customer_key, sum(net_amount) as net_amount"
        f" from {mart_name(reader, 'fct_sales_movements')}"
        f" where movement_date > date '{year_ago}' and movement_date <= date '{as_of}'"
        " group by customer_key) as s on f.customer_key = s.customer_key"
        f" where f.snapshot_date = date '{as_of}' and f.days_since_last_purchase < {ACTIVE_DAYS}"
        " order by f.customer_key",
    )
    names = rows["archetype"].fillna("unknown").astype(object)
    largest = names.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    probability = rows["churn_probability"].astype(float)
    return rows[["customer_key"]].assign(
        archetype=np.where(names.isin(largest.index[:LARGEST]), names, OTHERS),
        monthly_hazard=monthly_hazard(probability, ACTIVE_DAYS),
        monthly_revenue_amount=rows["net_amount"].astype(float).clip(lower=0.0) / 12,
    )


def _at_the_pace_of(history: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Revenue a customer scaled so that all together bring what active ones brought last year.

    Who is active now has bought more in the last year than those who were active then.
    """
    year = history.iloc[-12:]
    active, own = year["active_customers"].sum(), customers["monthly_revenue_amount"].mean()
    if not active or not own or math.isnan(own):
        return customers
    scale = max(float(year["revenue_amount"].sum()), 0.0) / active / own
    return customers.assign(monthly_revenue_amount=customers["monthly_revenue_amount"] * scale)


def _backtest(history: pd.DataFrame) -> dict[str, Any]:
    """How far earlier projections would have been off, beside a naive one; or why nobody knows."""
    from ml.errors import NotModelledError
    from ml.growth.backtest import backtest

    try:
        table = backtest(history)
    except NotModelledError as error:
        return {"reason": error.reason}
    return {
        str(row["measure"]): {
            name: None if math.isnan(row[name]) else round(float(row[name]), 4)
            for name in ("error", "naive_error", "skill")
        }
        for row in table.to_dict("records")
    }
