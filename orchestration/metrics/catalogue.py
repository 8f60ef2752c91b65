"""`docs/metrics.md`: every metric with what it is made of, from its definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from orchestration.metrics.definitions import Fact, Kind, MetricDefinition

NOTE = "<!-- Written by `make metrics` from dbt_project/models/semantic: change that. -->"
_KINDS: dict[Kind, str] = {
    "additive": "additive: days and values of a dimension add up, numerator and denominator apart",
    "distinct": "distinct: counted anew over the days asked for, days do not add up",
    "state": "state: as of the last day of the days asked for",
}
_INTRODUCTION = """\
# The metrics

Every metric in four forms that agree: a column of its category's daily mart \
(`marts.fct_<category>_metrics_daily`), rows of `reports.rpt_metrics_daily`, a function of the \
warehouse, and a metric of dbt's semantic layer, which `basketline metric` asks.

`basketline metric list` shows all of them. A question has a metric, days (`--from --to`, or \
`--last 90d` up to the reporting day; both ends count), dimensions (`--by`), filters \
(`--where store=…`, by key or by name) and periods (`--grain month`, where the first and the last \
may be cut by the days). Money is in the reporting currency. What has no rows, or a denominator of \
0, has no value; the command says which. Values of a dimension are keys, `unknown` or `none` where \
there is none.

**Targets.** The seed `metric_targets` says between what a metric should lie, by dimension and \
from which day on. A complete day outside is a row of `reports.rpt_metric_alerts`; those of the \
newest one are checks that fail in Dagster, and a message to ALERT_WEBHOOK_URL, once as long as \
they last.
"""


def catalogue(metrics: Mapping[str, MetricDefinition], facts: Mapping[str, Fact]) -> str:
    """The page.

    Args:
        metrics: Every metric, by key.
        facts: What components are counted from, by name.
    """
    components = {
        name: (fact, description)
        for fact in facts.values()
        for name, (_, _, description) in fact.components.items()
    }
    sections = [NOTE, _INTRODUCTION]
    for category, group in groupby(metrics.values(), key=lambda metric: metric.category):
        sections.append(f"## {category.capitalize()}\n")
        sections += ["\n".join(_entry(metric, components)) + "\n" for metric in group]
    return "\n".join(sections)


def formula(metric: MetricDefinition) -> str:
    """How the value comes from its components."""
    scale = f"{metric.scale} * " if metric.scale != 1 else ""
    below = f" / {metric.denominator}" if metric.denominator else ""
    known = f", where {metric.unknown} is 0" if metric.unknown else ""
    return f"{scale}{metric.numerator}{below}{known}"


def call_of(metric: MetricDefinition) -> tuple[str, str]:
    """How the metric is asked on the command line, and by its function."""
    dimension = metric.dimensions[0] if metric.dimensions else None
    command = f"basketline metric {metric.key} --last 90d --grain month"
    by = f" --by {dimension}" if dimension else ""
    function = f"functions.calculate_{metric.key}(date '2026-01-01', date '2026-03-31')"
    return command + by, f"select {function}"


def _entry(metric: MetricDefinition, components: Mapping[str, tuple[Fact, str]]) -> Iterator[str]:
    number = f"{metric.number}. " if metric.number else ""
    command, function = call_of(metric)
    yield f"### {number}{metric.label}: `{metric.key}`\n"
    yield f"{metric.description}\n"
    yield f"- Formula: `{formula(metric)}`"
    for part in metric.components:
        fact, description = components[part]
        yield f"  - `{part}`: {description} Counted from `{fact.relation}` by `{fact.date}`."
    yield f"- Unit: {metric.unit}. Grain: day and value of one dimension."
    yield f"- {_KINDS[metric.kind].capitalize()}."
    yield f"- Dimensions: {', '.join(f'`{name}`' for name in metric.dimensions)}."
    yield from (f"- Caveat: {caveat}" for caveat in metric.caveats)
    yield f"- `{command}`"
    yield f"- `{function}`"
