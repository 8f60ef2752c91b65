"""Loads of several sources side by side, each in a process of its own.

A load computes in Python, and a process of Python computes on one core. Only the writing goes in
turn (`ingestion.turns`).
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

from ingestion.errors import IngestionError, redact
from ingestion.registry import find_source
from ingestion.settings import Settings
from ingestion.summary import LoadSummary
from orchestration.lib.loads import load_source
from orchestration.lib.logs import configure_logging

logger = logging.getLogger("basketline.ingest")


@contextmanager
def load_processes(settings: Settings) -> Iterator[LoadProcesses]:
    """The loads of one run; what is still under way at its end is cut off.

    Args:
        settings: Name warehouse and sources, and how many load at once.

    Yields:
        The loads.
    """
    processes = LoadProcesses(settings)
    try:
        yield processes
    finally:
        processes.close()


class LoadProcesses:
    """Loads sources in the background; whoever wants one's summary waits for it.

    Args:
        settings: Name warehouse and sources, and how many load at once.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loads: dict[str, Future[LoadSummary | IngestionError]] = {}
        self._pool: ProcessPoolExecutor | None = None
        self._lifeline: Connection | None = None
        self._is_begun = False

    def begin(self, sources: Sequence[str]) -> None:
        """Starts to load, the first time it is called; one source needs no process of its own.

        Args:
            sources: Their names.

        Raises:
            UnknownSourceError: There is no such source; none is loaded.
        """
        names = sorted(find_source(source).name for source in sources)
        count = min(self._settings.loads_at_once, len(names))
        if self._is_begun or count < 2:
            return
        self._is_begun = True
        # A fresh interpreter has nothing of ours: no threads, no locks, no open files.
        context = get_context("spawn")
        end, self._lifeline = context.Pipe(duplex=False)
        arguments = (end, self._settings)
        self._pool = ProcessPoolExecutor(count, context, _prepare_process, arguments)
        with _deaf_to_interrupts(), suppress(BrokenProcessPool):
            for name in names:
                self._loads[name] = self._pool.submit(_load, self._settings, name)

    def summary(self, source: str) -> LoadSummary:
        """What the load of a source did, when it is done; loads it here where it was not begun.

        Args:
            source: Its name.

        Raises:
            IngestionError: It failed.
        """
        load = self._loads.pop(source, None)
        if load is None:
            return load_source(self._settings, source)
        try:
            outcome = load.result()
        except BrokenProcessPool:
            # One was killed, and the pool has ended all others.
            logger.warning("%s: a process that loads was killed; loads go on one by one", source)
            self.close()
            return load_source(self._settings, source)
        finally:
            if not self._loads:
                # The build that follows needs the memory.
                self.close()
        if isinstance(outcome, IngestionError):
            raise outcome
        return outcome

    def close(self) -> None:
        """Ends the processes; a load that is cut off is finished by the next run."""
        if self._pool is None or self._lifeline is None:
            return
        self._lifeline.close()
        self._pool.shutdown(cancel_futures=True)
        self._pool = self._lifeline = None


def _load(settings: Settings, source: str) -> LoadSummary | IngestionError:
    """The load, in its process; whoever waits for it raises the error."""
    try:
        return load_source(settings, source)
    except IngestionError as error:
        return error
    except Exception as error:
        # Errors of drivers and libraries do not all survive the way to another process.
        raise RuntimeError(redact(f"{source}: {type(error).__name__}: {error}")) from error


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal; those begun here leave it to their parent.

    They inherit that from their first moment on. Only a main thread can say what signals do.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _prepare_process(end: Connection, settings: Settings) -> None:
    """Lets a new process log as its parent does, and never outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    configure_logging(settings.log_format)
    threading.Thread(target=_end_with, args=(end,), daemon=True).start()


def _end_with(end: Connection) -> None:
    """Waits until the other end of a pipe is gone: closed, or killed with its process."""
    try:
        end.recv_bytes()
    except (EOFError, OSError):
        os._exit(0)
