"""The HTTP side: tokens, versions, the bucket, filters, and cursors that carry the filters."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.request_limit import RequestLimit
from sandbox.shifted_pages import first_row
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.recharge.objects import LISTS, Row
from sandbox.world.ledger import Ledger
from sandbox.world.world import World

SHOPS = ("basketline-eu", "basketline-us")
TOKENS = {shop: f"sk_sandbox_{shop.replace('-', '_')}" for shop in SHOPS}
VERSION = "2021-11"
DEFAULT_LIMIT, MOST = 50, 250
# A bucket of 40 that empties by two a second.
REQUESTS, SECONDS = 40, 20.0
BOUNDS = {"_min": lambda value, bound: value >= bound, "_max": lambda value, bound: value <= bound}
EQUAL = frozenset({"status", "customer_id", "object_type", "object_id", "verbs"})
SORTS = ("id", "created_at", "updated_at", "scheduled_at")


class RechargeError(Exception):
    """A request that Recharge refuses.

    Attributes:
        status: HTTP status.
        body: The JSON that it sends.
    """

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(str(body))
        self.status, self.body = status, body


@dataclass
class Api:
    """The API over a world.

    Attributes:
        world: The world.
        faults: Pages that come twice or shift.
        limit: The bucket of each store.
    """

    world: World
    faults: Faults
    limit: RequestLimit
    _lists: dict[tuple[str, str], tuple[Ledger, list[Row]]] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The paths of the API."""
        return [Route(f"/{name}", self._endpoint(name)) for name in LISTS]

    def _endpoint(self, name: str) -> Any:
        async def serve(request: Request) -> Response:
            try:
                shop = _shop(request)
                if self.limit.take(shop) is not None:
                    raise RechargeError(429, {"warning": "too many requests"})
                body = self._answer(name, shop, dict(request.query_params))
            except RechargeError as error:
                return _json(error.body, error.status)
            return _json(body, 200)

        return serve

    def _answer(self, name: str, shop: str, query: dict[str, str]) -> dict[str, Any]:
        asked, start = _asked(query)
        limit = _limit(query)
        rows = _sorted(_filtered(self._rows(name, shop), asked), asked.get("sort_by", "id-desc"))
        first = first_row(start, limit, "recharge", self.faults)
        part = rows[first : first + limit]
        end = first + len(part)
        return {
            "next_cursor": _cursor(asked, end) if end < len(rows) else None,
            "previous_cursor": _cursor(asked, max(0, first - limit)) if first else None,
            name: part,
        }

    def _rows(self, name: str, shop: str) -> list[Row]:
        """A list of the store; made anew when the clock has moved."""
        view = self.world.view()
        made = self._lists.get((name, shop))
        if made is None or made[0] is not view:
            made = self._lists[name, shop] = (view, LISTS[name](view, shop))
        return made[1]


def _shop(request: Request) -> str:
    token = request.headers.get("x-recharge-access-token")
    shop = next((shop for shop, known in TOKENS.items() if known == token), None)
    if shop is None:
        raise RechargeError(401, {"error": "bad authentication"})
    told = request.headers.get("x-recharge-version", VERSION)
    if told != VERSION:
        raise RechargeError(426, {"error": f"API version {told} is not supported"})
    return shop


def _asked(query: dict[str, str]) -> tuple[dict[str, str], int]:
    """The filters, which travel in the cursor, and the place of the first row."""
    if "cursor" not in query:
        return {name: value for name, value in query.items() if name != "limit"}, 0
    if query.keys() - {"cursor", "limit"}:
        raise RechargeError(422, {"errors": {"cursor": "cannot be combined with other filters"}})
    try:
        told = orjson.loads(base64.urlsafe_b64decode(query["cursor"]))
        return told["asked"], told["start"]
    except (binascii.Error, orjson.JSONDecodeError, KeyError, ValueError) as error:
        raise RechargeError(422, {"errors": {"cursor": "is not valid"}}) from error


def _cursor(asked: dict[str, str], start: int) -> str:
    return base64.urlsafe_b64encode(orjson.dumps({"asked": asked, "start": start})).decode()


def _limit(query: dict[str, str]) -> int:
    told = query.get("limit", str(DEFAULT_LIMIT))
    if not told.isdigit() or not 1 <= int(told) <= MOST:
        raise RechargeError(422, {"errors": {"limit": f"must be between 1 and {MOST}"}})
    return int(told)


def _filtered(rows: list[Row], asked: dict[str, str]) -> list[Row]:
    for name, told in asked.items():
        suffix = name[-4:]
        if suffix in BOUNDS:
            column, bound = name[:-4], _time(told, name)
            rows = [row for row in rows if BOUNDS[suffix](_time(row[column], column), bound)]
        elif name in EQUAL:
            column, wanted = ("verb" if name == "verbs" else name), told.split(",")
            rows = [row for row in rows if str(row.get(column)) in wanted]
    return rows


def _sorted(rows: list[Row], told: str) -> list[Row]:
    column, _, direction = told.rpartition("-")
    if column not in SORTS or direction not in ("asc", "desc"):
        raise RechargeError(422, {"errors": {"sort_by": "is not valid"}})
    is_down = direction == "desc"
    return sorted(rows, key=lambda row: (row.get(column) or "", row["id"]), reverse=is_down)


def _time(told: str, name: str) -> pd.Timestamp:
    try:
        moment = pd.Timestamp(told)
    except ValueError as error:
        raise RechargeError(422, {"errors": {name: "is no valid time"}}) from error
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment


def _json(body: Any, status: int) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    return Starlette(routes=Api(world, faults, RequestLimit(clock, REQUESTS, SECONDS)).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read both stores."""
    return {
        f"RECHARGE__ACCOUNTS__{number}__{name}": value
        for number, (shop, token) in enumerate(TOKENS.items())
        for name, value in (("NAME", shop), ("ACCESS_TOKEN", token), ("BASE_URL", address))
    }


VENDOR = Vendor(
    name="recharge",
    app=app,
    throttled=(
        429,
        {"Content-Type": "application/json"},
        orjson.dumps({"warning": "too many requests"}),
    ),
    failed=(
        500,
        {"Content-Type": "application/json"},
        orjson.dumps({"error": "internal server error"}),
    ),
    settings=settings,
)
