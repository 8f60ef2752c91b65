"""Reading Typeform: which question is the net promoter score's, pages, kinds of answers."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import CredentialsError
from ingestion.settings import load_section
from ingestion.sources.typeform import client as typeform
from ingestion.sources.typeform.client import connect
from ingestion.sources.typeform.rows import answer_rows, field_rows, form_row, response_row
from ingestion.sources.typeform.settings import TypeformAccountSettings, TypeformSettings
from ingestion.sources.typeform.spec import (
    FORM_FIELDS,
    FORMS,
    OVERLAP,
    RESPONSE_ANSWERS,
    RESPONSES,
)
from ingestion.windows import Window, plan_window
from tests.unit.ingestion.recorded_answers import NOW, Talk, fixture

EVERYTHING = Window(None, None, None, NOW.date())
FORM = fixture("typeform", "form")


def account(**fields):
    return TypeformAccountSettings(name="shop", token="tfp-secret", **fields)


def talk(answer, **fields):
    section = TypeformSettings(_env_file=None, tokens=[account(**fields)])
    return Talk("typeform", connect, section, answer)


def typed(rows, table):
    batch = type_batch(list(rows), table.columns)
    assert not batch.variant_columns
    assert not batch.new_columns
    return batch.table.to_pylist()


def test_recorded_responses_are_read_whole():
    found = fixture("typeform", "responses")["items"]
    first, second = typed((response_row(one, "F", account()) for one in found), RESPONSES)
    assert (first["email"], first["order_id"]) == ("ann@example.com", "5")
    assert (second["email"], second["order_id"]) == ("mrx@example.com", None)
    assert first["submitted_at"] == dt.datetime(2021, 7, 1, 10, 4, 1, tzinfo=dt.UTC)
    rows = typed((row for one in found for row in answer_rows(one, "F")), RESPONSE_ANSWERS)
    by_field = {row["field__id"]: (row["number"], row["text"]) for row in rows}
    assert by_field["vV7ISYSgZ94I"] == (Decimal(1), None)
    assert by_field["qthblBc7InVU"] == (None, "Center-right party")
    assert by_field["ZdzF0rrvsVdB"] == (None, "Feb 6 - 11, Feb 13-17")
    assert by_field["9bool"] == (None, "true")


@pytest.mark.parametrize(
    ("settings", "kinds"),
    [
        ({}, ["nps", "other", "other"]),
        ({"csat_refs": "happy"}, ["nps", "csat", "other"]),
        ({"nps_refs": "happy, else"}, ["other", "nps", "other"]),
    ],
)
def test_the_score_is_found_by_its_scale_or_by_its_ref(settings, kinds):
    assert typed([form_row(FORM)], FORMS)[0]["language"] == "en"
    rows = typed(field_rows(FORM, account(**settings)), FORM_FIELDS)
    assert [row["question_type"] for row in rows] == kinds
    assert [row["id"] for row in rows] == ["vV7ISYSgZ94I", "scale5", "63WvXUnvSCa9"]


@pytest.mark.pitfall(12)
def test_responses_are_asked_for_since_the_newest_seen_less_the_overlap():
    asking = talk(lambda *_: (200, {"items": []}), forms="F,G")
    window = plan_window(seen="2026-11-20T08:00:00+00:00", now=NOW, overlap=OVERLAP)
    asking.rows("responses", window)
    assert [url.rsplit("/", 2)[1] for _, url, _ in asking.session.asked] == ["F", "G"]
    sent = asking.session.asked[0][2]
    assert sent == {"page_size": 1000, "since": "2026-11-19T08:00:00"}


@pytest.mark.pitfall(23)
@given(st.integers(0, 23), st.integers(1, 7))
def test_all_responses_come_however_many_make_a_page(count, size):
    def answer(_method, _url, sent):
        start = count if sent.get("before") is None else int(sent["before"])
        numbers = range(start - 1, max(start - 1 - size, -1), -1)
        items = [{"token": str(n), "submitted_at": "2026-01-01T00:00:00Z"} for n in numbers]
        return 200, {"items": items}

    kept, typeform.PAGE_RESPONSES = typeform.PAGE_RESPONSES, size
    try:
        found = talk(answer, forms="F").rows("responses", EVERYTHING)
    finally:
        typeform.PAGE_RESPONSES = kept
    tokens = [row["token"] for row in found["responses"]]
    assert sorted(tokens, key=int) == [str(n) for n in range(count)]


def test_without_a_list_of_forms_all_pages_of_forms_are_read():
    def answer(_method, url, sent):
        if url.endswith("/forms"):
            return 200, {"page_count": 2, "items": [{"id": f"F{sent['page']}"}]}
        return 200, {**FORM, "id": url.rsplit("/", 1)[1]}

    found = talk(answer).rows("forms", EVERYTHING)
    assert [row["id"] for row in found["forms"]] == ["F1", "F2"]


def test_a_wrong_token_is_one_line_that_does_not_show_it():
    refusal = 401, {"code": "AUTHENTICATION_FAILED", "description": "not found"}
    with pytest.raises(CredentialsError, match="TYPEFORM__ACCOUNTS__") as refused:
        talk(lambda *_: refusal).client.check()
    assert "secret" not in str(refused.value)


def test_forms_are_listed_with_commas(monkeypatch):
    for name, value in {"NAME": "a", "TOKEN": "t", "FORMS": "x, y"}.items():
        monkeypatch.setenv(f"TYPEFORM__ACCOUNTS__0__{name}", value)
    assert load_section(TypeformSettings).accounts()[0].forms == ("x", "y")
