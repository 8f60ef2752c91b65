"""The HTTP side: tokens, headers, quota, pages, and which path answers what."""

from __future__ import annotations

import base64
import binascii
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
from sandbox.faults import Fault, Faults
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.access_tokens import TokenDesk, form_of
from sandbox.vendors.ad_days import account_of
from sandbox.vendors.google_ads.answers import answer
from sandbox.vendors.google_ads.errors import AdsError, bad_query, bad_request, exhausted
from sandbox.vendors.google_ads.fields import camel
from sandbox.vendors.google_ads.gaql import Query, parse
from sandbox.world.ad_plan import ACCOUNTS
from sandbox.world.world import World

NAME = "google_ads"
VERSION = "v26"
DEVELOPER_TOKEN = "sandbox-developer-token"
CLIENT_ID = "sandbox.apps.googleusercontent.com"
CLIENT_SECRET = "sandbox-client-secret"
REFRESH_TOKEN = "1//sandbox-refresh-token"
MANAGER = "9000000001"
MANAGED = "2003"
"""An account that only its manager may open."""

PAGE_ROWS = 10_000
TOKEN_SECONDS = 3_599
DAY_SECONDS = 86_400
KNOWN_KEYS = {"query", "pageToken", "validateOnly", "searchSettings"}


@dataclass
class Quota:
    """Operations of a developer token a day, on the virtual clock.

    Attributes:
        clock: The virtual clock.
        a_day: Most of them (basic access).
    """

    clock: Clock
    a_day: int = 15_000
    _since: float = 0.0
    _used: int = 0

    def use(self) -> None:
        """Count one operation.

        Raises:
            AdsError: Too many; the wait that it tells of then passes at once.
        """
        now = self.clock.request()
        if now - self._since >= DAY_SECONDS:
            self._since, self._used = now, 0
        self._used += 1
        if self._used > self.a_day:
            left = int(DAY_SECONDS - (now - self._since)) + 1
            self.clock.wait(left)
            raise exhausted(left)


@dataclass
class GoogleAds:
    """The API over a world.

    Attributes:
        world: The world.
        clock: Its clock.
        faults: Pages that come twice or shift.
        quota: Operations a day.
        tokens: Access tokens.
        page_rows: Rows of a page.
    """

    world: World
    clock: Clock
    faults: Faults
    quota: Quota
    tokens: TokenDesk
    page_rows: int = PAGE_ROWS

    def routes(self) -> list[Route]:
        """The paths of the API and of the token endpoint."""
        path = "/{version}/customers/{customer}/googleAds"
        return [
            Route("/token", self.token, methods=["POST"]),
            Route(f"{path}:search", self._endpoint(self.search), methods=["POST"]),
            Route(f"{path}:searchStream", self._endpoint(self.stream), methods=["POST"]),
        ]

    async def token(self, request: Request) -> Response:
        """``POST /token``: an access token for the refresh token."""
        form = await form_of(request)
        self.clock.request()
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            told = {
                "error": "invalid_client",
                "error_description": "The OAuth client was not found.",
            }
            return _json(told, 401)
        if (form.get("grant_type"), form.get("refresh_token")) != ("refresh_token", REFRESH_TOKEN):
            told = {
                "error": "invalid_grant",
                "error_description": "Token has been expired or revoked.",
            }
            return _json(told, 400)
        granted = {
            "access_token": self.tokens.issue(),
            "expires_in": self.tokens.lifetime,
            "scope": "https://www.googleapis.com/auth/adwords",
            "token_type": "Bearer",
        }
        return _json(granted, 200)

    def search(self, query: Query, rows: list[dict[str, Any]], body: dict[str, Any]) -> Any:
        """``POST …/googleAds:search``: one page."""
        start = _place(body.get("pageToken", ""), body["query"])
        fault = self.faults.take(NAME, Fault.DUPLICATE_PAGE, Fault.SHIFTING_PAGE)
        back = {Fault.DUPLICATE_PAGE: self.page_rows, Fault.SHIFTING_PAGE: 1}.get(fault, 0)
        first = max(0, start - back)
        end = first + self.page_rows
        found = _told(query, rows[first:end])
        return {**found, "nextPageToken": _token(end, body["query"])} if end < len(rows) else found

    def stream(self, query: Query, rows: list[dict[str, Any]], _: dict[str, Any]) -> Any:
        """``POST …/googleAds:searchStream``: everything, in an array."""
        starts = range(0, max(len(rows), 1), self.page_rows)
        return [_told(query, rows[start : start + self.page_rows]) for start in starts]

    def _endpoint(self, shape: Any) -> Any:
        async def serve(request: Request) -> Response:
            try:
                self._authenticate(request)
                self.quota.use()
                body = _body(await request.body())
                query = parse(body["query"])
                customer = self._customer(request)
                rows = answer(self.world.view(), customer, self.clock.now, query)
                return _json(shape(query, rows, body), 200)
            except AdsError as error:
                told = error.body()
                is_stream = request.url.path.endswith("searchStream")
                return _json([told] if is_stream else told, error.status)

        return serve

    def _authenticate(self, request: Request) -> None:
        if request.path_params["version"] != VERSION:
            raise bad_request("UNSUPPORTED_VERSION", f"Use {VERSION}.")
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self.tokens.is_good(token):
            name = "OAUTH_TOKEN_EXPIRED" if self.tokens.knows(token) else "OAUTH_TOKEN_INVALID"
            raise AdsError(401, "authenticationError", name, "OAuth token is not usable.")
        sent = request.headers.get("developer-token")
        if not sent:
            raise bad_request(
                "DEVELOPER_TOKEN_PARAMETER_MISSING", "The developer-token header is missing."
            )
        if sent != DEVELOPER_TOKEN:
            message = "The developer token is not valid."
            raise AdsError(401, "authenticationError", "DEVELOPER_TOKEN_INVALID", message)

    def _customer(self, request: Request) -> pd.Series:
        number = request.path_params["customer"]
        if not number.isdigit():
            raise bad_request("INVALID_CUSTOMER_ID", f"Invalid customer ID '{number}'.")
        found = account_of(self.world.view(), NAME, number)
        manager = request.headers.get("login-customer-id", "")
        if found is None or (number == MANAGED and not manager) or manager not in ("", MANAGER):
            raise AdsError(
                403, "authorizationError", "USER_PERMISSION_DENIED",
                "User doesn't have permission to access customer. Note: If you're accessing a"
                " client customer, the manager's customer id must be set in the"
                " 'login-customer-id' header.",
            )  # fmt: skip
        return found


def _body(sent: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(sent)
    except orjson.JSONDecodeError as error:
        raise bad_request("REQUIRED_FIELD_MISSING", "Invalid JSON payload received.") from error
    if body.keys() & {"pageSize", "page_size"}:
        raise bad_request("PAGE_SIZE_NOT_SUPPORTED", "Setting the page size is not supported.")
    if odd := sorted(body.keys() - KNOWN_KEYS):
        raise bad_request("REQUIRED_FIELD_MISSING", f'Unknown name "{odd[0]}": Cannot find field.')
    if not body.get("query"):
        raise bad_query("EXPECTED_SELECT", "the query is empty.")
    return body


def _told(query: Query, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A page; without results the list is left out."""
    mask = ",".join(".".join(camel(part) for part in name.split(".")) for name in query.fields)
    page = {"fieldMask": mask, "queryResourceConsumption": str(len(rows) + 1)}
    return {"results": rows, **page} if rows else page


def _token(place: int, query: str) -> str:
    """A page token is good for its own query."""
    text = f"{place}:{hashlib.sha256(query.encode()).hexdigest()[:16]}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _place(token: str, query: str) -> int:
    if not token:
        return 0
    try:
        place = int(base64.urlsafe_b64decode(token).decode().split(":")[0])
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise bad_request("INVALID_PAGE_TOKEN", "Page token is invalid.") from error
    if _token(place, query) != token:
        raise bad_request("INVALID_PAGE_TOKEN", "Page token is of another query.")
    return place


def _json(body: Any, status: int) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json; charset=UTF-8")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    tokens = TokenDesk(clock, "ya29.sandbox-", TOKEN_SECONDS)
    return Starlette(routes=GoogleAds(world, clock, faults, Quota(clock), tokens).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read all accounts."""
    own = [one.number for one in ACCOUNTS if one.platform == NAME]
    told = {
        "GOOGLE_ADS__DEVELOPER_TOKEN": DEVELOPER_TOKEN,
        "GOOGLE_ADS__CLIENT_ID": CLIENT_ID,
        "GOOGLE_ADS__CLIENT_SECRET": CLIENT_SECRET,
        "GOOGLE_ADS__REFRESH_TOKEN": REFRESH_TOKEN,
        "GOOGLE_ADS__BASE_URL": address,
        "GOOGLE_ADS__TOKEN_URL": f"{address}/token",
    }
    for place, number in enumerate(own):
        told[f"GOOGLE_ADS__ACCOUNTS__{place}__ACCOUNT_ID"] = number
        if number == MANAGED:
            told[f"GOOGLE_ADS__ACCOUNTS__{place}__LOGIN_CUSTOMER_ID"] = MANAGER
    return told


VENDOR = Vendor(
    name=NAME,
    app=app,
    throttled=(429, {"Content-Type": "application/json; charset=UTF-8"},
               orjson.dumps(exhausted(1).body())),
    failed=(500, {"Content-Type": "application/json; charset=UTF-8"},
            orjson.dumps(AdsError(500, "internalError", "INTERNAL_ERROR",
                                  "An internal error has occurred.").body())),
    settings=settings,
)  # fmt: skip
