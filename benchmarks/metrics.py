"""Every metric by channel over a year, in SQL and by function, on the bench world in DuckDB.

The slowest five answers are written with their plans to `results/slowest_metrics.md`.
"""

from __future__ import annotations

import textwrap
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.builds import NO_TESTS, Warehouse, with_rows, without_rows
from benchmarks.measure import Row
from benchmarks.raw_rows import raw_rows
from ingestion.settings import Settings
from orchestration.lib.environment import project_dir
from orchestration.metrics.definitions import MetricDefinition, read_metrics

SHOWN_PLANS = 5
REPEATS = 3
MARTS_SECONDS, COMMAND_SECONDS = 15, 3
TARGET_SECONDS = {"additive": 0.3, "state": 0.3, "distinct": 2.0}
PLANS = Path(__file__).parent / "results" / "slowest_metrics.md"
THREADS = 2


@dataclass(frozen=True)
class Answer:
    """A metric, asked in one way.

    Attributes:
        metric: Which.
        way: `SQL` or `function`.
        sql: The question.
        seconds: The median of some.
    """

    metric: MetricDefinition
    way: str
    sql: str
    seconds: float


def measure(folder: Path) -> list[Row]:
    """The slowest answer of each kind, the marts of the categories, and the command line."""
    raw = raw_rows("bench").first
    shop = with_rows(folder / "whole", raw)
    shop.basketline("build")
    metrics = read_metrics(project_dir(Settings(_env_file=None)))
    with duckdb.connect(str(shop.file), read_only=True, config={"threads": THREADS}) as connection:
        answers = sorted(_answers(connection, metrics.values()), key=lambda each: -each.seconds)
        PLANS.write_text(_plans(connection, answers[:SHOWN_PLANS]))
    categories = {metric.category for metric in metrics.values()}
    return [
        *_slowest(answers),
        *_commands(shop, answers),
        _marts(folder, shop, raw, categories),
    ]


def _answers(
    connection: duckdb.DuckDBPyConnection, metrics: Iterable[MetricDefinition]
) -> Iterator[Answer]:
    ((last,),) = connection.execute(
        "select max(date_day) from marts.dim_dates where is_complete"
    ).fetchall()
    days = f"date '{last}' - 364", f"date '{last}'"
    for metric in metrics:
        for way, question in {"SQL": _in_sql, "function": _by_function}.items():
            if sql := question(metric, *days):
                yield Answer(metric, way, sql, _seconds(connection, sql))


def _in_sql(metric: MetricDefinition, first: str, last: str) -> str:
    """From the tall table; what is distinct does not add up, so there is none."""
    if metric.kind == "distinct":
        return ""
    dimension = _dimension(metric)
    newest = f"""and metric_date = (
        select max(metric_date) from reports.rpt_metrics_daily
        where metric_key = '{metric.key}' and dimension = 'all'
            and metric_date between {first} and {last}
    )"""
    return f"""
        select
            dimension_value,
            {metric.scale} * sum(numerator) / nullif(sum(denominator), 0) as ratio,
            sum(numerator) as total
        from reports.rpt_metrics_daily
        where metric_key = '{metric.key}' and dimension = '{dimension}'
            and metric_date between {first} and {last}
            {newest if metric.kind == "state" else ""}
        group by dimension_value
    """


def _by_function(metric: MetricDefinition, first: str, last: str) -> str:
    call = f"functions.calculate_{metric.key}({first}, {last}"
    if _dimension(metric) == "all":
        return f"select {call}) as value"
    return f"select channel_key, {call}, 'channel', channel_key) as value from marts.dim_channels"


def _dimension(metric: MetricDefinition) -> str:
    return "channel" if "channel" in metric.dimensions else "all"


def _seconds(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        connection.execute(sql).fetchall()
        taken.append(time.perf_counter() - start)
    return median(taken)


def _plans(connection: duckdb.DuckDBPyConnection, answers: list[Answer]) -> str:
    """The slowest answers with what DuckDB does for them."""
    parts = ["# The slowest answers\n\nBy channel over a year, on the bench world in DuckDB.\n"]
    for each in answers:
        ((_, plan),) = connection.execute(f"explain analyze {each.sql}").fetchall()
        title = f"## {each.metric.key}, by {each.way}: {each.seconds:.3f} s"
        sql = textwrap.dedent(each.sql).strip()
        parts.append(f"{title}\n\n```sql\n{sql}\n```\n\n```\n{plan}\n```\n")
    return "\n".join(parts)


def _slowest(answers: list[Answer]) -> Iterator[Row]:
    """Of each kind, asked in each way."""
    for kind, target in TARGET_SECONDS.items():
        for way in ("SQL", "function"):
            found = [each for each in answers if (each.metric.kind, each.way) == (kind, way)]
            if found:
                yield Row(
                    f"{len(found)} {kind} metrics by channel, a year, by {way}: "
                    f"the slowest, {found[0].metric.key}",
                    1000 * found[0].seconds,
                    "ms",
                    "their median",
                    1000 * median(each.seconds for each in found),
                    1000 * target,
                )


def _marts(folder: Path, shop: Warehouse, raw: Path, categories: Iterable[str]) -> Row:
    """The marts of the categories built anew."""
    nothing = without_rows(folder / "nothing", raw)
    nothing.dbt("build", *NO_TESTS)
    marts = ("--select", *(f"fct_{category}_metrics_daily" for category in sorted(categories)))
    ours, own = (each.dbt("run", *marts).run.seconds for each in (shop, nothing))
    return Row("the categories' marts built anew", ours, "s", "dbt's own share", own, MARTS_SECONDS)


def _commands(shop: Warehouse, answers: list[Answer]) -> Iterator[Row]:
    """`basketline metric` for the slowest answer of each kind."""
    for kind in TARGET_SECONDS:
        key = next(each.metric.key for each in answers if each.metric.kind == kind)
        seconds = shop.basketline("metric", key).seconds
        yield Row(f"basketline metric {key} ({kind})", seconds, "s", target=COMMAND_SECONDS)
