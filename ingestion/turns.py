"""Turns at a DuckDB file: one writer or many readers, so the project's processes wait in turn.

Whoever opens the file holds the lock file beside it (`warehouse.duckdb.lock`) for as long; the
system lets go of it when the process ends, however it ends. Other programs know nothing of turns:
against them DuckDB's own lock stands, and its complaint.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ingestion.destinations import Warehouse
from ingestion.errors import WarehouseBusyError

SECONDS_BETWEEN_TRIES = 0.02


@contextmanager
def turn(
    warehouse: Warehouse, *, to_read: bool = False, patience: float | None = None
) -> Iterator[None]:
    """Has the warehouse for the block, after those who came before; servers need no turns.

    Turns do not nest: a block that has one asks for no other.

    Args:
        warehouse: The warehouse.
        to_read: Whether nothing is written: readers have their turn together.
        patience: Seconds to wait for the others; unset, as long as it takes.

    Raises:
        WarehouseBusyError: Another process had it for longer than that.
    """
    if warehouse.engine != "duckdb":
        yield
        return
    file = warehouse.settings.duckdb_path.resolve()
    if not to_read:
        file.parent.mkdir(parents=True, exist_ok=True)
    # Where nothing can be written there is nobody to wait for.
    if not os.access(file.parent, os.W_OK):
        yield
        return
    # A lock needs no right to write: another user's file does too.
    lock = os.open(f"{file}.lock", os.O_RDONLY | os.O_CREAT, 0o666)
    try:
        _wait(lock, fcntl.LOCK_SH if to_read else fcntl.LOCK_EX, warehouse, patience)
        yield
    finally:
        os.close(lock)


def _wait(lock: int, kind: int, warehouse: Warehouse, patience: float | None) -> None:
    if patience is None:
        fcntl.flock(lock, kind)
        return
    until = time.monotonic() + patience
    while not _is_ours(lock, kind):
        if time.monotonic() > until:
            raise WarehouseBusyError(
                f"The warehouse file {warehouse.label} is held by a load or build under way",
                remedy="Wait until that ends and start again",
            )
        time.sleep(SECONDS_BETWEEN_TRIES)


def _is_ours(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
