"""The Shopify twin without a socket: a client that calls its ASGI app, and a small world."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from starlette.applications import Starlette

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.vendors.shopify.access import admin_token
from sandbox.vendors.shopify.app import Admin
from sandbox.vendors.shopify.cost import PLUS, Plan
from sandbox.world.generate import generate
from sandbox.world.ledger import Ledger
from sandbox.world.presets import PRESETS
from sandbox.world.world import World

SHOPS = ("basketline-eu", "basketline-us")
HOST = "http://testserver"

RUN = """
mutation Run($query: String!, $grouped: Boolean!) {
  bulkOperationRunQuery(query: $query, groupObjects: $grouped) {
    bulkOperation { id status url objectCount }
    userErrors { field message code }
  }
}
"""
POLL = """
query Poll($id: ID!) {
  bulkOperation(id: $id) {
    id status errorCode objectCount rootObjectCount fileSize url partialDataUrl completedAt
  }
}
"""


class AdminAPI:
    """A world's shops behind the Admin API.

    Attributes:
        clock: Move it, and the API shows what happened.
        faults: What goes wrong next.
        world: What is behind the API.
    """

    def __init__(self, ledger: Ledger | None = None, plan: Plan = PLUS) -> None:
        now = pd.Timestamp(PRESETS["tests"].now, tz="UTC")
        self.clock, self.faults = Clock(now), Faults()
        self.world = World(ledger or generate("tests", 7), self.clock, "tests", 7)
        self.admin = Admin(self.world, self.clock, self.faults, plan)
        self._app = Starlette(routes=self.admin.routes())

    def send(
        self, method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body of the answer to one request."""
        return asyncio.run(self._send(method, url, body, headers or {}))

    async def _send(
        self, method: str, url: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        parts = urlsplit(url)
        pairs = [(b"host", b"testserver")]
        pairs += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "method": method,
            "scheme": "http",
            "server": ("testserver", 80),
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "root_path": "",
            "query_string": parts.query.encode(),
            "headers": pairs,
        }
        answer: dict[str, Any] = {"status": 0, "body": b""}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            answer["status"] = message.get("status", answer["status"])
            answer["body"] += message.get("body", b"")

        await self._app(scope, receive, send)
        return answer["status"], answer["body"]

    def post(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        shop: str = SHOPS[0],
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """The whole answer to a GraphQL request."""
        status, body = self.send(
            "POST",
            f"/{shop}/admin/api/2026-10/graphql.json",
            json.dumps({"query": query, "variables": variables or {}}).encode(),
            {"X-Shopify-Access-Token": admin_token(shop), **(headers or {})},
        )
        assert status == 200, body
        found: dict[str, Any] = json.loads(body)
        return found

    def data(self, query: str, variables: dict[str, Any] | None = None, **more: Any) -> Any:
        """The data of an answer without errors; a throttled request is sent again."""
        answer = self.post(query, variables, **more)
        if [error["message"] for error in answer.get("errors", [])] == ["Throttled"]:
            answer = self.post(query, variables, **more)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def pages(self, query: str, root: str, **more: Any) -> list[dict[str, Any]]:
        """All nodes of a root connection whose query takes ``$after``."""
        nodes: list[dict[str, Any]] = []
        after = None
        while True:
            page = self.data(query, {"after": after}, **more)[root]
            nodes += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return nodes
            after = page["pageInfo"]["endCursor"]

    def run_bulk(self, query: str, *, grouped: bool = False, **more: Any) -> dict[str, Any]:
        """``bulkOperationRunQuery``'s answer."""
        variables = {"query": query, "grouped": grouped}
        found: dict[str, Any] = self.data(RUN, variables, **more)["bulkOperationRunQuery"]
        return found

    def finished(self, gid: str, **more: Any) -> dict[str, Any]:
        """A bulk operation, polled until it is over."""
        while True:
            found: dict[str, Any] = self.data(POLL, {"id": gid}, **more)["bulkOperation"]
            if found["status"] not in ("CREATED", "RUNNING", "CANCELING"):
                return found

    def lines(self, query: str, *, grouped: bool = False, **more: Any) -> list[dict[str, Any]]:
        """The lines of a bulk query's result."""
        started = self.run_bulk(query, grouped=grouped, **more)
        assert started["userErrors"] == []
        done = self.finished(started["bulkOperation"]["id"], **more)
        assert done["status"] == "COMPLETED"
        if done["url"] is None:
            return []
        status, body = self.send("GET", done["url"].removeprefix(HOST))
        assert status == 200
        assert len(body) == int(done["fileSize"])
        return [json.loads(line) for line in body.splitlines()]
