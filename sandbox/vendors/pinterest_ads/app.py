"""The HTTP side: tokens, limits, pages, reports, and which path answers what."""

from __future__ import annotations

import base64
import binascii
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
from sandbox.vendors.access_tokens import TokenDesk, form_of
from sandbox.vendors.ad_days import account_of, local_day
from sandbox.vendors.pinterest_ads import analytics, objects
from sandbox.vendors.pinterest_ads.analytics import Question
from sandbox.vendors.pinterest_ads.errors import PinterestError, bad_parameter, too_many
from sandbox.vendors.pinterest_ads.limits import Limits
from sandbox.vendors.pinterest_ads.parameters import days, whole, window, words
from sandbox.world.ad_plan import ACCOUNTS
from sandbox.world.world import World

NAME = "pinterest_ads"
VERSION = "v5"
APP_ID, APP_SECRET = "1480001", "sandbox-app-secret"
REFRESH_TOKEN = "pinr.sandbox-refresh-token"
TOKEN_SECONDS = 2_592_000
REFRESH_SECONDS = 5_184_000
DEFAULT_PAGE_ROWS, MOST_PAGE_ROWS = 25, 250
MOST_IDS = 250
DIRECT_DAYS = 90
REPORT_DAYS_BACK, REPORT_DAYS = 914, 186
REPORT_LEVELS = {"CAMPAIGN": "campaigns", "AD_GROUP": "ad_groups", "PIN_PROMOTION": "ads"}
ID_PARAMETERS = {"campaigns": "campaign_ids", "ad_groups": "ad_group_ids", "ads": "ad_ids"}


@dataclass
class Report:
    """A report: its entries are those of the moment it was asked for.

    Attributes:
        file: Its content.
        polls: How often it will still be in progress when asked for.
    """

    file: bytes
    polls: int


@dataclass
class Pinterest:
    """The API over a world.

    Attributes:
        world: The world.
        clock: Its clock.
        faults: Pages that come twice or shift.
        limits: Requests a minute.
        tokens: Access tokens.
        polls: How often a report is in progress before it is finished.
        reports: Reports by token.
    """

    world: World
    clock: Clock
    faults: Faults
    limits: Limits
    tokens: TokenDesk
    polls: int = 1
    reports: dict[str, Report] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The paths of the API, and of its files."""
        own = f"/{VERSION}/ad_accounts/{{account}}"
        read, count = "ads_read", "ads_analytics"
        return [
            Route(f"/{VERSION}/oauth/token", self.token, methods=["POST"]),
            Route(own, self._endpoint(self.account, read)),
            Route(f"{own}/reports", self._endpoint(self.order, count), methods=["POST"]),
            Route(f"{own}/reports", self._endpoint(self.status, count)),
            Route(f"{own}/{{kind}}", self._endpoint(self.listed, read)),
            Route(f"{own}/{{kind}}/analytics", self._endpoint(self.analytics, count)),
            Route("/files/{token}", self.file),
        ]

    async def token(self, request: Request) -> Response:
        """``POST /oauth/token``: an access token for the refresh token."""
        form = await form_of(request)
        self.clock.request()
        app = base64.b64encode(f"{APP_ID}:{APP_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {app}":
            return _refused(PinterestError(401, 2, "Authentication failed."))
        if (form.get("grant_type"), form.get("refresh_token")) != ("refresh_token", REFRESH_TOKEN):
            return _refused(PinterestError(400, 283, "Your refresh token is invalid or expired."))
        granted = {
            "access_token": self.tokens.issue(),
            "token_type": "bearer",
            "expires_in": self.tokens.lifetime,
            "scope": "ads:read",
            "response_type": "refresh_token",
            "refresh_token": REFRESH_TOKEN,
            "refresh_token_expires_in": REFRESH_SECONDS,
            "refresh_token_expires_at": int(self.clock.now.timestamp()) + REFRESH_SECONDS,
        }
        return _json(granted)

    def account(self, own: pd.Series, _: Request, __: dict[str, Any]) -> Any:
        """``GET /ad_accounts/<id>``."""
        return objects.account_node(own)

    def listed(self, own: pd.Series, request: Request, _: dict[str, Any]) -> Any:
        """``GET /ad_accounts/<id>/campaigns``, ``/ad_groups``, ``/ads``."""
        kind = _kind(request, objects.KINDS)
        statuses = words(request.query_params, "entity_statuses", known=objects.STATUSES)
        rows = objects.listed(self.world.view(), own, kind, statuses, self.clock.now)
        return self._page(rows, request)

    def analytics(self, own: pd.Series, request: Request, _: dict[str, Any]) -> Any:
        """``GET /ad_accounts/<id>/campaigns/analytics`` and the like: a bare array."""
        kind, params = _kind(request, analytics.LEVELS), request.query_params
        ids = words(params, ID_PARAMETERS[kind], most=MOST_IDS)
        if not ids:
            raise bad_parameter(f"'{ID_PARAMETERS[kind]}' is a required property.")
        columns = words(params, "columns", known=analytics.COLUMNS)
        asked = self._question(kind, params, columns, back=DIRECT_DAYS, most=DIRECT_DAYS)
        return analytics.entries(self.world.view(), own, asked(tuple(ids)))

    def order(self, own: pd.Series, _: Request, body: dict[str, Any]) -> Any:
        """``POST /ad_accounts/<id>/reports``."""
        level = body.get("level")
        if level not in REPORT_LEVELS:
            raise bad_parameter(f"'{level}' is not one of {list(REPORT_LEVELS)} for 'level'.")
        columns = [str(name) for name in body.get("columns") or ()]
        if odd := [name for name in columns if name not in analytics.COLUMNS]:
            raise bad_parameter(f"'{odd[0]}' is no column.")
        kind = REPORT_LEVELS[level]
        asked = self._question(kind, body, columns, back=REPORT_DAYS_BACK, most=REPORT_DAYS)
        found = analytics.entries(self.world.view(), own, asked(()))
        by_id: dict[str, list[dict[str, Any]]] = {}
        for entry in found:
            by_id.setdefault(entry[analytics.LEVELS[kind][1]], []).append(entry)
        token = f"{len(self.reports):032x}"
        self.reports[token] = Report(orjson.dumps(by_id), self.polls)
        return {"report_status": "IN_PROGRESS", "token": token, "message": None}

    def status(self, _: pd.Series, request: Request, __: dict[str, Any]) -> Any:
        """``GET /ad_accounts/<id>/reports?token=``."""
        token = request.query_params.get("token", "")
        if token not in self.reports:
            return {"report_status": "DOES_NOT_EXIST", "url": None, "size": None}
        report = self.reports[token]
        if report.polls:
            report.polls -= 1
            return {"report_status": "IN_PROGRESS", "url": None, "size": None}
        path = f"{request.scope.get('root_path', '')}/files/{token}"
        address = str(request.url.replace(path=path, query=""))
        return {"report_status": "FINISHED", "url": address, "size": len(report.file)}

    async def file(self, request: Request) -> Response:
        """The report's file, which another host has: whoever knows the address may read it."""
        report = self.reports.get(request.path_params["token"])
        if report is None:
            return Response(b"<Error><Code>AccessDenied</Code></Error>", 403)
        return Response(report.file, 200, media_type="application/json")

    def _question(
        self, kind: str, sent: Any, columns: list[str], *, back: int, most: int
    ) -> Callable[[tuple[str, ...]], Question]:
        """The question, but for its ids."""
        if sent.get("granularity") != "DAY":
            raise bad_parameter("This account answers granularity DAY.")
        if not columns:
            raise bad_parameter("'columns' is a required property.")
        today = local_day(self.clock.now, "UTC")
        dates = str(sent.get("start_date", "")), str(sent.get("end_date", ""))
        chosen = days(*dates, today, back=back, most=most)
        clicks = window(sent.get("click_window_days", 30), "click_window_days")
        window(sent.get("engagement_window_days", 30), "engagement_window_days")
        views = window(sent.get("view_window_days", 1), "view_window_days")
        return lambda ids: Question(kind, ids, chosen, tuple(columns), clicks, views)

    def _page(self, rows: list[dict[str, Any]], request: Request) -> dict[str, Any]:
        asked = request.query_params.get("page_size", DEFAULT_PAGE_ROWS)
        size = whole(asked, "page_size", least=1, most=MOST_PAGE_ROWS)
        start = _place(request.query_params.get("bookmark", ""))
        fault = self.faults.take(NAME, Fault.DUPLICATE_PAGE, Fault.SHIFTING_PAGE)
        back = {Fault.DUPLICATE_PAGE: size, Fault.SHIFTING_PAGE: 1}.get(fault, 0)
        first = max(0, start - back)
        end = first + size
        return {"items": rows[first:end], "bookmark": _bookmark(end) if end < len(rows) else None}

    def _endpoint(self, answer: Callable[..., Any], category: str) -> Any:
        async def serve(request: Request) -> Response:
            try:
                token = request.headers.get("authorization", "").removeprefix("Bearer ")
                if not self.tokens.is_good(token):
                    raise PinterestError(401, 2, "Authentication failed.")
                headers = self.limits.use(category)
                number = request.path_params["account"]
                own = account_of(self.world.view(), NAME, number)
                if own is None:
                    raise PinterestError(403, 29, "You are not permitted to access that resource.")
                body = orjson.loads(await request.body() or b"{}")
                return _json(answer(own, request, body), headers)
            except PinterestError as error:
                return _refused(error)

        return serve


def _kind(request: Request, known: Any) -> str:
    kind = str(request.path_params["kind"])
    if kind not in known:
        raise PinterestError(404, 50, "Requested entity not found.")
    return kind


def _bookmark(place: int) -> str:
    return base64.urlsafe_b64encode(f"place:{place}".encode()).decode()


def _place(bookmark: str) -> int:
    if not bookmark:
        return 0
    try:
        return int(base64.urlsafe_b64decode(bookmark).decode().removeprefix("place:"))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise bad_parameter("The bookmark is not valid.") from error


def _json(body: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), 200, headers, media_type="application/json")


def _refused(error: PinterestError) -> Response:
    return Response(orjson.dumps(error.body()), error.status, media_type="application/json")


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    tokens = TokenDesk(clock, "pina.sandbox-", TOKEN_SECONDS)
    return Starlette(routes=Pinterest(world, clock, faults, Limits(clock), tokens).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read all ad accounts."""
    told = {
        "PINTEREST_ADS__APP_ID": APP_ID,
        "PINTEREST_ADS__APP_SECRET": APP_SECRET,
        "PINTEREST_ADS__REFRESH_TOKEN": REFRESH_TOKEN,
        "PINTEREST_ADS__BASE_URL": address,
    }
    own = [one.number for one in ACCOUNTS if one.platform == NAME]
    return told | {
        f"PINTEREST_ADS__ACCOUNTS__{place}__ACCOUNT_ID": number for place, number in enumerate(own)
    }


JSON = {"Content-Type": "application/json"}
VENDOR = Vendor(
    name=NAME,
    app=app,
    throttled=(429, {**JSON, "X-RateLimit-Remaining": "0"}, orjson.dumps(too_many().body())),
    failed=(500, JSON, orjson.dumps(PinterestError(500, 0, "Internal server error.").body())),
    settings=settings,
)
