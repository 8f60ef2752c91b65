"""What stands before every vendor: the faults that any server can have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sandbox.faults import Fault, Faults
from sandbox.vendors import ASGIApp, Message, Receive, Send, Vendor

GENERIC = (
    Fault.THROTTLE,
    Fault.SERVER_ERROR,
    Fault.TIMEOUT,
    Fault.CUT_CONNECTION,
    Fault.CUT_JSON,
    Fault.LATE_UPDATE,
)


class Gate:
    """An ASGI application that lets requests through, or fails them as scheduled."""

    def __init__(
        self, vendor: Vendor, app: ASGIApp, faults: Faults, late_update: Callable[[], None]
    ) -> None:
        """Stand before ``app``; ``late_update`` lets rows change while they are being read."""
        self._vendor, self._app, self._faults = vendor, app, faults
        self._late_update = late_update

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        fault = self._faults.take(self._vendor.name, *GENERIC)
        if fault in (Fault.THROTTLE, Fault.SERVER_ERROR):
            told = self._vendor.throttled if fault == Fault.THROTTLE else self._vendor.failed
            await _answer(send, *told)
        elif fault in (Fault.TIMEOUT, Fault.CUT_CONNECTION):
            if fault == Fault.TIMEOUT:
                await asyncio.sleep(self._faults.timeout_seconds)
            await _cut_off(send)
        elif fault == Fault.CUT_JSON:
            await self._app(scope, receive, _Halved(send))
        else:
            if fault == Fault.LATE_UPDATE:
                self._late_update()
            await self._app(scope, receive, send)


async def _answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    pairs.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


async def _cut_off(send: Send) -> None:
    """Promise more than comes: the server closes the socket on an incomplete answer."""
    headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


class _Halved:
    """A ``send`` that lets through a complete answer with the first half of the body."""

    def __init__(self, send: Send) -> None:
        self._send, self._body = send, b""
        self._start: Message = {}

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            half = self._body[: len(self._body) // 2]
            kept = [pair for pair in self._start["headers"] if pair[0] != b"content-length"]
            kept.append((b"content-length", str(len(half)).encode()))
            await self._send({**self._start, "headers": kept})
            await self._send({"type": "http.response.body", "body": half})
