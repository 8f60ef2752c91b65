"""Bulk operations: created, running, and done while the client polls."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

import pandas as pd
from graphql import GraphQLObjectType
from graphql.execution.values import get_argument_values

from sandbox.faults import Fault, Faults
from sandbox.vendors.shopify import bulk_rules
from sandbox.vendors.shopify.paging import Ordered
from sandbox.vendors.shopify.rendering import Compiler, Renderer
from sandbox.vendors.shopify.schema import checked, served_schema

AT_A_TIME = 5
KEPT = pd.Timedelta(days=7)
FIRST_ID = 5_000_000_000

Answer = dict[str, Any]


class Source(Protocol):
    """What an operation needs of the request that starts it."""

    faults: Faults
    base_url: str

    def ordered(self, root: str, arguments: dict[str, Any], path: str) -> Ordered:
        """The rows of a root connection, searched and ordered."""
        ...

    def may_read(self, root: str) -> bool:
        """Whether the caller may read a root connection."""
        ...


@dataclass
class Operation:
    """One bulk operation.

    Attributes:
        number: Its numeric id.
        query: As it was given.
        created_at: World's time of the start.
        path: File with the result.
        renderer: Writes the result and counts its lines.
        status: Shown at the last poll.
        error_code: Why it failed.
    """

    number: int
    query: str
    created_at: pd.Timestamp
    path: Path
    renderer: Renderer
    status: str = "CREATED"
    error_code: str | None = None
    completed_at: pd.Timestamp | None = None
    thread: threading.Thread | None = None
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def gid(self) -> str:
        """Its global id."""
        return f"gid://shopify/BulkOperation/{self.number}"

    @property
    def is_over(self) -> bool:
        """Nothing will change any more."""
        return self.status in ("COMPLETED", "FAILED", "CANCELED")


class Operations:
    """The bulk operations of one app in one shop.

    A poll moves an operation on: the first one finds it running, a later one finds it done as
    soon as its file is written. Up to five run at a time; a start that is refused moves them on
    too, for those of a killed client are polled by nobody.
    """

    def __init__(self, folder: Path, now: Callable[[], pd.Timestamp]) -> None:
        """Keep results in ``folder``; ``now`` tells the world's time."""
        self._folder, self._now = folder, now
        self._all: dict[str, Operation] = {}

    def run(self, query: str, source: Source, *, grouped: bool) -> Answer:
        """``bulkOperationRunQuery``: check the query and start it."""
        wrong = bulk_rules.faults(query)
        if wrong:
            return _refused([_user_error(message, ["query"], "INVALID") for message in wrong])
        running = [one for one in self._all.values() if not one.is_over]
        if len(running) >= AT_A_TIME:
            for one in running:
                self._move(one)
            message = "A bulk query operation for this app and shop is already in progress: "
            ids = ", ".join(one.gid for one in running)
            return _refused([_user_error(f"{message}{ids}.", None, "OPERATION_IN_PROGRESS")])
        operation, ordered = self._new(query, source, grouped=grouped)
        self._all[operation.gid] = operation
        if operation.error_code:
            ordered = _cut(ordered, 0)
        elif source.faults.take("shopify", Fault.BULK_FAILED):
            operation.error_code = "INTERNAL_SERVER_ERROR"
            ordered = _cut(ordered, len(ordered.rows) // 2)
        operation.thread = threading.Thread(target=_write, args=(operation, ordered), daemon=True)
        operation.thread.start()
        return {"bulkOperation": self._shown(operation, source.base_url), "userErrors": []}

    def poll(self, gid: str, base_url: str) -> Answer | None:
        """An operation by id, moved on."""
        operation = self._all.get(gid)
        if operation is None:
            return None
        self._move(operation)
        return self._shown(operation, base_url)

    def newest(self, base_url: str) -> Answer | None:
        """``currentBulkOperation``: the one started last."""
        return self.poll(next(reversed(self._all)), base_url) if self._all else None

    def cancel(self, gid: str, base_url: str) -> Answer:
        """``bulkOperationCancel``: stop an operation that is not over."""
        operation = self._all.get(gid)
        if operation is None:
            return _refused([_user_error("Bulk operation does not exist", ["id"])])
        if operation.is_over:
            message = f"A bulk operation cannot be canceled when it is {operation.status.lower()}"
            return {
                "bulkOperation": self._shown(operation, base_url),
                "userErrors": [_user_error(message, None)],
            }
        operation.status = "CANCELING"
        operation.stopped.set()
        return {"bulkOperation": self._shown(operation, base_url), "userErrors": []}

    def file(self, name: str, signature: str) -> Path | None:
        """The file behind a result's address, while the address is good."""
        for operation in self._all.values():
            good = operation.path.name == name and _signature(operation) == signature
            if good and self._now() < operation.created_at + KEPT:
                return operation.path
        return None

    def _new(self, query: str, source: Source, *, grouped: bool) -> tuple[Operation, Ordered]:
        document, _ = checked(query)
        assert document is not None
        schema = served_schema()
        compiler = Compiler(schema, bulk_rules.fragments_of(document))
        definition = bulk_rules.operation_of(document)
        root: GraphQLObjectType | None = schema.query_type
        assert definition is not None
        assert root is not None
        nodes = compiler.roots(root, definition.selection_set)
        name = nodes[0].name.value
        arguments = get_argument_values(root.fields[name], nodes[0], {})
        ordered = source.ordered(name, arguments, name)
        number = FIRST_ID + len(self._all) + 1
        path = self._folder / f"{hashlib.sha256(str(number).encode()).hexdigest()[:32]}-final"
        renderer = Renderer(compiler.node_plans(root, nodes), grouped)
        code = None if source.may_read(name) else "ACCESS_DENIED"
        return Operation(number, query, self._now(), path, renderer, error_code=code), ordered

    def _move(self, operation: Operation) -> None:
        if operation.is_over:
            return
        if operation.status == "CREATED":
            operation.status = "RUNNING"
            return
        if operation.thread is not None and operation.thread.is_alive():
            return
        operation.completed_at = self._now()
        if operation.status == "CANCELING":
            operation.status = "CANCELED"
        else:
            operation.status = "FAILED" if operation.error_code else "COMPLETED"

    def _shown(self, operation: Operation, base_url: str) -> Answer:
        done = operation.is_over and operation.renderer.lines > 0
        url = self._url(operation, base_url) if done else None
        return {
            "__typename": "BulkOperation",
            "id": operation.gid,
            "type": "QUERY",
            "status": operation.status,
            "errorCode": operation.error_code if operation.is_over else None,
            "query": operation.query,
            "createdAt": _iso(operation.created_at),
            "completedAt": _iso(operation.completed_at) if operation.completed_at else None,
            "objectCount": str(operation.renderer.lines),
            "rootObjectCount": str(operation.renderer.roots),
            "fileSize": str(operation.path.stat().st_size) if url else None,
            "url": url if operation.status == "COMPLETED" else None,
            "partialDataUrl": url if operation.status != "COMPLETED" else None,
        }

    def _url(self, operation: Operation, base_url: str) -> str:
        attachment = f'attachment; filename="bulk-{operation.number}.jsonl"'
        query = {
            "GoogleAccessId": "assets-us-prod@shopify-tiers.iam.gserviceaccount.com",
            "Expires": int((operation.created_at + KEPT).timestamp()),
            "Signature": _signature(operation),
            "response-content-disposition": attachment,
            "response-content-type": "application/jsonl",
        }
        return f"{base_url}/bulk-operation-outputs/{operation.path.name}?{urlencode(query)}"


def _cut(ordered: Ordered, count: int) -> Ordered:
    """The first rows of a result that will not be whole."""
    return replace(ordered, rows=ordered.rows[:count])


def _write(operation: Operation, ordered: Ordered) -> None:
    """Write the result; runs in a thread of its own."""
    with operation.path.open("wb") as file:
        for chunk in operation.renderer.chunks(ordered.frame, ordered.rows):
            file.write(chunk)
            if operation.stopped.is_set():
                return


def _signature(operation: Operation) -> str:
    return hashlib.sha256(f"signed {operation.path.name}".encode()).hexdigest()


def _iso(moment: pd.Timestamp) -> str:
    return moment.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")


def _refused(errors: list[Answer]) -> Answer:
    return {"bulkOperation": None, "userErrors": errors}


def _user_error(message: str, where: list[str] | None, code: str | None = None) -> Answer:
    return {"field": where, "message": message, "code": code}
