"""Klaviyo's connector against its twin, and its staging against the ledger."""

import shutil
from collections import Counter
from dataclasses import replace
from typing import ClassVar

import pytest

from ingestion.errors import RequestRefusedError
from ingestion.sources.klaviyo.spec import OPERATIONS
from tests.integration.ad_connector import told
from tests.integration.connector import duckdb_settings, load, query, raw_rows, spoil, stage
from tests.integration.source_tests import SourceTests

pytestmark = pytest.mark.integration

EVENT_TYPES = {
    "received": "sent",
    "opened": "opened",
    "clicked": "clicked",
    "bounced": "bounced",
    "dropped": "dropped",
    "marked_spam": "complained",
    "subscribed": "subscribed",
    "unsubscribed": "unsubscribed",
}
ACCOUNTS = ["basketline-eu", "basketline-us"]


class TestKlaviyo(SourceTests):
    source = "klaviyo"
    wrong: ClassVar[dict[str, str]] = {"KLAVIYO__ACCOUNTS__0__API_KEY": "pk_wrong_key"}
    secret = "pk_wrong"
    following = "page%5Bcursor%5D="

    def make_pages_small(self, monkeypatch):
        for name, size in (("events", 200), ("profiles", 20)):
            monkeypatch.setitem(OPERATIONS, name, replace(OPERATIONS[name], page_size=size))

    @pytest.fixture(scope="class")
    @classmethod
    def staged(cls, clean):
        stage(clean[0], "klaviyo")
        return clean[0]

    @pytest.fixture(scope="class")
    @classmethod
    def view(cls, sandbox):
        return sandbox.sandbox.world.view()

    @pytest.mark.pitfall(20)
    def test_staged_events_are_those_of_the_ledger(self, staged, view):
        """By account, day and kind, with campaign or flow; a shop's orders are not among them.

        What Klaviyo calls received is sent, what bounced too; of an SMS that was not sent it tells
        nothing.
        """
        sent = view.email_messages.set_index("email_message_id")
        expected = Counter()
        for event in view.email_events.itertuples(index=False):
            if event.shop not in ACCOUNTS:
                continue
            known = event.email_message_id in sent.index
            message = sent.loc[event.email_message_id] if known else None
            channel = message["channel"] if known else "email"
            if (event.kind, channel) == ("dropped", "sms"):
                continue
            for kind in ("bounced", "received") if event.kind == "bounced" else (event.kind,):
                expected[
                    event.shop,
                    EVENT_TYPES[kind],
                    channel,
                    (message["campaign_id"] or None) if known else None,
                    (message["flow_id"] or None) if known else None,
                    event.is_machine,
                    (message["sent_at"] if kind == "received" else event.happened_at).date(),
                ] += 1
        found = query(
            staged,
            self.spec,
            "select account_id, event_type, channel, campaign_id, flow_id, is_machine,"
            " cast(occurred_at as date), count(*) from staging.stg_klaviyo__email_events"
            " group by 1, 2, 3, 4, 5, 6, 7",
        )
        assert {row[:-1]: row[-1] for row in found} == expected
        orders = "select 1 from {raw}.events as e join {raw}.metrics as m on e.metric_id = m.id"
        assert query(staged, self.spec, f"{orders} where m.name = 'Placed Order'")

    def test_a_message_to_a_recipient_is_one_however_many_events_it_has(self, staged, view):
        messages = view.email_events.dropna(subset="email_message_id")
        is_sent = messages["kind"].isin(["received", "bounced"])
        messages = messages[messages["shop"].isin(ACCOUNTS) & is_sent]
        [(count,)] = query(
            staged,
            self.spec,
            "select count(distinct message_id) from staging.stg_klaviyo__email_events"
            " where event_type = 'sent'",
        )
        assert count == messages["email_message_id"].nunique()
        [(orphans,)] = query(
            staged,
            self.spec,
            "select count(*) from staging.stg_klaviyo__email_events as events"
            " where event_type = 'opened' and not exists (select 1 from"
            " staging.stg_klaviyo__email_events as sent where sent.event_type = 'sent'"
            " and sent.account_id = events.account_id and sent.message_id = events.message_id)",
        )
        opened = view.email_events[view.email_events["kind"] == "opened"]
        is_early = ~opened["email_message_id"].isin(messages["email_message_id"])
        assert orphans == is_early.sum()

    def test_campaigns_and_flows_are_those_of_the_ledger(self, staged, view):
        expected = {
            (row.shop, row.campaign_id, row.name, "campaign", row.channel, row.status.lower())
            for row in view.email_campaigns.itertuples(index=False)
        } | {
            (row.shop, row.flow_id, row.name, "flow", "email", row.status)
            for row in view.email_flows.itertuples(index=False)
        }
        found = query(
            staged,
            self.spec,
            "select account_id, campaign_id, campaign_name, campaign_type, channel, status"
            " from staging.stg_klaviyo__email_campaigns",
        )
        assert len(found) == len(expected)
        assert set(found) == expected

    def test_profiles_and_predictions_are_those_of_the_ledger(self, staged, view):
        profiles = view.email_profiles
        expected = {
            (row.shop, row.profile_id, row.email, row.consent == "SUBSCRIBED")
            for row in profiles.itertuples(index=False)
        }
        found = query(
            staged,
            self.spec,
            "select account_id, customer_id, email, accepts_email_marketing"
            " from staging.stg_klaviyo__customers",
        )
        assert set(found) == expected
        newest = view.profile_predictions.sort_values("predicted_at").drop_duplicates(
            ["shop", "profile_id"], keep="last"
        )
        told_then = {
            (row.shop, row.profile_id, row.predicted_clv, round(row.churn_probability, 6))
            for row in newest.itertuples(index=False)
        }
        predicted = query(
            staged,
            self.spec,
            "select account_id, profile_id, cast(predicted_clv_amount * 100 as bigint),"
            " round(cast(churn_probability as double), 6)"
            " from staging.stg_klaviyo__profile_predictions",
        )
        assert set(predicted) == told_then

    def check_versions(self, running, kept):
        """Predictions change every Monday without a trace in the profile's last change."""
        told_then = query(
            kept,
            self.spec,
            "select cast(observed_at as date), count(*), sum(churn_probability)"
            " from {raw}.profile_predictions group by 1 order by 1",
        )
        assert [str(day) for day, _, _ in told_then] == ["2026-06-20", "2026-06-22", "2026-06-27"]
        assert len({total for _, _, total in told_then}) > 1
        now = running.sandbox.world.view().profile_predictions
        assert told_then[-1][1] == len(now[["shop", "profile_id"]].drop_duplicates())
        versions = "select count(*) > count(distinct _account_id || id) from {raw}.profiles"
        assert query(kept, self.spec, versions) == [(True,)]

    def test_who_has_left_a_list_is_gone(self, sandbox, clean, tmp_path):
        settings = duckdb_settings(tmp_path)
        shutil.copytree(clean[0].data_dir, settings.data_dir)
        spoil(
            settings,
            self.spec,
            "insert into {raw}.list_members select * replace ('left' as profile_id)"
            " from {raw}.list_members limit 1",
        )
        self.load(sandbox, settings, full=True)
        assert raw_rows(settings, self.spec)["list_members"] == clean[1]["list_members"]

    def test_a_revision_that_klaviyo_does_not_know_is_one_clear_error(self, sandbox, tmp_path):
        with (
            told(sandbox, "klaviyo", KLAVIYO__REVISION="2019-01-01") as section,
            pytest.raises(RequestRefusedError, match="Invalid revision"),
        ):
            load(sandbox, duckdb_settings(tmp_path), self.spec, section)
