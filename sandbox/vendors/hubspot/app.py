"""The HTTP side: the token, two limits, searches with their cap, the archive."""

from __future__ import annotations

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
from sandbox.vendors.hubspot.contacts import Contact, contacts, shown
from sandbox.world.ledger import Ledger
from sandbox.world.world import World

PORTAL = "basketline"
TOKEN = "pat-eu1-sandbox-basketline"
CONTACTS = "/crm/v3/objects/contacts"
LIST_MOST, SEARCH_MOST = 100, 200
CAP = 10_000
CORRELATION = "c033cdaa-2c40-4a64-ae48-b4cec88dad24"
COMPARISONS = {
    "EQ": lambda value, wanted: value == wanted,
    "GT": lambda value, wanted: value > wanted,
    "GTE": lambda value, wanted: value >= wanted,
    "LT": lambda value, wanted: value < wanted,
    "LTE": lambda value, wanted: value <= wanted,
}
TIMES = frozenset({"createdate", "lastmodifieddate"})


class HubspotError(Exception):
    """A request that HubSpot refuses.

    Attributes:
        status: HTTP status.
        told: What stands in the body beside the usual.
    """

    def __init__(self, message: str, status: int = 400, **told: str) -> None:
        super().__init__(message)
        self.status, self.told = status, told

    def body(self) -> dict[str, Any]:
        """The JSON that HubSpot sends."""
        told = self.told or {"category": "VALIDATION_ERROR"}
        return {"status": "error", "message": str(self), "correlationId": CORRELATION, **told}


def too_often(policy: str) -> HubspotError:
    """429 of a policy."""
    message = f"You have reached your {policy.lower()} limit."
    return HubspotError(message, 429, errorType="RATE_LIMIT", policyName=policy)


@dataclass
class Crm:
    """The API over a world.

    Attributes:
        world: The world.
        faults: Pages that come twice or shift.
        requests: All requests in ten seconds.
        searches: Searches in a second.
    """

    world: World
    faults: Faults
    requests: RequestLimit
    searches: RequestLimit
    cap: int = CAP
    _made: dict[bool, tuple[Ledger, list[Contact]]] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The paths of the API."""
        return [
            Route(CONTACTS, self._endpoint(self.listed)),
            Route(f"{CONTACTS}/search", self._endpoint(self.found), methods=["POST"]),
        ]

    async def listed(self, request: Request) -> dict[str, Any]:
        """``GET …/contacts``: by id, the archive or all others."""
        query = request.query_params
        rows = self._contacts(archived=query.get("archived") == "true")
        wanted = query.get("properties", "email,firstname,lastname").split(",")
        start, limit = _whole(query.get("after", "0")), _limit(query.get("limit", "10"), LIST_MOST)
        return self._page(rows, start, limit, wanted)

    async def found(self, request: Request) -> dict[str, Any]:
        """``POST …/contacts/search``."""
        if self.searches.take(PORTAL) is not None:
            raise too_often("SECONDLY")
        body = orjson.loads(await request.body())
        start = _whole(str(body.get("after") or "0"))
        limit = _limit(str(body.get("limit", 10)), SEARCH_MOST)
        if start + limit > self.cap:
            raise HubspotError("The requested offset is beyond 10000 results.")
        rows = _searched(self._contacts(archived=False), body)
        page = self._page(rows, start, limit, body.get("properties") or [])
        return {"total": len(rows), **page}

    def _page(
        self, rows: list[Contact], start: int, limit: int, wanted: list[str]
    ) -> dict[str, Any]:
        first = first_row(start, limit, "hubspot", self.faults)
        part = rows[first : first + limit]
        answer: dict[str, Any] = {"results": [shown(contact, wanted) for contact in part]}
        end = first + len(part)
        if end < len(rows):
            answer["paging"] = {"next": {"after": str(end), "link": f"?after={end}"}}
        return answer

    def _contacts(self, *, archived: bool) -> list[Contact]:
        """Made anew when the clock has moved."""
        view = self.world.view()
        made = self._made.get(archived)
        if made is None or made[0] is not view:
            made = self._made[archived] = (view, contacts(view, archived=archived))
        return made[1]

    def _endpoint(self, answer: Any) -> Any:
        async def serve(request: Request) -> Response:
            try:
                if request.headers.get("authorization") != f"Bearer {TOKEN}":
                    raise HubspotError(
                        "Authentication credentials not found. This API supports OAuth 2.0"
                        " authentication and you can find more details at"
                        " https://developers.hubspot.com/docs/methods/auth/oauth-overview",
                        401,
                        category="INVALID_AUTHENTICATION",
                    )
                if self.requests.take(PORTAL) is not None:
                    raise too_often("TEN_SECONDLY_ROLLING")
                return _json(await answer(request), 200)
            except HubspotError as error:
                return _json(error.body(), error.status)

        return serve


def _searched(rows: list[Contact], body: dict[str, Any]) -> list[Contact]:
    """Rows for which all filters of any group hold, in the order of the one sort allowed."""
    groups = body.get("filterGroups") or [{"filters": []}]
    sorts = body.get("sorts") or [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]
    if len(sorts) > 1:
        raise HubspotError("Only one sort is allowed.")
    chosen = [
        contact
        for contact in rows
        if any(all(_holds(contact, one) for one in group["filters"]) for group in groups)
    ]
    name, is_down = sorts[0]["propertyName"], sorts[0].get("direction") == "DESCENDING"
    return sorted(
        chosen,
        key=lambda contact: (_value(contact, name), int(contact["id"])),
        reverse=is_down,
    )


def _holds(contact: Contact, one: dict[str, str]) -> bool:
    if one["operator"] not in COMPARISONS:
        raise HubspotError(f"operator {one['operator']} is not supported")
    wanted = one["value"]
    comparable = int(wanted) if wanted.isdigit() else wanted
    return bool(COMPARISONS[one["operator"]](_value(contact, one["propertyName"]), comparable))


def _value(contact: Contact, name: str) -> Any:
    told = contact["properties"].get(name)
    if name in TIMES:
        return int(pd.Timestamp(told).timestamp() * 1000)
    return int(told) if name == "hs_object_id" else told or ""


def _whole(told: str) -> int:
    if not told.isdigit():
        raise HubspotError("after must be a whole number")
    return int(told)


def _limit(told: str, most: int) -> int:
    if not told.isdigit() or not 1 <= int(told) <= most:
        raise HubspotError(f"limit must be between 1 and {most}")
    return int(told)


def _json(body: Any, status: int) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json;charset=utf-8")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    requests, searches = RequestLimit(clock, 100, 10.0), RequestLimit(clock, 5, 1.0)
    return Starlette(routes=Crm(world, faults, requests, searches).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read the portal."""
    told = {"NAME": PORTAL, "ACCESS_TOKEN": TOKEN, "BASE_URL": address}
    return {f"HUBSPOT__ACCOUNTS__0__{name}": value for name, value in told.items()}


VENDOR = Vendor(
    name="hubspot",
    app=app,
    throttled=(
        429,
        {"Content-Type": "application/json;charset=utf-8"},
        orjson.dumps(too_often("TEN_SECONDLY_ROLLING").body()),
    ),
    failed=(
        500,
        {"Content-Type": "application/json;charset=utf-8"},
        orjson.dumps(HubspotError("internal error", 500, category="INTERNAL_ERROR").body()),
    ),
    settings=settings,
)
