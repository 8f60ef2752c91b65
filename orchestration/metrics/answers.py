"""Asks the semantic layer a question and says why, where there is no value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.metrics.definitions import MetricDefinition
from orchestration.metrics.filters import condition
from orchestration.metrics.names import Filters
from orchestration.metrics.periods import Days, Grain, Span, periods, spans

if TYPE_CHECKING:
    from orchestration.metrics.semantic_layer import SemanticLayer

Cell = tuple[dt.date | None, tuple[str, ...]]
"""A period and the values of the dimensions asked by."""


@dataclass(frozen=True)
class Question:
    """What somebody wants to know.

    Attributes:
        metric: Of this metric.
        days: In these days.
        by: Dimensions to tell apart.
        where: Values of dimensions that count.
        grain: Periods to tell apart.
    """

    metric: MetricDefinition
    days: Days
    by: tuple[str, ...] = ()
    where: Filters = ()
    grain: Grain | None = None


@dataclass(frozen=True)
class Row:
    """One value.

    Attributes:
        period: First day of its period, where periods were asked for.
        labels: Values of the dimensions.
        value: The value; None where there is none.
        reason: Why there is none.
    """

    period: dt.date | None
    labels: tuple[str, ...]
    value: float | None
    reason: str = ""


def answer(layer: SemanticLayer, question: Question) -> list[Row]:
    """The values, in the order of periods and dimensions.

    Args:
        layer: Of the warehouse.
        question: What to ask.

    Returns:
        One row a cell with data; without dimensions one a period, data or not.
    """
    values = dict(_ask(layer, question, question.metric.key))
    if not question.by:
        grain = question.grain
        cells = periods(question.days, grain) if grain else [None]
        values = {(cell, ()): values.get((cell, ())) for cell in cells}
    reasons = _reasons(layer, question, values)
    return [
        Row(*cell, value, "" if value is not None else reasons.get(cell, no_rows(question, cell)))
        for cell, value in sorted(values.items(), key=_place)
    ]


def trends_of(
    layer: SemanticLayer, question: Question
) -> dict[tuple[str, ...], list[float | None]]:
    """The values of every group of dimensions, one a period, in their order."""
    assert question.grain, "a trend has periods"
    found = dict(_ask(layer, question, question.metric.key))
    steps = list(periods(question.days, question.grain))
    groups = {labels for _, labels in found}
    return {labels: [found.get((step, labels)) for step in steps] for labels in groups}


def written_sql(layer: SemanticLayer, question: Question) -> str:
    """The SQL that `answer` has the warehouse run for the values."""
    return ";\n\n".join(
        layer.sql(
            [question.metric.key],
            by=_group_by(question, span),
            start=span.days.first,
            end=span.days.last,
            where=_conditions(question),
        )
        for span in spans(question.days, question.grain)
    )


def _place(item: tuple[Cell, float | None]) -> tuple[dt.date, tuple[str, ...]]:
    (period, labels), _ = item
    return period or dt.date.min, labels


def _ask(layer: SemanticLayer, question: Question, key: str) -> Iterator[tuple[Cell, float | None]]:
    for span in spans(question.days, question.grain):
        by = _group_by(question, span)
        for *group, value in _rows(layer, question, span, key, by):
            period = _day(group.pop(0)) if span.grain else span.period
            is_counted = value is not None and (by or value or _has_rows(layer, question, span))
            yield (period, tuple(map(str, group))), float(value) if is_counted else None


def _has_rows(layer: SemanticLayer, question: Question, span: Span) -> bool:
    """Whether 0 is a count; what MetricFlow fills up is 0 without a row too, but in no group."""
    return bool(_rows(layer, question, span, question.metric.key, ["metric_time__day"]))


def _rows(
    layer: SemanticLayer, question: Question, span: Span, key: str, by: list[str]
) -> list[tuple[Any, ...]]:
    """The groups and the value of every row."""
    table = layer.ask(
        [key], by=by, start=span.days.first, end=span.days.last, where=_conditions(question)
    )
    positions = [table.column_names.index(name) for name in (*by, key)]
    return [tuple(row[position] for position in positions) for row in table.rows]


def _day(moment: dt.datetime | dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _group_by(question: Question, span: Span) -> list[str]:
    return [*([f"metric_time__{span.grain}"] if span.grain else []), *question.by]


def _conditions(question: Question) -> list[str]:
    return [condition(dimension, values) for dimension, values in question.where]


def _reasons(
    layer: SemanticLayer, question: Question, values: dict[Cell, float | None]
) -> dict[Cell, str]:
    """Why cells have no value: what stands below the line, and what is not known, tell it."""
    if None not in values.values():
        return {}
    metric = question.metric
    below, unknown = (
        dict(_ask(layer, question, part)) if part in layer.metric_names else {}
        for part in (metric.denominator, metric.unknown)
    )
    return {
        **{cell: f"{metric.numerator} is not known" for cell in below if below[cell]},
        **{cell: f"{metric.denominator} is 0" for cell in below if below[cell] == 0},
        **{cell: f"{metric.unknown}: {unknown[cell]:,.0f}" for cell in unknown if unknown[cell]},
    }


def no_rows(question: Question, cell: Cell | None = None) -> str:
    """That there is nothing to count, in a cell or at all."""
    is_period = cell and cell[0]
    when = f"in this {question.grain}" if is_period else str(question.days)
    filters = " and ".join(f"{name} = {' or '.join(values)}" for name, values in question.where)
    return f"no rows {when}" + (f" with {filters}" if filters else "")
