"""Talking to TikTok: errors inside status 200, pages by number, 30 days a call."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, RequestRefusedError, VendorUnavailableError
from ingestion.sources.tiktok_ads.client import connect
from ingestion.sources.tiktok_ads.rows import object_row, report_row
from ingestion.sources.tiktok_ads.settings import TikTokAdsSettings
from ingestion.sources.tiktok_ads.spec import CAMPAIGNS, tables
from ingestion.windows import Window, plan_window
from tests.unit.ingestion.vendor_talk import NOW, Talk

SECTION = TikTokAdsSettings(
    _env_file=None, advertisers=[{"account_id": "7001", "access_token": "tt-secret"}]
)
TABLES = {table.name: table for table in tables()}
ALL = Window(None, None, None, NOW.date())
ADVERTISER = {
    "advertiser_id": "7001",
    "currency": "EUR",
    "timezone": "Etc/GMT-1",
    "display_timezone": "Europe/Berlin",
    "create_time": 1_767_225_600,
}


def told(data, code=0, message="OK"):
    return 200, {"code": code, "message": message, "request_id": "r", "data": data}


def quiet(asked):
    """An account with nothing in it."""
    if asked.path.endswith("advertiser/info/"):
        return told({"list": [ADVERTISER]})
    return told({"list": [], "page_info": {"page": 1, "total_number": 0, "total_page": 0}})


@pytest.fixture
def talk(monkeypatch):
    def make(answer=quiet):
        return Talk(connect, SECTION, answer, monkeypatch)

    return make


def test_a_report_row_has_its_day_and_its_amounts_exactly():
    entry = {
        "dimensions": {"ad_id": "1", "stat_time_day": "2026-11-01 00:00:00"},
        "metrics": {
            "spend": "20.10",
            "impressions": "5830",
            "complete_payment": "3",
            "total_complete_payment_rate": "119.70",
            "ad_name": "-",
        },
    }
    typed = type_batch([report_row(entry)], TABLES["ad_reports"].columns)
    assert not typed.variant_columns | typed.new_columns
    found = typed.table.to_pylist()[0]
    assert found["stat_time_day"] == dt.date(2026, 11, 1)
    assert (found["spend"], found["impressions"]) == (Decimal("20.10"), 5830)
    assert found["total_complete_payment_rate"] == Decimal("119.70")
    assert found["ad_name"] is None


@given(st.decimals(0, 10**9, places=2))
def test_no_amount_is_changed_on_its_way(spend):
    entry = {
        "dimensions": {"campaign_id": "1", "stat_time_day": "2026-11-01 00:00:00"},
        "metrics": {"spend": str(spend)},
    }
    columns = TABLES["campaign_reports"].columns
    assert type_batch([report_row(entry)], columns).table.to_pylist()[0]["spend"] == spend


def test_times_without_a_zone_are_utc_and_nothing_undeclared_is_kept():
    item = {"campaign_id": "1", "modify_time": "2026-01-01 12:00:00", "is_new_structure": True}
    typed = type_batch([object_row(item, CAMPAIGNS)], CAMPAIGNS.columns)
    assert not typed.variant_columns | typed.new_columns
    moment = typed.table.to_pylist()[0]["modify_time"]
    assert moment == dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


@pytest.mark.pitfall(15, 28)
def test_30_days_are_asked_again_and_the_new_one_by_a_call_of_its_own(talk):
    lead = TABLES["ad_reports"]
    talking = talk()
    window = plan_window(seen="2026-11-20", now=NOW, restatement_days=lead.restatement_days)
    talking.rows("ad_reports", window)
    asked, last = talking.sent_to("integrated/get/")
    assert (asked["start_date"], asked["end_date"]) == ("2026-10-22", "2026-11-20")
    assert (last["start_date"], last["end_date"]) == ("2026-11-21", "2026-11-21")
    assert json.loads(asked["dimensions"]) == ["ad_id", "stat_time_day"]
    assert "adgroup_name" in json.loads(asked["metrics"])
    assert asked["page_size"] == 1000


def test_the_first_load_starts_with_the_account_in_ranges_of_30_days(talk):
    talking = talk()
    talking.rows("campaign_reports", ALL)
    asked = talking.sent_to("integrated/get/")
    assert asked[0]["start_date"] == "2025-12-31"
    days = [dt.date.fromisoformat(a["end_date"]) - dt.date.fromisoformat(a["start_date"])
            for a in asked]  # fmt: skip
    assert max(days) == dt.timedelta(days=29)


@pytest.mark.pitfall(23)
def test_pages_are_read_to_the_last_and_deleted_ones_are_asked_for(talk):
    def answer(asked):
        page = asked.sent["page"]
        return told(
            {"list": [{"campaign_id": str(page)}], "page_info": {"page": page, "total_page": 3}}
        )

    talking = talk(answer)
    assert [row["campaign_id"] for row in talking.rows("campaigns", ALL)] == ["1", "2", "3"]
    asked = json.loads(talking.asked[0].sent["filtering"])
    assert asked == {"primary_status": "STATUS_ALL"}
    assert talking.asked[0].headers["Access-Token"] == "tt-secret"


@pytest.mark.parametrize("code", [40100, 40132, 50000])
def test_what_passes_is_waited_out_although_the_status_is_200(talk, code):
    answers = iter([told({}, code, "System error."), quiet_account()])
    talking = talk(lambda _: next(answers))
    talking.client.check()
    assert len(talking.waits) == 1
    with pytest.raises(VendorUnavailableError, match="failed 7 times"):
        talk(lambda _: told({}, code)).client.check()


def quiet_account():
    return told({"list": [ADVERTISER]})


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        (40105, CredentialsError, "not valid.*ACCESS_TOKEN"),
        (40102, CredentialsError, "expired.*ACCESS_TOKEN"),
        (40001, CredentialsError, "permission"),
        (40002, RequestRefusedError, "code 40002.*dimensions"),
    ],
)
def test_refusals_are_named_by_their_code(talk, code, error, words):
    with pytest.raises(error, match=words) as refused:
        talk(lambda _: told({}, code, "dimensions: wrong")).client.check()
    assert "secret" not in str(refused.value)


def test_an_unknown_advertiser_is_clear(talk):
    with pytest.raises(RequestRefusedError, match="ACCOUNT_ID"):
        talk(lambda _: told({"list": []})).client.check()
