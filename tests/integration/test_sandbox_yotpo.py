"""Yotpo's twin: its two kinds of keys, tokens that end, pages of both kinds, its errors."""

import pandas as pd
import pytest
from starlette.applications import Starlette

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.request_limit import RequestLimit
from sandbox.vendors.yotpo import loyalty_keys, review_keys
from sandbox.vendors.yotpo.app import Store
from sandbox.world.generate import generate
from sandbox.world.world import World
from tests.integration.in_process import InProcess

pytestmark = pytest.mark.integration
NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
SHOP = "basketline-eu"


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


class Api:
    """Calls the twin of one shop in process."""

    def __init__(self, ledger, requests=5_000):
        self.clock = Clock(NOW)
        world = World(ledger, self.clock, "tests", 1)
        limit = RequestLimit(self.clock, requests, 60)
        self.http = InProcess(Starlette(routes=Store(world, self.clock, Faults(), limit).routes()))
        self.store, self.secret = review_keys(SHOP)
        self.token = self.sign_in(self.secret).json()["access_token"]

    def sign_in(self, secret):
        sent = {"client_id": self.store, "client_secret": secret,
                "grant_type": "client_credentials"}  # fmt: skip
        return self.http.post("/oauth/token", json=sent)

    def reviews(self, path="reviews", **query):
        query = {"utoken": self.token, **query}
        return self.http.get(f"/v1/apps/{self.store}/{path}", params=query)

    def loyalty(self, path, keys=None, **query):
        guid, key = keys or loyalty_keys(SHOP)
        headers = {"x-guid": guid, "x-api-key": key}
        return self.http.get(f"/api/v2/{path}", params=query, headers=headers)


@pytest.fixture
def api(ledger):
    return Api(ledger)


def test_a_secret_makes_a_token_that_ends_after_fourteen_days(api):
    assert api.sign_in("wrong").status_code == 401
    assert api.reviews().status_code == 200
    api.clock.seconds += 14 * 24 * 3600
    ended = api.reviews()
    assert ended.status_code == 401
    assert ended.json() == {"status": {"code": 401, "message": "Access denied"}}


def test_reviews_come_by_page_and_the_deleted_ones_when_asked_for(api):
    def ids(**query):
        found, page = [], 1
        while rows := api.reviews(page=page, count=7, **query).json()["reviews"]:
            found += [row["id"] for row in rows]
            page += 1
        return found

    shown, whole = ids(), ids(deleted="true")
    assert len(set(whole)) == len(whole) > len(shown)
    assert set(shown) < set(whole)


def test_reviews_since_a_moment_are_those_changed_since(api):
    rows = api.reviews(count=100, deleted="true").json()["reviews"]
    middle = rows[len(rows) // 2]["updated_at"]
    later = api.reviews(count=100, deleted="true", since_updated_at=middle).json()["reviews"]
    assert later
    assert all(row["updated_at"] >= middle for row in later)
    assert api.reviews(since_updated_at="soon").status_code == 400


def test_questions_are_public_and_by_product(api):
    products = api.reviews("products", count=100).json()["products"]
    answers = [
        api.http.get(f"/products/{api.store}/{one['external_product_id']}/questions").json()
        for one in products
    ]
    assert any(answer["response"]["questions"] for answer in answers)
    for answer in answers:
        told = answer["response"]
        assert told["total_questions"] >= len(told["questions"])
    assert api.http.get("/products/nobody/1/questions").status_code == 404


@pytest.mark.pitfall(23)
def test_members_come_by_token_to_the_last_page(api):
    found, token = [], None
    while True:
        query = {"per_page": 9} | ({"page_info": token} if token else {})
        page = api.loyalty("customers/recent", **query).json()
        found += [row["yotpo_customer_id"] for row in page["customers"]]
        token = page["metadata"]["next_page_info"]
        if token is None:
            break
    assert len(set(found)) == len(found)
    assert len(found) == len(api.loyalty("customers/recent", per_page=250).json()["customers"])
    assert api.loyalty("customers/recent", page_info="nonsense").status_code == 400


def test_a_members_points_history_makes_the_balance(api):
    members = api.loyalty("customers/recent", per_page=20).json()["customers"]
    for member in members:
        told = api.loyalty(
            "customers",
            customer_id=member["third_party_id"],
            with_history="true",
            with_referral_code="true",
        ).json()
        assert sum(item["points"] for item in told["history_items"]) == member["points_balance"]
        code = told["referral_code"]
        assert len(code["completed_referral_customers"]) == code["orders"] <= code["total_clicks"]
    assert api.loyalty("customers", customer_id="nobody").status_code == 404


def test_loyalty_takes_no_keys_but_its_own(api):
    assert api.loyalty("customers/recent", keys=review_keys(SHOP)).status_code == 401


def test_reviews_are_limited_by_the_minute(ledger):
    api = Api(ledger, requests=3)
    assert [api.reviews().status_code for _ in range(4)].count(429) == 1
