"""Klaviyo's twin: every answer is what the published document says; filters, pages and limits."""

import json

import pandas as pd
import pytest
from starlette.applications import Starlette

from ingestion.registry import find_source
from sandbox.clock import Clock
from sandbox.faults import Fault, Faults
from sandbox.vendors.klaviyo import KEYS
from sandbox.vendors.klaviyo.app import Api
from sandbox.vendors.klaviyo.limits import Limits
from sandbox.world.generate import generate
from sandbox.world.world import World
from tests.integration.ad_connector import told
from tests.integration.connector import duckdb_settings, load
from tests.integration.in_process import InProcess
from tests.integration.openapi import OpenApi
from tests.integration.recorded import recorded_answers
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration
NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
SHOP = "basketline-eu"
READ = {
    f"get /api/{path}"
    for path in (
        "metrics",
        "lists",
        "lists/{id}/profiles",
        "segments",
        "campaigns",
        "flows",
        "flows/{id}/flow-actions",
        "profiles",
        "events",
    )
}


@pytest.fixture(scope="module")
def spec(vendor_specs):
    document = json.loads((vendor_specs / "klaviyo/stable.json").read_text())
    return OpenApi(usable(document))


def usable(document):
    """The document, loosened where Klaviyo's own answers do not keep to it.

    The last page's links are null, though they are said to be text; send options of several
    channels look alike, so that more than one of `oneOf` fits.
    """
    links = document["components"]["schemas"]["CollectionLinks"]["properties"]
    for name in ("next", "prev"):
        links[name]["nullable"] = True
    refused = document["components"]["responses"]["ClientError"]["content"]
    for path in document["paths"].values():
        for operation in path.values():
            told_then = operation["responses"]
            if "200" in told_then and "content" in told_then["200"]:
                good = told_then["200"]["content"]
                operation["responses"] = {"200": json_of(good), "default": json_of(refused)}
    return any_of(document)


def json_of(content):
    return {"content": {"application/json": content["application/vnd.api+json"]}}


def any_of(node):
    if isinstance(node, list):
        return [any_of(value) for value in node]
    if not isinstance(node, dict):
        return node
    return {("anyOf" if name == "oneOf" else name): any_of(value) for name, value in node.items()}


class Klaviyo:
    """Calls the twin in process."""

    def __init__(self, ledger, scale=1):
        self.clock = Clock(NOW)
        self.faults = Faults()
        world = World(ledger, self.clock, "tests", 1)
        api = Api(world, self.faults, Limits(self.clock, scale))
        self.http = InProcess(Starlette(routes=api.routes()))
        self.key, self.revision = KEYS[SHOP], "2026-07-15"

    def __call__(self, path, **params):
        headers = {
            "authorization": f"Klaviyo-API-Key {self.key}",
            "revision": self.revision,
            "host": "a.klaviyo.com",
        }
        answer = self.http.get(f"/api/{path}", params=params, headers=headers)
        self.headers = answer.headers
        return answer.status_code, answer.json()

    def every(self, path, **params):
        found, cursor = [], {}
        while True:
            status, body = self(path, **params, **cursor)
            assert status == 200, body
            found += body["data"]
            if not body["links"]["next"]:
                return found
            query = body["links"]["next"].rpartition("page%5Bcursor%5D=")[2]
            cursor = {"page[cursor]": query}


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture
def klaviyo(ledger):
    return Klaviyo(ledger, scale=100)


def test_every_answer_to_the_connector_is_as_published(tmp_path, spec, count_validated):
    with (
        run_sandbox(tmp_path / "sandbox") as running,
        recorded_answers("klaviyo") as answers,
        told(running, "klaviyo") as section,
    ):
        load(running, duckdb_settings(tmp_path), find_source("klaviyo"), section)
    seen = {
        spec.check(answer.method, answer.path, answer.status, answer.body) for answer in answers
    }
    assert seen == READ
    count_validated("klaviyo", len(answers))


@pytest.mark.parametrize(
    ("path", "params", "words"),
    [
        ("campaigns", {}, "messages.channel is required"),
        ("profiles", {"filter": "greater-or-equal(updated,2026-01-01)"}, "not allowed"),
        ("profiles", {"page[size]": "101"}, "between 1 and 100"),
        ("metrics", {"page[size]": "10"}, "not supported"),
        ("events", {"filter": "equals(mood,'good')"}, "mood"),
        ("events", {"filter": "sometimes"}, "Invalid filter"),
        ("events", {"filter": "greater-than(datetime,soon)"}, "Invalid date"),
        ("events", {"sort": "mood"}, "mood"),
        ("events", {"page[cursor]": "nonsense"}, "cursor"),
    ],
)
def test_questions_out_of_bounds_are_refused(klaviyo, spec, count_validated, path, params, words):
    status, body = klaviyo(path, **params)
    assert status == 400
    assert words in body["errors"][0]["detail"]
    spec.check("get", f"/api/{path}", status, body)
    count_validated("klaviyo", 1)


def test_keys_revisions_and_lists_that_do_not_exist(klaviyo, spec, count_validated):
    assert klaviyo("lists/none/profiles")[0] == 404
    klaviyo.revision = ""
    assert klaviyo("metrics")[0] == 400
    klaviyo.revision, klaviyo.key = "2026-07-15", "pk_wrong"
    status, body = klaviyo("metrics")
    assert (status, body["errors"][0]["code"]) == (401, "not_authenticated")
    spec.check("get", "/api/metrics", status, body)
    count_validated("klaviyo", 1)


def test_pages_cover_a_list_once_whatever_their_size(klaviyo, ledger):
    known = ledger.as_of(NOW).email_profiles
    ids = [profile["id"] for profile in klaviyo.every("profiles", **{"page[size]": "7"})]
    assert sorted(ids) == sorted(known[known["shop"] == SHOP]["profile_id"])


def test_filters_keep_what_they_say(klaviyo):
    every = klaviyo.every("events", **{"page[size]": "1000"})
    moment = every[len(every) // 2]["attributes"]["datetime"].replace("+00:00", "Z")
    later = klaviyo.every(
        "events", **{"page[size]": "1000", "filter": f"greater-or-equal(datetime,{moment})"}
    )
    earlier = klaviyo.every(
        "events", **{"page[size]": "1000", "filter": f"less-than(datetime,{moment})"}
    )
    assert earlier + later == every
    assert earlier
    assert later


def test_fields_and_what_costs_more_come_only_if_they_are_asked_for(klaviyo):
    usual = klaviyo("profiles")[1]["data"][0]["attributes"]
    assert not {"subscriptions", "predictive_analytics"} & usual.keys()
    more = {"additional-fields[profile]": "subscriptions,predictive_analytics"}
    assert {"subscriptions", "predictive_analytics"} < (
        klaviyo("profiles", **more)[1]["data"][0]["attributes"].keys()
    )
    sparse = klaviyo("profiles", **{"fields[profile]": "email"})[1]["data"][0]["attributes"]
    assert sparse.keys() == {"email"}


def test_predictions_cost_a_limit_of_their_own(ledger):
    klaviyo = Klaviyo(ledger)
    more = {"additional-fields[profile]": "predictive_analytics"}
    found = [klaviyo("profiles", **more)[0] for _ in range(160)]
    assert 429 in found
    assert found[-1] == 200
    assert klaviyo.headers["ratelimit-limit"] == "10, 10;w=1, 150;w=60"
    assert all(klaviyo("profiles")[0] == 200 for _ in range(60))


def test_a_throttled_answer_says_how_long_to_wait(ledger):
    klaviyo = Klaviyo(ledger)
    while klaviyo("flows")[0] == 200:
        pass
    assert int(klaviyo.headers["retry-after"]) >= 1


@pytest.mark.parametrize("kind", [Fault.DUPLICATE_PAGE, Fault.SHIFTING_PAGE])
def test_pages_can_repeat_rows(klaviyo, kind):
    clean = klaviyo.every("events", **{"page[size]": "500"})
    klaviyo.faults.schedule("klaviyo", kind, 2)
    again = klaviyo.every("events", **{"page[size]": "500"})
    assert len(again) > len(clean)
    assert {event["id"] for event in again} == {event["id"] for event in clean}
