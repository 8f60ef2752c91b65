"""Finds the files of a feed, and tells which of them are as they were."""

from __future__ import annotations

import fnmatch
import gzip
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

import fsspec  # type: ignore[import-untyped]

from ingestion.errors import FileInputError
from ingestion.sources.files.mapping import FileFormat

_TYPES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
_CHUNK_BYTES = 1 << 20
_STAMPS = ("mtime", "LastModified", "last_modified", "updated", "ETag", "etag")


@dataclass(frozen=True)
class SourceFile:
    """A file of a feed.

    Attributes:
        name: Its path below the feed's, which stands in `_source_file`.
        path: Its path in the file system.
        system: The file system.
        type: `csv`, `jsonl` or `parquet`.
        stamp: Size and time of change, cheap to ask for.
    """

    name: str
    path: str
    system: Any
    type: str
    stamp: str

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its content, unpacked."""
        try:
            with self.system.open(self.path, "rb") as raw:
                if self.path.endswith(".gz"):
                    with gzip.open(raw) as unpacked:
                        yield unpacked  # type: ignore[misc]
                else:
                    yield raw
        except (OSError, EOFError) as error:
            raise FileInputError(
                f"It cannot be read: {error.__class__.__name__}",
                where=self.name,
                remedy="Check that it is whole and that you may read it",
            ) from error

    def digest(self) -> str:
        """A hash of its bytes as they lie there."""
        sha = hashlib.sha256()
        with self.system.open(self.path, "rb") as raw:
            while chunk := raw.read(_CHUNK_BYTES):
                sha.update(chunk)
        return sha.hexdigest()


def list_files(path: str, files: FileFormat) -> list[SourceFile]:
    """The files of a feed, by name.

    Args:
        path: A file, a folder or a pattern; local, or any address that fsspec knows.
        files: How they are written.

    Returns:
        The files, in the order of their names.

    Raises:
        FileInputError: There is none.
    """
    system, place = _open_system(path)
    if any(sign in place for sign in "*?["):
        fixed = [part for part in PurePosixPath(place).parts if not any(s in part for s in "*?[")]
        root, found = str(PurePosixPath(*fixed)), system.glob(place)
    elif system.isdir(place):
        root = place.rstrip("/")
        found = [one for one in system.find(root) if _fits(one, root, files)]
    elif system.exists(place):
        root, found = str(PurePosixPath(place).parent), [place]
    else:
        raise FileInputError(f"There is nothing at {path}", remedy="Correct the path of the feed")
    listed = [_source_file(system, one, root, files) for one in sorted(found)]
    known = [one for one in listed if one is not None and not _is_hidden(one.name)]
    if not known:
        raise FileInputError(
            f"There is no CSV, JSON lines or Parquet file at {path} that fits {files.pattern!r}",
            remedy="Correct the path, or `files: {type, pattern}` of the mapping",
        )
    return known


def _open_system(path: str) -> tuple[Any, str]:
    try:
        system, place = fsspec.core.url_to_fs(path)
    except (ValueError, ImportError) as error:
        raise FileInputError(
            f"{path.split('://')[0]}:// cannot be read: {error}",
            remedy="Install the file system that the message names, or give a local path",
        ) from None
    return system, place


def _fits(place: str, root: str, files: FileFormat) -> bool:
    name = place[len(root) + 1 :]
    return fnmatch.fnmatch(name, files.pattern) or fnmatch.fnmatch(
        PurePosixPath(name).name, files.pattern
    )


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _source_file(system: Any, place: str, root: str, files: FileFormat) -> SourceFile | None:
    by_name = _TYPES.get(PurePosixPath(place.removesuffix(".gz")).suffix.lower())
    kind = files.type or by_name
    is_asked_for = files.pattern != "*" or by_name == kind
    if kind is None or not is_asked_for or system.isdir(place):
        return None
    return SourceFile(
        name=str(PurePosixPath(place).relative_to(root)),
        path=place,
        system=system,
        type=kind,
        stamp=_stamp(system.info(place)),
    )


def _stamp(info: Mapping[str, Any]) -> str:
    return "|".join([str(info.get("size"))] + [str(info[name]) for name in _STAMPS if name in info])
