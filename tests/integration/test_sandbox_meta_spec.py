"""The Marketing API twin: only fields of the published spec, and sums equal to the truth."""

import asyncio
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pandas as pd
import pytest
from starlette.applications import Starlette

from sandbox.clock import Clock
from sandbox.faults import Fault, Faults
from sandbox.vendors.meta_ads import META_TOKEN, insights, objects
from sandbox.vendors.meta_ads.app import Graph
from sandbox.vendors.meta_ads.limits import Limits
from sandbox.world.generate import generate
from sandbox.world.truth import truth
from sandbox.world.world import World

pytestmark = pytest.mark.integration
NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
RANGE = json.dumps({"since": "2026-04-01", "until": "2026-06-29"})


class Meta:
    """Calls the twin in process."""

    def __init__(self, ledger, instant_rows=0, **limits):
        self.clock = Clock(NOW)
        self.world = World(ledger, self.clock, "tests", 1)
        self.faults = Faults()
        limiter = Limits(self.clock, **limits)
        graph = Graph(self.world, self.clock, self.faults, limiter, instant_rows)
        self.app = Starlette(routes=graph.routes())

    def __call__(self, path, method="GET", token=META_TOKEN, **params):
        query = urlencode({"access_token": token, **params}).encode()
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(),
                 "query_string": query, "headers": [(b"host", b"graph")], "scheme": "http",
                 "server": ("graph", 80), "root_path": ""}  # fmt: skip
        sent = []

        async def receive():
            return {"type": "http.request", "body": b""}

        async def send(message):
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        self.headers = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], json.loads(body)

    def all_rows(self, path, **params):
        rows, pages = [], 0
        while True:
            status, body = self(path, **params)
            assert status == 200, body
            rows += body["data"]
            pages += 1
            if "next" not in body.get("paging", {}):
                return rows, pages
            follow = parse_qs(urlsplit(body["paging"]["next"]).query)
            params = {k: v[0] for k, v in follow.items() if k != "access_token"}


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture
def meta(ledger):
    return Meta(ledger)


@pytest.fixture(scope="module")
def fields(vendor_specs):
    def of(name):
        spec = json.loads((vendor_specs / f"meta/{name}.json").read_text())
        return {field["name"]: field["type"] for field in spec["fields"]}

    return of


def test_every_field_is_in_the_published_spec(fields):
    known = fields("AdsInsights")
    assert known.keys() >= insights.FIELDS | insights.EMPTY_FIELDS
    for kind, spec in (("campaign", "Campaign"), ("adset", "AdSet"), ("ad", "Ad")):
        assert set(objects.FIELDS[kind]) <= fields(spec).keys()


def test_values_have_the_kinds_of_the_spec(meta, fields):
    kinds, stats = fields("AdsInsights"), fields("AdsActionStats")
    wanted = ",".join(sorted(insights.FIELDS))
    rows, _ = meta.all_rows(
        "/v26.0/act_1001/insights",
        level="ad",
        time_increment="1",
        time_range=RANGE,
        fields=wanted,
        limit="500",
        action_attribution_windows='["1d_click","7d_click","28d_click","1d_view"]',
    )
    assert rows
    for row in rows:
        for name, value in row.items():
            if kinds[name] == "string":
                assert isinstance(value, str), name
            else:
                assert all(set(stat) <= stats.keys() for stat in value)
                assert all(isinstance(text, str) for stat in value for text in stat.values())


def test_pages_end_without_next(meta):
    rows, pages = meta.all_rows(
        "/v26.0/act_1001/insights", level="campaign", time_increment="1", time_range=RANGE
    )
    assert pages == -(-len(rows) // 25)
    keys = [(row["campaign_id"], row["date_start"]) for row in rows]
    assert len(set(keys)) == len(keys)


@pytest.mark.pitfall(16)
@pytest.mark.parametrize("level", ["campaign", "adset", "ad"])
def test_every_level_adds_up_to_the_truth(meta, ledger, level):
    known = truth(ledger.as_of(NOW), NOW)["ad_daily"]
    known = known[known["date"].between("2026-04-01", "2026-06-29")]
    known = known[known["platform"] == "meta_ads"]
    for account, own in known.groupby("account_id"):
        rows, _ = meta.all_rows(
            f"/v26.0/act_{account}/insights",
            level=level,
            time_increment="1",
            time_range=RANGE,
            fields="spend,impressions,clicks,actions,action_values",
            limit="1000",
        )
        assert sum(int(row["impressions"]) for row in rows) == own["impressions"].sum()
        assert sum(round(float(row["spend"]) * 100) for row in rows) == own["spend"].sum()
        bought = [
            int(stat["value"])
            for row in rows
            for stat in row.get("actions", [])
            if stat["action_type"] == "purchase"
        ]
        assert sum(bought) == own["conversions"].sum()
        value = [
            round(float(stat["value"]) * 100)
            for row in rows
            for stat in row.get("action_values", [])
            if stat["action_type"] == "omni_purchase"
        ]
        assert sum(value) == own["conversion_value"].sum()


@pytest.mark.pitfall(17)
def test_the_same_purchase_comes_under_several_types(meta):
    rows, _ = meta.all_rows("/v26.0/act_1001/insights", time_range=RANGE, fields="actions")
    values = {stat["action_type"]: stat["value"] for stat in rows[0]["actions"]}
    assert values["purchase"] == values["omni_purchase"]
    assert values["purchase"] == values["offsite_conversion.fb_pixel_purchase"]


@pytest.mark.pitfall(15)
def test_a_day_of_last_week_has_other_numbers_next_week(meta):
    day = json.dumps({"since": "2026-06-24", "until": "2026-06-29"})
    asked = {
        "time_range": day,
        "fields": "spend,actions",
        "action_attribution_windows": '["28d_click"]',
    }
    first = meta("/v26.0/act_1001/insights", **asked)[1]["data"]
    meta.clock.advance(pd.Timedelta(days=25))
    assert meta("/v26.0/act_1001/insights", **asked)[1]["data"] != first


def test_an_asynchronous_report_is_polled_and_then_read(meta):
    asked = {"level": "ad", "time_increment": "1", "time_range": RANGE, "fields": "ad_id,spend"}
    status, body = meta("/v26.0/act_1001/insights", method="POST", **asked)
    assert status == 200
    report = f"/v26.0/{body['report_run_id']}"
    assert meta(f"{report}/insights")[0] == 400
    states = [meta(report)[1]["async_status"] for _ in range(3)]
    assert states == ["Job Not Started", "Job Running", "Job Completed"]
    rows, _ = meta.all_rows(f"{report}/insights", limit="300")
    assert rows == meta.all_rows("/v26.0/act_1001/insights", limit="300", **asked)[0]


def test_campaigns_can_be_asked_for_by_their_last_change(meta):
    rows, _ = meta.all_rows("/v26.0/act_1001/campaigns", fields="id,name,updated_time")
    last = max(pd.Timestamp(row["updated_time"]).timestamp() for row in rows)
    newer = json.dumps(
        [{"field": "campaign.updated_time", "operator": "GREATER_THAN", "value": last - 1}]
    )
    found, _ = meta.all_rows("/v26.0/act_1001/campaigns", fields="id", filtering=newer)
    assert 0 < len(found) < len(rows)
    assert len(meta.all_rows("/v26.0/act_1001/ads", fields="id,creative")[0]) == 16
    assert len(meta.all_rows("/v26.0/act_1001/adsets", fields="id,attribution_spec")[0]) == 8


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("/v26.0/act_1001/insights", {"token": "wrong"}, 190),
        ("/v26.0/act_1001/insights", {"fields": "nonsense"}, 100),
        ("/v26.0/act_1001/insights", {"level": "planet"}, 100),
        ("/v26.0/act_1001/insights", {"time_range": "yesterday"}, 100),
        ("/v26.0/act_9999/insights", {}, 100),
        ("/v19.0/act_1001/insights", {}, 2635),
    ],
)
def test_errors_have_metas_codes(meta, path, params, code):
    status, body = meta(path, **params)
    assert status == 400
    assert body["error"]["code"] == code
    assert body["error"]["fbtrace_id"]


def test_limits_refuse_and_let_in_again_without_waiting(ledger):
    meta = Meta(ledger, account_max=10)
    codes = [meta("/v26.0/act_1001/insights", time_range=RANGE)[1] for _ in range(13)]
    refused = [body["error"]["code"] for body in codes if "error" in body]
    assert refused[0] == 613
    assert "data" in codes[-1]
    assert json.loads(meta.headers["x-fb-ads-insights-throttle"])["acc_id_util_pct"] > 0
    lists = [meta("/v26.0/act_1002/ads")[1] for _ in range(12)]
    assert 17 in [body["error"]["code"] for body in lists if "error" in body]


@pytest.mark.parametrize("kind", [Fault.DUPLICATE_PAGE, Fault.SHIFTING_PAGE])
def test_pages_can_repeat_rows(meta, kind):
    asked = {"level": "campaign", "time_increment": "1", "time_range": RANGE, "limit": "50"}
    clean, _ = meta.all_rows("/v26.0/act_1001/insights", **asked)
    body = meta("/v26.0/act_1001/insights", **asked)[1]
    meta.faults.schedule("meta_ads", kind)
    after = meta("/v26.0/act_1001/insights", after=body["paging"]["cursors"]["after"], **asked)[1]
    assert after["data"][0] in body["data"]
    assert after["data"][0] in clean
