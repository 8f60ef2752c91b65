"""The HTTP side: tokens and keys, pages by number and by token, Yotpo's errors."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Hashable
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
from sandbox.per_view import PerView
from sandbox.request_limit import RequestLimit
from sandbox.shifted_pages import first_row
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.yotpo import loyalty, reviews
from sandbox.world.ledger import Ledger
from sandbox.world.world import World

SHOPS = ("basketline-eu", "basketline-us")
TOKEN_SECONDS = 14 * 24 * 3600
REQUESTS, SECONDS = 5_000, 60.0
MOST_REVIEWS, MOST_MEMBERS = 100, 250
LOYALTY_PER_SECOND = 500
Row = dict[str, Any]


def review_keys(shop: str) -> tuple[str, str]:
    """Store id and secret of a shop."""
    return _key(shop, "store id"), _key(shop, "secret")


def loyalty_keys(shop: str) -> tuple[str, str]:
    """GUID and API key of a shop."""
    return _key(shop, "guid"), _key(shop, "api key")


def _key(shop: str, of: str) -> str:
    return hashlib.sha256(f"{shop} {of}".encode()).hexdigest()[:40]


class RefusedError(Exception):
    """A request that Yotpo refuses.

    Attributes:
        status: HTTP status.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    def body(self) -> Row:
        """The JSON that Yotpo sends."""
        return {"status": {"code": self.status, "message": str(self)}}


@dataclass
class Store:
    """Both APIs over a world.

    Attributes:
        world: The world.
        clock: Its clock: tokens live 14 of its days.
        faults: Pages that come twice or shift.
        limit: How often reviews may be asked for.
        tokens: From token to its shop and last moment.
        rendered: The lists of the present view.
    """

    world: World
    clock: Clock
    faults: Faults
    limit: RequestLimit
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    rendered: PerView = field(default_factory=PerView)

    def routes(self) -> list[Route]:
        """The paths of the APIs."""
        return [
            Route("/oauth/token", _endpoint(self.token), methods=["POST"]),
            Route("/v1/apps/{store}/reviews", _endpoint(self.reviews)),
            Route("/v1/apps/{store}/products", _endpoint(self.products)),
            Route("/products/{store}/{product}/questions", _endpoint(self.questions)),
            Route("/api/v2/customers/recent", _endpoint(self.members)),
            Route("/api/v2/customers", _endpoint(self.member)),
        ]

    async def token(self, request: Request) -> Row:
        """``POST /oauth/token``."""
        sent = orjson.loads(await request.body() or b"{}")
        shop = _shop_of(sent.get("client_id"), 0)
        if shop is None or sent.get("client_secret") != review_keys(shop)[1]:
            raise RefusedError(401, "The client credentials are not valid")
        token = _key(shop, f"token {len(self.tokens)}")
        self.tokens[token] = shop, self.clock.seconds + TOKEN_SECONDS
        return {"access_token": token, "token_type": "bearer"}

    async def reviews(self, request: Request) -> Row:
        """``GET /v1/apps/<store>/reviews``."""
        shop, query = self._authorized(request), request.query_params
        deleted = query.get("deleted") == "true"
        rows = self._list(
            ("reviews", shop, deleted),
            lambda view: reviews.reviews(view, shop, with_deleted=deleted),
        )
        if since := query.get("since_updated_at"):
            rows = [row for row in rows if pd.Timestamp(row["updated_at"]) >= _moment(since)]
        return {"reviews": self._page(rows, query)}

    async def products(self, request: Request) -> Row:
        """``GET /v1/apps/<store>/products``."""
        shop = self._authorized(request)
        rows = self._list(("products", shop), lambda view: reviews.products(view, shop))
        return {"products": self._page(rows, request.query_params)}

    async def questions(self, request: Request) -> Row:
        """``GET /products/<store>/<product>/questions``, which is public."""
        shop = _shop_of(request.path_params["store"], 0)
        if shop is None:
            raise RefusedError(404, "Account not found")
        asked = self._list(("questions", shop), lambda view: reviews.questions(view, shop))
        rows = asked.get(request.path_params["product"], [])
        size = _whole(request.query_params.get("per_page"), 5, MOST_REVIEWS)
        page = _whole(request.query_params.get("page"), 1, 10**6)
        return {
            "status": {"code": 200, "message": "OK"},
            "response": {
                "pagination": {"page": page, "per_page": size, "total": len(rows)},
                "total_questions": len(rows),
                "questions": rows[(page - 1) * size : page * size],
            },
        }

    async def members(self, request: Request) -> Row:
        """``GET /api/v2/customers/recent``."""
        shop = _loyal_shop(request)
        rows = self._list(("members", shop), lambda view: loyalty.members(view, shop))
        size = _whole(request.query_params.get("per_page"), 25, MOST_MEMBERS)
        start = _place(request.query_params.get("page_info"))
        first = first_row(start, size, VENDOR.name, self.faults)
        end = first + size
        following = base64.b64encode(f"place {end}".encode()).decode() if end < len(rows) else None
        return {"customers": rows[first:end], "metadata": {"next_page_info": following}}

    async def member(self, request: Request) -> Row:
        """``GET /api/v2/customers``."""
        query = request.query_params
        found = loyalty.details(
            self.world.view(),
            _loyal_shop(request),
            query.get("customer_id") or query.get("customer_email") or "",
            rendered=self.rendered,
            has_history=query.get("with_history") == "true",
            has_code=query.get("with_referral_code") == "true",
        )
        if found is None:
            raise RefusedError(404, "Customer not found")
        return found

    def _list(self, name: Hashable, make: Callable[[Ledger], Any]) -> Any:
        """A list of the present view, made when it is first asked for."""
        view = self.world.view()
        return self.rendered.get(view, name, lambda: make(view))

    def _authorized(self, request: Request) -> str:
        """The shop whose token it is."""
        shop, until = self.tokens.get(request.query_params.get("utoken", ""), ("", 0.0))
        is_own = shop and request.path_params["store"] == review_keys(shop)[0]
        if not is_own or self.clock.seconds >= until:
            raise RefusedError(401, "Access denied")
        if self.limit.take(shop) is not None:
            raise RefusedError(429, "Too many requests")
        return str(shop)

    def _page(self, rows: list[Row], query: Any) -> list[Row]:
        size = _whole(query.get("count"), 10, MOST_REVIEWS)
        start = (_whole(query.get("page"), 1, 10**6) - 1) * size
        first = first_row(start, size, VENDOR.name, self.faults)
        return rows[first : first + size]


def _shop_of(key: str | None, place: int) -> str | None:
    return next((shop for shop in SHOPS if review_keys(shop)[place] == key), None)


def _loyal_shop(request: Request) -> str:
    sent = request.headers.get("x-guid", ""), request.headers.get("x-api-key", "")
    for shop in SHOPS:
        if loyalty_keys(shop) == sent:
            return shop
    raise RefusedError(401, "Unauthorized")


def _whole(text: str | None, default: int, most: int) -> int:
    number = int(text) if (text or "").isdigit() else default
    return min(max(number, 1), most)


def _place(text: str | None) -> int:
    if not text:
        return 0
    try:
        return int(base64.b64decode(text, validate=True).decode().removeprefix("place "))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise RefusedError(400, "page_info is not valid") from error


def _moment(text: str) -> pd.Timestamp:
    try:
        found = pd.Timestamp(text)
    except ValueError as error:
        raise RefusedError(400, "since_updated_at is no date") from error
    return found.tz_localize("UTC") if found.tz is None else found


def _endpoint(answer: Any) -> Any:
    async def serve(request: Request) -> Response:
        try:
            return _json(await answer(request), 200)
        except RefusedError as refused:
            return _json(refused.body(), refused.status)

    return serve


def _json(body: Any, status: int) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    store = Store(world, clock, faults, RequestLimit(clock, REQUESTS, SECONDS))
    return Starlette(routes=store.routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read both stores, their reviews and their loyalty programme."""
    told = {
        f"YOTPO__STORES__{number}__{name}": value
        for number, shop in enumerate(SHOPS)
        for name, value in zip(
            ("NAME", "STORE_ID", "SECRET", "LOYALTY_GUID", "LOYALTY_API_KEY", "BASE_URL",
             "LOYALTY_URL"),
            (shop, *review_keys(shop), *loyalty_keys(shop), address, address),
            strict=True,
        )
    }  # fmt: skip
    return told | {"YOTPO__LOYALTY_REQUESTS_PER_SECOND": str(LOYALTY_PER_SECOND)}


VENDOR = Vendor(
    name="yotpo",
    app=app,
    throttled=(
        429,
        {"Content-Type": "application/json"},
        orjson.dumps(RefusedError(429, "Too many requests").body()),
    ),
    failed=(
        500,
        {"Content-Type": "application/json"},
        orjson.dumps(RefusedError(500, "Internal Server Error").body()),
    ),
    settings=settings,
)
