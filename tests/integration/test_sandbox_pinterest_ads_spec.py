"""Pinterest's twin: every answer is what the published document says, limits included."""

import base64
import json

import pandas as pd
import pytest
from starlette.applications import Starlette

from ingestion.sources.pinterest_ads.spec import SPEC
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.vendors.access_tokens import TokenDesk
from sandbox.vendors.pinterest_ads import APP_ID, APP_SECRET, REFRESH_TOKEN
from sandbox.vendors.pinterest_ads.analytics import COLUMNS
from sandbox.vendors.pinterest_ads.app import Pinterest
from sandbox.vendors.pinterest_ads.limits import Limits
from sandbox.world.generate import generate
from sandbox.world.truth import truth
from sandbox.world.world import World
from tests.integration.ad_connector import told
from tests.integration.connector import duckdb_settings, load
from tests.integration.in_process import InProcess
from tests.integration.openapi import OpenApi
from tests.integration.recorded import recorded_answers
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration
NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
OWN = "/ad_accounts/4001"
EVERY = {"entity_statuses": ["ACTIVE", "PAUSED", "ARCHIVED"]}
DAYS = {"start_date": "2026-06-01", "end_date": "2026-06-29", "granularity": "DAY"}
METRICS = "SPEND_IN_MICRO_DOLLAR,TOTAL_IMPRESSION,TOTAL_CLICKTHROUGH,TOTAL_CHECKOUT"


@pytest.fixture(scope="module")
def document(vendor_specs):
    return json.loads((vendor_specs / "pinterest/openapi_v5.json").read_text())


@pytest.fixture(scope="module")
def spec(document):
    return OpenApi(document)


class Api:
    """Calls the twin in process."""

    def __init__(self, ledger, **a_minute):
        clock = Clock(NOW)
        world = World(ledger, clock, "tests", 1)
        self.clock, self.tokens = clock, TokenDesk(clock, "t", 2_592_000)
        limits = Limits(clock, **({"a_minute": a_minute} if a_minute else {}))
        routes = Pinterest(world, clock, Faults(), limits, self.tokens, 2).routes()
        self.http = InProcess(Starlette(routes=routes))
        self.token = self.tokens.issue()

    def __call__(self, path, body=None, **params):
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            answer = self.http.post(f"/v5{path}", json=body, headers=headers)
        else:
            answer = self.http.get(f"/v5{path}", params=params, headers=headers)
        self.headers = answer.headers
        return answer.status_code, answer.json()


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture
def api(ledger):
    return Api(ledger)


def test_every_answer_to_the_connector_is_as_published(tmp_path, spec, count_validated):
    with (
        run_sandbox(tmp_path / "sandbox") as running,
        recorded_answers("pinterest_ads") as answers,
        told(running, "pinterest_ads", PINTEREST_ADS__HISTORY_DAYS="120") as section,
    ):
        load(running, duckdb_settings(tmp_path), SPEC, section)
    seen = {
        spec.check(answer.method, answer.path.removeprefix("/v5"), answer.status, answer.body)
        for answer in answers
        if answer.path.startswith("/v5/")
    }
    assert len(seen) == 9
    count_validated("pinterest_ads", len(answers))


def test_columns_are_those_of_both_kinds_of_report(document):
    both = document["components"]
    direct = both["parameters"]["query_columns"]["schema"]["items"]["enum"]
    assert set(COLUMNS) <= set(direct)
    assert set(COLUMNS) <= set(both["schemas"]["ReportingColumnAsync"]["enum"])


@pytest.mark.parametrize("kind", ["campaigns", "ad_groups", "ads"])
def test_archived_ones_come_only_if_they_are_asked_for(api, kind):
    api.clock.advance(pd.Timedelta(days=90))
    api.token = api.tokens.issue()
    usual = api(f"{OWN}/{kind}")[1]["items"]
    every = api(f"{OWN}/{kind}", **EVERY)[1]["items"]
    assert {item["status"] for item in every} - {item["status"] for item in usual} == {"ARCHIVED"}


def test_lists_are_read_by_bookmark(api):
    first = api(f"{OWN}/ads", page_size=2, **EVERY)[1]
    assert len(first["items"]) == 2
    second = api(f"{OWN}/ads", page_size=250, bookmark=first["bookmark"], **EVERY)[1]
    assert second["bookmark"] is None
    ids = [item["id"] for item in (*first["items"], *second["items"])]
    assert len(set(ids)) == len(ids) == 5


@pytest.mark.parametrize("kind", ["campaign", "ad_group", "ad"])
def test_every_level_adds_up_to_the_truth(api, ledger, kind):
    known = truth(ledger.as_of(NOW), NOW)["ad_daily"]
    own = known[
        (known["platform"] == "pinterest_ads") & known["date"].between(*list(DAYS.values())[:2])
    ]
    ids = [item["id"] for item in api(f"{OWN}/{kind}s", **EVERY)[1]["items"]]
    rows = api(f"{OWN}/{kind}s/analytics", **{f"{kind}_ids": ids}, columns=METRICS, **DAYS)[1]
    assert sum(row.get("TOTAL_IMPRESSION", 0) for row in rows) == own["impressions"].sum()
    assert sum(row.get("TOTAL_CHECKOUT", 0) for row in rows) == own["conversions"].sum()
    spent = sum(row.get("SPEND_IN_MICRO_DOLLAR", 0) for row in rows)
    assert spent == own["spend"].sum() * 10_000
    assert any("TOTAL_CLICKTHROUGH" not in row for row in rows)


def test_a_report_is_polled_and_then_read(api, spec, count_validated):
    asked = {**DAYS, "level": "CAMPAIGN", "columns": ["CAMPAIGN_ID", *METRICS.split(",")]}
    path = f"{OWN}/reports"
    answers = [("post", api(path, body=asked))]
    token = answers[0][1][1]["token"]
    answers += [("get", api(path, token=token)) for _ in range(3)]
    for method, (status, body) in answers:
        assert status == 200
        spec.check(method, path, status, body)
    states = [body["report_status"] for _, (_, body) in answers[1:]]
    assert states == ["IN_PROGRESS", "IN_PROGRESS", "FINISHED"]
    file = api.http.get(answers[-1][1][1]["url"]).json()
    ids = list(file)
    direct = api(f"{OWN}/campaigns/analytics", campaign_ids=ids, columns=METRICS, **DAYS)[1]
    entries = [entry for listed in file.values() for entry in listed]
    assert [entry["SPEND_IN_MICRO_DOLLAR"] for entry in entries] == [
        entry["SPEND_IN_MICRO_DOLLAR"] for entry in direct
    ]
    assert api(path, token="unknown")[1]["report_status"] == "DOES_NOT_EXIST"
    count_validated("pinterest_ads", len(answers))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"start_date": "2026-03-01"}, "90 days back"),
        ({"start_date": "soon"}, "dates"),
        ({"columns": "HAPPINESS"}, "HAPPINESS"),
        ({"columns": ""}, "columns"),
        ({"granularity": "CENTURY"}, "granularity"),
        ({"click_window_days": 28}, "click_window_days"),
        ({"campaign_ids": ""}, "campaign_ids"),
        ({"campaign_ids": [str(number) for number in range(251)]}, "250"),
    ],
)
def test_questions_out_of_bounds_are_refused(api, spec, count_validated, changed, words):
    path = f"{OWN}/campaigns/analytics"
    status, body = api(path, **{"campaign_ids": "1", "columns": METRICS, **DAYS, **changed})
    assert status == 400
    assert words in body["message"]
    spec.check("get", path, status, body)
    count_validated("pinterest_ads", 1)


def test_access_is_refused_with_pinterests_codes(api, spec, count_validated):
    refused = [(OWN.replace("4001", "1001"), 403), (f"{OWN}/boards", 404)]
    for path, status in refused:
        assert api(path)[0] == status
    assert api(f"{OWN}/campaigns", page_size=251)[0] == 400
    api.token = "wrong"
    status, body = api(OWN)
    assert (status, body["code"]) == (401, 2)
    spec.check("get", OWN, status, body)
    count_validated("pinterest_ads", 1)


def test_a_token_is_given_for_the_refresh_token(api, spec, count_validated):
    form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}
    right = base64.b64encode(f"{APP_ID}:{APP_SECRET}".encode()).decode()
    for sent, app, status in (
        (form, right, 200),
        ({**form, "refresh_token": "x"}, right, 400),
        (form, "wrong", 401),
    ):
        answer = api.http.post(
            "/v5/oauth/token", data=sent, headers={"Authorization": f"Basic {app}"}
        )
        assert answer.status_code == status
        spec.check("post", "/oauth/token", status, answer.json())
    count_validated("pinterest_ads", 3)


def test_limits_refuse_and_let_in_again_without_waiting(ledger):
    api = Api(ledger, ads_read=3, ads_analytics=300)
    assert [api(OWN)[0] for _ in range(5)] == [200, 200, 200, 429, 200]
    assert api.headers["x-ratelimit-limit"] == "3"


@pytest.mark.pitfall(15)
def test_a_day_has_other_numbers_next_month(api):
    ids = [item["id"] for item in api(f"{OWN}/campaigns")[1]["items"]]
    asked = {"campaign_ids": ids, "columns": METRICS, **DAYS}
    first = api(f"{OWN}/campaigns/analytics", **asked)[1]
    api.clock.advance(pd.Timedelta(days=25))
    assert api(f"{OWN}/campaigns/analytics", **asked)[1] != first
