"""TikTok's twin: status 200 whatever happens, the published envelope, and its limits."""

import json

import pandas as pd
import pytest
import yaml
from starlette.applications import Starlette

from ingestion.sources.tiktok_ads.spec import SPEC
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.vendors.tiktok_ads import TIKTOK_TOKEN
from sandbox.vendors.tiktok_ads.app import Limit, TikTok
from sandbox.vendors.tiktok_ads.reports import NUMBERS
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
DOCUMENTS = {
    "/report/integrated/get/": "report_integrated_get",
    "/advertiser/info/": "advertiser_info",
    # The lists of regular campaigns are not among the documents: those of Smart+ are alike.
    "/campaign/get/": "smart_plus_campaign_get",
    "/adgroup/get/": "smart_plus_adgroup_get",
    "/ad/get/": "smart_plus_ad_get",
}
REPORT = {
    "advertiser_id": "3001",
    "report_type": "BASIC",
    "service_type": "AUCTION",
    "data_level": "AUCTION_CAMPAIGN",
    "dimensions": '["campaign_id","stat_time_day"]',
    "metrics": '["spend","impressions","clicks","complete_payment"]',
    "start_date": "2026-06-01",
    "end_date": "2026-06-30",
    "page_size": 1000,
}


@pytest.fixture(scope="module")
def check(vendor_specs):
    """Holds an answer against the document of its path."""
    documents = {}
    for path, name in DOCUMENTS.items():
        text = (vendor_specs / f"tiktok/{name}.yml").read_text()
        documents[path] = OpenApi(yaml.safe_load(text))

    def hold(path, body):
        (own,) = documents[path].paths
        documents[path].check("get", own, 200, body)

    return hold


class Api:
    """Calls the twin in process."""

    def __init__(self, ledger, **limit):
        clock = Clock(NOW)
        world = World(ledger, clock, "tests", 1)
        self.clock = clock
        routes = TikTok(world, Faults(), Limit(clock, **limit)).routes()
        self.http = InProcess(Starlette(routes=routes))

    def __call__(self, path, version="v1.3", token=TIKTOK_TOKEN, **params):
        answer = self.http.get(
            f"/open_api/{version}{path}", params=params, headers={"Access-Token": token}
        )
        assert answer.status_code == 200
        return answer.json()


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture
def api(ledger):
    return Api(ledger)


def test_every_answer_to_the_connector_has_the_published_envelope(tmp_path, check, count_validated):
    with (
        run_sandbox(tmp_path / "sandbox") as running,
        recorded_answers("tiktok_ads") as answers,
        told(running, "tiktok_ads", TIKTOK_ADS__HISTORY_MONTHS="3") as section,
    ):
        load(running, duckdb_settings(tmp_path), SPEC, section)
    paths = [answer.path.removeprefix("/open_api/v1.3") for answer in answers]
    for answer, path in zip(answers, paths, strict=True):
        assert answer.status == 200
        check(path, answer.body)
    assert set(paths) == set(DOCUMENTS)
    count_validated("tiktok_ads", len(answers))


def test_numbers_are_texts_and_days_are_midnights(api):
    asked = {**REPORT, "metrics": json.dumps(NUMBERS)}
    for entry in api("/report/integrated/get/", **asked)["data"]["list"]:
        assert entry["dimensions"]["stat_time_day"].endswith(" 00:00:00")
        assert all(isinstance(value, str) for value in entry["metrics"].values())


@pytest.mark.parametrize(
    ("level", "key"),
    [("CAMPAIGN", "campaign_id"), ("ADGROUP", "adgroup_id"), ("AD", "ad_id")],
)
def test_every_level_adds_up_to_the_truth(api, ledger, level, key):
    known = truth(ledger.as_of(NOW), NOW)["ad_daily"]
    own = known[(known["platform"] == "tiktok_ads") & (known["date"] >= "2026-06-01")]
    asked = {
        **REPORT,
        "data_level": f"AUCTION_{level}",
        "dimensions": json.dumps([key, "stat_time_day"]),
    }
    rows = [entry["metrics"] for entry in api("/report/integrated/get/", **asked)["data"]["list"]]
    for metric, column in (("impressions", "impressions"), ("complete_payment", "conversions")):
        assert sum(int(row[metric]) for row in rows) == own[column].sum()
    assert sum(round(float(row["spend"]) * 100) for row in rows) == own["spend"].sum()


def test_pages_are_counted(api):
    asked = {**REPORT, "page_size": 7}
    info = api("/report/integrated/get/", **asked)["data"]["page_info"]
    assert info["total_page"] == -(-info["total_number"] // 7)
    last = api("/report/integrated/get/", **asked, page=info["total_page"])["data"]["list"]
    assert 0 < len(last) <= 7
    assert not api("/report/integrated/get/", **asked, page=info["total_page"] + 1)["data"]["list"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"token": ""}, 40104),
        ({"token": "wrong"}, 40105),
        ({"version": "v1.2"}, 40002),
        ({"advertiser_id": "1001"}, 40001),
        ({"start_date": "2026-05-01"}, 40002),
        ({"start_date": "soon"}, 40002),
        ({"page_size": 1001}, 40002),
        ({"metrics": '["happiness"]'}, 40002),
        ({"metrics": "spend"}, 40002),
        ({"dimensions": '["ad_id","stat_time_day"]'}, 40002),
        ({"report_type": ""}, 40002),
    ],
)
def test_errors_stand_in_the_code(api, check, count_validated, changed, code):
    body = api("/report/integrated/get/", **{**REPORT, **changed})
    assert body["code"] == code
    check("/report/integrated/get/", body)
    count_validated("tiktok_ads", 1)


def test_too_many_requests_are_refused_and_let_in_again_without_waiting(ledger):
    api = Api(ledger, a_second=5)
    codes = [api("/advertiser/info/", advertiser_ids='["3001"]')["code"] for _ in range(8)]
    assert codes == [0, 0, 0, 0, 0, 40100, 0, 0]


@pytest.mark.pitfall(15)
def test_a_day_has_other_numbers_next_week(api):
    asked = {**REPORT, "start_date": "2026-06-24", "end_date": "2026-06-29"}
    first = api("/report/integrated/get/", **asked)["data"]
    api.clock.advance(pd.Timedelta(days=25))
    assert api("/report/integrated/get/", **asked)["data"] != first
