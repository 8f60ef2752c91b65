"""Reviews, surveys, tickets, loyalty, referrals and posts: they follow from what happened."""

import pandas as pd
import pytest

from sandbox.world.generate import generate
from sandbox.world.served import served_orders

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture(scope="module")
def view(ledger):
    return ledger.as_of(NOW)


@pytest.fixture(scope="module")
def large():
    """The world of the demo, where chances become rates."""
    return generate("demo", 1)


@pytest.fixture(scope="module")
def served(large):
    return served_orders(large.tables()).set_index("order_id")


@pytest.mark.parametrize(
    ("table", "column", "parent"),
    [
        ("reviews", "product_id", "products"),
        ("reviews", "order_id", "orders"),
        ("reviews", "line_id", "order_lines"),
        ("ugc", "review_id", "reviews"),
        ("ugc", "product_id", "products"),
        ("survey_responses", "order_id", "orders"),
        ("tickets", "order_id", "orders"),
        ("ticket_messages", "ticket_id", "tickets"),
        ("ticket_surveys", "ticket_id", "tickets"),
    ],
)
def test_every_row_has_its_parent(view, table, column, parent):
    children = getattr(view, table)[column].dropna()
    assert len(children) > 0
    assert children.isin(getattr(view, parent)[column]).all()


def test_late_parcels_bring_tickets_and_cost_stars_and_recommendations(large, served):
    late = served["is_late"]
    tickets = large.tickets.dropna(subset="order_id")
    wrote = served.index.isin(tickets.loc[tickets["reason"] == "late_parcel", "order_id"])
    assert not wrote[~late].any()
    asked = pd.Series(served.index.isin(tickets["order_id"]), served.index)
    assert asked[late].mean() > 2 * asked[~late].mean()
    for rows, value in ((large.survey_responses, "score"), (large.reviews, "rating")):
        own = rows.dropna(subset="order_id").astype({"order_id": "int64"})
        was_late = late.loc[own["order_id"]].to_numpy()
        assert own[value][~was_late].mean() - own[value][was_late].mean() > 0.8


def test_returns_bring_tickets_and_lower_the_rating_of_what_came_back(large, served):
    returned = served["returned"] > 0
    tickets = large.tickets.dropna(subset="order_id")
    asked = pd.Series(served.index.isin(tickets["order_id"]), served.index)
    assert asked[returned].mean() > 2 * asked[~returned].mean()
    reviews = large.reviews[large.reviews["is_verified"]]
    back = reviews["line_id"].isin(large.refund_lines["line_id"])
    assert reviews["rating"][back].mean() < reviews["rating"][~back].mean() - 0.8


def test_reviews_are_of_what_was_delivered_or_of_strangers(ledger):
    reviews = ledger.reviews
    assert (reviews["is_verified"] == reviews["order_id"].notna()).all()
    assert ((reviews["person_id"] == -1) == reviews["order_id"].isna()).all()
    own = reviews.dropna(subset="order_id")
    delivered = ledger.fulfillments.groupby("order_id")["delivered_at"].max()
    assert (delivered.reindex(own["order_id"]).array < own["created_at"].array).all()
    assert reviews["rating"].between(1, 5).all()
    assert (~reviews["is_published"]).any()


def test_a_review_is_deleted_only_from_then_on(ledger):
    deleted = ledger.reviews.dropna(subset="deleted_at").iloc[0]
    for seconds, gone in ((-1, False), (0, True)):
        shown = ledger.as_of(deleted["deleted_at"] + pd.Timedelta(seconds=seconds)).reviews
        row = shown.set_index("review_id").loc[deleted["review_id"]]
        assert row["is_deleted"] == gone
        assert row["updated_at"] == (deleted["deleted_at"] if gone else deleted["created_at"])


def test_pictures_hang_on_reviews_and_questions_stand_alone(ledger):
    ugc = ledger.ugc
    assert set(ugc["kind"]) == {"photo", "video", "question"}
    assert (ugc["review_id"].isna() == (ugc["kind"] == "question")).all()
    assert ((ugc["answer"] != "") & (ugc["kind"] != "question")).sum() == 0


def test_scores_go_from_zero_to_ten_and_are_sent_after_the_form_was_opened(ledger):
    rows = ledger.survey_responses
    assert rows["score"].between(0, 10).all()
    assert (rows["submitted_at"] > rows["landed_at"]).all()
    assert rows["response_id"].is_unique
    assert (rows["email"] == "").any()
    assert rows["form_id"].nunique() == 2


def test_tickets_and_their_messages_add_up(ledger, view):
    tickets, messages = view.tickets, view.ticket_messages
    counts = messages.groupby("ticket_id").size().reindex(tickets["ticket_id"])
    assert (tickets["messages_count"].array == counts.array).all()
    assert ((tickets["status"] == "closed") == tickets["closed_at"].notna()).all()
    last = messages.groupby("ticket_id")["sent_at"].max().reindex(tickets["ticket_id"])
    closed = tickets["closed_at"].isna() | (tickets["closed_at"].array > last.array)
    assert closed.all()
    opened = ledger.ticket_messages.sort_values("message_id").drop_duplicates("ticket_id")
    opened = opened.set_index("ticket_id").loc[ledger.tickets["ticket_id"]]
    assert (opened["sent_at"].array == ledger.tickets["created_at"].array).all()
    assert (opened["from_agent"].array == ledger.tickets["opened_by_agent"].array).all()


def test_some_answers_are_automatic_or_internal_and_some_tickets_are_never_answered(ledger):
    messages = ledger.ticket_messages
    assert messages["is_automated"].any()
    assert (~messages["is_public"]).any()
    human = messages[messages["from_agent"] & ~messages["is_automated"] & messages["is_public"]]
    assert (human["agent_email"] != "").all()
    spam = ledger.tickets.loc[ledger.tickets["is_spam"], "ticket_id"]
    assert len(spam) > 0
    assert not human["ticket_id"].isin(spam).any()
    assert (~ledger.tickets["ticket_id"].isin(human["ticket_id"])).mean() > 0.02
    assert ledger.tickets["opened_by_agent"].any()


def test_a_survey_tells_its_score_only_once_it_is_answered(ledger):
    scored = ledger.ticket_surveys.dropna(subset="scored_at")
    row = scored.iloc[len(scored) // 2]
    before = ledger.as_of(row["scored_at"] - pd.Timedelta(seconds=1)).ticket_surveys
    after = ledger.as_of(row["scored_at"]).ticket_surveys
    assert before.set_index("survey_id")["score"].isna()[row["survey_id"]]
    assert after.set_index("survey_id")["score"][row["survey_id"]] == row["score"]
    assert ledger.ticket_surveys["scored_at"].isna().any()
