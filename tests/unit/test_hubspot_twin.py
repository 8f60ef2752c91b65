"""HubSpot's twin: searches with one sort and a cap, the archive, two limits."""

import pandas as pd
import pytest
from starlette.applications import Starlette

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.request_limit import RequestLimit
from sandbox.vendors.hubspot import TOKEN
from sandbox.vendors.hubspot.app import Crm
from sandbox.world.generate import generate
from sandbox.world.world import World
from tests.integration.in_process import InProcess

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
CONTACTS = "/crm/v3/objects/contacts"


class Hubspot:
    """Calls the twin in process."""

    def __init__(self, ledger, cap=10_000, requests=10_000, searches=10_000):
        clock = Clock(NOW)
        limits = RequestLimit(clock, requests, 10.0), RequestLimit(clock, searches, 1.0)
        crm = Crm(World(ledger, clock, "tests", 1), Faults(), *limits, cap=cap)
        self.http = InProcess(Starlette(routes=crm.routes()))
        self.headers = {"authorization": f"Bearer {TOKEN}"}

    def search(self, *filters, **body):
        asked = {"filterGroups": [{"filters": list(filters)}], **body}
        answer = self.http.post(f"{CONTACTS}/search", json=asked, headers=self.headers)
        return answer.status_code, answer.json()

    def listed(self, **params):
        answer = self.http.get(CONTACTS, params=params, headers=self.headers)
        return answer.status_code, answer.json()


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture
def hubspot(ledger):
    return Hubspot(ledger)


def test_a_search_knows_only_what_is_not_archived(hubspot, ledger):
    contacts = ledger.as_of(NOW).crm_contacts
    archived = set(contacts[contacts["archived_at"].notna()]["contact_id"].astype("str"))
    assert archived
    found = hubspot.search(limit=200)[1]
    assert found["total"] == len(contacts) - len(archived)
    told = hubspot.listed(archived="true", limit=100)[1]["results"]
    assert {contact["id"] for contact in told} == archived
    assert all(contact["archivedAt"] for contact in told)


def test_pages_of_changes_come_in_their_order(hubspot):
    sort = [{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}]
    whole = hubspot.search(limit=200, sorts=sort)[1]["results"]
    times = [contact["updatedAt"] for contact in whole]
    assert times == sorted(times)
    first = hubspot.search(limit=5, sorts=sort)[1]
    after = first["paging"]["next"]["after"]
    rest = hubspot.search(limit=200, sorts=sort, after=after)[1]
    assert first["results"] + rest["results"] == whole
    assert "paging" not in rest


def test_only_properties_asked_for_are_told(hubspot):
    told = hubspot.search(limit=1, properties=["email"])[1]["results"][0]["properties"]
    assert told.keys() == {"email", "createdate", "hs_object_id", "lastmodifieddate"}


def test_what_lies_beyond_the_cap_is_refused(ledger):
    hubspot = Hubspot(ledger, cap=10)
    assert hubspot.search(limit=5, after="5")[0] == 200
    assert hubspot.search(limit=5, after="6")[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"after": "soon"},
        {"sorts": [{"propertyName": "email"}, {"propertyName": "city"}]},
    ],
)
def test_questions_out_of_bounds_are_refused(hubspot, body):
    status, told = hubspot.search(**body)
    assert (status, told["category"]) == (400, "VALIDATION_ERROR")


def test_an_operator_that_does_not_exist_is_refused(hubspot):
    one = {"propertyName": "email", "operator": "LIKE", "value": "x"}
    assert hubspot.search(one)[0] == 400


def test_limits_tell_their_policy(ledger):
    hubspot = Hubspot(ledger, searches=2)
    found = [hubspot.search() for _ in range(3)]
    assert [status for status, _ in found] == [200, 200, 429]
    assert found[-1][1]["policyName"] == "SECONDLY"
    hubspot = Hubspot(ledger, requests=1)
    assert [hubspot.listed()[0] for _ in range(3)] == [200, 429, 200]
    hubspot.headers["authorization"] = "Bearer wrong"
    assert hubspot.listed()[1]["category"] == "INVALID_AUTHENTICATION"
