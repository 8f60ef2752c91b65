"""Typeform's twin: tokens, pages before and after a response, its errors and limit."""

import pandas as pd
import pytest
from starlette.applications import Starlette

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.request_limit import RequestLimit
from sandbox.vendors.typeform import token_of
from sandbox.vendors.typeform.app import Forms
from sandbox.world.generate import generate
from sandbox.world.world import World
from tests.integration.in_process import InProcess

pytestmark = pytest.mark.integration
NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


class Api:
    """Calls the twin with one token, in process."""

    def __init__(self, ledger, token=None, requests=10_000):
        clock = Clock(NOW)
        limit = RequestLimit(clock, requests, 1)
        routes = Forms(World(ledger, clock, "tests", 1), Faults(), limit).routes()
        self.http = InProcess(Starlette(routes=routes))
        self.token = token or token_of("basketline-eu")

    def __call__(self, path, **query):
        return self.http.get(path, params=query, headers={"Authorization": f"Bearer {self.token}"})

    def form(self):
        return self("/forms").json()["items"][0]["id"]


@pytest.fixture
def api(ledger):
    return Api(ledger)


def test_a_form_has_its_question_of_recommendation_and_its_hidden_fields(api):
    form = api(f"/forms/{api.form()}").json()
    scale = form["fields"][0]
    assert (scale["type"], scale["properties"]["steps"]) == ("opinion_scale", 11)
    assert form["hidden"] == ["email", "order_id"]
    assert form["fields"][1]["type"] == "group"


@pytest.mark.pitfall(23)
@pytest.mark.parametrize("direction", ["before", "after"])
def test_pages_hold_every_response_once(api, direction):
    path = f"/forms/{api.form()}/responses"
    whole = [row["token"] for row in api(path, page_size=1000).json()["items"]]
    assert len(set(whole)) == len(whole) == api(path).json()["total_items"]
    start = whole[-1] if direction == "after" else whole[0]
    found = [start]
    while rows := api(path, page_size=7, **{direction: found[-1]}).json()["items"]:
        found += [row["token"] for row in rows]
    assert found == (whole if direction == "before" else list(reversed(whole)))


def test_responses_since_a_moment_are_those_submitted_since(api):
    path = f"/forms/{api.form()}/responses"
    rows = api(path, page_size=1000).json()["items"]
    middle = rows[len(rows) // 2]["submitted_at"]
    since = api(path, page_size=1000, since=middle.rstrip("Z")).json()
    until = api(path, page_size=1000, until=middle).json()
    assert since["total_items"] + until["total_items"] == len(rows) + 1


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("/forms/nothing", {}, 404, "FORM_NOT_FOUND"),
        ("/forms/nothing/responses", {}, 404, "FORM_NOT_FOUND"),
        ("/forms", {"page_size": 201}, 400, "VALIDATION_ERROR"),
    ],
)
def test_what_is_wrong_is_refused_in_typeforms_words(api, path, query, status, code):
    answer = api(path, **query)
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["description"]


def test_a_token_sees_only_its_own_forms(ledger):
    assert Api(ledger, "tfp_wrong")("/forms").json()["code"] == "AUTHENTICATION_FAILED"
    other = Api(ledger, token_of("basketline-us"))
    assert other(f"/forms/{Api(ledger).form()}").status_code == 404


def test_a_token_has_so_many_requests_a_second(ledger):
    api = Api(ledger, requests=2)
    answers = [api("/forms") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"]
