"""From what the command line has to an answer of the warehouse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from ingestion.settings import Settings
from orchestration.errors import MetricError
from orchestration.lib.build_state import BuildStore
from orchestration.lib.warehouse import PATIENCE, Reader, open_reader
from orchestration.metrics.answers import Question, Row, answer, trends_of, written_sql
from orchestration.metrics.definitions import MetricDefinition
from orchestration.metrics.key_names import Names, read_names, with_keys
from orchestration.metrics.names import Filters
from orchestration.metrics.periods import Grain, fine_grain
from orchestration.metrics.ranges import KnownDays, range_of

if TYPE_CHECKING:
    from orchestration.metrics.semantic_layer import SemanticLayer


@dataclass(frozen=True)
class Wish:
    """A question before the warehouse was seen.

    Attributes:
        metric: Of this metric.
        by: Dimensions to tell apart.
        where: Values of dimensions that count, keys or names.
        first: First day, if given.
        last: Last day, if given.
        latest: A length up to the reporting day instead, as `90d`.
        grain: Periods to tell apart.
    """

    metric: MetricDefinition
    by: tuple[str, ...] = ()
    where: Filters = ()
    first: dt.date | None = None
    last: dt.date | None = None
    latest: str | None = None
    grain: Grain | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            raise MetricError(
                f"The range begins on {self.first}, after its end {self.last}",
                remedy="Swap the two days",
            )


@dataclass(frozen=True)
class Reply:
    """An answer with what it takes to show it.

    Attributes:
        question: What was asked.
        rows: The values.
        names: Of keys, by dimension.
        trends: The way of each cell's value through the days, where it was wanted.
    """

    question: Question
    rows: Sequence[Row]
    names: Mapping[str, Names]
    trends: Mapping[tuple[str, ...], Sequence[float | None]] = field(default_factory=dict)


def fulfil(settings: Settings, wish: Wish, *, with_trends: bool = False) -> Reply:
    """Asks the warehouse.

    Args:
        settings: Name it.
        wish: What to ask.
        with_trends: Ask for the way of the values too, where no periods are asked for.

    Raises:
        MetricError: It cannot be told.
        IngestionError: The warehouse cannot be had.
    """
    with _posed(settings, wish) as (layer, question, names):
        rows = sorted(answer(layer, question), key=partial(_place, question, names))
        grain = fine_grain(question.days) if with_trends and not question.grain else None
        trends = trends_of(layer, replace(question, grain=grain)) if grain else {}
        return Reply(question, rows, names, trends)


def _place(question: Question, names: Mapping[str, Names], row: Row) -> tuple[dt.date, list[str]]:
    """Where a row stands: by its period, then by what people read."""
    told = [
        names[dimension].get(label, label)
        for dimension, label in zip(question.by, row.labels, strict=True)
    ]
    return row.period or dt.date.min, told


def sql_of(settings: Settings, wish: Wish) -> str:
    """The SQL that a wish comes to; raises what `fulfil` does."""
    with _posed(settings, wish) as (layer, question, _):
        return written_sql(layer, question)


@contextmanager
def _posed(
    settings: Settings, wish: Wish
) -> Iterator[tuple[SemanticLayer, Question, Mapping[str, Names]]]:
    with open_reader(settings, patience=PATIENCE) as reader:
        days = range_of(_known_days(reader), first=wish.first, last=wish.last, latest=wish.latest)
        asked = {*wish.by, *(dimension for dimension, _ in wish.where)}
        names = {dimension: read_names(reader, dimension) for dimension in sorted(asked)}
        where = with_keys(wish.where, names)
        layer = _layer(settings, reader, wish.metric)
        yield layer, Question(wish.metric, days, wish.by, where, wish.grain), names


def _known_days(reader: Reader) -> KnownDays:
    marts = reader.warehouse.schema("marts")
    if (marts.lower(), "dim_dates") not in reader.relations():
        raise _never_built(reader)
    ((first, as_of, newest),) = reader.rows(
        "select min(date_day), max(case when is_complete then date_day end), max(date_day)"
        f" from {marts}.dim_dates"
    )
    if newest is None:
        raise MetricError(
            f"{reader.warehouse.label} has no days yet", remedy="Load something and build it"
        )
    return KnownDays(first, as_of or newest, newest)


def _layer(settings: Settings, reader: Reader, metric: MetricDefinition) -> SemanticLayer:
    """The semantic layer as the last build made it: what the warehouse has, without a parse."""
    last = BuildStore(settings).last()
    if last is None:
        raise _never_built(reader)
    from orchestration.metrics.semantic_layer import SemanticLayer

    layer = SemanticLayer(last.semantic_manifest, reader.connection, settings.warehouse)
    if metric.key not in layer.metric_names:
        raise MetricError(
            f"{metric.key} is newer than the last build", remedy="Run `basketline build` first"
        )
    return layer


def _never_built(reader: Reader) -> MetricError:
    return MetricError(
        f"{reader.warehouse.label} has no metrics yet", remedy="Run `basketline build` first"
    )
