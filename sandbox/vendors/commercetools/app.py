"""The HTTP side: tokens, lists with predicate, sort, limit and offset."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Sequence
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
from sandbox.shifted_pages import first_row
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.commercetools import catalog
from sandbox.vendors.commercetools.errors import (
    ApiError,
    invalid_client,
    invalid_input,
    invalid_token,
    not_found,
)
from sandbox.vendors.commercetools.orders import Orders, payments
from sandbox.vendors.commercetools.predicate import compile_predicate
from sandbox.vendors.commercetools.project import Object, Project
from sandbox.world.shops import COMMERCETOOLS, HANDLES, ZONES, handles_of
from sandbox.world.world import World

CLIENT_ID, CLIENT_SECRET = "sandbox-client", "sandbox-client-secret"
TOKEN_SECONDS = 172_800
DEFAULT_LIMIT, MOST_LIMIT, MOST_OFFSET = 20, 500, 10_000
SORTABLE = ("id", "createdAt", "lastModifiedAt")


@dataclass
class Tokens:
    """Access tokens, which end after two days on the virtual clock.

    Attributes:
        clock: The virtual clock.
        seconds: How long a token lives.
    """

    clock: Clock
    seconds: float = TOKEN_SECONDS
    _ends: dict[str, float] = field(default_factory=dict)

    def give(self, header: str) -> Object:
        """A token for an API client that shows its id and secret."""
        if _basic(header) != (CLIENT_ID, CLIENT_SECRET):
            raise invalid_client()
        token = secrets.token_urlsafe(24)
        self._ends[token] = self.clock.seconds + self.seconds
        scope = " ".join(f"view_orders:{shop}" for shop in handles_of(COMMERCETOOLS))
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(self.seconds),
            "scope": scope,
        }

    def check(self, header: str) -> None:
        """Lets a request with a good token through."""
        if self._ends.get(header.removeprefix("Bearer "), 0.0) <= self.clock.seconds:
            raise invalid_token()

    def end_all(self) -> None:
        """Every token given so far is refused from now on."""
        self._ends.clear()


@dataclass
class Api:
    """Every project of the world.

    Attributes:
        world: The world.
        clock: Its clock.
        faults: Pages that come twice or shift.
        tokens: Who may ask.
    """

    world: World
    clock: Clock
    faults: Faults
    tokens: Tokens
    _made: dict[tuple[str, str], tuple[pd.Timestamp, list[Object]]] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The paths of the API and of its authorisation server."""
        return [
            Route("/oauth/token", self.token, methods=["POST"]),
            Route("/{project}", self._endpoint(self._project)),
            Route("/{project}/{resource}", self._endpoint(self._listed)),
        ]

    async def token(self, request: Request) -> Response:
        """``POST /oauth/token``."""
        try:
            body = (await request.body()).decode()
            if "grant_type=client_credentials" not in body:
                raise ApiError(400, "unsupported_grant_type", "Unsupported grant type.",
                               error="unsupported_grant_type")  # fmt: skip
            return _json(self.tokens.give(request.headers.get("authorization", "")), 200)
        except ApiError as error:
            return _json(error.body(), error.status)

    def _project(self, request: Request) -> Object:
        return catalog.facts(self._open(request))

    def _listed(self, request: Request) -> Object:
        query = request.query_params
        limit = _whole(query.get("limit"), "limit", DEFAULT_LIMIT, MOST_LIMIT)
        offset = _whole(query.get("offset"), "offset", 0, MOST_OFFSET)
        found = self._resources(request)
        for text in query.getlist("where"):
            test = compile_predicate(text)
            found = [each for each in found if test(each)]
        found = _sorted(found, query.getlist("sort") or ["id asc"])
        start = first_row(offset, limit, "commercetools", self.faults) if offset else offset
        results = found[start : start + limit]
        counted = query.get("withTotal", "true") != "false"
        total = {"total": len(found)} if counted else {}
        return {"limit": limit, "offset": offset, "count": len(results), **total,
                "results": results}  # fmt: skip

    def _open(self, request: Request) -> Project:
        shop = request.path_params["project"]
        if shop not in handles_of(COMMERCETOOLS):
            raise not_found(shop)
        return Project(self.world.view(), shop, self.clock.now)

    def _resources(self, request: Request) -> list[Object]:
        """All resources of a kind as of the clock; made once."""
        name, expand = request.path_params["resource"], request.query_params.get("expand", "")
        project, now = self._open(request), self.clock.now
        makers: dict[str, Callable[[], list[Object]]] = {
            "orders": lambda: Orders(project, _codes(project, expand)).listed(),
            "messages": lambda: Orders(project).deletions(),
            "payments": lambda: payments(project),
            "customers": lambda: catalog.customers(project),
            "product-projections": lambda: catalog.products(project),
            "categories": lambda: catalog.categories(project),
            "inventory": lambda: catalog.inventory(project),
            "carts": lambda: catalog.carts(project),
            "discount-codes": lambda: catalog.discount_codes(project, expand),
        }
        if name not in makers:
            raise not_found(name)
        made_at, found = self._made.get((name, expand), (None, []))
        if made_at != now:
            found = makers[name]()
            self._made[(name, expand)] = (now, found)
        return found

    def _endpoint(self, answer: Callable[[Request], Object]) -> Any:
        async def serve(request: Request) -> Response:
            try:
                self.clock.request()
                self.tokens.check(request.headers.get("authorization", ""))
                return _json(answer(request), 200)
            except ApiError as error:
                return _json(error.body(), error.status)

        return serve


def _codes(project: Project, expand: str) -> dict[str, Object]:
    """Discount codes by id, where orders are to have them in."""
    if expand != "discountCodes[*].discountCode":
        return {}
    return {each["id"]: each for each in catalog.discount_codes(project, "")}


def _basic(header: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(header.removeprefix("Basic "), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    user, _, password = text.partition(":")
    return user, password


def _whole(text: str | None, name: str, default: int, most: int) -> int:
    if text is None:
        return default
    if not text.isdigit():
        raise invalid_input(f"Malformed parameter: {name}: '{text}' is not a number.")
    if int(text) > most:
        raise invalid_input(f"Malformed parameter: {name}: {name} must be at most {most}.")
    return int(text)


def _sorted(found: Sequence[Object], orders: Sequence[str]) -> list[Object]:
    rows = list(found)
    for text in reversed(orders):
        name, _, direction = text.partition(" ")
        if name not in SORTABLE or direction not in ("", "asc", "desc"):
            raise invalid_input(f"Malformed parameter: sort: {text}")
        rows.sort(key=lambda each, by=name: each[by], reverse=direction == "desc")
    return rows


def _json(body: Any, status: int) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json; charset=utf-8")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    return Starlette(routes=Api(world, clock, faults, Tokens(clock)).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read the project; a thousand requests a second harm nobody here."""
    (shop,) = handles_of(COMMERCETOOLS)
    prefix = "COMMERCETOOLS__PROJECTS__0__"
    return {
        f"{prefix}PROJECT_KEY": shop,
        f"{prefix}CLIENT_ID": CLIENT_ID,
        f"{prefix}CLIENT_SECRET": CLIENT_SECRET,
        f"{prefix}TIMEZONE": ZONES[HANDLES.index(shop)],
        f"{prefix}API_URL": address,
        f"{prefix}AUTH_URL": address,
        "COMMERCETOOLS__REQUESTS_PER_SECOND": "1000",
    }


def _failure(status: int, code: str, message: str) -> tuple[int, dict[str, str], bytes]:
    body = orjson.dumps(ApiError(status, code, message).body())
    return status, {"Content-Type": "application/json; charset=utf-8"}, body


VENDOR = Vendor(
    name="commercetools",
    app=app,
    throttled=_failure(429, "TooManyRequests", "Too many requests."),
    failed=_failure(503, "OverCapacity", "The service is having trouble handling the load."),
    settings=settings,
)
