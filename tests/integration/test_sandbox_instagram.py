"""Instagram's twin: Meta's days, its pages, its refusals in status 400."""

import pandas as pd
import pytest
from starlette.applications import Starlette

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.request_limit import RequestLimit
from sandbox.vendors.instagram import ACCESS_TOKEN
from sandbox.vendors.instagram.app import Graph
from sandbox.world.generate import generate
from sandbox.world.social import ACCOUNT_ID
from sandbox.world.world import World
from tests.integration.in_process import InProcess

pytestmark = pytest.mark.integration
NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
DAY = 24 * 3600


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


class Api:
    """Calls the twin in process."""

    def __init__(self, ledger, requests=10_000):
        clock = Clock(NOW)
        self.world = World(ledger, clock, "tests", 1)
        limit = RequestLimit(clock, requests, 3600)
        routes = Graph(self.world, clock, Faults(), limit).routes()
        self.http = InProcess(Starlette(routes=routes))
        self.token = ACCESS_TOKEN

    def __call__(self, path, version="v26.0", **query):
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.get(f"/{version}/{path}", params=query, headers=headers)

    def insights(self, metric, since="2026-06-20", days=5, **query):
        start = int(pd.Timestamp(since, tz="America/Los_Angeles").timestamp())
        span = {"since": start, "until": start + days * DAY}
        return self(f"{ACCOUNT_ID}/insights", metric=metric, period="day", **span, **query)


@pytest.fixture
def api(ledger):
    return Api(ledger)


@pytest.mark.pitfall(23)
def test_posts_come_newest_first_to_a_page_without_next(api):
    found, after = [], {}
    while True:
        page = api(f"{ACCOUNT_ID}/media", fields="id,timestamp", limit=20, **after).json()
        found += page["data"]
        if "next" not in page["paging"]:
            break
        after = {"after": page["paging"]["cursors"]["after"]}
    assert len({post["id"] for post in found}) == len(found) == len(api.world.view().social_posts)
    assert found == sorted(found, key=lambda post: post["timestamp"], reverse=True)
    assert all(post["timestamp"].endswith("+0000") for post in found)


def test_a_post_tells_its_whole_life(api):
    entries = api.world.view().social_entries
    number = entries["post_id"].iloc[-1]
    told = api(f"{number}/insights", metric="views,saved,total_interactions").json()["data"]
    own = entries[entries["post_id"] == number]
    assert {one["period"] for one in told} == {"lifetime"}
    assert [one["values"][0]["value"] for one in told][:2] == [
        own["views"].sum(),
        own["saves"].sum(),
    ]


@pytest.mark.pitfall(13)
def test_days_are_metas_own(api):
    """They end at midnight in California, whatever the account's time zone."""
    [reach] = api.insights("reach").json()["data"]
    assert [value["end_time"] for value in reach["values"]] == [
        f"2026-06-{day}T07:00:00+0000" for day in range(21, 26)
    ]
    [views] = api.insights("views", days=1, metric_type="total_value").json()["data"]
    days = api.world.view().social_account_days.set_index("day")
    assert views["total_value"]["value"] == days.loc["2026-06-20", "views"]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda api: api.insights("views"), "metric_type=total_value"),
        (lambda api: api.insights("reach", days=31), "30 days"),
        (lambda api: api.insights("follower_count", since="2026-05-20"), "last 30 days"),
        (lambda api: api(f"{ACCOUNT_ID}/insights", metric="reach"), "period"),
        (lambda api: api(f"{ACCOUNT_ID}/media", fields="colour"), "nonexisting field"),
        (lambda api: api("42/insights", metric="views"), "does not exist"),
        (lambda api: api(ACCOUNT_ID, version="v12.0"), "deprecated version"),
    ],
)
def test_what_is_wrong_is_refused_in_metas_words(api, ask, words):
    answer = ask(api)
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


def test_a_wrong_token_and_too_many_requests_have_metas_codes(ledger):
    api = Api(ledger, requests=1)
    api.token = "wrong"
    assert api(ACCOUNT_ID).json()["error"]["code"] == 190
    api.token = ACCESS_TOKEN
    assert api(ACCOUNT_ID, fields="id").json() == {"id": ACCOUNT_ID}
    assert api(ACCOUNT_ID).json()["error"]["code"] == 4
