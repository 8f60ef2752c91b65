"""Reading Yotpo: tokens that expire, pages that are not full, members that changed."""

import copy
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError, SettingsError
from ingestion.settings import load_section
from ingestion.sources.yotpo.client import connect
from ingestion.sources.yotpo.rows import (
    click_rows,
    event_rows,
    friend_rows,
    media_rows,
    member_row,
    question_row,
    review_row,
)
from ingestion.sources.yotpo.settings import YotpoSettings
from ingestion.sources.yotpo.spec import (
    LOYALTY_EVENTS,
    LOYALTY_MEMBERS,
    OVERLAP,
    QUESTIONS,
    REVIEW_MEDIA,
    REVIEWS,
)
from ingestion.windows import Window, plan_window
from tests.unit.ingestion.recorded_answers import NOW, Talk, fixture

STORE = {"name": "shop", "store_id": "APP", "secret": "s-secret"}
LOYALTY = {"name": "shop", "loyalty_guid": "GUID", "loyalty_api_key": "k-secret"}
EVERYTHING = Window(None, None, None, NOW.date())
MEMBER = fixture("yotpo", "member")


def talk(answer, *, state=None, now=NOW, **store):
    section = YotpoSettings(_env_file=None, stores=[store or STORE])
    return Talk("yotpo", connect, section, answer, state=state, now=now)


def typed(rows, table):
    batch = type_batch(list(rows), table.columns)
    assert not batch.variant_columns
    assert not batch.new_columns
    return batch.table.to_pylist()


def test_a_recorded_review_is_read_whole_and_its_photos_beside_it():
    found = fixture("yotpo", "reviews")["reviews"]
    first, second = typed((review_row(one) for one in found), REVIEWS)
    assert (first["id"], first["score"], first["sku"]) == (460312221, 5, "13")
    assert first["updated_at"] == dt.datetime(2023, 4, 17, 17, 10, 34, tzinfo=dt.UTC)
    assert (second["deleted"], second["user_reference"]) == (True, "777")
    media = typed((row for one in found for row in media_rows(one)), REVIEW_MEDIA)
    assert [(row["review_id"], row["position"], row["media_type"]) for row in media] == [
        (140796223, 1, "photo"),
        (140796223, 2, "photo"),
    ]


def test_a_question_knows_its_product_and_its_first_answer():
    asked = fixture("yotpo", "questions")["response"]["questions"]
    first, second = typed((question_row(one, product_id="13") for one in asked), QUESTIONS)
    assert (first["product_id"], first["answer_count"]) == ("13", 2)
    assert first["first_answered_at"] == dt.datetime(2020, 5, 2, 10, tzinfo=dt.UTC)
    assert (second["answer_count"], second["first_answered_at"]) == (0, None)


def test_a_member_with_its_history_and_friends_is_read_whole():
    row = typed([member_row(MEMBER, LOYALTY_MEMBERS.columns, observed_at=NOW)], LOYALTY_MEMBERS)[0]
    assert row["member_id"] == row["third_party_id"] == "CUS_1231H9UQOW9H23"
    assert (row["referral_unique_clicks"], row["referral_code"]) == (4, "ABC123")
    events = typed(event_rows(MEMBER), LOYALTY_EVENTS)
    assert sum(event["points"] for event in events) == Decimal(-150)
    friend = friend_rows(MEMBER)[0]
    assert (friend["friend_email"], friend["order_id"]) == ("sally@example.com", "991")
    assert friend["completed_at"] == "2016-08-28T18:41:13.000Z"


@given(st.permutations(range(4)))
def test_entries_keep_their_ids_whatever_their_order_and_equal_ones_stay_two(order):
    items = [MEMBER["history_items"][place] for place in order]
    ids = {row["event_id"] for row in event_rows({**MEMBER, "history_items": items})}
    assert ids == {row["event_id"] for row in event_rows(MEMBER)}
    assert len(ids) == 4


def test_only_clicks_that_were_not_counted_before_are_new():
    rows = click_rows(MEMBER, known=2, counted_at=NOW)
    assert [row["click_number"] for row in rows] == [3, 4]
    assert not any("@" in row["click_id"] for row in rows)


def vendor(*, pages=1, tokens=("t1", "t2", "t3"), refuses=()):
    """Reviews in so many full pages and an empty one; some tokens are refused."""
    issued = iter(tokens)

    def answer(method, _url, sent):
        if method == "POST":
            return 200, {"access_token": next(issued), "token_type": "bearer"}
        if sent["utoken"] in refuses:
            return 401, {"status": {"code": 401, "message": "Access denied"}}
        rows = [{"id": sent["page"] * 1000 + n} for n in range(sent["count"])]
        return 200, {"reviews": rows if sent["page"] <= pages else []}

    return answer


@pytest.mark.pitfall(12, 23)
def test_pages_are_read_to_the_one_that_is_not_full_and_deleted_ones_too():
    asking = talk(vendor(pages=2))
    window = plan_window(seen="2026-11-20T08:00:00+00:00", now=NOW, overlap=OVERLAP)
    assert len(asking.rows("reviews", window)["reviews"]) == 200
    sent = [sent for method, _, sent in asking.session.asked if method == "GET"]
    assert [one["page"] for one in sent] == [1, 2, 3]
    assert sent[0]["since_updated_at"] == "2026-11-19T08:00:00Z"
    assert sent[0]["deleted"] == "true"


def test_a_token_that_expires_on_the_way_is_replaced_once():
    state = {"refused": set()}

    def answer(method, url, sent):
        if method == "GET" and sent["page"] == 2:
            state["refused"].add("t1")
        return vendor(pages=2, tokens=tokens, refuses=state["refused"])(method, url, sent)

    tokens = iter(["t1", "t2"])
    assert len(talk(answer).rows("reviews", EVERYTHING)["reviews"]) == 200


def test_a_new_token_that_is_refused_is_an_error_without_a_secret():
    asking = talk(vendor(refuses={"t1"}))
    with pytest.raises(CredentialsError, match="STORE_ID") as refused:
        asking.rows("reviews", EVERYTHING)
    assert "secret" not in str(refused.value)
    assert "t1" not in str(refused.value)
    with pytest.raises(CredentialsError, match="gives no token"):
        talk(lambda *_: (200, {})).client.check()


class Programme:
    """Members that change between runs; counts the calls for details."""

    def __init__(self):
        self.members = {number: self._member(number) for number in range(3)}
        self.details = 0

    def _member(self, number):
        return copy.deepcopy(MEMBER) | {"thirty_party_id": f"C{number}"}

    def __call__(self, _method, url, sent):
        if url.endswith("/recent"):
            place = int(sent.get("page_info", 0))
            summary = {k: v for k, v in self.members[place].items() if not isinstance(v, list)}
            summary.pop("referral_code")
            more = str(place + 1) if place + 1 in self.members else None
            return 200, {"customers": [summary], "metadata": {"next_page_info": more}}
        self.details += 1
        return 200, self.members[int(sent["customer_id"][1:])]


def run(programme, state, now=NOW):
    return talk(programme, state=state, now=now, **LOYALTY).rows("loyalty", EVERYTHING)


def test_details_are_asked_for_members_that_changed_and_now_and_then_for_all():
    programme, state = Programme(), {}
    first = run(programme, state)
    assert len(first["loyalty_members"]) == 3
    assert {row["counted_at"] for row in first["referral_clicks"]} == {None}
    assert run(programme, state) == {}
    programme.members[1] |= {"points_balance": 7, "last_seen_at": "2026-11-21T00:00:00.000Z"}
    programme.members[2] |= {"last_seen_at": "2026-11-21T00:00:00.000Z"}
    changed = run(programme, state)
    assert [row["points_balance"] for row in changed["loyalty_members"]] == [7]
    assert programme.details == 4
    programme.members[2]["referral_code"]["unique_clicks"] = 5
    assert run(programme, state) == {}
    later = NOW + dt.timedelta(days=7)
    clicks = run(programme, state, later)["referral_clicks"]
    assert [(row["click_number"], row["counted_at"]) for row in clicks] == [(5, later)]
    assert "john" not in repr(state)


def test_a_product_that_is_not_set_has_no_rows():
    assert talk(vendor(), **LOYALTY).rows("reviews", EVERYTHING) == {}
    assert talk(vendor()).rows("loyalty", EVERYTHING) == {}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"STORE_ID": "a"}, "set both STORE_ID and SECRET"),
        ({"LOYALTY_GUID": "a"}, "set both LOYALTY_GUID and LOYALTY_API_KEY"),
        ({}, "set STORE_ID and SECRET"),
    ],
)
def test_half_of_a_pair_of_keys_is_an_error(given, told, monkeypatch):
    for name, value in {"NAME": "shop", **given}.items():
        monkeypatch.setenv(f"YOTPO__STORES__0__{name}", value)
    with pytest.raises(SettingsError, match=told):
        load_section(YotpoSettings)
