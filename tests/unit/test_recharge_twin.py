"""Recharge's twin: filters, cursors that carry them, refusals, the bucket."""

import pandas as pd
import pytest
from starlette.applications import Starlette

from sandbox.clock import Clock
from sandbox.faults import Fault, Faults
from sandbox.request_limit import RequestLimit
from sandbox.vendors.recharge import TOKENS
from sandbox.vendors.recharge.app import Api
from sandbox.world.generate import generate
from sandbox.world.world import World
from tests.integration.in_process import InProcess

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
SHOP = "basketline-eu"


class Recharge:
    """Calls the twin in process."""

    def __init__(self, ledger, requests=10_000):
        clock, self.faults = Clock(NOW), Faults()
        api = Api(World(ledger, clock, "tests", 1), self.faults, RequestLimit(clock, requests, 20))
        self.http = InProcess(Starlette(routes=api.routes()))
        self.headers = {"x-recharge-access-token": TOKENS[SHOP], "x-recharge-version": "2021-11"}

    def __call__(self, path, **params):
        answer = self.http.get(f"/{path}", params=params, headers=self.headers)
        return answer.status_code, answer.json()

    def every(self, path, **params):
        found, asked = [], params
        while True:
            status, body = self(path, **asked)
            assert status == 200, body
            found += body[path]
            if not body["next_cursor"]:
                return found
            asked = {"cursor": body["next_cursor"], "limit": params.get("limit", 50)}


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture
def recharge(ledger):
    return Recharge(ledger)


def test_a_cursor_carries_filter_and_order(recharge):
    every = recharge.every("charges", limit=250, sort_by="updated_at-asc")
    moment = every[len(every) // 2]["updated_at"]
    asked = {"limit": 3, "sort_by": "updated_at-asc", "updated_at_min": moment}
    later = recharge.every("charges", **asked)
    assert later == [charge for charge in every if charge["updated_at"] >= moment]
    assert 3 < len(later) < len(every)


def test_events_can_be_asked_for_by_kind(recharge, ledger):
    own = ledger.as_of(NOW).subscription_events
    pauses = recharge.every("events", object_type="subscription", verbs="paused")
    assert len(pauses) == len(own[(own["shop"] == SHOP) & (own["kind"] == "paused")]) > 0
    assert recharge.every("events", object_type="charge") == []


def test_a_paused_subscription_is_active_without_a_next_charge(recharge, ledger):
    own = ledger.as_of(NOW).subscriptions
    paused = set(own[own["status"] == "PAUSED"]["subscription_id"])
    told = [one for one in recharge.every("subscriptions") if one["id"] in paused]
    assert told
    assert {(one["status"], one["next_charge_scheduled_at"]) for one in told} == {("active", None)}


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"limit": 251}, 422),
        ({"sort_by": "mood-asc"}, 422),
        ({"updated_at_min": "soon"}, 422),
        ({"cursor": "nonsense"}, 422),
        ({"cursor": "e30=", "status": "active"}, 422),
    ],
)
def test_questions_out_of_bounds_are_refused(recharge, params, status):
    assert recharge("subscriptions", **params)[0] == status


def test_tokens_versions_and_the_bucket(ledger):
    recharge = Recharge(ledger, requests=2)
    assert [recharge("customers")[0] for _ in range(4)] == [200, 200, 429, 200]
    recharge.headers["x-recharge-version"] = "2031-01"
    assert recharge("customers")[0] == 426
    recharge.headers["x-recharge-access-token"] = "wrong"
    assert recharge("customers") == (401, {"error": "bad authentication"})


@pytest.mark.parametrize("kind", [Fault.DUPLICATE_PAGE, Fault.SHIFTING_PAGE])
def test_pages_can_repeat_rows(recharge, kind):
    clean = recharge.every("charges", limit=5)
    recharge.faults.schedule("recharge", kind, 2)
    again = recharge.every("charges", limit=5)
    assert len(again) > len(clean)
    assert {charge["id"] for charge in again} == {charge["id"] for charge in clean}
