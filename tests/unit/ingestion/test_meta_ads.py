"""Talking to Meta: first day asked, pages, reports, errors by their code; time is given."""

import datetime as dt
import json

import pytest
import requests

from ingestion.errors import (
    CredentialsError,
    RequestRefusedError,
    SettingsError,
    VendorUnavailableError,
)
from ingestion.http import VendorHttp
from ingestion.settings import Settings, load_section
from ingestion.sources.meta_ads.client import MetaAdsClient
from ingestion.sources.meta_ads.graph import GraphApi, TooMuchDataError
from ingestion.sources.meta_ads.rows import action_rows, insight_row
from ingestion.sources.meta_ads.settings import KNOWN_EXPIRIES, MetaAdsSettings
from ingestion.sources.meta_ads.spec import SPEC, tables
from ingestion.spec import ClientContext
from ingestion.windows import Window, plan_window

NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
SECTION = MetaAdsSettings(
    _env_file=None, ad_accounts=[{"account_id": "act_7", "access_token": "EAA-secret"}]
)
ACCOUNT = {"id": "act_7", "currency": "EUR", "timezone_name": "America/Los_Angeles"}


class Answers:
    """A session that answers by what is asked, and remembers it."""

    def __init__(self, answer):
        self.headers, self.asked, self._answer = {}, [], answer

    def request(self, method, url, **parts):
        path = url.removeprefix("https://graph.facebook.com/v26.0/")
        sent = parts.get("params") or parts.get("data") or {}
        self.asked.append((method, path, sent))
        status, body = self._answer(method, path, sent)
        answer = requests.Response()
        answer.status_code = status
        answer._content, answer._content_consumed = json.dumps(body).encode(), True
        return answer

    def close(self):
        return None


class Talk:
    """A client with its session, the waits and the notes."""

    def __init__(self, answer, *, now=NOW, section=SECTION):
        self.waits, self.notes = [], []
        self.session = Answers(answer)
        context = ClientContext(
            source="meta_ads",
            settings=Settings(_env_file=None),
            section=section,
            now=now,
            clock=lambda: now,
            sleep=self.waits.append,
            state={},
            note=self.notes.append,
        )
        self.client = MetaAdsClient(section.accounts()[0], context)
        http = VendorHttp(context, base_url="https://graph.facebook.com", account="7",
                          session=self.session)  # fmt: skip
        self.graph = GraphApi(http, context, account_id="7", api_version="v26.0")
        self.client._graph = self.graph

    def asked_ranges(self):
        return [
            tuple(json.loads(sent["time_range"]).values())
            for _, _, sent in self.session.asked
            if "time_range" in sent
        ]


def quiet(method, path, _):
    """An account with nothing in it."""
    if method == "POST":
        return 200, {"report_run_id": "1"}
    if path == "1":
        return 200, {"async_status": "Job Completed"}
    return 200, ACCOUNT if path == "act_7" else {"data": []}


def refusal(code, subcode=0, **more):
    return 400, {"error": {"message": "no", "code": code, "error_subcode": subcode, **more}}


def window_after(seen):
    lead = next(table for table in tables() if table.name == "ad_insights")
    return plan_window(seen=seen, now=NOW, restatement_days=lead.restatement_days)


@pytest.mark.pitfall(15, 28)
def test_the_first_day_asked_is_30_days_back_and_the_last_is_today_there():
    talk = Talk(quiet)
    list(talk.client.extract("ad_insights", window_after("2026-11-20")))
    assert talk.asked_ranges() == [("2026-10-22", "2026-11-20")]
    assert [method for method, path, _ in talk.session.asked if "insights" in path] == ["GET"]


def test_the_first_load_goes_as_far_back_as_meta_keeps_and_no_further_than_the_account():
    talk = Talk(quiet)
    list(talk.client.extract("ad_insights", Window(None, None, None, NOW.date())))
    assert talk.asked_ranges()[0][0] == "2023-11-01"
    assert talk.asked_ranges()[-1][1] == "2026-11-20"
    born = Talk(lambda *asked: (200, {**ACCOUNT, "created_time": "2026-11-02T10:00:00+0000"})
                if asked[1] == "act_7" else quiet(*asked))  # fmt: skip
    list(born.client.extract("ad_insights", Window(None, None, None, NOW.date())))
    assert born.asked_ranges() == [("2026-11-01", "2026-11-20")]


@pytest.mark.pitfall(24)
def test_days_that_meta_has_forgotten_are_refused_so_that_they_do_not_vanish():
    window = Window(None, None, dt.date(2023, 10, 31), dt.date(2023, 12, 1), is_explicit=True)
    with pytest.raises(RequestRefusedError, match="nothing is known before 2023-11-01"):
        list(Talk(quiet).client.extract("ad_insights", window))


def test_long_ranges_are_made_in_the_background_all_before_the_first_is_read():
    talk = Talk(quiet)
    list(talk.client.extract("ad_insights", Window(None, None, dt.date(2026, 7, 1), NOW.date())))
    kinds = [method for method, path, _ in talk.session.asked if path != "act_7"]
    assert kinds[:2] == ["POST", "POST"]
    assert "POST" not in kinds[2:]


def test_a_report_is_polled_until_it_is_ready():
    states = iter(["Job Not Started", "Job Running", "Job Completed"])

    def answer(method, path, sent):
        if path == "1":
            return 200, {"async_status": next(states)}
        return quiet(method, path, sent)

    talk = Talk(answer)
    list(talk.graph.read_report(talk.graph.order_report("act_7/insights")))
    assert talk.waits == [0.2, 0.4]


@pytest.mark.pitfall(23)
def test_pages_are_read_to_the_last_which_has_no_next():
    pages = {
        None: {"data": [1], "paging": {"cursors": {"after": "a"}, "next": "https://x/?token=t"}},
        "a": {"data": [2], "paging": {"cursors": {"after": "b"}, "next": "https://x/?token=t"}},
        "b": {"data": [3], "paging": {"cursors": {"after": "c"}}},
    }
    talk = Talk(lambda _method, _path, sent: (200, pages[sent.get("after")]))
    assert list(talk.graph.pages("act_7/ads")) == [[1], [2], [3]]


def test_the_token_is_in_no_address():
    talk = Talk(quiet)
    list(talk.client.extract("ads", Window(None, None, None, NOW.date())))
    assert "secret" not in json.dumps(talk.session.asked)
    assert talk.client._http.headers["Authorization"] == "Bearer EAA-secret"


@pytest.mark.parametrize(
    ("code", "wait"), [(4, 60), (17, 60), (613, 60), (80000, 60), (80014, 60), (1, 5), (2, 5)]
)
def test_too_many_calls_are_waited_out(code, wait):
    answers = iter([refusal(code), (200, {"id": 1})])
    talk = Talk(lambda *_: next(answers))
    assert talk.graph.node("act_7") == {"id": 1}
    assert wait <= talk.waits[0] <= wait + 0.5 or talk.waits[0] == 60


def test_transient_errors_pass_and_lasting_ones_end():
    answers = iter([refusal(99, is_transient=True), (503, {}), (200, {"id": 1})])
    assert Talk(lambda *_: next(answers)).graph.node("act_7") == {"id": 1}
    with pytest.raises(VendorUnavailableError, match="failed 7 times"):
        Talk(lambda *_: refusal(17)).graph.node("act_7")


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        (190, CredentialsError, "token is not valid"),
        (200, CredentialsError, "permission is missing"),
        (10, CredentialsError, "permission is missing"),
        (100, RequestRefusedError, "code 100"),
        (2635, RequestRefusedError, "code 2635"),
    ],
)
def test_refusals_are_told_apart_by_their_code(code, error, words):
    talk = Talk(lambda *_: refusal(code))
    with pytest.raises(error, match=words) as caught:
        talk.graph.node("act_7")
    assert not talk.waits
    assert "META_ADS__" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_too_large_a_report_is_halved():
    def answer(method, path, sent):
        if "time_range" in sent:
            since, until = json.loads(sent["time_range"]).values()
            days = (dt.date.fromisoformat(until) - dt.date.fromisoformat(since)).days + 1
            if days > 7:
                return refusal(100, 1487534)
            return 200, {"data": [{"ad_id": "1", "date_start": since, "spend": "1.00"}]}
        return quiet(method, path, sent)

    talk = Talk(answer)
    weeks = plan_window(seen="2026-11-20", now=NOW, restatement_days=28)
    found = list(talk.client.extract("ad_insights", weeks))
    days = [row["date_start"] for table, rows in found if table == "ad_insights" for row in rows]
    assert days == ["2026-10-24", "2026-10-31", "2026-11-07", "2026-11-14"]
    with pytest.raises(TooMuchDataError):
        list(Talk(lambda m, p, s: refusal(100, 1487534) if "time_range" in s else quiet(m, p, s))
             .client.extract("ad_insights", window_after("2026-11-20")))  # fmt: skip


@pytest.mark.pitfall(17)
def test_actions_keep_every_type_and_window():
    insight = {
        "ad_id": "1",
        "account_id": "7",
        "date_start": "2026-01-01",
        "spend": "1.50",
        "actions": [
            {"action_type": "purchase", "value": "3", "7d_click": "2", "1d_view": "1"},
            {"action_type": "link_click", "value": "9"},
        ],
        "action_values": [{"action_type": "purchase", "value": "40.00", "7d_click": "30.00"}],
    }
    assert insight_row(insight) == {"ad_id": "1", "date_start": "2026-01-01", "spend": "1.50"}
    purchase, click = action_rows(insight, id_column="ad_id", day="date_start")
    assert (purchase["action_count"], purchase["action_value"]) == ("3", "40.00")
    assert (purchase["count_7d_click"], purchase["value_7d_click"]) == ("2", "30.00")
    assert (click["action_type"], click["action_count"]) == ("link_click", "9")
    known = next(table for table in tables() if table.name == "ad_insight_actions").columns
    assert set(purchase) <= set(known)


@pytest.mark.pitfall(26)
def test_a_version_that_ends_soon_is_told():
    ends = KNOWN_EXPIRIES[SPEC.api_version]
    assert not Talk(quiet).notes
    soon = dt.datetime.combine(ends - dt.timedelta(days=59), dt.time(), tzinfo=dt.UTC)
    assert "META_ADS__API_VERSION" in Talk(quiet, now=soon).notes[0]


def test_the_environment_names_accounts_by_number(monkeypatch):
    for name, value in {
        "0__ACCOUNT_ID": "act_1",
        "0__ACCESS_TOKEN": "a",
        "0__ATTRIBUTION_WINDOWS": "1d_click",
        "1__ACCOUNT_ID": "2",
        "1__ACCESS_TOKEN": "b",
        "1__CONVERSION_ACTION_TYPE": "omni_purchase",
    }.items():
        monkeypatch.setenv(f"META_ADS__ACCOUNTS__{name}", value)
    first, second = load_section(MetaAdsSettings, env_file=None).accounts()
    assert (first.account_id, first.attribution_windows) == ("1", ("1d_click",))
    assert (second.account_id, second.conversion_action_type) == ("2", "omni_purchase")
    assert "'a'" not in repr(first)


def test_an_account_that_is_wrong_is_named_by_its_variable(monkeypatch):
    monkeypatch.setenv("META_ADS__ACCOUNTS__0__ACCOUNT_ID", "my account")
    monkeypatch.setenv("META_ADS__ACCOUNTS__0__ACCESS_TOKEN", "a")
    with pytest.raises(SettingsError, match="META_ADS__ACCOUNTS__0__ACCOUNT_ID is not usable"):
        load_section(MetaAdsSettings, env_file=None)
