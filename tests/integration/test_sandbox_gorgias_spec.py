"""Gorgias' twin: answers as the published spec has them, pages, limits, errors."""

import base64
from collections import Counter

import pytest
import yaml
from jsonschema import Draft202012Validator
from starlette.applications import Starlette

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.request_limit import RequestLimit
from sandbox.vendors.gorgias import API_KEY, agent_email
from sandbox.vendors.gorgias.app import HelpDesk
from tests.integration.in_process import InProcess
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration
SPEC_FILE = "gorgias/openapi_api-evangelist_2026.yml"
VALIDATED = Counter()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running.sandbox.world


@pytest.fixture(scope="module", autouse=True)
def printed_counts(request):
    yield
    if VALIDATED:
        told = ", ".join(f"{name} {count}" for name, count in sorted(VALIDATED.items()))
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\ngorgias: validated responses: {told}")  # noqa: T201


@pytest.fixture(scope="module")
def schemas(vendor_specs):
    """The spec's lists; its `nullable` is of OpenAPI 3.0, though it says 3.1."""
    spec = _with_nulls(yaml.safe_load((vendor_specs / SPEC_FILE).read_text()))
    found = {}
    for path, methods in spec["paths"].items():
        content = methods.get("get", {}).get("responses", {}).get("200", {}).get("content")
        if content:
            own = content["application/json"]["schema"]
            found[path] = Draft202012Validator({**own, "components": spec["components"]})
    message = {"$ref": "#/components/schemas/Message", "components": spec["components"]}
    return found | {"message": Draft202012Validator(message)}


def _with_nulls(node):
    if isinstance(node, list):
        return [_with_nulls(one) for one in node]
    if not isinstance(node, dict):
        return node
    known = {name: _with_nulls(value) for name, value in node.items()}
    if known.pop("nullable", None) and isinstance(known.get("type"), str):
        known["type"] = [known["type"], "null"]
    return known


class Desk:
    """Calls the twin of one account."""

    def __init__(self, world, domain="basketline-eu", requests=400):
        limit = RequestLimit(Clock(world.clock.now), requests, 20)
        app = Starlette(routes=HelpDesk(world, Faults(), limit).routes())
        key = base64.b64encode(f"{agent_email(domain)}:{API_KEY}".encode()).decode()
        self.app, self.domain = InProcess(app), domain
        self.headers = {"Authorization": f"Basic {key}"}

    def __call__(self, path, **params):
        return self.app.get(f"/{self.domain}/api/{path}", params=params, headers=self.headers)

    def all(self, path, **params):
        rows, cursor = [], None
        while True:
            page = self(path, **params, **({"cursor": cursor} if cursor else {})).json()
            rows += page["data"]
            cursor = page["meta"]["next_cursor"]
            if cursor is None:
                return rows


@pytest.mark.parametrize("path", ["tickets", "customers"])
def test_lists_are_as_the_spec_has_them(world, schemas, path):
    desk, cursor, known = Desk(world), None, VALIDATED[path]
    while True:
        page = desk(path, limit=100, **({"cursor": cursor} if cursor else {})).json()
        schemas[f"/api/{path}"].validate(page)
        VALIDATED[path] += 1
        cursor = page["meta"]["next_cursor"]
        if cursor is None:
            break
    assert VALIDATED[path] > known


def test_messages_and_the_account_are_as_the_spec_has_them(world, schemas):
    desk = Desk(world)
    for message in desk.all("messages", limit=100):
        schemas["message"].validate(message)
        VALIDATED["message"] += 1
    schemas["/api/account"].validate(desk("account").json())
    VALIDATED["account"] += 1
    assert VALIDATED["message"]


@pytest.mark.pitfall(23)
@pytest.mark.parametrize("path", ["tickets", "messages", "customers", "satisfaction-surveys"])
def test_pages_by_cursor_hold_every_row_once_in_order(world, path):
    rows = Desk(world).all(path, limit=7)
    assert rows
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert len(Desk(world).all(path, limit=100)) == len(rows)
    oldest_first = Desk(world).all(path, limit=100, order_by="created_datetime:asc")
    assert [row["id"] for row in oldest_first] == list(reversed(ids))


def test_both_forms_of_time_are_told(world):
    times = {len(row["created_datetime"]) for row in Desk(world).all("tickets", limit=100)}
    assert times == {len("2026-01-01T00:00:00+00:00"), len("2026-01-01T00:00:00.000000+00:00")}
    surveys = Desk(world).all("satisfaction-surveys", limit=100)
    assert all("+" not in row["sent_datetime"] for row in surveys)


def test_an_api_key_has_forty_requests_in_twenty_seconds(world):
    desk = Desk(world, requests=40)
    answers = [desk("account") for _ in range(42)]
    assert [answer.status_code for answer in answers].count(429) == 1
    assert answers[9].headers["x-gorgias-account-api-call-limit"] == "10/40"
    assert 0 < int(answers[40].headers["retry-after"]) <= 20
    assert answers[41].status_code == 200


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("tickets", {"limit": 101}, 400),
        ("tickets", {"order_by": "id:desc"}, 400),
        ("messages", {"order_by": "updated_datetime:desc"}, 400),
        ("tickets", {"cursor": "nonsense"}, 400),
        ("nothing", {}, 404),
    ],
)
def test_what_is_wrong_is_refused(world, path, params, status):
    answer = Desk(world)(path, **params)
    assert answer.status_code == status
    assert answer.json()["error"]["msg"]


def test_another_key_is_refused(world):
    desk = Desk(world)
    desk.headers["Authorization"] = "Basic bm86bm8="
    assert desk("tickets").status_code == 401
    assert Desk(world, "basketline-fr")("tickets").status_code == 404
