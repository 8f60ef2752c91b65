"""The HTTP side: versions, tokens, limits, and which path answers what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.vendors import ASGIApp, Vendor
from sandbox.vendors.ad_days import account_of, local_day
from sandbox.vendors.meta_ads import insights, objects
from sandbox.vendors.meta_ads.errors import (
    GraphError,
    bad_parameter,
    bad_token,
    too_much_data,
    user_limit,
)
from sandbox.vendors.meta_ads.limits import Limits
from sandbox.vendors.meta_ads.paging import page
from sandbox.vendors.meta_ads.parameters import Params
from sandbox.world.ad_plan import ACCOUNTS
from sandbox.world.channels import META
from sandbox.world.world import World

META_TOKEN = "EAASANDBOX"
VERSION = "v26.0"
MOST_SYNC_ROWS = 5_000
REPORT_BASE = 6_020_000_000_000
PROGRESS = (("Job Not Started", 0), ("Job Running", 50), ("Job Completed", 100))


@dataclass
class Report:
    """An asynchronous report: its rows are those of the moment it was asked for.

    Attributes:
        account: The account's id.
        rows: The answer.
        since: First day.
        until: Last day.
        polls: How often its state was asked for; every time it gets further.
    """

    account: str
    rows: list[dict[str, Any]]
    since: str
    until: str
    polls: int = 0


@dataclass
class Graph:
    """The Graph API over a world.

    Attributes:
        world: The world.
        clock: Its clock.
        faults: Pages that come twice or shift.
        limits: Scores and headers.
        instant_rows: Reports of up to so many rows are ready when first asked for.
    """

    world: World
    clock: Clock
    faults: Faults
    limits: Limits
    instant_rows: int = 10_000
    reports: dict[str, Report] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The paths of the API."""
        return [
            Route("/{version}/act_{account}", self._endpoint(self.account)),
            Route("/{version}/act_{account}/insights", self._endpoint(self.insights)),
            Route(
                "/{version}/act_{account}/insights",
                self._endpoint(self.report),
                methods=["POST"],
            ),
            Route("/{version}/act_{account}/{edge}", self._endpoint(self.edge)),
            Route("/{version}/{report}", self._endpoint(self.status)),
            Route("/{version}/{report}/insights", self._endpoint(self.result)),
        ]

    def account(self, request: Request, params: Params) -> Any:
        """``GET /act_<id>``."""
        return objects.account_node(self._account(request), params)

    def insights(self, request: Request, params: Params) -> Any:
        """``GET /act_<id>/insights``."""
        _, rows = self._rows(request, params)
        if len(rows) > MOST_SYNC_ROWS:
            raise too_much_data()
        return page(rows, params, _address(request), self.faults)

    def report(self, request: Request, params: Params) -> Any:
        """``POST /act_<id>/insights``."""
        asked, rows = self._rows(request, params)
        number = str(REPORT_BASE + len(self.reports))
        since, until = (f"{day:%Y-%m-%d}" for day in (asked.days.since, asked.days.until))
        polls = len(PROGRESS) - 1 if len(rows) <= self.instant_rows else 0
        self.reports[number] = Report(request.path_params["account"], rows, since, until, polls)
        return {"report_run_id": number}

    def status(self, request: Request, _: Params) -> Any:
        """``GET /<report_run_id>``."""
        number = request.path_params["report"]
        found = self._report(number)
        status, percent = PROGRESS[min(found.polls, len(PROGRESS) - 1)]
        found.polls += 1
        return {
            "id": number,
            "account_id": found.account,
            "async_status": status,
            "async_percent_completion": percent,
            "date_start": found.since,
            "date_stop": found.until,
            "is_running": percent < 100,
        }

    def result(self, request: Request, params: Params) -> Any:
        """``GET /<report_run_id>/insights``."""
        found = self._report(request.path_params["report"])
        if found.polls < len(PROGRESS):
            raise bad_parameter("The report is not ready: poll until async_status is Job Completed")
        return page(found.rows, params, _address(request), self.faults)

    def edge(self, request: Request, params: Params) -> Any:
        """``GET /act_<id>/campaigns``, ``/adsets``, ``/ads``."""
        edge = request.path_params["edge"]
        if edge not in objects.EDGES:
            raise bad_parameter(f"Tried accessing nonexisting field ({edge})")
        account = self._account(request)
        rows = objects.listed(self.world.view(), account, edge, params)
        return page(rows, params, _address(request), self.faults)

    def _rows(
        self, request: Request, params: Params
    ) -> tuple[insights.Query, list[dict[str, Any]]]:
        account = self._account(request)
        today = local_day(self.clock.now, account["timezone"])
        asked = insights.query(account, params, today)
        return asked, insights.rows(self.world.view(), asked)

    def _account(self, request: Request) -> pd.Series:
        number = request.path_params["account"]
        found = account_of(self.world.view(), META, number)
        if found is None:
            raise GraphError(
                f"Unsupported get request. Object with ID 'act_{number}' does not exist, cannot be "
                "loaded due to missing permissions, or does not support this operation.", 100, 33
            )  # fmt: skip
        return found

    def _report(self, number: str) -> Report:
        if number not in self.reports:
            raise GraphError(
                f"Unsupported get request. Object with ID '{number}' does not exist", 100, 33
            )
        return self.reports[number]

    def _endpoint(self, answer: Any) -> Any:
        async def serve(request: Request) -> Response:
            try:
                params = await _parameters(request)
                _check(request, params)
                account = request.path_params.get("account", "app")
                is_insights = request.url.path.endswith("insights")
                headers = self.limits.read(account, is_insights=is_insights)
                body = answer(request, params)
            except GraphError as error:
                return _json(error.body(), error.status, {})
            return _json(body, 200, headers)

        return serve


def _check(request: Request, params: Params) -> None:
    if request.path_params["version"] != VERSION:
        message = f"(#2635) You are calling a deprecated version of the Ads API. Use {VERSION}."
        raise GraphError(message, 2635)
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if (params.get("access_token") or bearer) != META_TOKEN:
        raise bad_token()


async def _parameters(request: Request) -> dict[str, str]:
    """Query, form or JSON body; lists and objects stay JSON text."""
    params = dict(request.query_params)
    body = await request.body()
    if not body:
        return params
    if "json" in request.headers.get("content-type", ""):
        sent = orjson.loads(body)
        texts = {k: v if isinstance(v, str) else orjson.dumps(v).decode() for k, v in sent.items()}
        return {**params, **texts}
    return {**params, **dict(parse_qsl(body.decode()))}


def _address(request: Request) -> str:
    return str(request.url.replace(query=""))


def _json(body: Any, status: int, headers: dict[str, str]) -> Response:
    media = "application/json; charset=UTF-8"
    return Response(orjson.dumps(body), status, headers, media_type=media)


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The vendor's application."""
    return Starlette(routes=Graph(world, clock, faults, Limits(clock)).routes())


def settings(address: str) -> dict[str, str]:
    """The settings that read both ad accounts."""
    own = [account.number for account in ACCOUNTS if account.platform == META]
    return {
        f"META_ADS__ACCOUNTS__{number}__{name}": value
        for number, account in enumerate(own)
        for name, value in (
            ("ACCOUNT_ID", account),
            ("ACCESS_TOKEN", META_TOKEN),
            ("BASE_URL", address),
        )
    }


VENDOR = Vendor(
    name="meta_ads",
    app=app,
    throttled=(
        400,
        {
            "Content-Type": "application/json; charset=UTF-8",
            "x-business-use-case-usage": '{"1001":[{"type":"ads_insights","call_count":100,'
            '"estimated_time_to_regain_access":1}]}',
        },
        orjson.dumps(user_limit().body()),
    ),
    failed=(
        500,
        {"Content-Type": "application/json; charset=UTF-8"},
        orjson.dumps(GraphError("An unknown error occurred", 1, 99, status=500).body()),
    ),
    settings=settings,
)
