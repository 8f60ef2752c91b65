"""What can be asked: metrics and dimensions by name, and the nearest where a name is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence

from orchestration.errors import MetricError
from orchestration.metrics.definitions import MetricDefinition

Filters = tuple[tuple[str, tuple[str, ...]], ...]
"""Dimensions with the values that count."""


def find_metric(metrics: Mapping[str, MetricDefinition], key: str) -> MetricDefinition:
    """A metric by its key.

    Raises:
        MetricError: There is none; with the nearest names.
    """
    if key in metrics:
        return metrics[key]
    raise MetricError(
        f"There is no metric {key!r}",
        remedy=_nearest(key, metrics) or "`basketline metric list` shows all of them",
    )


def read_dimensions(
    metrics: Mapping[str, MetricDefinition], metric: MetricDefinition, asked: Sequence[str]
) -> tuple[str, ...]:
    """Dimensions as given, several in one text apart by commas.

    Raises:
        MetricError: The metric does not have one, or nobody has.
    """
    names = [name.strip() for text in asked for name in text.split(",")]
    return tuple(dict.fromkeys(_dimension(metrics, metric, name) for name in names))


def read_filters(
    metrics: Mapping[str, MetricDefinition], metric: MetricDefinition, asked: Sequence[str]
) -> Filters:
    """Conditions as given, `dimension=value` each; several of one dimension are alternatives.

    Raises:
        MetricError: It is no condition, or the metric does not have the dimension.
    """
    found: dict[str, list[str]] = {}
    for text in asked:
        name, equals, value = text.partition("=")
        if not equals:
            raise MetricError(
                f"--where {text!r} is no condition", remedy="Write dimension=value: store=main"
            )
        found.setdefault(_dimension(metrics, metric, name.strip()), []).append(value)
    return tuple((name, tuple(values)) for name, values in found.items())


def _dimension(metrics: Mapping[str, MetricDefinition], metric: MetricDefinition, name: str) -> str:
    if name in metric.dimensions:
        return name
    known = {dimension for each in metrics.values() for dimension in each.dimensions}
    has = f"It has: {', '.join(metric.dimensions)}"
    if name in known:
        raise MetricError(f"{metric.key} has no dimension {name}", remedy=has)
    raise MetricError(f"There is no dimension {name!r}", remedy=_nearest(name, known) or has)


def _nearest(name: str, names: Collection[str]) -> str:
    near = difflib.get_close_matches(name.lower(), sorted(names), n=3, cutoff=0.4)
    return f"Did you mean {' or '.join(near)}?" if near else ""
