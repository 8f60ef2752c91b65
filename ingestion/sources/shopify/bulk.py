"""Bulk operations: Shopify runs a query over everything and gives a file of lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ingestion.errors import CredentialsError, RequestRefusedError, VendorUnavailableError
from ingestion.http import VendorHttp
from ingestion.sources.shopify.api import AdminApi
from ingestion.sources.shopify.documents import bulk_document
from ingestion.sources.shopify.jsonl import assemble, split_lines

READ_BYTES = 1 << 20
FIRST_POLL_SECONDS = 0.1
LONGEST_POLL_SECONDS = 10.0
ATTEMPTS = 3
_UNFINISHED = frozenset({"CREATED", "RUNNING", "CANCELING"})
_BUSY = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})


class BulkReader:
    """Reads whole roots by bulk operations.

    Args:
        api: The shop's API.
        files: A session without the shop's token: the file lies with another host.
        folder: Where a file waits while it is read.
        timeout: How long an operation may take.
    """

    def __init__(
        self, api: AdminApi, *, files: VendorHttp, folder: Path, timeout: dt.timedelta
    ) -> None:
        self._api = api
        self._files = files
        self._folder = folder
        self._timeout = timeout

    def objects(
        self, operation: Mapping[str, Any], name: str, children: Mapping[str, str]
    ) -> Iterator[dict[str, Any]]:
        """Reads what a completed operation found.

        Args:
            operation: What `run` gave.
            name: The document, for messages.
            children: How lines become children, see `assemble`.

        Yields:
            Each root with its lists; the file is complete before the first one.
        """
        if not operation["url"]:
            return
        target = self._folder / f"{name}-{operation['id'].rsplit('/', 1)[-1]}.jsonl"
        try:
            self._fetch(operation, target)
            yield from assemble(read_lines(target), children, where=f"{self._api.where} {name}")
        finally:
            target.unlink(missing_ok=True)

    def run(self, name: str, search: str, *, scope: str) -> dict[str, Any]:
        """Runs an operation to its end; one that fails on Shopify's side is started again.

        Args:
            name: The document.
            search: The filter in Shopify's search syntax; empty for everything.
            scope: What the app needs for it; a denied operation does not say.

        Returns:
            The completed operation.

        Raises:
            CredentialsError: A scope is missing.
            RequestRefusedError: Shopify refuses the query.
            VendorUnavailableError: It fails, or takes too long.
        """
        deadline = self._api.context.clock() + self._timeout
        for _ in range(ATTEMPTS):
            operation = self._finished(self._start(name, search, deadline), deadline)
            if operation["status"] == "COMPLETED":
                return operation
            if operation["errorCode"] == "ACCESS_DENIED":
                raise CredentialsError(
                    f"The bulk operation of {name} is denied",
                    where=self._api.where,
                    remedy=f"Give the app the scope {scope} and install it again",
                )
        raise VendorUnavailableError(
            f"The bulk operation of {name} ended {ATTEMPTS} times as {operation['status']}"
            f" ({operation['errorCode'] or 'no code'})",
            where=self._api.where,
            remedy="Start the load again later",
        )

    def _start(self, name: str, search: str, deadline: dt.datetime) -> dict[str, Any]:
        """A new operation; waits for one that is under way, as after a killed run."""
        text = bulk_document(name, search)
        for seconds in _poll_waits():
            answer = self._api.ask("bulk_run", query=text)["bulkOperationRunQuery"]
            if not answer["userErrors"]:
                operation: dict[str, Any] = answer["bulkOperation"]
                return operation
            problem = answer["userErrors"][0]
            if problem["code"] not in _BUSY:
                raise RequestRefusedError(
                    f"The bulk operation of {name} is refused: {problem['message']}",
                    where=self._api.where,
                    remedy="Check SHOPIFY__API_VERSION in .env",
                )
            self._sleep(seconds, deadline, name)
        raise AssertionError("waits do not end")

    def _finished(self, operation: dict[str, Any], deadline: dt.datetime) -> dict[str, Any]:
        for seconds in _poll_waits():
            if operation["status"] not in _UNFINISHED:
                break
            self._sleep(seconds, deadline, operation["id"])
            operation = self._api.ask("bulk_status", id=operation["id"])["bulkOperation"]
        return operation

    def _sleep(self, seconds: float, deadline: dt.datetime, what: str) -> None:
        if self._api.context.clock() >= deadline:
            raise VendorUnavailableError(
                f"The bulk operation {what} is not done after {self._timeout}",
                where=self._api.where,
                remedy="Start the load again later, or raise SHOPIFY__BULK_TIMEOUT_MINUTES",
            )
        self._api.context.sleep(seconds)

    def _fetch(self, operation: Mapping[str, Any], target: Path) -> None:
        """The whole file: as many lines as Shopify counted objects."""
        expected = int(operation["objectCount"])
        for _ in range(ATTEMPTS):
            self._files.download(operation["url"], target)
            if sum(1 for _ in read_lines(target)) == expected:
                return
        raise VendorUnavailableError(
            f"The bulk file does not have the {expected} lines that Shopify counted",
            where=self._api.where,
            remedy="Start the load again",
        )


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, however large it is."""
    with path.open("rb") as file:
        yield from split_lines(iter(lambda: file.read(READ_BYTES), b""))


def _poll_waits() -> Iterator[float]:
    seconds = FIRST_POLL_SECONDS
    while True:
        yield seconds
        seconds = min(seconds * 2, LONGEST_POLL_SECONDS)
