"""The HTTP side: tokens, two requests a second, pages of responses before a token."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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
from sandbox.vendors.typeform import objects
from sandbox.world.world import World

SHOPS = ("basketline-eu", "basketline-us")
# Two a second; the sandbox counts a twentieth of a second a request, so that many fit into one.
REQUESTS, SECONDS = 20, 1.0
MOST_FORMS, MOST_RESPONSES = 200, 1000
Row = dict[str, Any]


def token_of(shop: str) -> str:
    """A shop's personal token."""
    return "tfp_" + hashlib.sha256(f"{shop} typeform".encode()).hexdigest()[:40]


class RefusedError(Exception):
    """A request that Typeform refuses.

    Attributes:
        status: HTTP status.
        code: Typeform's word for it.
    """

    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(description)
        self.status, self.code = status, code

    def body(self) -> Row:
        """The JSON that Typeform sends."""
        return {"code": self.code, "description": str(self)}


@dataclass
class Forms:
    """The API over a world.

    Attributes:
        world: The world.
        faults: Pages that come twice or shift.
        limit: How often a token may ask.
    """

    world: World
    faults: Faults
    limit: RequestLimit

    def routes(self) -> list[Route]:
        """The paths of the API."""
        return [
            Route("/forms", self._endpoint(self.listed)),
            Route("/forms/{form}", self._endpoint(self.form)),
            Route("/forms/{form}/responses", self._endpoint(self.responses)),
        ]

    def listed(self, request: Request, shop: str) -> Row:
        """``GET /forms``."""
        size = _whole(request, "page_size", 10, MOST_FORMS)
        start = (_whole(request, "page", 1, 10**6) - 1) * size
        found = objects.forms(self.world.view(), shop)
        created = self._created(shop)
        return {
            "total_items": len(found),
            "page_count": -(-len(found) // size),
            "items": [objects.summary(form, created) for form in found[start : start + size]],
        }

    def form(self, request: Request, shop: str) -> Row:
        """``GET /forms/<id>``."""
        return objects.definition(self._own(request, shop), self._created(shop))

    def responses(self, request: Request, shop: str) -> Row:
        """``GET /forms/<id>/responses``: newest first, or oldest first after a token."""
        query, size = request.query_params, _whole(request, "page_size", 25, MOST_RESPONSES)
        rows = objects.responses(self.world.view(), self._own(request, shop))
        if since := query.get("since"):
            rows = [row for row in rows if pd.Timestamp(row["submitted_at"]) >= _moment(since)]
        if until := query.get("until"):
            rows = [row for row in rows if pd.Timestamp(row["submitted_at"]) <= _moment(until)]
        total = len(rows)
        if query.get("after"):
            rows = list(reversed(rows))
        start = _behind(rows, query.get("after") or query.get("before"))
        first = first_row(start, size, VENDOR.name, self.faults)
        return {
            "total_items": total,
            "page_count": -(-total // size),
            "items": rows[first : first + size],
        }

    def _own(self, request: Request, shop: str) -> str:
        form = str(request.path_params["form"])
        if form not in objects.forms(self.world.view(), shop):
            raise RefusedError(404, "FORM_NOT_FOUND", "Non existing form with uid")
        return form

    def _created(self, shop: str) -> pd.Timestamp:
        own = self.world.view().survey_responses
        return own.loc[own["shop"] == shop, "landed_at"].min()

    def _endpoint(self, answer: Any) -> Any:
        async def serve(request: Request) -> Response:
            try:
                shop = _shop(request.headers.get("authorization", ""))
                if (wait := self.limit.take(shop)) is not None:
                    refused = RefusedError(429, "TOO_MANY_REQUESTS", "Rate limit exceeded")
                    return _json(refused.body(), 429, {"Retry-After": str(wait)})
                return _json(answer(request, shop), 200, {})
            except RefusedError as refused:
                return _json(refused.body(), refused.status, {})

        return serve


def _shop(authorization: str) -> str:
    token = authorization.removeprefix("Bearer ")
    for shop in SHOPS:
        if token == token_of(shop):
            return shop
    raise RefusedError(401, "AUTHENTICATION_FAILED", "Authentication credentials not found")


def _whole(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise RefusedError(400, "VALIDATION_ERROR", f"{name} must be between 1 and {most}")
    return int(text)


def _moment(text: str) -> pd.Timestamp:
    found = pd.Timestamp(int(text), unit="s") if text.isdigit() else pd.Timestamp(text)
    return found.tz_localize("UTC") if found.tz is None else found


def _behind(rows: list[Row], token: str | None) -> int:
    """The place after a token; 0 without one."""
    if not token:
        return 0
    places = (place for place, row in enumerate(rows) if row["token"] == token)
    return next(places, len(rows) - 1) + 1


def _json(body: Any, status: int, headers: dict[str, str]) -> Response:
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    return Starlette(routes=Forms(world, faults, RequestLimit(clock, REQUESTS, SECONDS)).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read the forms of both shops."""
    return {
        f"TYPEFORM__ACCOUNTS__{number}__{name}": value
        for number, shop in enumerate(SHOPS)
        for name, value in (("NAME", shop), ("TOKEN", token_of(shop)), ("BASE_URL", address))
    }


VENDOR = Vendor(
    name="typeform",
    app=app,
    throttled=(
        429,
        {"Content-Type": "application/json", "Retry-After": "1"},
        orjson.dumps(RefusedError(429, "TOO_MANY_REQUESTS", "Rate limit exceeded").body()),
    ),
    failed=(
        500,
        {"Content-Type": "application/json"},
        orjson.dumps(RefusedError(500, "INTERNAL_ERROR", "Something went wrong").body()),
    ),
    settings=settings,
)
