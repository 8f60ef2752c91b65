"""`basketline run`: the daily job, here and now."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestion.settings import Settings


def run() -> None:
    """Load every source that is switched on, build what has to be built, write the docs."""
    from orchestration.commands.sandbox import demo_sandbox
    from orchestration.lib.session import open_settings

    settings = open_settings()
    with demo_sandbox():
        run_and_show(settings)


def run_and_show(settings: Settings) -> None:
    """The daily job, with its lines on the terminal.

    Args:
        settings: Name warehouse and sources.
    """
    from orchestration.lib.terminal import say

    with _lines_on_terminal():
        say(f"Daily run: {', '.join(settings.sources)}")
        from orchestration.lib.daily import run_daily

        done = run_daily(settings)
    say(f"Done in {done.seconds:.1f} s; Dagster shows it as run {done.run_id[:8]} (make dagster).")


@contextmanager
def _lines_on_terminal() -> Iterator[None]:
    """Shows what the project logs while the block runs."""
    logger = logging.getLogger("basketline")
    handler = _TerminalHandler(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _TerminalHandler(logging.Handler):
    """Log lines as lines for the reader; errors are told by the command itself."""

    def emit(self, record: logging.LogRecord) -> None:
        from ingestion.errors import redact
        from orchestration.lib.terminal import say

        if record.levelno < logging.ERROR:
            say(redact(record.getMessage()))
