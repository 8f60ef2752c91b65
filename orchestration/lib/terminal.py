"""What commands write: tables and progress on stdout, one line for what went wrong on stderr."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table
from rich.text import Text

SECONDS_BETWEEN_LINES = 10.0
SECONDS_BETWEEN_UPDATES = 0.2

# A file or a pipe has no width: tables there may be wider than a small terminal.
PIPE_WIDTH = 140

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """One line for the reader, without markup."""
    out.print(text, markup=False)


def complain(text: str) -> None:
    """One line about what went wrong."""
    err.print(text, markup=False, style="red")


def table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None
) -> None:
    """A table; numbers stand right, with thousands apart.

    Args:
        headings: One a column.
        rows: Cells; None is empty, `mark` gives coloured ones.
        title: Above it.
    """
    shown = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    cells = [list(row) for row in rows]
    for position, heading in enumerate(headings):
        is_number = any(isinstance(row[position], int | float) for row in cells)
        shown.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    for row in cells:
        shown.add_row(*(cell if isinstance(cell, Text) else escape(_text(cell)) for cell in row))
    if not out.is_terminal:
        out.width = PIPE_WIDTH
    out.print(shown)


def mark(text: str, *, good: bool, quiet: bool = False) -> Text:
    """A cell that is green, red where something is to be done, or grey where nothing matters."""
    return Text(text, style="dim" if quiet else "green" if good else "red")


class Ticker:
    """Tells how far a command is: on a terminal in place, elsewhere a line now and then."""

    def __init__(self, status: Status | None) -> None:
        self._status = status
        self._started = self._last = time.monotonic()

    def tell(self, text: str) -> None:
        """Says what is going on; may be called as often as you like."""
        now = time.monotonic()
        pause = SECONDS_BETWEEN_UPDATES if self._status else SECONDS_BETWEEN_LINES
        if now - self._last < pause:
            return
        self._last = now
        if self._status:
            self._status.update(f"{escape(text)} [dim]{now - self._started:.0f} s[/dim]")
        else:
            say(f"{text} ({now - self._started:.0f} s)")


@contextmanager
def ticking(text: str) -> Iterator[Ticker]:
    """Shows progress as long as the block runs.

    Args:
        text: What is going on at first.

    Yields:
        The ticker.
    """
    if not out.is_terminal:
        yield Ticker(None)
        return
    with out.status(escape(text)) as status:
        yield Ticker(status)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
