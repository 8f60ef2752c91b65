"""Reviews, surveys, tickets, loyalty, referrals and posts: they follow from what happened."""

import pandas as pd
import pytest

from sandbox.world import truth_care
from sandbox.world.generate import generate
from sandbox.world.loyalty import FROM_SPEND, TIERS
from sandbox.world.relations import TABLES
from sandbox.world.served import served_orders
from sandbox.world.truth import truth

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
        ("loyalty_members", "customer_id", "customers"),
        ("loyalty_tiers", "member_id", "loyalty_members"),
        ("loyalty_entries", "member_id", "loyalty_members"),
        ("loyalty_entries", "order_id", "orders"),
        ("referral_clicks", "member_id", "loyalty_members"),
        ("referral_clicks", "visit_id", "visits"),
        ("referral_clicks", "order_id", "orders"),
        ("social_entries", "post_id", "social_posts"),
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


def test_a_tier_follows_from_the_spend_of_the_year_before(ledger):
    orders = served_orders(ledger.tables())
    owner = ledger.loyalty_members.set_index("member_id")["customer_id"]
    for row in ledger.loyalty_tiers.itertuples():
        now = row.valid_from.tz_localize(None).to_datetime64().astype("M8[us]").astype("int64")
        own = orders[orders["customer_id"] == owner[row.member_id]]
        year = (own["created"] <= now) & (own["created"] > now - 365 * 86_400_000_000)
        open_still = (own["cancelled"] < 0) | (own["cancelled"] > now)
        spend = own.loc[year & open_still, "total"].sum()
        assert row.tier == TIERS[sum(spend >= limit for limit in FROM_SPEND) - 1]
    assert set(ledger.loyalty_tiers["tier"]) == set(TIERS)


def test_members_show_their_newest_tier_and_the_sum_of_their_points(ledger, view):
    members = view.loyalty_members.set_index("member_id")
    newest = view.loyalty_tiers.groupby("member_id")["tier"].last()
    assert (members["tier"] == newest.loc[members.index]).all()
    points = view.loyalty_entries.groupby("member_id")["points"].sum()
    assert (members["points_balance"] == points.reindex(members.index).fillna(0)).all()
    later = ledger.as_of(NOW + pd.Timedelta(days=40)).loyalty_members.set_index("member_id")
    changed = later["points_balance"].loc[members.index] != members["points_balance"]
    assert changed.any()
    assert (later["updated_at"].loc[members.index][changed] > NOW).all()


def test_no_balance_falls_below_zero_and_every_kind_of_entry_is_there(large):
    entries = large.loyalty_entries
    running = entries.groupby("member_id")["points"].cumsum()
    assert (running >= 0).all()
    assert set(entries["kind"]) == {"earn", "redeem", "adjust", "expire"}
    assert (entries.loc[entries["kind"].isin(["redeem", "expire"]), "points"] < 0).all()
    enrolled = large.loyalty_members.set_index("member_id")["enrolled_at"]
    assert (enrolled.loc[entries["member_id"]].array <= entries["happened_at"].array).all()


def test_promoters_bring_more_friends_than_others(large):
    answers, members = large.survey_responses, large.loyalty_members
    keys = pd.MultiIndex.from_frame(members[["shop", "person_id"]])
    best = answers.groupby(["shop", "person_id"])["score"].max()
    is_promoter = (best.reindex(keys) >= 9).to_numpy()
    clicks = members["member_id"].map(large.referral_clicks.groupby("member_id").size()).fillna(0)
    assert clicks[is_promoter].mean() > 3 * clicks[~is_promoter].mean() > 0


def test_a_referral_click_is_a_visit_and_some_buy(ledger, view):
    clicks = ledger.referral_clicks
    visits = ledger.visits.set_index("visit_id").loc[clicks["visit_id"]]
    for column in ("shop", "person_id", "user_pseudo_id"):
        assert (visits[column].array == clicks[column].array).all(), column
    assert (visits["started_at"].array == clicks["clicked_at"].array).all()
    assert (visits["medium"].astype(str) == "referral").all()
    assert (visits["channel"].astype(str) == "Referral").all()
    assert clicks["visit_id"].is_unique
    bought = clicks.dropna(subset="order_id").astype({"order_id": "int64"})
    orders = ledger.orders.set_index("order_id").loc[bought["order_id"]]
    assert (orders["person_id"].array == bought["person_id"].array).all()
    assert (orders["created_at"].array == bought["converted_at"].array).all()
    assert (bought["clicked_at"] < bought["converted_at"]).all()
    first = ledger.orders.dropna(subset="visit_id").groupby(["shop", "person_id"])
    assert 0 < len(bought) < len(clicks)
    assert first.ngroups > len(bought)
    open_yet = view.referral_clicks["converted_at"].isna()
    assert (view.referral_clicks.loc[open_yet, "friend_email"] == "").all()
    assert view.referral_clicks.loc[open_yet, "order_id"].isna().all()


def test_posts_are_seen_after_they_are_published_and_reported_the_next_day(view):
    entries = view.social_entries.merge(view.social_posts, on="post_id")
    published = entries["published_at"].dt.tz_localize(None).dt.normalize()
    assert (entries["day"] >= published).all()
    assert (entries["reported_at"].dt.tz_localize(None) > entries["day"]).all()
    assert not entries.duplicated(["post_id", "day"]).any()
    assert (entries["likes"] <= entries["reach"]).all()
    days = view.social_account_days.set_index("day")
    seen = view.social_entries.groupby("day")["views"].sum()
    assert (days["views"] == seen.reindex(days.index).fillna(0)).all()
    assert (days["follower_count"].diff().iloc[1:] <= days["new_followers"].iloc[1:]).all()


def test_contacts_become_customers_with_their_first_order(ledger, view):
    contacts = view.crm_contacts
    address = contacts["email"].str.strip().str.lower()
    assert address.is_unique
    ordered = address.isin(view.orders["email"].str.strip().str.lower())
    assert ((contacts["lifecycle_stage"] == "customer") == ordered).all()
    assert 0 < ordered.sum() < len(contacts)
    business = ledger.customers[ledger.customers["shop"] == "basketline-pro"]
    all_known = ledger.crm_contacts["email"].str.strip().str.lower()
    assert business["email"].str.strip().str.lower().isin(all_known).all()
    assert ledger.crm_contacts["archived_at"].notna().any()


def test_every_table_around_the_orders_has_rows(view):
    for name in TABLES:
        assert len(getattr(view, name)) > 0, name


def test_the_truth_adds_up_with_the_ledger(view):
    tables = truth(view, NOW)
    reviews = tables["reviews_daily"]
    assert reviews["reviews"].sum() + reviews["deleted"].sum() == len(view.reviews)
    assert tables["ugc_daily"]["items"].sum() == len(view.ugc)
    points = tables["loyalty_daily"][["earn", "redeem", "adjust", "expire"]]
    assert points.to_numpy().sum() == view.loyalty_members["points_balance"].sum()
    assert tables["referrals_daily"]["clicks"].sum() == len(view.referral_clicks)
    assert 0 < tables["referrals_daily"]["bought"].sum() < len(view.referral_clicks)
    assert tables["nps_daily"]["responses"].sum() == len(view.survey_responses)
    assert tables["nps_daily"]["score"].sum() == view.survey_responses["score"].sum()
    assert tables["social_posts"]["likes"].sum() == view.social_entries["likes"].sum()
    lines = tables["reviewed_lines_daily"]
    assert (lines["reviewed"] <= lines["lines"]).all()
    assert lines["reviewed"].sum() > 0


def test_the_wait_for_an_answer_counts_neither_rules_nor_notes(view):
    tickets = truth_care.tickets(view).set_index("ticket_id")
    assert set(tickets.index) == set(view.tickets["ticket_id"])
    for number, messages in view.ticket_messages.groupby("ticket_id"):
        asked = messages.loc[~messages["from_agent"], "sent_at"]
        human = messages["from_agent"] & messages["is_public"] & ~messages["is_automated"]
        answers = messages.loc[human, "sent_at"]
        if len(asked):
            answers = answers[answers >= asked.min()]
        expected = answers.min() - asked.min() if len(asked) and len(answers) else pd.NaT
        found = tickets["wait_seconds"][number]
        assert (pd.isna(found) and pd.isna(expected)) or found == expected.total_seconds()


def test_a_world_without_them_has_their_truth_without_rows():
    small = generate("models_small", 1).as_of(NOW)
    tables = truth(small, NOW)
    for name in ("email_daily", "reviews_daily", "loyalty_daily", "tickets_daily", "nps_daily"):
        assert tables[name].empty, name
