"""Reading Instagram: Meta's days, posts without insights, what is asked for when."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, RequestRefusedError
from ingestion.sources.instagram.client import connect
from ingestion.sources.instagram.rows import by_day, day_of, start_of, totals
from ingestion.sources.instagram.settings import InstagramSettings
from ingestion.sources.instagram.spec import MEDIA, tables
from ingestion.windows import Window, plan_window
from tests.unit.ingestion.recorded_answers import NOW, Talk, fixture

USER = "17841405822304914"
EVERYTHING = Window(None, None, None, NOW.date())
YESTERDAY = dt.date(2026, 11, 19)
"""In California it is still the 20th at three in the morning UTC of the 21st."""


def talk(answer, **fields):
    profile = {"name": "shop", "user_id": USER, "access_token": "EAA-secret"}
    section = InstagramSettings(_env_file=None, profiles=[profile], **fields)
    return Talk("instagram", connect, section, answer)


def nothing(*_):
    return 200, {"data": []}


def asked(talking, metric):
    return [sent for _, _, sent in talking.session.asked if sent.get("metric") == metric]


def test_documented_answers_are_read_as_days_and_totals():
    series = list(by_day(fixture("instagram", "account_reach")["data"]))
    assert series == [(dt.date(2018, 1, 10), "reach", 12), (dt.date(2018, 1, 11), "reach", 14)]
    assert totals(fixture("instagram", "account_views")["data"]) == {"views": 224}
    found = totals(fixture("instagram", "media_insights")["data"])
    assert found == {"views": 130, "reach": 71, "saved": 0}


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)))
def test_a_day_is_what_ends_when_the_next_one_begins(day):
    end = dt.datetime.fromtimestamp(start_of(day + dt.timedelta(days=1)), dt.UTC)
    assert day_of(end.strftime("%Y-%m-%dT%H:%M:%S+0000")) == day


@pytest.mark.pitfall(15, 28)
def test_the_days_asked_for_are_over_and_reach_back_over_the_restated_ones():
    lead = next(table for table in tables() if table.name == "account_days")
    window = plan_window(seen="2026-11-18", now=NOW, restatement_days=lead.restatement_days)
    talking = talk(nothing)
    talking.rows("account_days", window)
    assert asked(talking, "reach")[0]["since"] == start_of(dt.date(2026, 11, 16))
    assert asked(talking, "reach")[0]["until"] == start_of(YESTERDAY + dt.timedelta(days=1))
    assert len(asked(talking, "views")) == 4


def test_a_first_load_asks_for_its_history_thirty_days_at_a_time():
    talking = talk(nothing, history_days=61)
    talking.rows("account_days", EVERYTHING)
    assert len(asked(talking, "reach")) == 3
    assert len(asked(talking, "views")) == 61
    forgotten = plan_window(seen=None, now=NOW, date_from=dt.date(2024, 1, 1))
    with pytest.raises(RequestRefusedError, match="nothing is known before"):
        talk(nothing).rows("account_days", forgotten)


def test_views_and_reach_of_a_day_are_one_row():
    def answer(_method, _url, sent):
        if sent["metric"] == "views":
            return 200, fixture("instagram", "account_views")
        end = dt.datetime.fromtimestamp(sent["until"], dt.UTC).isoformat()
        return 200, {"data": [{"name": "reach", "values": [{"value": 5, "end_time": end}]}]}

    window = plan_window(seen=None, now=NOW, date_from=YESTERDAY, date_to=YESTERDAY)
    rows = talk(answer).rows("account_days", window)["account_days"]
    assert rows == [{"metric_date": YESTERDAY, "reach": 5, "views": 224}]


def posts(*ages):
    made = [(NOW - dt.timedelta(days=age)).strftime("%Y-%m-%dT%H:%M:%S+0000") for age in ages]
    return {"data": [{"id": str(n), "timestamp": at} for n, at in enumerate(made)]}


def refused(code, subcode=0, message="no"):
    return 400, {"error": {"message": message, "code": code, "error_subcode": subcode}}


def test_the_first_run_observes_all_posts_and_later_ones_the_young():
    def answer(_method, url, _sent):
        return 200, posts(1, 100) if url.endswith("/media") else {"data": [insight]}

    insight = {"name": "views", "values": [{"value": 3}]}
    found = talk(answer).rows("media_insights", EVERYTHING)["media_insights"]
    assert [row["media_id"] for row in found] == ["0", "1"]
    assert found[0]["observed_on"] == NOW.date()
    later = plan_window(seen="2026-11-20", now=NOW)
    assert [row["media_id"] for row in talk(answer).rows("media_insights", later)[
        "media_insights"
    ]] == ["0"]  # fmt: skip


@pytest.mark.parametrize(
    "refusal",
    [refused(100, 2108006), refused(10, 0, "(#10) Not enough viewers for the media to show it")],
)
def test_a_post_that_has_no_insights_is_left_out(refusal):
    def answer(_method, url, _sent):
        return (200, posts(1)) if url.endswith("/media") else refusal

    assert talk(answer).rows("media_insights", EVERYTHING) == {"media_insights": []}


def test_a_post_is_typed_and_its_time_is_no_word_of_sql():
    def answer(*_):
        return 200, posts(0)

    batch = type_batch(talk(answer).rows("media", EVERYTHING)["media"], MEDIA.columns)
    assert batch.table["published_at"][0].as_py() == NOW
    assert not batch.new_columns


def test_other_refusals_are_errors_that_show_no_token():
    with pytest.raises(CredentialsError, match="instagram_manage_insights") as told:
        talk(lambda *_: refused(190)).client.check()
    assert "EAA" not in str(told.value)
    with pytest.raises(CredentialsError, match="a permission is missing"):
        talk(lambda *_: refused(10)).client.check()
