"""Talking to Google Ads: queries from tables, pages, zeros left out, tokens, errors by name."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, RequestRefusedError, SettingsError
from ingestion.settings import load_section
from ingestion.sources.google_ads.client import connect
from ingestion.sources.google_ads.rows import query_of, row_of
from ingestion.sources.google_ads.settings import KNOWN_EXPIRIES, GoogleAdsSettings
from ingestion.sources.google_ads.spec import SPEC, tables
from ingestion.windows import Window, plan_window
from tests.unit.ingestion.vendor_talk import NOW, Talk

SECTION = GoogleAdsSettings(
    _env_file=None,
    customers=[{"account_id": "123-456-7890", "login_customer_id": "999-999-9999"}],
    developer_token="dev",
    refresh_token="1//refresh-secret",
)
TABLES = {table.name: table for table in tables()}
ACCOUNT = {"customer": {"id": "1234567890", "currencyCode": "EUR", "timeZone": "Europe/Berlin"}}
ALL = Window(None, None, None, NOW.date())


def failure(status, kind, name, message="no"):
    code = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED"}.get(status, "INVALID_ARGUMENT")
    detail = {
        "@type": "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure",
        "errors": [{"errorCode": {kind: name}, "message": message}],
        "requestId": "r",
    }
    return status, {
        "error": {"code": status, "message": "bad", "status": code, "details": [detail]}
    }


def quiet(asked):
    """An account with nothing in it."""
    if asked.path.endswith("token"):
        return 200, {"access_token": "ya29.a", "expires_in": 3599, "token_type": "Bearer"}
    is_account = asked.sent["query"].endswith("FROM customer")
    return 200, {"results": [ACCOUNT]} if is_account else {"fieldMask": "x"}


@pytest.fixture
def talk(monkeypatch):
    def make(answer=quiet, section=SECTION, now=NOW):
        return Talk(connect, section, answer, monkeypatch, now)

    return make


def test_a_query_has_the_columns_of_its_table():
    days = (dt.date(2026, 11, 1), dt.date(2026, 11, 20))
    query = query_of(TABLES["ad_performance"], "ad_group_ad", days)
    assert query.startswith("SELECT campaign.id, campaign.name, campaign.advertising_channel_type")
    assert ", ad_group_ad.ad.id, " in query
    assert query.endswith(
        "FROM ad_group_ad WHERE segments.date BETWEEN '2026-11-01' AND '2026-11-20'"
    )


def test_every_field_asked_for_is_one_of_v26(vendor_specs):
    known = json.loads((vendor_specs / "google_ads/v26_row_fields.json").read_text())
    ad_fields = {"id", "name", "type"}  # of the message Ad, which the file does not open
    for table in tables():
        for column in table.columns:
            resource, field, *inner = column.split("__")
            names = {_snake(name) for name in known[resource]}
            assert field in names, column
            assert not inner or (field == "ad" and inner[0] in ad_fields), column


def _snake(name):
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)


def test_what_google_leaves_out_is_nought_or_null_and_int64_texts_are_numbers():
    table = TABLES["ad_performance"]
    row = row_of(
        {
            "campaign": {"id": "7", "advertisingChannelType": "SEARCH"},
            "adGroup": {"id": "8"},
            "adGroupAd": {"ad": {"id": "9", "resourceName": "customers/1/ads/9"}},
            "segments": {"date": "2026-11-01"},
            "metrics": {"costMicros": "1230000", "conversions": 1.5, "conversionsValue": 0.1},
        },
        table,
    )
    typed = type_batch([row], table.columns)
    assert not typed.variant_columns | typed.new_columns
    found = typed.table.to_pylist()[0]
    assert found["ad_group_ad__ad__id"] == "9"
    assert found["metrics__cost_micros"] == 1_230_000
    assert found["metrics__clicks"] == 0
    assert found["metrics__conversions"] == 1.5
    assert found["metrics__conversions_value"] == Decimal("0.1")
    assert found["ad_group_ad__ad__name"] is None


@given(st.integers(0, 2**62), st.decimals(0, 10**9, places=2))
def test_no_amount_is_changed_on_its_way(micros, value):
    table = TABLES["campaign_performance"]
    row = row_of({"metrics": {"costMicros": str(micros), "conversionsValue": float(value)}}, table)
    found = type_batch([row], table.columns).table.to_pylist()[0]
    assert found["metrics__cost_micros"] == micros
    assert found["metrics__conversions_value"] == value


@pytest.mark.pitfall(15, 28)
@pytest.mark.parametrize(
    ("today", "first"),
    [(dt.date(2026, 11, 21), "2026-10-20"), (dt.date(2026, 11, 22), "2026-08-15")],
)
def test_a_month_is_asked_again_and_a_quarter_on_sundays(talk, today, first):
    now = dt.datetime.combine(today, dt.time(3), dt.UTC)
    lead = TABLES["ad_performance"]
    window = plan_window(
        seen="2026-11-20", now=now, restatement_days=lead.restatement_days_on(today)
    )
    talking = talk(now=now)
    talking.rows("ad_performance", window)
    queries = [sent["query"] for sent in talking.sent_to("search")]
    assert f"BETWEEN '{first}'" in queries[1]
    assert queries[-1].endswith(f"'{today}'")


def test_the_first_load_goes_37_months_back_and_no_further(talk):
    talking = talk()
    talking.rows("campaign_performance", ALL)
    assert "'2023-11-01'" in talking.sent_to("search")[1]["query"]
    early = Window(None, None, dt.date(2023, 10, 1), NOW.date(), is_explicit=True)
    with pytest.raises(RequestRefusedError, match="nothing is known before 2023-11-01"):
        talk().rows("campaign_performance", early)


@pytest.mark.pitfall(23)
def test_pages_are_read_to_the_end_by_their_token(talk):
    def answer(asked):
        if "FROM campaign" not in asked.sent.get("query", ""):
            return quiet(asked)
        page = asked.sent.get("pageToken")
        found = {"results": [{"campaign": {"id": "2" if page else "1"}}]}
        return 200, found if page else {**found, "nextPageToken": "next"}

    talking = talk(answer)
    assert [row["campaign__id"] for row in talking.rows("campaigns", ALL)] == ["1", "2"]
    assert "pageSize" not in talking.sent_to("search")[0]


def test_credentials_go_where_google_wants_them(talk):
    talking = talk()
    talking.client.check()
    token, search = talking.asked
    assert token.sent["refresh_token"] == "1//refresh-secret"
    assert search.path == "v26/customers/1234567890/googleAds:search"
    assert search.headers["Authorization"] == "Bearer ya29.a"
    assert search.headers["developer-token"] == "dev"
    assert search.headers["login-customer-id"] == "9999999999"


def test_a_token_is_renewed_before_it_ends_and_when_it_is_refused(talk):
    refuse = iter([False, True, False, False])

    def answer(asked):
        if asked.path.endswith("token") or not next(refuse):
            return quiet(asked)
        return failure(401, "authenticationError", "OAUTH_TOKEN_EXPIRED")

    talking = talk(answer)
    talking.rows("campaigns", ALL)
    talking.rows("campaigns", ALL)
    assert len(talking.sent_to("token")) == 2
    talking.now += dt.timedelta(minutes=56)
    talking.rows("campaigns", ALL)
    assert len(talking.sent_to("token")) == 3


@pytest.mark.parametrize(
    ("answered", "error", "words"),
    [
        (failure(401, "authenticationError", "OAUTH_TOKEN_INVALID"), CredentialsError, "INVALID"),
        (
            failure(403, "authorizationError", "USER_PERMISSION_DENIED"),
            CredentialsError,
            "LOGIN_CUSTOMER_ID",
        ),
        (failure(400, "queryError", "UNRECOGNIZED_FIELD", "x.y"), RequestRefusedError, "x.y"),
        (
            (404, {"error": {"code": 404, "status": "NOT_FOUND"}}),
            RequestRefusedError,
            "API_VERSION",
        ),
    ],
)
def test_refusals_are_named_with_their_remedy(talk, answered, error, words):
    def answer(asked):
        return quiet(asked) if asked.path.endswith("token") else answered

    with pytest.raises(error, match=words) as refused:
        talk(answer).client.check()
    assert "secret" not in str(refused.value)


def test_a_dead_refresh_token_is_one_clear_line(talk):
    body = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
    with pytest.raises(CredentialsError, match=r"invalid_grant.*GOOGLE_ADS__REFRESH_TOKEN"):
        talk(lambda _: (400, body)).client.check()


@pytest.mark.pitfall(26)
def test_the_version_has_an_end_that_is_told(talk):
    assert SPEC.api_version_expires == KNOWN_EXPIRIES["v26"]
    late = dt.datetime(2027, 10, 1, tzinfo=dt.UTC)
    assert "GOOGLE_ADS__API_VERSION" in talk(now=late).notes[0]
    assert not talk().notes


def test_an_account_is_ten_digits_with_or_without_dashes(monkeypatch):
    assert SECTION.accounts()[0].account_id == "1234567890"
    monkeypatch.setenv("GOOGLE_ADS__ACCOUNTS__0__ACCOUNT_ID", "my shop")
    with pytest.raises(SettingsError, match="GOOGLE_ADS__ACCOUNTS__0__ACCOUNT_ID"):
        load_section(GoogleAdsSettings, env_file=None)
