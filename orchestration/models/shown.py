"""Answers of the models for people and for programs, in the forms that metrics have."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from rich.bar import Bar
from rich.markup import escape
from rich.table import Table

from orchestration.errors import ModelError
from orchestration.lib.terminal import PIPE_WIDTH, complain, out, say, table
from orchestration.metrics.definitions import Unit
from orchestration.metrics.shown import BAR_WIDTH, in_unit
from orchestration.models.asked import Fact, Listing, plain

FACT_FORMATS = ("table", "csv", "json")


def show_listing(form: str, listing: Listing, currency: str) -> None:
    """Writes an answer of several rows to stdout.

    Args:
        form: One of `FORMATS`.
        listing: The answer.
        currency: That money is in.
    """
    FORMATS[form](listing, currency)


def show_facts(form: str, facts: Sequence[Fact], currency: str) -> None:
    """Writes what is known of a customer to stdout.

    Args:
        form: One of `FACT_FORMATS`.
        facts: Lines.
        currency: That money is in.
    """
    if form == "table":
        table(("customer", ""), [(fact.label, _told(fact, currency)) for fact in facts])
        return
    records = [(fact.name, plain(fact.value), _reason(fact)) for fact in facts]
    if form == "csv":
        rows = [(name, _flat(value), reason) for name, value, reason in records]
        _write_csv(("fact", "value", "reason"), rows)
        return
    _write_json(
        {name: value for name, value, _ in records}
        | {"reasons": {name: reason for name, _, reason in records if reason}}
    )


def check_format(form: str, known: Sequence[str]) -> None:
    """Refuses what is no format.

    Raises:
        ModelError: It is none.
    """
    if form not in known:
        raise ModelError(f"There is no format {form!r}", remedy=f"There are: {', '.join(known)}")


def _as_table(listing: Listing, currency: str) -> None:
    say(listing.title)
    if not listing.rows:
        say(f"no value: {listing.reason}")
        return
    headings = [column.heading or column.name for column in listing.columns]
    table(headings, [_cells(listing, row, currency) for row in listing.rows])


def _as_bars(listing: Listing, currency: str) -> None:
    say(listing.title)
    if not listing.rows:
        say(f"no value: {listing.reason}")
        return
    place = [column.name for column in listing.columns].index(listing.bar)
    bars = Table(box=None, show_header=False, pad_edge=False)
    for row in listing.rows:
        like = [other for other in listing.rows if not listing.measures or other[0] == row[0]]
        highest = max(float(other[place] or 0.0) for other in like) or 1.0
        value = max(float(row[place] or 0.0), 0.0)
        bar = Bar(highest, 0.0, value, width=BAR_WIDTH)
        told = _cell(row[place], listing.unit(listing.columns[place], row), currency)
        bars.add_row(escape(_label(listing, row)), bar, escape(told))
    if not out.is_terminal:
        out.width = PIPE_WIDTH
    out.print(bars)


def _as_csv(listing: Listing, _: str) -> None:
    names = [column.name for column in listing.columns]
    _write_csv(names, [[plain(cell) for cell in row] for row in listing.rows])
    if not listing.rows:
        complain(f"no value: {listing.reason}")


def _as_json(listing: Listing, currency: str) -> None:
    names = [column.name for column in listing.columns]
    rows = [dict(zip(names, map(plain, row), strict=True)) for row in listing.rows]
    reason = {} if rows else {"reason": listing.reason}
    _write_json({"title": listing.title, "currency": currency, "rows": rows} | reason)


FORMATS: dict[str, Callable[[Listing, str], None]] = {
    "table": _as_table,
    "csv": _as_csv,
    "json": _as_json,
    "chart": _as_bars,
}
"""How an answer can be written, by the word for it."""


def _label(listing: Listing, row: tuple[Any, ...]) -> str:
    """What a bar is of: the texts of its row, the long ones left out."""
    texts = zip(row, listing.columns, strict=True)
    return " ".join(str(cell) for cell, column in texts if not column.unit and not column.is_long)


def _cells(listing: Listing, row: tuple[Any, ...], currency: str) -> list[str]:
    return [
        _cell(value, listing.unit(column, row), currency)
        for value, column in zip(row, listing.columns, strict=True)
    ]


def _cell(value: Any, unit: Unit | None, currency: str) -> str:
    if unit is None:
        return "" if value is None else str(value)
    return in_unit(None if value is None else float(value), unit, currency)


def _told(fact: Fact, currency: str) -> str:
    if fact.value is None:
        return f"no value: {fact.reason}"
    if isinstance(fact.value, list):
        return "; ".join(fact.value)
    return in_unit(float(fact.value), fact.unit, currency) if fact.unit else str(fact.value)


def _reason(fact: Fact) -> str | None:
    return fact.reason if fact.value is None else None


def _flat(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


def _write_csv(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)


def _write_json(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
