"""The HTTP side: keys, revisions, limits, filters, pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.klaviyo import render
from sandbox.vendors.klaviyo.account import Account
from sandbox.vendors.klaviyo.errors import KlaviyoError, bad_key, not_found, throttled
from sandbox.vendors.klaviyo.filters import RANGE, Allowed, apply, conditions
from sandbox.vendors.klaviyo.limits import Limits
from sandbox.vendors.klaviyo.paging import page
from sandbox.world.world import World

SHOPS = ("basketline-eu", "basketline-us")
KEYS = {shop: f"pk_sandbox_{shop.replace('-', '_')}" for shop in SHOPS}
REVISIONS = ("2025-10-15", "2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15")
MEDIA = "application/vnd.api+json"
# Ten times what Klaviyo allows: a demo is not to wait.
SCALE = 10
EQUALS = frozenset({"equals"})
STRICT = frozenset({"greater-than", "less-than"})


@dataclass(frozen=True)
class Listing:
    """One list of the API.

    Attributes:
        frame: The rows of an account; what the path names is given to it.
        render: Makes resources of rows.
        burst: Requests a second.
        steady: Requests a minute.
        size: Rows of a page where nothing is said.
        most: Largest page; 0 where the size cannot be chosen.
        filters: What may be compared how.
        sorts: From a name to its column; the first is the one where nothing is said.
        required: A field that a filter must name.
    """

    frame: Callable[[Account, dict[str, str]], pd.DataFrame]
    render: Callable[[pd.DataFrame, Account, frozenset[str]], list[dict[str, Any]]]
    burst: int
    steady: int
    size: int
    most: int
    filters: Allowed = field(default_factory=dict)
    sorts: dict[str, str] = field(default_factory=lambda: {"id": "id"})
    required: str = ""

    @property
    def natural_order(self) -> str:
        """The column by which frames come sorted, and after it by id."""
        return next(iter(self.sorts.values()))


def _members(account: Account, path: dict[str, str]) -> pd.DataFrame:
    if path["id"] not in set(account.lists["id"]):
        raise not_found()
    return account.members[account.members["list_id"] == path["id"]]


def _actions(account: Account, path: dict[str, str]) -> pd.DataFrame:
    if path["id"] not in set(account.flows["id"]):
        raise not_found()
    return account.flow_messages[account.flow_messages["flow_id"] == path["id"]]


LISTINGS = {
    "metrics": Listing(
        lambda account, _: account.metrics,
        lambda rows, *_: render.metrics(rows),
        10, 150, 200, 0,
        {"integration.name": ("integration", EQUALS)},
    ),
    "lists": Listing(
        lambda account, _: account.lists,
        lambda rows, *_: render.lists(rows),
        75, 750, 10, 10,
        {"updated": ("updated_at", frozenset({"greater-than"}))},
        {"id": "id", "updated": "updated_at"},
    ),
    "segments": Listing(
        lambda account, _: account.segments,
        lambda rows, *_: render.segments(rows),
        75, 750, 10, 10,
        {"updated": ("updated_at", frozenset({"greater-than"}))},
        {"id": "id", "updated": "updated_at"},
    ),
    "lists/{id}/profiles": Listing(
        _members,
        lambda rows, account, _: render.members(rows, account.profiles),
        75, 750, 20, 100,
        {"joined_group_at": ("joined_at", RANGE)},
        {"joined_group_at": "joined_at"},
    ),
    "campaigns": Listing(
        lambda account, _: account.campaigns,
        lambda rows, *_: render.campaigns(rows),
        10, 150, 100, 100,
        {
            "messages.channel": ("channel", EQUALS),
            "archived": ("archived", EQUALS),
            "status": ("status", EQUALS),
            "updated_at": ("updated_at", RANGE),
        },
        {"id": "id", "updated_at": "updated_at"},
        required="messages.channel",
    ),
    "flows": Listing(
        lambda account, _: account.flows,
        lambda rows, *_: render.flows(rows),
        3, 60, 50, 50,
        {
            "archived": ("archived", EQUALS),
            "status": ("status", EQUALS),
            "updated": ("updated_at", RANGE),
        },
        {"id": "id", "updated": "updated_at"},
    ),
    "flows/{id}/flow-actions": Listing(
        _actions, lambda rows, *_: render.flow_actions(rows), 3, 60, 50, 50
    ),
    "profiles": Listing(
        lambda account, _: account.profiles,
        lambda rows, _, additional: render.profiles_of(rows, additional),
        75, 750, 20, 100,
        {"updated": ("updated_at", STRICT), "created": ("created_at", STRICT)},
        {"updated": "updated_at"},
    ),
    "events": Listing(
        lambda account, _: account.events,
        lambda rows, *_: render.events(rows),
        350, 3500, 200, 1000,
        {
            "datetime": ("happened_at", RANGE),
            "metric_id": ("metric_id", EQUALS),
            "profile_id": ("profile_id", EQUALS),
        },
        {"datetime": "happened_at", "timestamp": "happened_at"},
    ),
}  # fmt: skip


@dataclass
class Api:
    """The API over a world.

    Attributes:
        world: The world.
        faults: Pages that come twice or shift.
        limits: Counts requests.
    """

    world: World
    faults: Faults
    limits: Limits
    _accounts: dict[str, Account] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The paths of the API."""
        return [
            Route(f"/api/{path}", self._endpoint(path, listing))
            for path, listing in LISTINGS.items()
        ]

    def _account(self, request: Request) -> Account:
        """The account of the key; made anew when the clock has moved."""
        key = request.headers.get("authorization", "").removeprefix("Klaviyo-API-Key ")
        shop = next((shop for shop, known in KEYS.items() if known == key), None)
        if shop is None:
            raise bad_key()
        view = self.world.view()
        if shop not in self._accounts or self._accounts[shop].view is not view:
            self._accounts[shop] = Account(shop, view)
        return self._accounts[shop]

    def _endpoint(self, path: str, listing: Listing) -> Any:
        async def serve(request: Request) -> Response:
            try:
                account = self._account(request)
                _check_revision(request)
                headers = self._count(account.shop, path, listing, request)
                body = self._document(path, listing, account, request)
            except KlaviyoError as error:
                wait = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
                return _json(error.body(), error.status, wait)
            return _json(body, 200, headers)

        return serve

    def _count(self, shop: str, path: str, listing: Listing, request: Request) -> dict[str, str]:
        burst, steady = listing.burst, listing.steady
        if "predictive_analytics" in _words(request, "additional-fields[profile]"):
            burst, steady = 10, 150
        return self.limits.count(shop, f"{path} {burst}", burst, steady)

    def _document(
        self, path: str, listing: Listing, account: Account, request: Request
    ) -> dict[str, Any]:
        query = request.query_params
        frame = listing.frame(account, request.path_params)
        found = conditions(query.get("filter", ""), listing.filters)
        if listing.required and listing.required not in {one.field for one in found}:
            raise KlaviyoError(f"A filter on {listing.required} is required.", parameter="filter")
        column = _sort_column(listing, query.get("sort", ""))
        rows = apply(frame, found, listing.filters)
        if column != listing.natural_order:
            rows = rows.sort_values([column, "id"])
        part = page(rows, column, _size(listing, query), query.get("page[cursor]", ""), self.faults)
        additional = frozenset(_words(request, "additional-fields[profile]"))
        data = listing.render(part.rows, account, additional)
        document: dict[str, Any] = {"data": data, "links": _links(request, part.next_cursor)}
        if included := _included(path, part.rows, account, request):
            document["included"] = included
        _trim(document, request)
        return document


def _included(
    path: str, rows: pd.DataFrame, account: Account, request: Request
) -> list[dict[str, Any]]:
    wanted = _words(request, "include")
    if path == "campaigns" and "campaign-messages" in wanted:
        return render.campaign_messages(rows)
    if path == "events" and "metric" in wanted:
        return render.metrics(account.metrics[account.metrics["id"].isin(rows["metric_id"])])
    return []


def _trim(document: dict[str, Any], request: Request) -> None:
    """Sparse fieldsets: `fields[profile]=email` leaves out every other attribute."""
    for resource in (*document["data"], *document.get("included", ())):
        wanted = _words(request, f"fields[{resource['type']}]")
        if wanted:
            attributes = resource["attributes"]
            resource["attributes"] = {k: v for k, v in attributes.items() if k in wanted}


def _words(request: Request, name: str) -> list[str]:
    return [word for word in request.query_params.get(name, "").split(",") if word]


def _sort_column(listing: Listing, wanted: str) -> str:
    names = listing.sorts
    if wanted and wanted not in names:
        raise KlaviyoError(f"'{wanted}' is no sort of this list.", parameter="sort")
    return names[wanted or next(iter(names))]


def _size(listing: Listing, query: Any) -> int:
    told = query.get("page[size]")
    if told is None:
        return listing.size
    if not listing.most:
        raise KlaviyoError("'page[size]' is not supported here.", parameter="page[size]")
    if not told.isdigit() or not 1 <= int(told) <= listing.most:
        raise KlaviyoError(
            f"Page size must be an integer between 1 and {listing.most}.", parameter="page[size]"
        )
    return int(told)


def _links(request: Request, cursor: str) -> dict[str, str | None]:
    address = str(request.url.replace(query=""))
    query = {name: value for name, value in request.query_params.items() if name != "page[cursor]"}
    following = f"{address}?{urlencode({**query, 'page[cursor]': cursor})}" if cursor else None
    return {"self": str(request.url), "next": following, "prev": None}


def _check_revision(request: Request) -> None:
    told = request.headers.get("revision", "")
    if not told:
        raise KlaviyoError("The revision header is required.", parameter="revision")
    if told not in REVISIONS:
        raise KlaviyoError(f"Invalid revision: {told}.", parameter="revision")


def _json(body: Any, status: int, headers: dict[str, str]) -> Response:
    return Response(orjson.dumps(body), status, headers, media_type=MEDIA)


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    return Starlette(routes=Api(world, faults, Limits(clock, SCALE)).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read both accounts."""
    return {
        f"KLAVIYO__ACCOUNTS__{number}__{name}": value
        for number, (shop, key) in enumerate(KEYS.items())
        for name, value in (("NAME", shop), ("API_KEY", key), ("BASE_URL", address))
    }


VENDOR = Vendor(
    name="klaviyo",
    app=app,
    throttled=(
        429,
        {"Content-Type": MEDIA, "Retry-After": "1"},
        orjson.dumps(throttled(1).body()),
    ),
    failed=(
        503,
        {"Content-Type": MEDIA},
        orjson.dumps(
            KlaviyoError(
                "A server error occurred.", status=503, code="error", title="Server error."
            ).body()
        ),
    ),
    settings=settings,
)
