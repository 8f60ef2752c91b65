"""Answers for people and for programs: a table, CSV, JSON or bars."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from rich.bar import Bar
from rich.markup import escape
from rich.table import Table

from orchestration.errors import MetricError
from orchestration.lib.terminal import PIPE_WIDTH, complain, out, say, table
from orchestration.metrics.answers import Question, Row, no_rows
from orchestration.metrics.asked import Reply
from orchestration.metrics.definitions import Unit
from orchestration.metrics.key_names import told_apart

BAR_WIDTH = 40
_STEPS = "▁▂▃▄▅▆▇█"
_SUFFIXES: dict[Unit, str] = {"seconds": " s", "minutes": " min", "days": " days"}

Shower = Callable[[Reply, str], None]


def show(form: str, reply: Reply, currency: str) -> None:
    """Writes an answer to stdout.

    Args:
        form: One of `FORMATS`.
        reply: The answer.
        currency: That money is in.
    """
    FORMATS[form](reply, currency)


def check_format(form: str) -> None:
    """Refuses what is no format.

    Raises:
        MetricError: It is none.
    """
    if form not in FORMATS:
        raise MetricError(f"There is no format {form!r}", remedy=f"There are: {', '.join(FORMATS)}")


def in_unit(value: float | None, unit: Unit, currency: str) -> str:
    """A value for people; nothing where there is none."""
    if value is None:
        return ""
    if unit == "rate":
        return f"{100 * value:,.2f} %"
    if unit == "money":
        return f"{value:,.2f} {currency}"
    if unit == "count":
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return f"{value:,.2f}{_SUFFIXES.get(unit, '')}"


def sparkline(values: Sequence[float | None]) -> str:
    """A line of blocks as high as the values are; a blank where there is none."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    lowest, width = min(known), max(known) - min(known)
    top = len(_STEPS) - 1
    return "".join(
        " " if value is None else _STEPS[round((value - lowest) / width * top) if width else 0]
        for value in values
    )


def _as_table(reply: Reply, currency: str) -> None:
    """A table, with the way of each value where that was asked for."""
    question, rows = reply.question, reply.rows
    say(_title(question))
    if not rows:
        say(f"no value: {no_rows(question)}")
        return
    if not question.by and not question.grain:
        (row,) = rows
        say(f"{_told(row, question, currency)} {sparkline(reply.trends.get((), ()))}".rstrip())
        return
    columns = [list(column) for column in zip(*_groups(reply), strict=True)]
    headings = [*_heads(question), question.metric.key]
    columns.append([in_unit(row.value, question.metric.unit, currency) for row in rows])
    if reply.trends:
        headings.append("trend")
        columns.append([sparkline(reply.trends.get(row.labels, ())) for row in rows])
    if any(row.reason for row in rows):
        headings.append("no value because")
        columns.append([row.reason for row in rows])
    table(headings, [*zip(*columns, strict=True)])
    if out.is_terminal and question.grain and not question.by:
        say(sparkline([row.value for row in rows]))


def _as_bars(reply: Reply, currency: str) -> None:
    """Bars from zero, to the right or to the left of it."""
    question, rows = reply.question, reply.rows
    say(_title(question))
    values = [row.value for row in rows if row.value is not None]
    lowest, highest = min([0.0, *values]), max([0.0, *values])
    bars = Table(box=None, show_header=False, pad_edge=False)
    for group, row in zip(_groups(reply), rows, strict=True):
        value = row.value or 0.0
        begin, end = min(value, 0.0) - lowest, max(value, 0.0) - lowest
        bar = Bar(highest - lowest or 1.0, begin, end, width=BAR_WIDTH)
        bars.add_row(escape(" ".join(group)), bar, escape(_told(row, question, currency)))
    if not rows:
        say(f"no value: {no_rows(question)}")
        return
    if not out.is_terminal:
        out.width = PIPE_WIDTH
    out.print(bars)


def _as_csv(reply: Reply, _: str) -> None:
    headings = [*_record_heads(reply), reply.question.metric.key, "reason"]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([record[name] for name in headings] for record in _records(reply))
    if not reply.rows:
        complain(f"no value: {no_rows(reply.question)}")


def _as_json(reply: Reply, currency: str) -> None:
    metric, days = reply.question.metric, reply.question.days
    told = {
        "metric": metric.key,
        "label": metric.label,
        "unit": metric.unit,
        **({"currency": currency} if metric.unit == "money" else {}),
        "from": days.first.isoformat(),
        "to": days.last.isoformat(),
        "rows": _records(reply),
        **({} if reply.rows else {"reason": no_rows(reply.question)}),
    }
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")


FORMATS: dict[str, Shower] = {
    "table": _as_table,
    "csv": _as_csv,
    "json": _as_json,
    "chart": _as_bars,
}
"""How an answer can be written, by the word for it."""


def _record_heads(reply: Reply) -> list[str]:
    """Period and dimensions; beside a key stands its name."""
    heads = _heads(reply.question)
    return [
        name
        for head in heads
        for name in ([head, f"{head}_name"] if reply.names.get(head) else [head])
    ]


def _records(reply: Reply) -> list[dict[str, Any]]:
    """Rows for programs: keys beside names, and a reason where no value is."""
    records = []
    for row in reply.rows:
        keys = [*([str(row.period)] if reply.question.grain else []), *row.labels]
        record: dict[str, Any] = {}
        for head, key in zip(_heads(reply.question), keys, strict=True):
            record[head] = key
            if reply.names.get(head):
                record[f"{head}_name"] = reply.names[head].get(key)
        metric = reply.question.metric.key
        records.append(record | {metric: row.value, "reason": row.reason or None})
    return records


def _groups(reply: Reply) -> list[list[str]]:
    """Period and dimensions of every row, for people."""
    question = reply.question
    apart = [told_apart(reply.names.get(dimension, {})) for dimension in question.by]
    return [
        [
            *([str(row.period)] if question.grain else []),
            *(names.get(key, key) for names, key in zip(apart, row.labels, strict=True)),
        ]
        for row in reply.rows
    ]


def _heads(question: Question) -> list[str]:
    return [*([question.grain] if question.grain else []), *question.by]


def _told(row: Row, question: Question, currency: str) -> str:
    return in_unit(row.value, question.metric.unit, currency) or f"no value: {row.reason}"


def _title(question: Question) -> str:
    days = question.days
    return f"{question.metric.label} ({question.metric.key}), {days.first} to {days.last}"
