"""Gorgias' connector against its twin, and its staging against the ledger."""

from typing import ClassVar

import pytest

from ingestion.errors import RequestRefusedError
from ingestion.sources.gorgias import client
from tests.integration.ad_connector import told
from tests.integration.connector import duckdb_settings, load, query, raw_rows, spoil, stage
from tests.integration.source_tests import SourceTests

pytestmark = pytest.mark.integration

ACCOUNTS = ["basketline-eu", "basketline-us"]


class TestGorgias(SourceTests):
    source = "gorgias"
    wrong: ClassVar = {"GORGIAS__ACCOUNTS__0__API_KEY": "wrong-key-123"}
    secret = "wrong-key"
    following = "cursor="

    def make_pages_small(self, monkeypatch):
        monkeypatch.setattr(client, "PAGE_ROWS", 9)

    @pytest.fixture(scope="class")
    @classmethod
    def staged(cls, clean):
        stage(clean[0], "gorgias")
        return clean[0]

    @pytest.fixture(scope="class")
    @classmethod
    def view(cls, sandbox):
        return sandbox.sandbox.world.view()

    def test_an_account_that_is_not_there_is_a_clear_error(self, sandbox, tmp_path):
        with (
            told(sandbox, self.source, GORGIAS__ACCOUNTS__0__DOMAIN="elsewhere") as section,
            pytest.raises(RequestRefusedError, match="status 404"),
        ):
            load(sandbox, duckdb_settings(tmp_path), self.spec, section)

    def test_a_range_of_days_is_put_right_and_older_ones_stay(self, sandbox, clean, tmp_path):
        settings, right = duckdb_settings(tmp_path), clean[1]["tickets"]
        self.load(sandbox, settings)
        spoil(settings, self.spec, "update {raw}.tickets set subject = 'spoilt'")
        first = sandbox.sandbox.world.clock.now.date().replace(day=1)
        self.load(sandbox, settings, date_from=first)
        found = raw_rows(settings, self.spec)["tickets"]
        place = 1 + list(self.spec.tables[0].columns).index("updated_datetime")
        assert found & right
        assert all((row[place].date() >= first) == (row in right) for row in found)

    def test_staged_tickets_equal_the_ledger(self, staged, view):
        """First response: of a person, seen by the customer, after the customer's first message."""
        tickets = view.tickets[view.tickets["shop"].isin(ACCOUNTS)]
        scores = view.ticket_surveys.set_index("ticket_id")["score"].dropna().astype(int)
        answered = first_responses(view.ticket_messages)
        expected = {
            (
                row.shop,
                str(row.ticket_id),
                row.customer_email.lower() or None,
                row.reason,
                row.status,
                scores.get(row.ticket_id),
                row.messages_count,
                row.is_spam,
                answered.get(row.ticket_id),
            )
            for row in tickets.itertuples()
        }
        found = query(
            staged,
            self.spec,
            "select account_id, ticket_id, email, coalesce(reason, ''), status,"
            " satisfaction_score, message_count, is_spam, first_response_at"
            " from staging.stg_gorgias__support_tickets",
        )
        assert set(found) == expected
        assert len(found) == len(tickets)

    def test_staged_messages_equal_the_ledger(self, staged, view):
        expected = view.ticket_messages[view.ticket_messages["shop"].isin(ACCOUNTS)]
        sums = ["from_agent", "is_automated", "is_public"]
        found = query(
            staged,
            self.spec,
            "select count(*), count(*) filter (where is_from_agent),"
            " count(*) filter (where is_automated), count(*) filter (where is_public)"
            " from staging.stg_gorgias__support_messages",
        )
        assert found == [(len(expected), *expected[sums].sum())]


def first_responses(messages):
    """When a person first answered the customer, by ticket."""
    shown = messages[messages["is_public"]]
    asked = shown[~shown["from_agent"]].groupby("ticket_id")["sent_at"].min()
    answers = shown[shown["from_agent"] & ~shown["is_automated"]]
    after = answers[answers["sent_at"] > answers["ticket_id"].map(asked)]
    first = after.groupby("ticket_id")["sent_at"].min()
    return {number: at.tz_localize(None).to_pydatetime() for number, at in first.items()}
