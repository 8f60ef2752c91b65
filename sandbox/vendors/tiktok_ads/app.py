"""The HTTP side: token, limit, pages, and which path answers what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.faults import Fault, Faults
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.ad_days import account_of
from sandbox.vendors.tiktok_ads import objects, reports
from sandbox.vendors.tiktok_ads.errors import TikTokError, bad_parameter, told, too_many
from sandbox.vendors.tiktok_ads.parameters import Params, required, whole, words
from sandbox.world.ad_plan import ACCOUNTS
from sandbox.world.world import World

NAME = "tiktok_ads"
VERSION = "v1.3"
TIKTOK_TOKEN = "sandbox0123456789abcdef0123456789abcdef"
DEFAULT_PAGE_ROWS, MOST_PAGE_ROWS = 10, 1000
BLOCK_SECONDS = 10.0


@dataclass
class Limit:
    """Requests of an app a second, on the virtual clock.

    Attributes:
        clock: The virtual clock.
        a_second: Most of them.
    """

    clock: Clock
    a_second: float = 20.0
    _seen: list[float] = field(default_factory=list)

    def use(self) -> None:
        """Count a request.

        Raises:
            TikTokError: Too many; the wait then passes at once.
        """
        now = self.clock.request()
        self._seen = [then for then in self._seen if now - then < 1.0] + [now]
        if len(self._seen) > self.a_second:
            self.clock.wait(BLOCK_SECONDS)
            raise too_many()


@dataclass
class TikTok:
    """The API over a world.

    Attributes:
        world: The world.
        faults: Pages that come twice or shift.
        limit: Requests a second.
    """

    world: World
    faults: Faults
    limit: Limit

    def routes(self) -> list[Route]:
        """The paths of the API."""
        base = "/open_api/{version}"
        lists = [
            Route(f"{base}/{kind}/get/", self._endpoint(self._lister(kind)))
            for kind in objects.KINDS
        ]
        return [
            Route(f"{base}/advertiser/info/", self._endpoint(self.advertisers)),
            Route(f"{base}/report/integrated/get/", self._endpoint(self.report)),
            *lists,
        ]

    def advertisers(self, params: Params) -> dict[str, Any]:
        """``GET advertiser/info/``; advertisers that are not the app's own are left out."""
        required(params, "advertiser_ids")
        view = self.world.view()
        found = [account_of(view, NAME, number) for number in words(params, "advertiser_ids")]
        return {"list": [objects.advertiser(one) for one in found if one is not None]}

    def report(self, params: Params) -> dict[str, Any]:
        """``GET report/integrated/get/``."""
        return self._page(reports.rows(self.world.view(), self._account(params), params), params)

    def _lister(self, kind: str) -> Callable[[Params], dict[str, Any]]:
        def answer(params: Params) -> dict[str, Any]:
            view, own = self.world.view(), self._account(params)
            return self._page(objects.listed(view, own, kind, params), params)

        return answer

    def _page(self, rows: list[dict[str, Any]], params: Params) -> dict[str, Any]:
        number = whole(params, "page", 1)
        size = whole(params, "page_size", DEFAULT_PAGE_ROWS, MOST_PAGE_ROWS)
        fault = self.faults.take(NAME, Fault.DUPLICATE_PAGE, Fault.SHIFTING_PAGE)
        back = {Fault.DUPLICATE_PAGE: size, Fault.SHIFTING_PAGE: 1}.get(fault, 0)
        first = max(0, (number - 1) * size - back)
        info = {
            "page": number,
            "page_size": size,
            "total_number": len(rows),
            "total_page": -(-len(rows) // size),
        }
        return {"list": rows[first : first + size], "page_info": info}

    def _account(self, params: Params) -> pd.Series:
        number = required(params, "advertiser_id")
        found = account_of(self.world.view(), NAME, number)
        if found is None:
            raise TikTokError(40001, f"No permission to operate advertiser {number}.")
        return found

    def _endpoint(self, answer: Callable[[Params], dict[str, Any]]) -> Any:
        async def serve(request: Request) -> Response:
            try:
                if request.path_params["version"] != VERSION:
                    raise bad_parameter("Unsupported API version.")
                self._authenticate(request)
                self.limit.use()
                return _json(told(answer(request.query_params)))
            except TikTokError as error:
                return _json(told({}, error.code, str(error)))

        return serve

    def _authenticate(self, request: Request) -> None:
        token = request.headers.get("access-token", "")
        if not token:
            raise TikTokError(40104, "Access token is empty.")
        if token != TIKTOK_TOKEN:
            raise TikTokError(40105, "Access token is incorrect or has been revoked.")


def _json(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), 200, media_type="application/json")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    # Ten times what an app may ask, so that a demo does not wait.
    return Starlette(routes=TikTok(world, faults, Limit(clock, a_second=200.0)).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read all advertisers."""
    told_settings = {
        "TIKTOK_ADS__BASE_URL": address,
        "TIKTOK_ADS__ATTRIBUTION_WINDOW": "28d_click,1d_view",
    }
    own = [one.number for one in ACCOUNTS if one.platform == NAME]
    for place, number in enumerate(own):
        told_settings[f"TIKTOK_ADS__ACCOUNTS__{place}__ACCOUNT_ID"] = number
        told_settings[f"TIKTOK_ADS__ACCOUNTS__{place}__ACCESS_TOKEN"] = TIKTOK_TOKEN
    return told_settings


JSON = {"Content-Type": "application/json"}
VENDOR = Vendor(
    name=NAME,
    app=app,
    throttled=(200, JSON, orjson.dumps(told({}, too_many().code, str(too_many())))),
    failed=(200, JSON, orjson.dumps(told({}, 50000, "System error."))),
    settings=settings,
)
