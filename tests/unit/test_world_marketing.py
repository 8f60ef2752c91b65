"""Ads and e-mail of the simulated shops: they hang together, and nothing shows before its time."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from sandbox.world.ad_plan import ACCOUNTS
from sandbox.world.generate import generate
from sandbox.world.relations import TABLES
from sandbox.world.truth import truth

NOW = pd.Timestamp("2026-06-30 12:00", tz="UTC")
CLICK_IDS = {"meta_ads": "fbclid", "google_ads": "gclid", "tiktok_ads": "ttclid",
             "pinterest_ads": "epik"}  # fmt: skip


@pytest.fixture(scope="module")
def ledger():
    return generate("tests", 1)


@pytest.fixture(scope="module")
def view(ledger):
    return ledger.as_of(NOW)


def test_every_platform_has_its_accounts_ads_and_reports(view):
    assert set(view.ad_accounts["account_id"]) == {account.number for account in ACCOUNTS}
    for name in ("ad_accounts", "ads", "ad_entries", "ad_conversions"):
        frame = getattr(view, name)
        assert set(frame["platform"].astype(str)) == set(CLICK_IDS), name
        assert frame["account_id"].isin(view.ad_accounts["account_id"]).all()
    assert view.ads["ad_id"].is_unique
    assert view.ad_entries["ad_id"].isin(view.ads["ad_id"]).all()
    assert view.ad_conversions["ad_id"].isin(view.ads["ad_id"]).all()
    levels = view.ads.groupby("campaign_type")["has_ad_level"].all()
    assert not levels["PERFORMANCE_MAX"]
    assert levels.drop("PERFORMANCE_MAX").all()


def test_a_visit_from_an_ad_has_its_platforms_click_id_and_campaign(view):
    clicked = view.visits[view.visits["ad_id"].notna()].astype({"ad_id": "int64"})
    found = clicked.merge(view.ads, on="ad_id")
    assert len(found) == len(clicked) > 0
    assert (found["platform"].astype(str) == found["ad_platform"].astype(str)).all()
    for platform, column in CLICK_IDS.items():
        own = view.visits["ad_platform"] == platform
        assert own.any()
        assert (view.visits.loc[own, column] != "").all()
        assert (view.visits.loc[~own, column] == "").all()
    tagged = found[found["campaign"].astype(str) != ""]
    assert (tagged["campaign"].astype(str) == tagged["campaign_name"]).all()
    assert (tagged["utm_id"].astype(str) == tagged["campaign_id"].astype(str)).all()
    assert (found["campaign"].astype(str) == "").any()  # the click id alone


def test_an_ad_brings_no_visit_before_it_runs_nor_to_another_shop(view):
    clicked = view.visits[view.visits["ad_id"].notna()].astype({"ad_id": "int64"})
    found = clicked.merge(view.ads, on="ad_id").merge(
        view.ad_accounts[["account_id", "shop"]], on="account_id", suffixes=("", "_of_ad")
    )
    assert (found["shop"] == found["shop_of_ad"]).all()
    running = found["ended_at_y"].isna() | (found["started_at_x"] <= found["ended_at_y"])
    assert (running & (found["started_at_y"] <= found["started_at_x"])).all()


def test_clicks_are_never_fewer_than_the_visits_they_brought(ledger):
    clicks = ledger.ad_entries.groupby("ad_id")["clicks"].sum()
    visits = ledger.visits.dropna(subset="ad_id").astype({"ad_id": "int64"})
    assert (clicks >= visits.groupby("ad_id").size().reindex(clicks.index).fillna(0)).all()


def test_every_platform_restates_its_conversions(ledger):
    longest = {}
    for platform, rows in ledger.ad_conversions.groupby("platform", observed=True):
        days = rows["reported_at"].dt.tz_localize(None).dt.normalize() - rows["ad_date"]
        longest[platform] = days.dt.days.max()
    assert 20 <= longest["meta_ads"] <= 29
    assert longest["google_ads"] > 30
    assert longest["tiktok_ads"] <= 29
    assert longest["pinterest_ads"] <= 31


def test_the_truth_of_ads_is_the_sum_of_what_was_reported(view):
    days = truth(view, NOW)["ad_daily"]
    for measure in ("impressions", "clicks", "spend"):
        known = view.ad_entries.groupby(view.ad_entries["platform"].astype("str"))[measure].sum()
        assert days.groupby("platform")[measure].sum().to_dict() == known.to_dict()


def test_profiles_are_one_per_address_and_account(view):
    profiles = view.email_profiles
    assert not profiles.duplicated(["shop", "email"]).any()
    assert profiles["profile_id"].is_unique
    assert profiles["profile_id"].str.len().eq(26).all()
    assert (profiles["person_id"] == -1).any()
    buyers = view.customers[view.customers["shop"].isin(["basketline-eu", "basketline-us"])]
    assert set(buyers["customer_id"]) == set(profiles["customer_id"].dropna())


def test_messages_and_events_belong_to_what_was_sent_to_whom(view):
    messages, events = view.email_messages, view.email_events
    assert messages["profile_id"].isin(view.email_profiles["profile_id"]).all()
    by_campaign = messages["campaign_id"] != ""
    assert (by_campaign ^ (messages["flow_id"] != "")).all()
    sent = view.email_campaigns[view.email_campaigns["status"] == "Sent"]
    assert messages.loc[by_campaign, "message_id"].isin(sent["message_id"]).all()
    steps = view.email_flow_messages["message_id"]
    assert messages.loc[~by_campaign, "message_id"].isin(steps).all()
    assert not messages[by_campaign].duplicated(["profile_id", "campaign_id"]).any()
    of_message = events.dropna(subset="email_message_id").astype({"email_message_id": "int64"})
    found = of_message.merge(messages, on="email_message_id", suffixes=("", "_of_message"))
    assert len(found) == len(of_message)
    assert (found["profile_id"] == found["profile_id_of_message"]).all()
    assert (found["happened_at"] >= found["sent_at"]).all()


def test_a_message_is_received_bounced_or_dropped_and_only_then_opened(ledger):
    events = ledger.email_events.dropna(subset="email_message_id")
    fates = events[events["kind"].isin(["received", "bounced", "dropped"])]
    assert not fates["email_message_id"].duplicated().any()
    assert set(fates["email_message_id"]) == set(ledger.email_messages["email_message_id"])
    came = fates[fates["kind"] == "received"].set_index("email_message_id")["happened_at"]
    after = events[events["kind"].isin(["opened", "clicked", "unsubscribed", "marked_spam"])]
    assert (came.reindex(after["email_message_id"]).array <= after["happened_at"].array).all()


def test_nobody_gets_mail_without_consent(ledger):
    consents = ledger.email_profiles.set_index("profile_id")["consented_at"]
    given = consents.reindex(ledger.email_messages["profile_id"])
    assert (given.array <= ledger.email_messages["sent_at"].array).all()
    left = ledger.email_events[ledger.email_events["kind"] == "unsubscribed"]
    left_at = left.groupby("profile_id")["happened_at"].min()
    until = left_at.reindex(ledger.email_messages["profile_id"])
    assert (until.isna().array | (until.array >= ledger.email_messages["sent_at"].array)).all()
    assert len(left) > 0


def test_a_click_leads_to_its_visit_within_seconds_and_names_the_campaign(ledger):
    visits = ledger.visits[ledger.visits["channel"].isin(["Email", "SMS"])]
    clicks = ledger.email_events[ledger.email_events["kind"] == "clicked"]
    led = clicks.dropna(subset="visit_id").astype(
        {"visit_id": "int64", "email_message_id": "int64"}
    )
    assert sorted(led["visit_id"]) == sorted(visits["visit_id"])
    assert clicks["visit_id"].isna().any()
    found = led.merge(visits, on="visit_id", suffixes=("", "_of_visit"))
    seconds = (found["started_at"] - found["happened_at"]).dt.total_seconds()
    assert seconds.between(0, 16).all()
    assert (found["shop"] == found["shop_of_visit"]).all()
    people = ledger.email_profiles.set_index("profile_id")["person_id"]
    assert (people.loc[found["profile_id"]].array == found["person_id"].array).all()
    sent = ledger.email_messages.set_index("email_message_id").loc[found["email_message_id"]]
    names = {
        **dict(zip(ledger.email_campaigns["campaign_id"], ledger.email_campaigns["name"],
                   strict=True)),
        **dict(zip(ledger.email_flows["flow_id"], ledger.email_flows["name"], strict=True)),
    }  # fmt: skip
    source = np.where(sent["campaign_id"] != "", sent["campaign_id"], sent["flow_id"])
    assert (pd.Series(source).map(names).array == found["campaign"].astype(str).array).all()
    channel = np.where(found["channel"] == "SMS", "sms", "email")
    assert (sent["channel"].to_numpy() == channel).all()


def test_machines_open_and_click_and_some_events_come_late(view):
    events = view.email_events
    machines = events[events["is_machine"]]
    assert set(machines["kind"]) == {"opened", "clicked"}
    assert machines["visit_id"].isna().all()
    delay = events["arrived_at"] - events["happened_at"]
    assert pd.Timedelta(0) <= delay.min()
    assert pd.Timedelta(hours=1) < delay.max() <= pd.Timedelta(hours=30)


def test_consent_is_what_the_newest_event_says(ledger, view):
    assert set(view.email_profiles["consent"]) == {
        "SUBSCRIBED", "UNSUBSCRIBED", "NEVER_SUBSCRIBED"
    }  # fmt: skip
    events = view.email_events[view.email_events["kind"].isin(["subscribed", "unsubscribed"])]
    newest = events.sort_values("happened_at").groupby("profile_id")["kind"].last().str.upper()
    known = view.email_profiles.set_index("profile_id")["consent"]
    assert (known.loc[newest.index] == newest).all()
    assert (known.drop(newest.index) == "NEVER_SUBSCRIBED").all()
    early = ledger.as_of(NOW - pd.Timedelta(days=200)).email_profiles
    later = view.email_profiles.set_index("profile_id").loc[early["profile_id"]]
    assert (early["consent"].array != later["consent"].array).any()


def test_a_sign_up_makes_the_profile_of_its_visit(view):
    signed = view.email_profiles.dropna(subset="sign_up_visit_id")
    assert len(signed) > 0
    events = view.web_events[view.web_events["event_name"] == "sign_up"]
    assert signed["sign_up_visit_id"].isin(events["visit_id"]).all()


def test_predictions_know_only_what_was_there(view):
    predictions = view.profile_predictions
    assert (predictions["predicted_at"].dt.day_of_week == 0).all()
    assert not predictions.duplicated(["profile_id", "predicted_at"]).any()
    assert predictions["churn_probability"].between(0, 1).all()
    assert predictions["profile_id"].isin(view.email_profiles["profile_id"]).all()
    person = view.email_profiles.set_index("profile_id")["person_id"]
    own = predictions.assign(person_id=person.loc[predictions["profile_id"]].array)
    orders = view.orders[~view.orders["is_test"] & view.orders["deleted_at"].isna()]
    pairs = own.merge(orders[["shop", "person_id", "processed_at"]], on=["shop", "person_id"])
    before = pairs[pairs["processed_at"] <= pairs["predicted_at"]]
    counts = before.groupby(["profile_id", "predicted_at"]).size()
    keys = pd.MultiIndex.from_frame(own[["profile_id", "predicted_at"]])
    assert (own["historic_orders"].array <= counts.reindex(keys).array).all()
    dropped = view.people.set_index("person_id")["dropped_at"].loc[own["person_id"]]
    gone = dropped.array <= own["predicted_at"].array
    assert own["churn_probability"][gone].mean() > own["churn_probability"][~gone].mean() + 0.2


def test_looking_twice_shows_the_same(view):
    again = view.as_of(NOW)
    for name in ("ads", "ad_entries", "visits", *TABLES):
        assert_frame_equal(getattr(view, name), getattr(again, name), obj=name)


def test_worlds_with_exact_purchases_have_ads_but_nothing_around_the_orders():
    small = generate("models_small", 1)
    assert small.email_messages.empty
    assert small.reviews.empty
    assert not small.ad_entries.empty


def test_the_truth_of_e_mail_counts_messages_on_the_day_they_were_sent(view):
    days = truth(view, NOW)["email_daily"]
    assert days["sent"].sum() == len(view.email_messages)
    assert (days["delivered"] + days["bounced"] + days["dropped"] <= days["sent"]).all()
    assert (days["clicks"] <= days["opens"] + (days["channel"] == "sms") * days["sent"]).all()
    events = view.email_events[~view.email_events["is_machine"]]
    clicked = events[events["kind"] == "clicked"]
    assert days["clicks"].sum() == clicked["email_message_id"].nunique()
    assert days["total_clicks"].sum() == len(clicked) > days["clicks"].sum()
    assert set(days["purpose"]) >= {"", "welcome", "post_purchase", "winback"}
    consents = truth(view, NOW)["email_consents_daily"]
    assert consents["subscribed"].sum() > consents["unsubscribed"].sum() > 0
