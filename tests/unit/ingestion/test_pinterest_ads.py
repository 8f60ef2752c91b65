"""Talking to Pinterest: bookmarks, archived ones, 250 ids a call, old days by report, tokens."""

import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, RequestRefusedError, VendorUnavailableError
from ingestion.sources.pinterest_ads.client import connect
from ingestion.sources.pinterest_ads.rows import analytics_row, object_row
from ingestion.sources.pinterest_ads.settings import PinterestAdsSettings
from ingestion.sources.pinterest_ads.spec import CAMPAIGNS, tables
from ingestion.windows import Window, plan_window
from tests.unit.ingestion.vendor_talk import NOW, Talk

SECTION = PinterestAdsSettings(
    _env_file=None,
    ad_accounts=[{"account_id": "4001"}],
    app_id="1",
    app_secret="app-secret",
    refresh_token="pinr.secret",
)
TABLES = {table.name: table for table in tables()}
ALL = Window(None, None, None, NOW.date())
TOKEN = {
    "access_token": "pina.a",
    "token_type": "bearer",
    "expires_in": 2_592_000,
    "scope": "ads:read",
    "refresh_token": "pinr.secret",
    "refresh_token_expires_in": 5_184_000,
}


def quiet(asked):
    """An account with one campaign and nothing delivered."""
    if asked.path.endswith("oauth/token"):
        return 200, TOKEN
    if asked.path.endswith("analytics"):
        return 200, []
    if asked.path.endswith("reports"):
        done = {"report_status": "FINISHED", "url": "https://files.example/report", "size": 2}
        return 200, {
            "token": "t",
            "report_status": "IN_PROGRESS",
        } if asked.method == "POST" else done
    if asked.path == "report":
        return 200, {"1": [{"CAMPAIGN_ID": "1", "DATE": "2026-01-01", "TOTAL_IMPRESSION": 5}]}
    if asked.path.endswith("4001"):
        return 200, {"id": "4001", "currency": "USD"}
    return 200, {"items": [{"id": "1"}], "bookmark": None}


@pytest.fixture
def talk(monkeypatch):
    def make(answer=quiet, section=SECTION):
        return Talk(connect, section, answer, monkeypatch)

    return make


def test_columns_that_are_absent_are_nought():
    row = analytics_row(
        {"AD_ID": "9", "DATE": "2026-11-01", "SPEND_IN_MICRO_DOLLAR": 1230000}, "ad"
    )
    typed = type_batch([row], TABLES["ad_analytics"].columns)
    assert not typed.variant_columns | typed.new_columns
    found = typed.table.to_pylist()[0]
    assert (found["ad_id"], found["date"]) == ("9", dt.date(2026, 11, 1))
    assert (found["spend_in_micro_dollar"], found["total_checkout"]) == (1_230_000, 0)


@given(st.integers(0, 2**53))
def test_no_amount_is_changed_on_its_way(micros):
    entry = {"CAMPAIGN_ID": 7, "DATE": "2026-11-01", "SPEND_IN_MICRO_DOLLAR": micros}
    typed = type_batch([analytics_row(entry, "campaign")], TABLES["campaign_analytics"].columns)
    assert typed.table.to_pylist()[0]["spend_in_micro_dollar"] == micros


def test_seconds_become_times_and_nothing_undeclared_is_kept():
    item = {"id": "1", "created_time": 1_432_744_744, "end_time": None, "type": "campaign"}
    found = object_row(item, CAMPAIGNS)
    assert found["created_time"] == dt.datetime(2015, 5, 27, 16, 39, 4, tzinfo=dt.UTC)
    assert (found["end_time"], "type" in found) == (None, False)


@pytest.mark.pitfall(15, 28)
def test_32_days_are_asked_directly(talk):
    lead = TABLES["campaign_analytics"]
    window = plan_window(seen="2026-11-20", now=NOW, restatement_days=lead.restatement_days)
    talking = talk()
    talking.rows("campaign_analytics", window)
    (asked,) = talking.sent_to("analytics")
    assert (asked["start_date"], asked["end_date"]) == ("2026-10-20", "2026-11-21")
    assert asked["campaign_ids"] == ["1"]
    assert (asked["click_window_days"], asked["view_window_days"]) == (30, 1)


def test_older_days_come_by_report_in_ranges_of_186_and_the_rest_directly(talk):
    talking = talk()
    rows = talking.rows("campaign_analytics", ALL)
    ordered = [asked.sent for asked in talking.asked
               if asked.method == "POST" and asked.path.endswith("reports")]  # fmt: skip
    assert ordered[0]["start_date"] == "2024-05-21"
    assert ordered[0]["level"] == "CAMPAIGN"
    assert ordered[-1]["end_date"] == "2026-08-22"
    (direct,) = talking.sent_to("analytics")
    assert direct["start_date"] == "2026-08-23"
    assert len(rows) == len(ordered)
    file = next(asked for asked in talking.asked if asked.path == "report")
    assert "Authorization" not in file.headers


def test_days_that_pinterest_has_forgotten_are_refused(talk):
    early = Window(None, None, dt.date(2024, 1, 1), NOW.date(), is_explicit=True)
    with pytest.raises(RequestRefusedError, match="nothing is known before 2024-05-21"):
        talk().rows("ad_analytics", early)


@pytest.mark.pitfall(23)
def test_lists_are_read_to_the_last_bookmark_and_ids_go_250_at_a_time(talk):
    def answer(asked):
        if not asked.path.endswith("/ads"):
            return quiet(asked)
        start = int(asked.sent.get("bookmark") or 0)
        items = [{"id": str(number)} for number in range(start, start + 250)]
        return 200, {"items": items, "bookmark": str(start + 250) if start < 500 else None}

    talking = talk(answer)
    window = Window(None, None, NOW.date(), NOW.date())
    talking.rows("ad_analytics", window)
    assert [len(sent["ad_ids"]) for sent in talking.sent_to("analytics")] == [250] * 3
    assert "ARCHIVED" in talking.sent_to("/ads")[0]["entity_statuses"]


def test_the_app_is_named_only_where_tokens_come_from(talk):
    talking = talk()
    talking.client.check()
    token, account = talking.asked
    basic = base64.b64encode(b"1:app-secret").decode()
    assert token.headers["Authorization"] == f"Basic {basic}"
    assert token.sent["refresh_token"] == "pinr.secret"
    assert account.headers["Authorization"] == "Bearer pina.a"


def test_a_refused_token_is_renewed_once(talk):
    refuse = iter([False, True, False])

    def answer(asked):
        if asked.path.endswith("oauth/token") or not next(refuse):
            return quiet(asked)
        return 401, {"code": 2, "message": "Authentication failed."}

    talking = talk(answer)
    talking.client.check()
    talking.client.check()
    assert len(talking.sent_to("oauth/token")) == 2


def test_a_refresh_token_that_ends_soon_is_told(talk):
    def answer(asked):
        soon = {**TOKEN, "refresh_token_expires_in": 86_400}
        return (200, soon) if asked.path.endswith("oauth/token") else quiet(asked)

    talking = talk(answer)
    talking.client.check()
    assert talking.notes == ["PINTEREST_ADS__REFRESH_TOKEN ends on 2026-11-22: make a new one"]
    assert not talk().notes


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, CredentialsError, "code 29.*ads:read"),
        (403, CredentialsError, "code 29.*access to the ad account"),
        (400, RequestRefusedError, "code 29: no"),
    ],
)
def test_refusals_are_named_with_their_remedy(talk, status, error, words):
    def answer(asked):
        is_token = asked.path.endswith("oauth/token")
        return quiet(asked) if is_token else (status, {"code": 29, "message": "no"})

    with pytest.raises(error, match=words) as refused:
        talk(answer).client.check()
    assert "secret" not in str(refused.value)
    with pytest.raises(CredentialsError, match="REFRESH_TOKEN"):
        talk(lambda _: (401, {"code": 2, "message": "Authentication failed."})).client.check()


def test_a_report_that_fails_is_one_clear_error(talk):
    def answer(asked):
        if asked.path.endswith("reports") and asked.method == "GET":
            return 200, {"report_status": "FAILED", "url": None, "size": None}
        return quiet(asked)

    with pytest.raises(VendorUnavailableError, match="FAILED"):
        talk(answer).rows("campaign_analytics", ALL)
