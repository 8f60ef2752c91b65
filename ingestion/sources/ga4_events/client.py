"""Reads an event export from its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import fsspec  # type: ignore[import-untyped]
from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

from ingestion.columns import Rows
from ingestion.errors import FileInputError
from ingestion.sources.ga4_events.days import DayFile, files_by_day, in_chunks
from ingestion.sources.ga4_events.flatten import (
    events_sql,
    flat_sql,
    items_sql,
    numbered_sql,
    scan_sql,
)
from ingestion.sources.ga4_events.settings import StreamSettings
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

CHUNK_BYTES = 16 * 1024**2
FLAT, NUMBERED = "_flat", "_numbered"


class Ga4EventsClient:
    """One export.

    Args:
        stream: Its settings.
        context: What is remembered: the days that were ever loaded.
    """

    def __init__(self, stream: StreamSettings, context: ClientContext) -> None:
        self._stream = stream
        self._state = context.state
        self._where = f"{context.source} {stream.name}"
        self._engine = duckdb.connect(":memory:")
        self._engine.execute("set TimeZone = 'UTC'")

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Reads the days asked for, each from its daily files or else from its intraday ones.

        Args:
            stream: `events`, the only one.
            window: The days.

        Yields:
            Flat events and items, some days at a time.

        Raises:
            FileInputError: The folder has no export, a file is broken, or a day that was loaded
                before has lost its files.
        """
        del stream
        asked = {day: files for day, files in self._days().items() if _is_asked(day, window)}
        self._guard_against_lost_days(window, set(asked))
        for chunk in in_chunks([file for files in asked.values() for file in files], CHUNK_BYTES):
            yield from self._read(chunk)
        known = set(self._state.get("days", []))
        self._state["days"] = sorted(known | {day.isoformat() for day in asked})

    def check(self) -> None:
        """Looks whether there are files of days."""
        self._days()

    def close(self) -> None:
        """Gives the memory back."""
        self._engine.close()

    def _days(self) -> dict[dt.date, tuple[DayFile, ...]]:
        """The files of each day."""
        days = files_by_day(self._list())
        if not days:
            raise FileInputError(
                f"No file named events_YYYYMMDD (Parquet or JSON lines) in {self._stream.path}",
                where=self._where,
                remedy="Check the stream's PATH in .env, and that the export has run",
            )
        return days

    def _list(self) -> dict[str, int]:
        """Every file below the folder, with its bytes."""
        try:
            system, root = fsspec.core.url_to_fs(self._stream.path)
            found = system.find(root, detail=True)
        except (OSError, ImportError, ValueError) as error:
            raise FileInputError(
                f"{self._stream.path} cannot be read: {error}",
                where=self._where,
                remedy="Check the stream's PATH in .env; s3:// and gs:// need s3fs and gcsfs",
            ) from error
        if isinstance(system, LocalFileSystem):
            return {path: info["size"] or 0 for path, info in found.items()}
        self._engine.register_filesystem(system)
        return {system.unstrip_protocol(path): info["size"] or 0 for path, info in found.items()}

    def _guard_against_lost_days(self, window: Window, found: set[Any]) -> None:
        """A day asked for replaces what is there: without its files it would vanish."""
        known = set(self._state.get("days", []))
        lost = [day for day in window.days() if day.isoformat() in known and day not in found]
        if lost:
            raise FileInputError(
                f"{self._stream.path} has no file of {lost[0]} any more, a day that was loaded",
                where=self._where,
                remedy="Put the file back, or ask for other days with --from and --to",
            )

    def _read(self, files: Sequence[DayFile]) -> Iterator[tuple[str, Rows]]:
        scan = scan_sql([file.path for file in files], files[0].format)
        try:
            shape = self._shape(scan)
            self._make(FLAT, flat_sql(scan, shape))
            self._make(NUMBERED, numbered_sql(FLAT))
        except duckdb.Error as error:
            raise self._explain(error, files) from error
        yield "events", self._engine.sql(events_sql(FLAT, NUMBERED)).to_arrow_table()
        if items := items_sql(FLAT, NUMBERED, shape):
            yield "event_items", self._engine.sql(items).to_arrow_table()

    def _make(self, table: str, sql: str) -> None:
        self._engine.execute(f"create or replace temp table {table} as {sql}")

    def _shape(self, scan: str) -> dict[str, str]:
        relation = self._engine.sql(f"select * from {scan} limit 0")
        shape: dict[str, str] = {}
        for name, kind in zip(relation.columns, relation.types, strict=True):
            _walk(name, kind, shape)
        return shape

    def _explain(self, error: duckdb.Error, files: Sequence[DayFile]) -> FileInputError:
        """Names the first file that cannot be read by itself."""
        broken, reason = "its files", error
        for file in files:
            try:
                scan = scan_sql([file.path], file.format)
                self._engine.execute(f"select count(event_name) from {scan}")
            except duckdb.Error as own:
                broken, reason = file.path.rsplit("/", 1)[-1], own
                break
        return FileInputError(
            f"{broken} cannot be read: {str(reason).splitlines()[0]}",
            where=self._where,
            remedy="Export the day again; nothing of this run was kept",
        )


def connect(account: Any, context: ClientContext) -> Ga4EventsClient:
    """Makes the client of one export."""
    return Ga4EventsClient(account, context)


def _is_asked(day: Any, window: Window) -> bool:
    if window.first_day is None:
        return not window.is_explicit or day <= window.last_day
    last_day = window.last_day if window.is_explicit else None
    return window.first_day <= day and (last_day is None or day <= last_day)


def _walk(path: str, kind: Any, shape: dict[str, str]) -> None:
    """Notes a field and those inside it; a list counts as its element."""
    shape[path] = str(kind)
    if kind.id == "list":
        children = dict(kind.children)
        _children(path, children["child"], shape)
    else:
        _children(path, kind, shape)


def _children(path: str, kind: Any, shape: dict[str, str]) -> None:
    if kind.id == "struct":
        for name, child in kind.children:
            _walk(f"{path}.{name}", child, shape)
