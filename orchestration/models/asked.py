"""What people ask of the models: a customer, the archetypes, the risk, the growth."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingestion.settings import Settings
from orchestration.errors import ModelError
from orchestration.lib.warehouse import PATIENCE, Reader, open_reader
from orchestration.metrics.definitions import Unit
from orchestration.models.tables import check_there, mart_name, table_name

TOP_METRICS = {
    "total_ltv": ("total_lifetime_value_amount", "money"),
    "avg_ltv": ("average_lifetime_value_amount", "money"),
    "member_count": ("member_count", "count"),
}
"""What archetypes are ranked by: the mart's column and its unit."""

HORIZONS = (6, 12, 18, 24)
LEVELS = ("critical", "high", "medium", "low", "unscored")
TOTAL = "all"


@dataclass(frozen=True)
class Column:
    """A column of an answer.

    Attributes:
        name: For programs.
        unit: For people; None is text or a date.
        heading: For people, where the name is not good enough.
        is_long: It is too much for a chart.
    """

    name: str
    unit: Unit | None = None
    heading: str = ""
    is_long: bool = False


@dataclass(frozen=True)
class Listing:
    """An answer of several rows.

    Attributes:
        title: What it is, and of which day.
        columns: Its columns.
        rows: Cells in the order of the columns.
        bar: Name of the column that a chart shows.
        reason: Why there is no row.
        measures: Unit of the numbers by what stands in the first column, where it decides.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    bar: str
    reason: str = ""
    measures: Mapping[str, Unit] = field(default_factory=dict)

    def unit(self, column: Column, row: tuple[Any, ...]) -> Unit | None:
        """What a cell is counted in; None is text or a date."""
        return self.measures.get(row[0], column.unit) if column.unit else None


@dataclass(frozen=True)
class Fact:
    """A line of what is known of a customer.

    Attributes:
        name: For programs.
        label: For people.
        value: Text, number, date or texts; None where nobody knows.
        unit: For people.
        reason: Why there is no value.
    """

    name: str
    label: str
    value: Any
    unit: Unit | None = None
    reason: str | None = None


def ask_customer(settings: Settings, name: str) -> tuple[Fact, ...]:
    """What the models say of a customer.

    Args:
        settings: Name the warehouse.
        name: The customer's id, or key.

    Raises:
        ModelError: There is no such customer, or several, or nothing was built yet.
    """
    with open_reader(settings, patience=PATIENCE) as reader:
        tables = ("churn_scores", "customer_lifetime_values", "archetypes")
        marts = (("marts", "fct_customer_current"), ("marts", "dim_customers"))
        check_there(reader, *marts, *(("ml", table) for table in tables))
        key, customer_id = _found(reader, name)
        facts = [Fact("customer_id", "customer", customer_id), Fact("customer_key", "key", key)]
        return (*facts, *_archetype(reader, key), *_value(reader, key), *_risk(reader, key))


def ask_archetypes(settings: Settings, metric: str, limit: int) -> Listing:
    """The archetypes with the most of something.

    Args:
        settings: Name the warehouse.
        metric: One of `TOP_METRICS`.
        limit: At most so many.

    Raises:
        ModelError: There is no such metric, or nothing was built yet.
    """
    if metric not in TOP_METRICS:
        known = ", ".join(TOP_METRICS)
        raise ModelError(f"Archetypes have no metric {metric!r}", remedy=f"There are: {known}")
    with open_reader(settings, patience=PATIENCE) as reader:
        check_there(reader, ("marts", "dim_archetype_l1"))
        rows = reader.rows(
            "select archetype_l1_id, traits, member_count, total_lifetime_value_amount,"
            " average_lifetime_value_amount, average_churn_probability, snapshot_date"
            f" from {mart_name(reader, 'dim_archetype_l1')} where member_count > 0"
        )
    columns = (
        Column("archetype_l1_id", heading="archetype"),
        Column("member_count", "count", "members"),
        Column("total_ltv", "money", "total LTV"),
        Column("avg_ltv", "money", "average LTV"),
        Column("churn_probability", "rate", "churn"),
        Column("traits", is_long=True),
    )
    told = [
        (archetype, members, total, average, churn, "; ".join(json.loads(traits or "[]")))
        for archetype, traits, members, total, average, churn, _ in rows
    ]
    place = [column.name for column in columns].index(metric)
    told.sort(key=lambda row: (row[place] is None, -float(row[place] or 0), row[0]))
    day = f" on {rows[0][6]}" if rows else ""
    title = f"Archetypes by {metric}{day}: {min(limit, len(told))} of {len(told)}"
    reason = "nobody has an archetype yet"
    return Listing(title, columns, tuple(told[:limit]), metric, reason)


def ask_churn(settings: Settings) -> Listing:
    """How many customers are at which risk, and how many are expected not to buy again in time.

    Args:
        settings: Name the warehouse.

    Raises:
        ModelError: Nothing was built yet.
    """
    with open_reader(settings, patience=PATIENCE) as reader:
        check_there(reader, ("ml", "churn_summary"))
        summary = table_name(reader, "churn_summary")
        rows = reader.rows(
            "select risk_level, customer_count, customer_share, expected_churn_count_30d,"
            f" expected_churn_count, score_date from {summary}"
            f" where score_date = (select max(score_date) from {summary})"
        )
    columns = (
        Column("risk_level", heading="risk"),
        Column("customer_count", "count", "customers"),
        Column("customer_share", "rate", "share"),
        Column("expected_churn_count_30d", "count", "without a purchase in 30 days"),
        Column("expected_churn_count", "count", "in 90 days"),
    )
    ordered = sorted(rows, key=lambda row: LEVELS.index(row[0]))
    day = f" on {rows[0][5]}" if rows else ""
    told = tuple(row[:5] for row in ordered)
    return Listing(f"Churn{day}", columns, told, "customer_count", "there are no scores yet")


def ask_growth(settings: Settings, months: int, by: str | None) -> Listing:
    """Customers and revenue in so many months, with the bands in which they lie.

    Args:
        settings: Name the warehouse.
        months: One of `HORIZONS`.
        by: `archetype`, or None for the total.

    Raises:
        ModelError: It is not projected so far ahead, or not by that.
    """
    if months not in HORIZONS:
        known = ", ".join(map(str, HORIZONS))
        raise ModelError(f"Growth is not told for {months} months", remedy=f"There are: {known}")
    if by not in (None, "archetype"):
        raise ModelError(f"Growth is not told by {by!r}", remedy="There is: archetype")
    with open_reader(settings, patience=PATIENCE) as reader:
        check_there(reader, ("ml", "growth_projections"), ("ml", "model_runs"))
        projections = table_name(reader, "growth_projections")
        rows = reader.rows(
            "select measure, archetype, value, low_80, high_80, low_95, high_95, as_of_date"
            f" from {projections} where horizon_months = {months}"
            f" and archetype {'<>' if by else '='} '{TOTAL}'"
            f" and as_of_date = (select max(as_of_date) from {projections})"
            " order by measure, value desc, archetype"
        )
        reason = "" if rows else _why_none(reader, "growth")
    names = ("value", "low_80", "high_80", "low_95", "high_95")
    columns = (
        Column("measure"),
        *([Column("archetype")] if by else []),
        *(Column(name, "count", name.replace("_", " ")) for name in names),
    )
    told = tuple((row[0], *([row[1]] if by else []), *row[2:7]) for row in rows)
    day = f" from {rows[0][7]}" if rows else ""
    title = f"Growth in {months} months{day}"
    measures: Mapping[str, Unit] = {"customers": "count", "revenue": "money"}
    return Listing(title, columns, told, "value", reason, measures)


def _found(reader: Reader, name: str) -> tuple[str, str]:
    """Key and id of the customer meant."""
    quoted = name.replace("'", "''")
    customers = mart_name(reader, "dim_customers")
    rows = reader.rows(
        f"select customer_key, customer_id from {customers}"
        f" where customer_id = '{quoted}' or customer_key = '{quoted}' order by customer_key"
    )
    if not rows:
        remedy = "Ids stand in marts.dim_customers; `basketline segment members` shows some"
        raise ModelError(f"There is no customer {name!r}", remedy=remedy)
    if len(rows) > 1:
        keys = ", ".join(str(key) for key, _ in rows[:3])
        raise ModelError(f"{len(rows)} customers have the id {name!r}", remedy=f"By key: {keys}")
    ((key, customer_id),) = rows
    return str(key), str(customer_id)


def _archetype(reader: Reader, key: str) -> Sequence[Fact]:
    rows = reader.rows(
        "select c.archetype_l1_id, c.archetype_l2_id, c.archetype_l3_id, a.traits,"
        " c.order_count, c.days_since_last_purchase, c.snapshot_date"
        f" from {mart_name(reader, 'fct_customer_current')} as c"
        f" left join {table_name(reader, 'archetypes')} as a"
        " on a.archetype_level = 'l1' and c.archetype_l1_id = a.archetype_id"
        f" where c.customer_key = '{key}'"
    )
    l1, l2, l3, traits, orders, days, day = rows[0] if rows else (None,) * 7
    reason = None if rows else "no archetype: no purchase yet"
    return (
        Fact("archetype_l1_id", "archetype", l1, reason=reason),
        Fact("archetype_l2_id", "with strength", l2, reason=reason),
        Fact("archetype_l3_id", "with second traits", l3, reason=reason),
        Fact("traits", "traits", json.loads(traits) if traits else None, reason=reason),
        Fact("order_count", "orders", orders, "count", reason),
        Fact("days_since_last_purchase", "last purchase before", days, "days", reason),
        Fact("snapshot_date", "as of", day, reason=reason),
    )


def _value(reader: Reader, key: str) -> Sequence[Fact]:
    table = table_name(reader, "customer_lifetime_values")
    rows = reader.rows(
        "select probabilistic_clv_amount, clv_low_amount, clv_high_amount, alive_probability,"
        f" expected_order_count, next_purchase_date, no_value_reason from {table}"
        f" where customer_key = '{key}' order by score_date desc limit 1"
    )
    value, low, high, alive, orders, day, reason = rows[0] if rows else (*(None,) * 6, "not valued")
    return (
        Fact("probabilistic_clv_amount", "value of 12 months", value, "money", reason),
        Fact("clv_low_amount", "at least (80 %)", low, "money", reason),
        Fact("clv_high_amount", "at most (80 %)", high, "money", reason),
        Fact("alive_probability", "still a customer", alive, "rate", reason),
        Fact("expected_order_count", "orders expected", orders, "count", reason),
        Fact("next_purchase_date", "next purchase", day, reason=reason or "not to be expected"),
    )


def _risk(reader: Reader, key: str) -> Sequence[Fact]:
    rows = reader.rows(
        "select churn_probability, churn_probability_30d, risk_level, confidence, drivers,"
        f" recommended_action, no_score_reason from {table_name(reader, 'churn_scores')}"
        f" where customer_key = '{key}' order by score_date desc limit 1"
    )
    chance, soon, level, sure, drivers, action, reason = (
        rows[0] if rows else (*(None,) * 6, "not scored")
    )
    return (
        Fact("churn_probability", "no purchase in 90 days", chance, "rate", reason),
        Fact("churn_probability_30d", "no purchase in 30 days", soon, "rate", reason),
        Fact("risk_level", "risk", level, reason=reason),
        Fact("confidence", "confidence", sure, "rate", reason),
        Fact("drivers", "because", json.loads(drivers) if drivers else None, reason=reason),
        Fact("recommended_action", "what to do", action, reason=reason),
    )


def _why_none(reader: Reader, model: str) -> str:
    """What the model's last run said."""
    rows = reader.rows(
        f"select reason from {table_name(reader, 'model_runs')} where model_name = '{model}'"
        " order by started_at desc limit 1"
    )
    return str(rows[0][0]) if rows and rows[0][0] else "nothing was projected yet"


def plain(value: Any) -> Any:
    """A cell for programs: numbers as numbers, days as text."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | list):
        return value
    return float(value)
