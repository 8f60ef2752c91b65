"""The HTTP side: versions, tokens, limits, and which path answers what."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
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
from sandbox.request_limit import RequestLimit
from sandbox.shifted_pages import first_row
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.instagram import insights
from sandbox.vendors.meta_ads.errors import GraphError, app_limit, bad_parameter, bad_token
from sandbox.world.ledger import Ledger
from sandbox.world.social import ACCOUNT_ID
from sandbox.world.world import World

ACCESS_TOKEN = "EAAINSTAGRAMSANDBOX"
NAME = "basketline"
VERSION = "v26.0"
HISTORY_DAYS, REQUESTS_PER_SECOND = 730, 500
REQUESTS, SECONDS = 72_000, 3600.0
DEFAULT_LIMIT, MOST = 25, 100
MEDIA_FIELDS = ("id", "caption", "media_type", "media_product_type", "permalink", "shortcode",
                "username", "timestamp", "like_count", "comments_count")  # fmt: skip
USER_FIELDS = ("id", "username", "name", "followers_count", "follows_count", "media_count")
Row = dict[str, Any]


@dataclass
class Graph:
    """The Graph API over a world.

    Attributes:
        world: The world.
        clock: Its clock.
        faults: Pages that come twice or shift.
        limit: How often the app may ask.
    """

    world: World
    clock: Clock
    faults: Faults
    limit: RequestLimit

    def routes(self) -> list[Route]:
        """The paths of the API."""
        return [
            Route("/{version}/{node}", self._endpoint(self.user)),
            Route("/{version}/{node}/media", self._endpoint(self.media)),
            Route("/{version}/{node}/insights", self._endpoint(self.insights)),
        ]

    def user(self, request: Request) -> Row:
        """``GET /<user id>``."""
        view, fields = self.world.view(), _fields(request, USER_FIELDS)
        days = view.social_account_days[view.social_account_days["account_id"] == _user(request)]
        full = {
            "id": ACCOUNT_ID,
            "username": NAME,
            "name": NAME.capitalize(),
            "followers_count": int(days.sort_values("day")["follower_count"].iloc[-1]),
            "follows_count": 120,
            "media_count": len(_posts(view)),
        }
        return {name: full[name] for name in full if name in fields}

    def media(self, request: Request) -> Row:
        """``GET /<user id>/media``, newest first."""
        _user(request)
        view, fields = self.world.view(), _fields(request, MEDIA_FIELDS)
        rows = _posts(view).sort_values(["published_at", "post_id"], ascending=False)
        sums = view.social_entries.groupby("post_id")[["likes", "comments"]].sum()
        query = request.query_params
        size = min(int(query.get("limit", DEFAULT_LIMIT)), MOST)
        first = first_row(_place(query.get("after")), size, VENDOR.name, self.faults)
        found = rows.iloc[first : first + size].to_dict("records")
        if not found:
            return {"data": []}
        end = first + len(found)
        paging: Row = {"cursors": {"before": _cursor(first), "after": _cursor(end)}}
        if end < len(rows):
            again = urlencode({**query, "after": _cursor(end)})
            paging["next"] = f"{request.url.replace(query='')}?{again}"
        return {"data": [_post(row, sums, fields) for row in found], "paging": paging}

    def insights(self, request: Request) -> Row:
        """``GET /<user id>/insights`` or ``GET /<media id>/insights``."""
        node, query = request.path_params["node"], dict(request.query_params)
        view = self.world.view()
        if node == ACCOUNT_ID:
            return {"data": insights.account(view, node, query, self.clock.now)}
        if node not in set(_posts(view)["post_id"]):
            raise _unknown(node)
        metrics = [name for name in query.get("metric", "").split(",") if name]
        return {"data": insights.media(view, node, metrics)}

    def _endpoint(self, answer: Any) -> Any:
        async def serve(request: Request) -> Response:
            try:
                _check(request)
                if self.limit.take("app") is not None:
                    raise app_limit()
                return _json(answer(request), 200)
            except GraphError as error:
                return _json(error.body(), error.status)

        return serve


def _check(request: Request) -> None:
    if request.path_params["version"] != VERSION:
        raise GraphError(f"(#2635) You are calling a deprecated version. Use {VERSION}.", 2635)
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if (request.query_params.get("access_token") or bearer) != ACCESS_TOKEN:
        raise bad_token()


def _user(request: Request) -> str:
    node = str(request.path_params["node"])
    if node != ACCOUNT_ID:
        raise _unknown(node)
    return node


def _unknown(node: str) -> GraphError:
    return GraphError(
        f"Unsupported get request. Object with ID '{node}' does not exist, cannot be loaded due to"
        " missing permissions, or does not support this operation.", 100, 33
    )  # fmt: skip


def _fields(request: Request, known: tuple[str, ...]) -> list[str]:
    fields = [name for name in request.query_params.get("fields", "id").split(",") if name]
    for name in fields:
        if name not in known:
            raise bad_parameter(f"Tried accessing nonexisting field ({name})")
    return fields


def _posts(view: Ledger) -> pd.DataFrame:
    return view.social_posts[view.social_posts["account_id"] == ACCOUNT_ID]


def _post(row: Row, sums: pd.DataFrame, fields: list[str]) -> Row:
    number = row["post_id"]
    full = {
        "id": number,
        "caption": row["caption"],
        "media_type": row["media_type"],
        "media_product_type": row["product_type"],
        "permalink": row["permalink"],
        "shortcode": row["permalink"].rstrip("/").rsplit("/", 1)[-1],
        "username": NAME,
        "timestamp": row["published_at"].strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "like_count": int(sums["likes"].get(number, 0)),
        "comments_count": int(sums["comments"].get(number, 0)),
    }
    return {name: full[name] for name in fields}


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"place:{place}".encode()).decode()


def _place(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("place:"))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise bad_parameter("Invalid cursors values") from error


def _json(body: Any, status: int) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json; charset=UTF-8")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    graph = Graph(world, clock, faults, RequestLimit(clock, REQUESTS, SECONDS))
    return Starlette(routes=graph.routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read the account and all that Meta still knows of it."""
    return {
        "INSTAGRAM__ACCOUNTS__0__NAME": NAME,
        "INSTAGRAM__ACCOUNTS__0__USER_ID": ACCOUNT_ID,
        "INSTAGRAM__ACCOUNTS__0__ACCESS_TOKEN": ACCESS_TOKEN,
        "INSTAGRAM__ACCOUNTS__0__BASE_URL": address,
        "INSTAGRAM__HISTORY_DAYS": str(HISTORY_DAYS),
        "INSTAGRAM__REQUESTS_PER_SECOND": str(REQUESTS_PER_SECOND),
    }


VENDOR = Vendor(
    name="instagram",
    app=app,
    throttled=(
        400,
        {"Content-Type": "application/json; charset=UTF-8"},
        orjson.dumps(app_limit().body()),
    ),
    failed=(
        500,
        {"Content-Type": "application/json; charset=UTF-8"},
        orjson.dumps(GraphError("An unknown error occurred", 1, 99, status=500).body()),
    ),
    settings=settings,
)
