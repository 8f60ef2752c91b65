"""Reads lists of WooCommerce to their end, whatever moves in them meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ingestion.errors import RequestRefusedError
from ingestion.http import VendorHttp
from ingestion.sources.woocommerce.settings import API_VERSION

PAGE_ROWS = 100
MOST_STALE_ANSWERS = 5
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
MODIFIED = "date_modified_gmt"

Object = dict[str, Any]


class WooApi:
    """One store's REST API.

    Args:
        http: The session; it shows the key.
        where: Source and account, for messages.
    """

    def __init__(self, http: VendorHttp, where: str) -> None:
        self._http = http
        self._where = where

    def get(self, path: str, **params: Any) -> Any:
        """Reads one answer of wc/v3."""
        return self._http.get(f"{API_VERSION}/{path}", params=params)

    def site(self) -> Object:
        """What WordPress tells about itself."""
        found: Object = self._http.get("")
        return found

    def changed(
        self,
        path: str,
        since: dt.datetime | None,
        until: dt.datetime | None = None,
        **params: Any,
    ) -> Iterator[list[Object]]:
        """Objects by the time of their last change, pages without repetition.

        The next page starts a second before the newest change seen, not at a page number: who
        changes meanwhile goes to the end, and would let others move up into pages already read.
        `modified_after` is strict and a second has many changes, hence the second before.

        Args:
            path: Of the list.
            since: First moment asked for; None asks for everything.
            until: First moment not asked for.
            **params: Further filters.
        """
        after, page = (since - SECOND if since else EPOCH), 1
        bound = {"modified_before": _text(until)} if until else {}
        asked = {"orderby": "modified", "order": "asc", "dates_are_gmt": "true", **bound, **params}
        known: set[tuple[int, str]] = set()
        while True:
            found = self._after(path, after, page, asked)
            fresh = [each for each in found if _version(each) not in known]
            if fresh:
                yield fresh
            if len(found) < PAGE_ROWS:
                return
            known |= {_version(each) for each in found}
            newest = moment_of(found[-1]) - SECOND
            if newest > after:
                after, page = newest, 1
                known = {each for each in known if each[1] == found[-1][MODIFIED]}
            else:
                page += 1

    def listed(self, path: str, **params: Any) -> Iterator[list[Object]]:
        """Every object of a list that knows no time of change, by id.

        Each page starts with the last row of the page before; where it does not, rows before it
        have gone, and the list is read from further ahead.

        Args:
            path: Of the list.
            **params: Filters.
        """
        asked = {"orderby": "id", "order": "asc", "per_page": PAGE_ROWS, **params}
        last, count, stale = 0, 0, 0
        while True:
            offset = max(count - 1, 0)
            found = self.get(path, offset=offset, **asked)
            fresh = [each for each in found if each["id"] > last]
            has_gap = bool(offset) and (not found or found[0]["id"] > last)
            if fresh and not has_gap:
                yield fresh
                last, stale = fresh[-1]["id"], 0
            elif has_gap or len(found) == PAGE_ROWS:
                stale = self._once_more(stale, path)
            if len(found) < PAGE_ROWS and not has_gap:
                return
            count = max(count - PAGE_ROWS, 0) if has_gap else offset + len(found)

    def _after(self, path: str, after: dt.datetime, page: int, asked: Object) -> list[Object]:
        """One page of what changed after a moment; an answer from before it is asked for again."""
        stale = 0
        while True:
            found: list[Object] = self.get(
                path, per_page=PAGE_ROWS, page=page, modified_after=_text(after), **asked
            )
            if all(moment_of(each) > after for each in found):
                return found
            stale = self._once_more(stale, path)

    def _once_more(self, stale: int, path: str) -> int:
        if stale >= MOST_STALE_ANSWERS:
            raise RequestRefusedError(
                f"{path} gives rows that were not asked for",
                where=self._where,
                remedy="WooCommerce 5.8 or newer is needed, and no cache in front of /wp-json",
            )
        return stale + 1


def moment_of(each: Object) -> dt.datetime:
    """When an object last changed."""
    return dt.datetime.fromisoformat(each[MODIFIED]).replace(tzinfo=dt.UTC)


def _version(each: Object) -> tuple[int, str]:
    return each["id"], each[MODIFIED]


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
