"""The HTTP side: one address per shop, its tokens, its GraphQL endpoint, its bulk files."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.applications import Starlette
from starlette.requests import Request as HTTPRequest
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.shopify import api
from sandbox.vendors.shopify.access import Access, admin_token
from sandbox.vendors.shopify.catalog import open_store
from sandbox.vendors.shopify.cost import PLUS, Bucket, Plan
from sandbox.vendors.shopify.operations import Operations
from sandbox.vendors.shopify.paging import Slip
from sandbox.vendors.shopify.roots import Request
from sandbox.vendors.shopify.schema import VERSION
from sandbox.vendors.shopify.store import Store
from sandbox.world.shops import SHOPIFY, handles_of
from sandbox.world.world import World


@dataclass
class Shop:
    """What the API keeps of one shop between requests."""

    access: Access
    bucket: Bucket
    operations: Operations
    slips: dict[str, Slip] = field(default_factory=dict)


class Admin:
    """The Admin API of all shops of a world."""

    def __init__(self, world: World, clock: Clock, faults: Faults, plan: Plan = PLUS) -> None:
        """Serve the world's shops, each on the given plan."""
        self._world, self._clock, self._faults, self._plan = world, clock, faults, plan
        self._folder = Path(tempfile.mkdtemp(prefix="shopify-bulk-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._shops: dict[str, Shop] = {}
        self._stores: dict[str, Store] = {}

    def routes(self) -> list[Route]:
        """The paths of the API; a shop's handle comes first."""
        return [
            Route("/{shop}/admin/api/{version}/graphql.json", self.graphql, methods=["POST"]),
            Route("/{shop}/admin/oauth/access_token", self.grant, methods=["POST"]),
            Route("/{shop}/bulk-operation-outputs/{name}", self.download, methods=["GET"]),
        ]

    async def graphql(self, http: HTTPRequest) -> Response:
        """``POST /{shop}/admin/api/{version}/graphql.json``."""
        handle = http.path_params["shop"]
        shop = self.shop(handle)
        if shop is None or http.path_params["version"] != VERSION:
            return _json({"errors": "Not Found"}, 404)
        scopes = shop.access.scopes(http.headers.get("x-shopify-access-token"))
        if not scopes:
            message = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return _json({"errors": message}, 401)
        try:
            body = orjson.loads(await http.body())
        except orjson.JSONDecodeError:
            return _json({"errors": {"query": "Required parameter missing or invalid"}}, 400)
        shop.bucket.refill(self._clock.request())
        request = Request(
            self.store(handle),
            shop.operations,
            self._faults,
            shop.slips,
            base_url=f"{http.url.scheme}://{http.url.netloc}{http.scope['root_path']}/{handle}",
            scopes=scopes,
            explain="shopify-search-query-debug" in http.headers,
        )
        return _json(api.answer(body, request, shop.bucket, self._clock.wait))

    async def grant(self, http: HTTPRequest) -> Response:
        """``POST /{shop}/admin/oauth/access_token``: form or JSON."""
        shop = self.shop(http.path_params["shop"])
        if shop is None:
            return _json({"errors": "Not Found"}, 404)
        granted = shop.access.grant(await _form(http))
        if granted is None:
            message = "Client authentication failed: unknown client or wrong secret."
            return _json({"error": "invalid_client", "error_description": message}, 400)
        return _json(granted)

    async def download(self, http: HTTPRequest) -> Response:
        """A bulk result, while its signed address is good."""
        shop = self.shop(http.path_params["shop"])
        signature = http.query_params.get("Signature", "")
        path = shop.operations.file(http.path_params["name"], signature) if shop else None
        if path is None:
            return Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", 403)
        return FileResponse(path, media_type="application/jsonl")

    def _handles(self) -> list[str]:
        stores = self._world.view().stores
        return stores.loc[stores["platform"] == SHOPIFY.name, "shop"].tolist()

    def shop(self, handle: str) -> Shop | None:
        """What the API keeps of a shop; ``None`` if there is none of that name."""
        if handle not in self._handles():
            return None
        if handle not in self._shops:
            folder = self._folder / handle
            folder.mkdir()
            self._shops[handle] = Shop(
                Access(handle, self._clock),
                Bucket(self._plan, self._plan.bucket, self._clock.seconds),
                Operations(folder, lambda: self._clock.now),
            )
        return self._shops[handle]

    def store(self, handle: str) -> Store:
        """The shop as it looks now; the same object as long as the view is."""
        view = self._world.view()
        known = self._stores.get(handle)
        if known is None or known.ledger is not view:
            known = self._stores[handle] = open_store(view, handle, self._clock.now)
        return known


async def _form(http: HTTPRequest) -> dict[str, Any]:
    if "json" in http.headers.get("content-type", ""):
        found = orjson.loads(await http.body() or b"{}")
        return found if isinstance(found, dict) else {}
    return dict(parse_qsl((await http.body()).decode()))


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    return Starlette(routes=Admin(world, clock, faults).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read both shops."""
    return {
        f"SHOPIFY__STORES__{number}__{name}": value
        for number, shop in enumerate(handles_of(SHOPIFY))
        for name, value in (
            ("SHOP", shop),
            ("ACCESS_TOKEN", admin_token(shop)),
            ("BASE_URL", f"{address}/{shop}"),
        )
    }


_THROTTLED = {
    "errors": [api.THROTTLED],
    "extensions": {
        "cost": {
            "requestedQueryCost": 100,
            "actualQueryCost": None,
            "throttleStatus": {
                "maximumAvailable": PLUS.bucket,
                "currentlyAvailable": 0,
                "restoreRate": PLUS.restore_rate,
            },
        }
    },
}

VENDOR = Vendor(
    name="shopify",
    app=app,
    throttled=(200, {"content-type": "application/json"}, orjson.dumps(_THROTTLED)),
    failed=(
        503,
        {"content-type": "application/json"},
        orjson.dumps({"errors": "Service Unavailable"}),
    ),
    settings=settings,
)
