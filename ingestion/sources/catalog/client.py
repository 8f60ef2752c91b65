"""Asks for a catalogue if it has changed, and keeps what differs from the run before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import fsspec  # type: ignore[import-untyped]
import orjson
import requests

from ingestion.columns import Rows
from ingestion.errors import EmptyReplaceError, FileInputError
from ingestion.http import TornAnswerError, VendorHttp
from ingestion.sources.catalog.parsing import Item, read_items
from ingestion.sources.catalog.settings import CatalogFeed, Format
from ingestion.sources.catalog.spec import ITEMS
from ingestion.spec import ClientContext, Removed
from ingestion.windows import Window

MOST_GONE = 0.5
"""A catalogue that lacks more of its items than this is more likely a fault."""

_ENDINGS: dict[str, Format] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".txt": "tsv",
}
_MEDIA: dict[str, Format] = {
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
_STAMPS = ("size", "mtime", "LastModified", "last_modified", "updated", "ETag", "etag")


class CatalogClient:
    """One catalogue.

    Args:
        feed: Where it is.
        context: `state` remembers what the server said of its version, and a digest of each item.
    """

    def __init__(self, feed: CatalogFeed, context: ClientContext) -> None:
        self._feed = feed
        self._context = context
        self._where = f"{context.source} {feed.name}"
        token = feed.token.get_secret_value() if feed.token else ""
        self._http = VendorHttp(
            context,
            base_url=feed.url,
            account=feed.name,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            credentials_hint="CATALOG__FEEDS__…__TOKEN",
        )

    def extract(self, stream: str, window: Window) -> Iterator[tuple[str, Rows] | Removed]:
        """Items that are new, have changed, or are no longer listed.

        Args:
            stream: `items`, the only one.
            window: Whoever asks for a range or for everything gets every item, as it is now.

        Yields:
            Versions, all in one batch.

        Raises:
            EmptyReplaceError: Most items are gone at once.
            FileInputError: The file cannot be read.
        """
        asks_again = window.is_full or window.is_explicit
        items = self._items(unless_same=not asks_again)
        if items is None:
            self._context.note(f"{self._feed.name}: unchanged since the last run")
            return
        known: dict[str, str] = self._context.state.get("digests", {})
        digests = {item["id"]: _digest(item) for item in items}
        gone = sorted(set(known) - set(digests))
        self._guard(len(gone), len(known))
        seen = {"is_listed": True, "seen_at": self._context.now}
        rows = [
            item | seen
            for item in items
            if asks_again or known.get(item["id"]) != digests[item["id"]]
        ]
        rows += [{"id": name, **seen, "is_listed": False} for name in gone]
        self._context.state["digests"] = digests
        if rows:
            yield stream, rows

    def check(self) -> None:
        """Asks for the catalogue, or looks whether the file is there."""
        self._items(unless_same=False)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _items(self, *, unless_same: bool) -> list[Item] | None:
        """The items; None where nothing has changed."""
        if self._feed.is_http:
            return self._ask(unless_same=unless_same)
        return self._open(unless_same=unless_same)

    def _ask(self, *, unless_same: bool) -> list[Item] | None:
        before: dict[str, str] = self._context.state.get("version", {})
        headers = {
            name: before[stamp]
            for name, stamp in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
            if unless_same and before.get(stamp)
        }

        def read(answer: requests.Response) -> list[Item] | None:
            if answer.status_code == requests.codes.not_modified:
                return None
            items = self._read(answer.content, answer.headers.get("Content-Type", ""))
            self._context.state["version"] = {
                stamp: answer.headers[stamp]
                for stamp in ("ETag", "Last-Modified")
                if stamp in answer.headers
            }
            return items

        found: list[Item] | None = self._http.read(self._feed.url, read, headers=headers)
        return found

    def _open(self, *, unless_same: bool) -> list[Item] | None:
        try:
            system, place = fsspec.core.url_to_fs(self._feed.url)
            info = system.info(place)
            stamp = {name: str(info[name]) for name in _STAMPS if name in info}
            if unless_same and stamp == self._context.state.get("version"):
                return None
            with system.open(place, "rb") as file:
                items = self._read(file.read(), "")
        except (OSError, ValueError, ImportError) as error:
            raise self._unreadable(str(error)) from error
        except TornAnswerError:
            raise self._unreadable("it is cut, or written in another way") from None
        self._context.state["version"] = stamp
        return items

    def _read(self, content: bytes, media: str) -> list[Item]:
        kind = self._feed.format or _MEDIA.get(media.split(";", 1)[0].strip().lower())
        return read_items(content, kind or _by_ending(self._feed.url), self._feed.currency)

    def _unreadable(self, reason: str) -> FileInputError:
        return FileInputError(
            f"{self._feed.url} cannot be read: {reason}",
            where=self._where,
            remedy="Check CATALOG__FEEDS__…__URL and …__FORMAT in .env, and that it is whole",
        )

    def _guard(self, gone: int, known: int) -> None:
        if gone > known * MOST_GONE:
            raise EmptyReplaceError(
                f"{gone} of {known} {ITEMS.name} are gone at once; they are kept as they were",
                where=self._where,
                remedy="Look whether the catalogue is whole",
            )


def connect(account: CatalogFeed, context: ClientContext) -> CatalogClient:
    """Makes the client of one catalogue."""
    return CatalogClient(account, context)


def _by_ending(url: str) -> Format:
    path = url.split("?", 1)[0].lower()
    return next((kind for ending, kind in _ENDINGS.items() if path.endswith(ending)), "json")


def _digest(item: Item) -> str:
    plain: Any = orjson.dumps(item, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(plain).hexdigest()[:12]
