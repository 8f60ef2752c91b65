"""The HTTP side: sites, keys, collections and their errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.woocommerce import about, params
from sandbox.vendors.woocommerce.catalog import Catalog, coupons
from sandbox.vendors.woocommerce.errors import RestError, invalid_id, no_route
from sandbox.vendors.woocommerce.ids import Ids
from sandbox.vendors.woocommerce.keys import Keyring, consumer_key, consumer_secret
from sandbox.vendors.woocommerce.lists import headers_of, page_of
from sandbox.vendors.woocommerce.orders import Orders
from sandbox.vendors.woocommerce.people import users
from sandbox.vendors.woocommerce.refunds import Refunds
from sandbox.vendors.woocommerce.site import Object, Site
from sandbox.world.shops import WOOCOMMERCE, handles_of
from sandbox.world.world import World

ROLES = ("all", "administrator", "editor", "author", "contributor", "subscriber", "customer",
         "shop_manager")  # fmt: skip
TYPES = ("simple", "grouped", "external", "variable")
ORDER_STATUSES = ("any", "trash", "auto-draft", *about.STATUS_NAMES)
RULES = {
    "orders": params.Rules(enums={"status": ORDER_STATUSES}),
    "refunds": params.Rules(),
    "products": params.Rules(
        orderby=(*params.BY_POST, "popularity", "rating", "price", "menu_order"),
        enums={"type": TYPES},
    ),
    "variations": params.Rules(orderby=(*params.BY_POST, "menu_order")),
    "coupons": params.Rules(),
    "customers": params.Rules(
        orderby=("name", "id", "include", "registered_date"),
        order="asc",
        dates=False,
        enums={"role": ROLES},
    ),
    "categories": params.Rules(
        orderby=("name", "id", "include", "slug", "count"), order="asc", dates=False
    ),
}
LIST_RIGHTS, READ_RIGHTS = "GET, POST", "GET"
ITEM_RIGHTS = "GET, POST, PUT, PATCH, DELETE"
Answer = tuple[Any, list[tuple[str, str]]]


@dataclass
class Shelf:
    """The objects of one site, made when they are first asked for.

    Attributes:
        site: The site.
    """

    site: Site
    _made: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def catalog(self) -> Catalog:
        """What the site sells."""
        return Catalog(self.site)

    def get(self, name: str) -> list[Object]:
        """All objects of a kind."""
        if name not in self._made:
            self._made[name] = self._make(name)
        found: list[Object] = self._made[name]
        return found

    def _make(self, name: str) -> list[Object]:
        refunds = Refunds(self.site)
        makers: dict[str, Callable[[], list[Object]]] = {
            "orders": Orders(self.site, refunds).listed,
            "refunds": refunds.listed,
            "products": self.catalog.products,
            "categories": self.catalog.categories,
            "coupons": lambda: coupons(self.site),
            "customers": lambda: users(self.site),
        }
        return makers[name]()


@dataclass
class WordPress:
    """Every site of the world.

    Attributes:
        world: The world.
        clock: Its clock.
        faults: Pages that come twice or shift.
    """

    world: World
    clock: Clock
    faults: Faults
    _ids: dict[str, Ids] = field(default_factory=dict)
    _keys: dict[str, Keyring] = field(default_factory=dict)
    _shelves: dict[tuple[str, str], tuple[pd.Timestamp, Shelf]] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The paths of the REST API."""
        api = "/{shop}/wp-json/wc/v3"
        answers = {
            "/orders": self._listed("orders"),
            "/orders/statuses": self._statuses,
            "/orders/{id:int}": self._order,
            "/orders/{id:int}/notes": self._notes,
            "/orders/{id:int}/refunds": self._order_refunds,
            "/refunds": self._listed("refunds", READ_RIGHTS),
            "/products": self._listed("products"),
            "/products/categories": self._listed("categories"),
            "/products/{id:int}/variations": self._variations,
            "/customers": self._listed("customers"),
            "/coupons": self._listed("coupons"),
            "/reports/sales": self._report,
            "/settings/{group}": self._settings,
        }
        return [
            Route("/{shop}/wp-json/", self._endpoint(self._index, is_public=True)),
            *(Route(api + path, self._endpoint(answer)) for path, answer in answers.items()),
            Route("/{shop}/wp-json/{rest:path}", self._endpoint(_nothing, is_public=True)),
        ]

    def _index(self, shelf: Shelf, _: Request) -> Answer:
        return about.index(shelf.site), []

    def _listed(self, name: str, rights: str = LIST_RIGHTS) -> Callable[..., Answer]:
        def answer(shelf: Shelf, request: Request) -> Answer:
            return self._page(shelf, request, name, shelf.get(name), rights)

        return answer

    def _page(
        self,
        shelf: Shelf,
        request: Request,
        name: str,
        objects: Sequence[Object],
        rights: str = LIST_RIGHTS,
    ) -> Answer:
        allow = ("Allow", rights)
        try:
            asked = params.read(request.query_params, RULES[name], shelf.site.zone)
        except RestError as error:
            error.headers.append(allow)
            raise
        wanted = _wanted(name, objects, asked.words)
        page = page_of(wanted, asked, self.faults)
        address = str(request.url.replace(query=""))
        fields = request.query_params.get("_fields")
        rows = [_shown(each, fields) for each in page.rows]
        return rows, [*headers_of(page, asked, address), allow]

    def _statuses(self, _: Shelf, __: Request) -> Answer:
        return about.statuses(), [("Allow", READ_RIGHTS)]

    def _order(self, shelf: Shelf, request: Request) -> Answer:
        allow = ("Allow", ITEM_RIGHTS)
        try:
            found = _find(shelf.get("orders"), request.path_params["id"], "shop_order")
        except RestError as error:
            error.headers.append(allow)
            raise
        return _shown(found, request.query_params.get("_fields")), [allow]

    def _notes(self, shelf: Shelf, request: Request) -> Answer:
        order = _find(shelf.get("orders"), request.path_params["id"], "order")
        rows = shelf.site.table("orders")
        own = [shelf.site.ids.of("orders", number) == order["id"] for number in rows["order_id"]]
        moment = rows.loc[own, "cancelled_at"].iloc[0]
        cancelled_at = None if pd.isna(moment) else moment
        return about.notes(shelf.site, order, cancelled_at), [("Allow", LIST_RIGHTS)]

    def _order_refunds(self, shelf: Shelf, request: Request) -> Answer:
        order = _find(shelf.get("orders"), request.path_params["id"], "order")
        own = [
            {name: value for name, value in each.items() if name != "parent_id"}
            for each in shelf.get("refunds")
            if each["parent_id"] == order["id"]
        ]
        return self._page(shelf, request, "refunds", own)

    def _variations(self, shelf: Shelf, request: Request) -> Answer:
        found = shelf.catalog.variations(request.path_params["id"])
        if found is None:
            raise invalid_id("product")
        return self._page(shelf, request, "variations", found)

    def _report(self, shelf: Shelf, _: Request) -> Answer:
        return about.sales_report(shelf.site, shelf.get("orders")), [("Allow", READ_RIGHTS)]

    def _settings(self, shelf: Shelf, request: Request) -> Answer:
        found = about.settings_group(shelf.site, request.path_params["group"])
        if found is None:
            message = "Invalid setting group."
            raise RestError(404, "rest_setting_setting_group_invalid", message)
        return found, [("Allow", READ_RIGHTS)]

    def _shelf(self, shop: str, address: str) -> Shelf:
        """The objects of a site as of the clock."""
        now = self.clock.now
        made_at, shelf = self._shelves.get((shop, address), (None, None))
        if shelf is None or made_at != now:
            ids = self._ids.setdefault(shop, Ids(self.world.ledger, shop))
            view = self.world.view()
            shelf = Shelf(Site(view, shop, ids=ids, now=now, address=address))
            self._shelves[(shop, address)] = (now, shelf)
        return shelf

    def _endpoint(self, answer: Callable[..., Answer], *, is_public: bool = False) -> Any:
        async def serve(request: Request) -> Response:
            shop = request.path_params["shop"]
            if shop not in handles_of(WOOCOMMERCE):
                return Response("<html><body>Not found</body></html>", 404, media_type="text/html")
            address = str(request.url.replace(query="")).partition("/wp-json")[0]
            links = [("Link", f'<{address}/wp-json/>; rel="https://api.w.org/"')]
            try:
                if not is_public:
                    self._keys.setdefault(shop, Keyring(shop)).check(request)
                body, headers = answer(self._shelf(shop, address), request)
            except RestError as error:
                return _json(error.body(), error.status, links + error.headers)
            return _json(body, 200, links + headers)

        return serve


def _nothing(_: Shelf, __: Request) -> Answer:
    raise no_route()


def _find(objects: Sequence[Object], number: int, kind: str) -> Object:
    for each in objects:
        if each["id"] == number:
            return each
    raise invalid_id(kind)


def _wanted(name: str, objects: Sequence[Object], words: Any) -> list[Object]:
    """What the words of the query leave of a collection; ``any`` leaves the trash out."""
    if name == "orders":
        asked = words.get("status", "any").split(",")
        is_any = "any" in asked
        return [
            each
            for each in objects
            if each["status"] in asked or (is_any and each["status"] != "trash")
        ]
    if name == "customers":
        role = words.get("role", "customer")
        return [each for each in objects if role in ("all", each["role"])]
    if name == "products" and "type" in words:
        return [each for each in objects if each["type"] == words["type"]]
    return list(objects)


def _shown(each: Object, fields: str | None) -> Object:
    """An object without what is only kept for sorting, or only the fields that were asked for."""
    wanted = fields.split(",") if fields else None
    return {
        name: value
        for name, value in each.items()
        if not name.startswith("_") or name == "_links"
        if wanted is None or name in wanted
    }


def _json(body: Any, status: int, headers: list[tuple[str, str]]) -> Response:
    """Headers of one name stand beside each other."""
    response = Response(orjson.dumps(body), status, media_type="application/json; charset=UTF-8")
    for name, value in headers:
        response.headers.append(name, value)
    return response


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    return Starlette(routes=WordPress(world, clock, faults).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read both stores; a thousand requests a second harm nobody here."""
    stores = {
        f"WOOCOMMERCE__STORES__{number}__{name}": value
        for number, shop in enumerate(handles_of(WOOCOMMERCE))
        for name, value in (
            ("NAME", shop),
            ("URL", f"{address}/{shop}"),
            ("CONSUMER_KEY", consumer_key(shop)),
            ("CONSUMER_SECRET", consumer_secret(shop)),
        )
    }
    return {**stores, "WOOCOMMERCE__REQUESTS_PER_SECOND": "1000"}


_PAGE = b"<html><head><title>%s</title></head><body>%s</body></html>"
VENDOR = Vendor(
    name="woocommerce",
    app=app,
    throttled=(
        429,
        {"Content-Type": "text/html", "Retry-After": "1"},
        _PAGE % (b"429", b"Too Many Requests"),
    ),
    failed=(503, {"Content-Type": "text/html"}, _PAGE % (b"503", b"Service Unavailable")),
    settings=settings,
)
