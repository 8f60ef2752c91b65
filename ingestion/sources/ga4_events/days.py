"""Which files of an export hold which day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_DAY = re.compile(r"(?:^|/)events_(?P<intraday>intraday_)?(?P<day>\d{8})(?!\d)")
_FORMATS = {
    ".parquet": "parquet",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".jsonl.gz": "json",
    ".ndjson.gz": "json",
    ".json.gz": "json",
}


@dataclass(frozen=True)
class DayFile:
    """One file with events of one day.

    Attributes:
        path: Where it lies.
        day: The day, in the property's zone.
        is_intraday: Whether it is of the streaming export, which the daily one replaces.
        format: parquet or json (one object a line).
        size: Bytes.
    """

    path: str
    day: dt.date
    is_intraday: bool
    format: str
    size: int


def files_by_day(sizes: Mapping[str, int]) -> dict[dt.date, tuple[DayFile, ...]]:
    """Sorts an export's files by day; a day's intraday files count only until the daily ones come.

    Args:
        sizes: From path to bytes, of everything below the export's folder.

    Returns:
        The days in order; files that are no part of an export are left out.
    """
    found: dict[dt.date, list[DayFile]] = {}
    for path, size in sorted(sizes.items()):
        file = _day_file(path, size)
        if file:
            found.setdefault(file.day, []).append(file)
    return {day: _without_superseded(found[day]) for day in sorted(found)}


def in_chunks(files: Iterable[DayFile], max_bytes: int) -> Iterator[list[DayFile]]:
    """Neighbouring files of one format, about so many bytes together; JSON counts an eighth.

    Days are never torn apart from their order: chunks follow the files.
    """
    chunk: list[DayFile] = []
    weight = 0
    for file in files:
        own = file.size if file.format == "parquet" else file.size // 8
        if chunk and (file.format != chunk[0].format or weight + own > max_bytes):
            yield chunk
            chunk, weight = [], 0
        chunk.append(file)
        weight += own
    if chunk:
        yield chunk


def _day_file(path: str, size: int) -> DayFile | None:
    match = _DAY.search(path)
    name = path.rsplit("/", 1)[-1].lower()
    file_format = next((kind for end, kind in _FORMATS.items() if name.endswith(end)), None)
    if not match or not file_format or name.startswith((".", "_")):
        return None
    try:
        day = dt.datetime.strptime(match["day"], "%Y%m%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None
    return DayFile(path, day, bool(match["intraday"]), file_format, size)


def _without_superseded(files: list[DayFile]) -> tuple[DayFile, ...]:
    daily = [file for file in files if not file.is_intraday]
    return tuple(daily or files)
