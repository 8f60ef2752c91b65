"""`basketline metric`: any metric of the catalogue, asked of the warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from orchestration.metrics.definitions import MetricDefinition


def metric(
    what: Annotated[str, typer.Argument(help="A metric's key; or list, or describe.")],
    key: Annotated[str | None, typer.Argument(help="describe: the metric's key.")] = None,
    by: Annotated[
        list[str] | None, typer.Option(help="Dimension to tell apart; may be given several times.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help="dimension=value; several of one dimension are alternatives."),
    ] = None,
    date_from: Annotated[str | None, typer.Option("--from", help="First day.")] = None,
    date_to: Annotated[str | None, typer.Option("--to", help="Last day, inclusive.")] = None,
    last: Annotated[
        str | None, typer.Option(help="The last 90d, 12w, 6m or 1y up to the reporting day.")
    ] = None,
    grain: Annotated[
        str | None, typer.Option(help="A value a day, week, month, quarter or year.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv, json or chart.")] = "table",
    sql: Annotated[bool, typer.Option("--sql", help="Show the SQL and do not run it.")] = False,
) -> None:
    """Show a metric: basketline metric cac --by channel --last 90d."""
    from orchestration.errors import MetricError
    from orchestration.lib.environment import project_dir
    from orchestration.lib.session import open_settings
    from orchestration.lib.terminal import out
    from orchestration.metrics.asked import Wish, fulfil, sql_of
    from orchestration.metrics.definitions import read_metrics
    from orchestration.metrics.names import find_metric, read_dimensions, read_filters
    from orchestration.metrics.ranges import read_grain
    from orchestration.metrics.shown import check_format, show

    settings = open_settings()
    metrics = read_metrics(project_dir(settings))
    if what == "list":
        _list(metrics)
        return
    if what == "describe" and key:
        _describe(find_metric(metrics, key))
        return
    check_format(form)
    if what == "describe" or key:
        raise MetricError(
            f"{what} {key or ''} is not understood",
            remedy="Write: metric list, metric describe cvr, or metric cvr",
        )
    found = find_metric(metrics, what)
    wish = Wish(
        metric=found,
        by=read_dimensions(metrics, found, by or ()),
        where=read_filters(metrics, found, where or ()),
        first=_day(date_from, "--from"),
        last=_day(date_to, "--to"),
        latest=last,
        grain=read_grain(grain) if grain else None,
    )
    if sql:
        typer.echo(sql_of(settings, wish))
        return
    reply = fulfil(settings, wish, with_trends=form == "table" and out.is_terminal)
    show(form, reply, settings.reporting_currency)


def _describe(metric: MetricDefinition) -> None:
    from orchestration.lib.terminal import say
    from orchestration.metrics.catalogue import call_of, formula

    say(f"{metric.label} ({metric.key})")
    say(metric.description)
    say(f"formula: {formula(metric)}")
    say(f"kind: {metric.kind}, unit: {metric.unit}, category: {metric.category}")
    say(f"dimensions: {', '.join(metric.dimensions)}")
    for caveat in metric.caveats:
        say(f"caveat: {caveat}")
    command, function = call_of(metric)
    say(f"example: {command}")
    say(f"in SQL: {function}")


def _day(text: str | None, option: str) -> dt.date | None:
    from orchestration.metrics.ranges import read_day

    return read_day(text, option) if text is not None else None


def _list(metrics: Mapping[str, MetricDefinition]) -> None:
    from orchestration.lib.terminal import table

    table(
        ("#", "metric", "what", "category", "kind", "by"),
        [
            (each.number, key, each.label, each.category, each.kind, ", ".join(each.dimensions))
            for key, each in metrics.items()
        ],
    )
