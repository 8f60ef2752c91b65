"""Asks a twin's application without a server: one request, one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        status_code: Its status.
        headers: By lower-case name.
        content: Its body.
    """

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The body, decoded."""
        return orjson.loads(self.content)


class InProcess:
    """Calls an ASGI application.

    Args:
        app: The application.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    def get(self, url: str, *, params: Any = None, headers: Mapping[str, str] | None = None):
        """Asks with a query; a list in it is repeated."""
        query = urlencode(params or {}, doseq=True)
        return self._ask("GET", url, headers or {}, query, b"")

    def post(
        self,
        url: str,
        *,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ):
        """Sends JSON or a form."""
        body = urlencode(data).encode() if data is not None else orjson.dumps(json)
        return self._ask("POST", url, headers or {}, "", body)

    def _ask(self, method: str, url: str, headers: Mapping[str, str], query: str, body: bytes):
        parts = urlsplit(url)
        named = {"host": "twin", **{name.lower(): value for name, value in headers.items()}}
        scope = {
            "type": "http",
            "method": method,
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": (query or parts.query).encode(),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
            "scheme": "http",
            "server": ("twin", 80),
            "root_path": "",
        }
        sent: list[dict[str, Any]] = []

        async def receive():
            return {"type": "http.request", "body": body}

        async def send(message):
            sent.append(message)

        asyncio.run(self._app(scope, receive, send))
        told = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(sent[0]["status"], told, content)
