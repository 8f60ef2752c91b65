"""Reads the files of a stream that are new or have changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa
from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

from ingestion.columns import Rows
from ingestion.errors import FileInputError
from ingestion.sources.files.listing import SourceFile, list_files
from ingestion.sources.files.mapping import FileFormat
from ingestion.sources.web_events.columns import EVENT_COLUMNS
from ingestion.sources.web_events.devices import read_user_agent
from ingestion.sources.web_events.flatten import (
    events_sql,
    items_sql,
    messages_sql,
    newest_sql,
    scan_sql,
)
from ingestion.sources.web_events.settings import StreamSettings
from ingestion.sources.web_events.spec import EVENTS, ITEMS
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

CHUNK_BYTES = 96 * 1024**2
PACKED = 8
"""A packed byte counts for so many."""

JSON_LINES = FileFormat(type="jsonl")
_DAY = re.compile(r"(?<!\d)(20\d{2})[-/_]?(\d{2})[-/_]?(\d{2})(?!\d)")


class WebEventsClient:
    """One stream.

    Args:
        stream: Its settings.
        context: `state["files"]` remembers each file that was read, by size and time of change.
    """

    def __init__(self, stream: StreamSettings, context: ClientContext) -> None:
        self._stream = stream
        self._context = context
        self._where = f"{context.source} {stream.name}"
        self._engine = duckdb.connect(":memory:")
        self._engine.execute("set TimeZone = 'UTC'")
        self._left_out = 0

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Messages of new and changed files, the newest file first.

        Args:
            stream: `events`, the only one.
            window: With a range, the files of its days are read again, whether changed or not.

        Yields:
            Flat events and their products, some files at a time.

        Raises:
            FileInputError: There is no file, or one cannot be read.
        """
        del stream
        self._left_out = 0
        present = list_files(self._stream.path, JSON_LINES)
        known: dict[str, str] = self._context.state.setdefault("files", {})
        chosen = [file for file in present if _is_asked(file, window, known)]
        self._engine.execute("create or replace temp table seen (id_hash ubigint)")
        for chunk in _in_chunks(sorted(chosen, key=lambda file: file.name, reverse=True)):
            # Within a chunk the newest line comes last.
            yield from self._read(chunk[::-1])
            known |= {file.name: file.stamp for file in chunk}
        self._tell(len(chosen), len(present) - len(chosen))

    def check(self) -> None:
        """Lists the files."""
        list_files(self._stream.path, JSON_LINES)

    def close(self) -> None:
        """Gives the memory back."""
        self._engine.close()

    def _read(self, files: Sequence[SourceFile]) -> Iterator[tuple[str, Rows]]:
        try:
            self._make("lines", f"select * from {scan_sql([self._path(file) for file in files])}")
        except duckdb.Error as error:
            raise self._explain(error) from error
        self._make("messages", messages_sql("lines", self._stream.consent_category))
        self._make("newest", newest_sql("messages", "seen"))
        self._make_devices()
        self._count_left_out()
        yield EVENTS, self._rows(events_sql("messages", "newest", "devices", EVENT_COLUMNS))
        yield ITEMS, self._rows(items_sql("messages", "newest"))
        self._engine.execute(
            "insert into seen select hash(event_id) from messages"
            " inner join newest on messages.rowid = newest._row"
        )

    def _path(self, file: SourceFile) -> str:
        if isinstance(file.system, LocalFileSystem):
            return file.path
        self._engine.register_filesystem(file.system)
        return str(file.system.unstrip_protocol(file.path))

    def _make(self, table: str, sql: str) -> None:
        self._engine.execute(f"create or replace temp table {table} as {sql}")

    def _rows(self, sql: str) -> pa.Table:
        return self._engine.sql(sql).to_arrow_table()

    def _make_devices(self) -> None:
        """The devices of this chunk: there are far fewer than events."""
        sql = "select distinct user_agent from messages where user_agent is not null"
        agents = self._rows(sql)["user_agent"].to_pylist()
        devices = [(agent, read_user_agent(agent)) for agent in agents]
        columns = {
            "user_agent": agents,
            "category": [device.category for _, device in devices],
            "browser": [device.browser for _, device in devices],
            "os": [device.os for _, device in devices],
        }
        rows = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
        self._engine.register("devices_read", rows)
        self._make("devices", "select * from devices_read")
        self._engine.unregister("devices_read")

    def _count_left_out(self) -> None:
        sql = "select count(*) as line_count from lines where json is null"
        self._left_out += self._rows(sql)["line_count"][0].as_py()

    def _explain(self, error: duckdb.Error) -> FileInputError:
        return FileInputError(
            f"A file cannot be read: {str(error).splitlines()[0]}",
            where=self._where,
            remedy="Put it right or take it away; nothing of this run was kept",
        )

    def _tell(self, read: int, same: int) -> None:
        note = f"{self._stream.name}: {read} files read, {same} unchanged"
        if self._left_out:
            note += f", {self._left_out} lines left out that are no message"
        self._context.note(note)


def connect(account: StreamSettings, context: ClientContext) -> WebEventsClient:
    """Makes the client of one stream."""
    return WebEventsClient(account, context)


def _is_asked(file: SourceFile, window: Window, known: dict[str, str]) -> bool:
    """New and changed files; of a range those of its days, and those that name no day."""
    if not window.is_explicit:
        return window.is_full or known.get(file.name) != file.stamp
    day = _day_of(file.name)
    if day is None:
        return True
    return (window.first_day is None or window.first_day <= day) and day <= window.last_day


def _day_of(name: str) -> dt.date | None:
    match = _DAY.search(name)
    try:
        return dt.date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def _in_chunks(files: Sequence[SourceFile]) -> Iterator[list[SourceFile]]:
    """Neighbouring files, about as many bytes together as make a good batch."""
    chunk: list[SourceFile] = []
    weight = 0
    for file in files:
        own = _bytes(file)
        if chunk and weight + own > CHUNK_BYTES:
            yield chunk
            chunk, weight = [], 0
        chunk.append(file)
        weight += own
    if chunk:
        yield chunk


def _bytes(file: SourceFile) -> int:
    size = int(file.stamp.split("|", 1)[0])
    return size * PACKED if file.path.endswith(".gz") else size
