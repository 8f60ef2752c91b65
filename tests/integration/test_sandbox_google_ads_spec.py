"""Google Ads' twin: every answer is a message of v26, and queries are refused as Google does."""

import json
from importlib import import_module

import pandas as pd
import pytest
from starlette.applications import Starlette

from ingestion.sources.google_ads.spec import SPEC
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.vendors.access_tokens import TokenDesk
from sandbox.vendors.google_ads import DEVELOPER_TOKEN, MANAGER
from sandbox.vendors.google_ads.app import GoogleAds, Quota
from sandbox.world.generate import generate
from sandbox.world.world import World
from tests.integration.ad_connector import told
from tests.integration.connector import duckdb_settings, load
from tests.integration.in_process import InProcess
from tests.integration.recorded import recorded_answers
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration
NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
IN_JUNE = "segments.date BETWEEN '2026-06-01' AND '2026-06-29'"
DAYS = f"SELECT campaign.id, segments.date, metrics.clicks FROM campaign WHERE {IN_JUNE}"


@pytest.fixture(scope="module")
def messages():
    """Decodes JSON into a message of v26 and back: only what the API knows comes through."""
    json_format = pytest.importorskip("google.protobuf.json_format")
    pytest.importorskip("google.ads.googleads.v26")

    def through(module, name, body):
        kind = getattr(import_module(f"google.ads.googleads.v26.{module}"), name)
        message = kind.pb(kind())
        json_format.Parse(json.dumps(body), message)
        return json_format.MessageToDict(message)

    return through


class Ads:
    """Calls the twin in process."""

    def __init__(self, ledger, a_day=15_000, page_rows=10_000):
        clock = Clock(NOW)
        self.tokens = TokenDesk(clock, "t", 3_599)
        self.clock = clock
        world = World(ledger, clock, "tests", 1)
        api = GoogleAds(world, clock, Faults(), Quota(clock, a_day), self.tokens, page_rows)
        self.http = InProcess(Starlette(routes=api.routes()))
        self.headers = {
            "Authorization": f"Bearer {self.tokens.issue()}",
            "developer-token": DEVELOPER_TOKEN,
        }

    def __call__(self, query, customer="2001", method="search", version="v26", headers=(), **more):
        sent = {**self.headers, **dict(headers)}
        path = f"/{version}/customers/{customer}/googleAds:{method}"
        answer = self.http.post(path, json={"query": query, **more}, headers=sent)
        return answer.status_code, answer.json()


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture
def ads(ledger):
    return Ads(ledger)


def test_every_answer_to_the_connector_is_a_message_of_v26(tmp_path, messages, count_validated):
    with (
        run_sandbox(tmp_path / "sandbox") as running,
        recorded_answers("google_ads") as answers,
        told(running, "google_ads", GOOGLE_ADS__HISTORY_MONTHS="3") as section,
    ):
        load(running, duckdb_settings(tmp_path), SPEC, section)
    searches = [answer for answer in answers if answer.path.endswith(":search")]
    module = "services.types.google_ads_service"
    for answer in searches:
        assert answer.status == 200
        assert messages(module, "SearchGoogleAdsResponse", answer.body) == answer.body
    count_validated("google_ads", len(searches))


def test_a_stream_is_an_array_of_messages(ads, messages, count_validated):
    status, body = ads(DAYS, method="searchStream")
    assert status == 200
    assert isinstance(body, list)
    module = "services.types.google_ads_service"
    for part in body:
        assert messages(module, "SearchGoogleAdsStreamResponse", part) == part
    assert body[0]["results"] == ads(DAYS)[1]["results"]
    count_validated("google_ads", len(body))


def test_numbers_are_texts_and_noughts_are_left_out(ads):
    rows = ads(DAYS.replace("metrics.clicks", "metrics.clicks, metrics.cost_micros"))[1]["results"]
    assert all(isinstance(value, str) for row in rows for value in row["metrics"].values())
    assert any("clicks" not in row["metrics"] for row in rows)
    assert all(row["campaign"]["resourceName"].startswith("customers/2001/") for row in rows)


def test_pages_follow_their_token_to_the_end(ledger):
    whole, small = Ads(ledger)(DAYS)[1]["results"], Ads(ledger, page_rows=50)
    rows, token, pages = [], {}, 0
    while True:
        body = small(DAYS, **token)[1]
        rows, pages = rows + body["results"], pages + 1
        if "nextPageToken" not in body:
            break
        token = {"pageToken": body["nextPageToken"]}
    assert rows == whole
    assert pages == -(-len(whole) // 50)
    other = DAYS.replace("metrics.clicks", "metrics.impressions")
    assert small(other, **token)[1]["error"]["code"] == 400


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("UPDATE campaign", "EXPECTED_SELECT"),
        ("SELECT campaign.id", "EXPECTED_FROM"),
        ("SELECT campaign.id FROM", "UNEXPECTED_END_OF_QUERY"),
        ("SELECT campaign.id FROM planet", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        ("SELECT campaign.colour FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT ad_group.id FROM campaign", "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE"),
        ("SELECT campaign.id, segments.date FROM campaign", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        (DAYS.replace("2026-06-01", "last June"), "INVALID_DATE_FORMAT"),
        (DAYS.replace("BETWEEN '2026-06-01' AND", "AROUND"), "BAD_OPERATOR"),
        ("SELECT campaign.id FROM campaign LIMIT none", "BAD_LIMIT_VALUE"),
        (
            "SELECT campaign.id FROM campaign ORDER BY campaign.name",
            "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
        ),
    ],
)
def test_queries_are_refused_by_their_error(ads, messages, count_validated, query, name):
    status, body = ads(query)
    assert status == 400
    _holds(body, messages, "queryError", name)
    count_validated("google_ads", 1)


@pytest.mark.parametrize(
    ("asked", "status", "kind", "name"),
    [
        ({"pageSize": 100}, 400, "requestError", "PAGE_SIZE_NOT_SUPPORTED"),
        ({"pageToken": "nonsense"}, 400, "requestError", "INVALID_PAGE_TOKEN"),
        ({"version": "v19"}, 400, "requestError", "UNSUPPORTED_VERSION"),
        ({"customer": "my-shop"}, 400, "requestError", "INVALID_CUSTOMER_ID"),
        ({"customer": "1001"}, 403, "authorizationError", "USER_PERMISSION_DENIED"),
        ({"customer": "2003"}, 403, "authorizationError", "USER_PERMISSION_DENIED"),
        (
            {"headers": {"developer-token": "x"}},
            401,
            "authenticationError",
            "DEVELOPER_TOKEN_INVALID",
        ),
        ({"headers": {"Authorization": ""}}, 401, "authenticationError", "OAUTH_TOKEN_INVALID"),
    ],
)
def test_requests_are_refused_by_their_error(
    ads, messages, count_validated, asked, status, kind, name
):
    found, body = ads("SELECT customer.id FROM customer", **asked)
    assert found == status
    _holds(body, messages, kind, name)
    count_validated("google_ads", 1)


def _holds(body, messages, kind, name):
    (detail,) = body["error"]["details"]
    assert detail.pop("@type").endswith("v26.errors.GoogleAdsFailure")
    assert detail["errors"][0]["errorCode"] == {kind: name}
    assert messages("errors.types.errors", "GoogleAdsFailure", detail) == detail


def test_a_manager_opens_what_is_its_own(ads):
    headers = {"login-customer-id": MANAGER}
    query = "SELECT customer.id, customer.currency_code FROM customer"
    status, body = ads(query, customer="2003", headers=headers)
    assert status == 200
    assert body["results"][0]["customer"]["currencyCode"] == "GBP"


def test_tokens_end_and_quotas_are_used_up_on_the_virtual_clock(ledger):
    ads = Ads(ledger, a_day=3)
    query = "SELECT customer.id FROM customer"
    assert [ads(query)[0] for _ in range(5)] == [200, 200, 200, 429, 401]
    ads.headers["Authorization"] = f"Bearer {ads.tokens.issue()}"
    assert ads(query)[0] == 200


def test_conditions_and_order_do_what_they_say(ads):
    query = (
        "SELECT campaign.id, campaign.name FROM campaign"
        " WHERE campaign.advertising_channel_type IN ('SEARCH', 'SHOPPING')"
        " AND campaign.name != 'brand-search' ORDER BY campaign.name DESC LIMIT 5"
    )
    names = [row["campaign"]["name"] for row in ads(query)[1]["results"]]
    assert names == ["shopping-all", "generic-search"]


@pytest.mark.pitfall(15)
def test_a_day_has_other_conversions_two_months_later(ads):
    query = "SELECT segments.date, metrics.conversions FROM customer WHERE " + IN_JUNE
    first = ads(query)[1]["results"]
    ads.clock.advance(pd.Timedelta(days=60))
    ads.headers["Authorization"] = f"Bearer {ads.tokens.issue()}"
    assert ads(query)[1]["results"] != first
