"""The HTTP side: credentials, the limit, lists in pages by cursor, Gorgias' errors."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.per_view import PerView
from sandbox.request_limit import RequestLimit
from sandbox.shifted_pages import first_row
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.gorgias.objects import LISTS, Row
from sandbox.world.world import World

ACCOUNTS = ("basketline-eu", "basketline-us")
API_KEY = "gorgias-sandbox-key"
# Ten times an API key's 40 in 20 seconds, and said so to the connector: a demo is not to wait.
REQUESTS, SECONDS = 400, 20.0
DEFAULT_LIMIT, MOST = 30, 100
ORDERS = {
    "tickets": ("created_datetime", "updated_datetime"),
    "messages": ("created_datetime",),
    "customers": ("created_datetime", "updated_datetime"),
    "satisfaction-surveys": ("created_datetime",),
}
Key = tuple[float, int]


def agent_email(domain: str) -> str:
    """The user that an account's key belongs to."""
    return f"care@{domain}.example"


class RefusedError(Exception):
    """A request that Gorgias refuses.

    Attributes:
        status: HTTP status.
        headers: Beside the usual ones.
    """

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers

    def body(self) -> Row:
        """The JSON that Gorgias sends."""
        return {"error": {"msg": str(self)}}


@dataclass
class HelpDesk:
    """The API over a world.

    Attributes:
        world: The world.
        faults: Pages that come twice or shift.
        limit: How often an account may be asked.
        rendered: The lists of the present view.
    """

    world: World
    faults: Faults
    limit: RequestLimit
    rendered: PerView = field(default_factory=PerView)

    def routes(self) -> list[Route]:
        """The paths of the API."""
        return [
            Route("/{domain}/api/account", self._endpoint(self.account)),
            Route("/{domain}/api/{name}", self._endpoint(self.listed)),
        ]

    def account(self, request: Request) -> Row:
        """``GET /api/account``."""
        domain = request.path_params["domain"]
        return {"id": ACCOUNTS.index(domain) + 1, "name": domain, "domain": domain}

    def listed(self, request: Request) -> Row:
        """``GET /api/<list>``."""
        name = request.path_params["name"]
        if name not in LISTS:
            raise RefusedError(404, "Resource not found.")
        order, is_descending = _order(request.query_params.get("order_by"), ORDERS[name])
        size = _limit(request.query_params.get("limit"))
        rows = self._rows(name, request.path_params["domain"], order, is_descending)
        start = _start(request.query_params.get("cursor"), rows, order, is_descending)
        first = first_row(start, size, VENDOR.name, self.faults)
        data = rows[first : first + size]
        has_more = bool(data) and first + size < len(rows)
        return {
            "object": "list",
            "uri": request.url.path,
            "data": data,
            "meta": {
                "prev_cursor": _cursor("prev", data[0], order) if data and first else None,
                "next_cursor": _cursor("next", data[-1], order) if has_more else None,
            },
        }

    def _rows(self, name: str, domain: str, order: str, is_descending: bool) -> list[Row]:
        view = self.world.view()

        def make() -> list[Row]:
            rows = LISTS[name](view, domain)
            return sorted(rows, key=lambda row: _key(row, order), reverse=is_descending)

        return self.rendered.get(view, (name, domain, order, is_descending), make)

    def _endpoint(self, answer: Any) -> Any:
        async def serve(request: Request) -> Response:
            domain = request.path_params["domain"]
            try:
                _check(domain, request.headers.get("authorization", ""))
                wait = self.limit.take(domain)
                if wait is not None:
                    raise RefusedError(429, "Too many requests.", **{"Retry-after": str(wait)})
                return _json(answer(request), 200, self._headers(domain))
            except RefusedError as refused:
                return _json(refused.body(), refused.status, refused.headers)

        return serve

    def _headers(self, domain: str) -> dict[str, str]:
        used = f"{self.limit.used(domain)}/{self.limit.requests}"
        return {"X-Gorgias-Account-Api-Call-Limit": used}


def _check(domain: str, authorization: str) -> None:
    if domain not in ACCOUNTS:
        raise RefusedError(404, "Account not found.")
    expected = base64.b64encode(f"{agent_email(domain)}:{API_KEY}".encode()).decode()
    if authorization != f"Basic {expected}":
        raise RefusedError(401, "The credentials are not valid.")


def _order(text: str | None, allowed: tuple[str, ...]) -> tuple[str, bool]:
    name, _, direction = (text or "created_datetime:desc").partition(":")
    if name not in allowed or direction not in ("asc", "desc"):
        raise RefusedError(400, "order_by: Not a valid choice.")
    return name, direction == "desc"


def _limit(text: str | None) -> int:
    size = int(text) if (text or "").isdigit() else DEFAULT_LIMIT if text is None else 0
    if not 1 <= size <= MOST:
        raise RefusedError(400, f"limit: Must be between 1 and {MOST}.")
    return size


def _key(row: Row, order: str) -> Key:
    return datetime.fromisoformat(row[order]).timestamp(), row["id"]


def _cursor(way: str, row: Row, order: str) -> str:
    at, number = _key(row, order)
    return base64.b64encode(f"{way}_{number}_{at!r}".encode()).decode()


def _start(text: str | None, rows: list[Row], order: str, is_descending: bool) -> int:
    """The place after the row that the cursor names, also where that row has moved since."""
    if not text:
        return 0
    try:
        _, number, at = base64.b64decode(text, validate=True).decode().split("_")
        place = (float(at), int(number))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise RefusedError(400, "cursor: Not a valid cursor.") from error
    keys = (_key(row, order) for row in rows)
    return sum(key >= place if is_descending else key <= place for key in keys)


def _json(body: Any, status: int, headers: dict[str, str]) -> Response:
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    return Starlette(
        routes=HelpDesk(world, faults, RequestLimit(clock, REQUESTS, SECONDS)).routes()
    )


def settings(address: str) -> dict[str, str]:
    """The settings that read both accounts."""
    told = {
        f"GORGIAS__ACCOUNTS__{number}__{name}": value
        for number, domain in enumerate(ACCOUNTS)
        for name, value in (
            ("DOMAIN", domain),
            ("EMAIL", agent_email(domain)),
            ("API_KEY", API_KEY),
            ("BASE_URL", f"{address}/{{domain}}"),
        )
    }
    return told | {"GORGIAS__REQUESTS_PER_20_SECONDS": str(REQUESTS)}


VENDOR = Vendor(
    name="gorgias",
    app=app,
    throttled=(
        429,
        {"Content-Type": "application/json", "Retry-after": "1"},
        orjson.dumps(RefusedError(429, "Too many requests.").body()),
    ),
    failed=(
        502,
        {"Content-Type": "application/json"},
        orjson.dumps(RefusedError(502, "Bad gateway.").body()),
    ),
    settings=settings,
)
