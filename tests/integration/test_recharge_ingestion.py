"""Recharge's connector against its twin, and its staging against the ledger."""

from collections import Counter
from typing import ClassVar

import pytest

from ingestion.errors import RequestRefusedError
from ingestion.sources.recharge import client
from tests.integration.ad_connector import told
from tests.integration.connector import duckdb_settings, load, query, stage
from tests.integration.source_tests import SourceTests

pytestmark = pytest.mark.integration

EVENT_TYPES = {
    "created": "started",
    "paused": "paused",
    "resumed": "resumed",
    "reactivated": "resumed",
    "cancelled": "cancelled",
    "expired": "expired",
}


class TestRecharge(SourceTests):
    source = "recharge"
    wrong: ClassVar[dict[str, str]] = {"RECHARGE__ACCOUNTS__1__ACCESS_TOKEN": "sk_wrong_token"}
    secret = "sk_wrong"
    following = "cursor="

    def make_pages_small(self, monkeypatch):
        monkeypatch.setattr(client, "PAGE_ROWS", 5)

    @pytest.fixture(scope="class")
    @classmethod
    def staged(cls, clean):
        stage(clean[0], "recharge")
        return clean[0]

    @pytest.fixture(scope="class")
    @classmethod
    def view(cls, sandbox):
        return sandbox.sandbox.world.view()

    def test_staged_subscriptions_are_those_of_the_ledger(self, staged, view):
        """Paused ones too, though their status says active and only an event tells."""
        expected = {
            (
                row.shop,
                str(row.subscription_id),
                row.email,
                str(row.product_id),
                row.status.lower(),
                row.price * row.quantity,
                row.interval_days,
                row.created_at.to_pydatetime().replace(tzinfo=None),
            )
            for row in view.subscriptions.itertuples(index=False)
        }
        assert {"active", "paused", "cancelled", "expired"} == {row[4] for row in expected}
        found = query(
            staged,
            self.spec,
            "select account_id, subscription_id, email, product_id, status,"
            " cast(price_amount * 100 as bigint), interval_days, started_at"
            " from staging.stg_recharge__subscriptions",
        )
        assert set(found) == expected
        [(pauses,)] = query(
            staged,
            self.spec,
            "select count(*) from staging.stg_recharge__subscriptions"
            " where (paused_at is not null) != (status = 'paused')",
        )
        assert pauses == 0

    def test_staged_changes_by_day_are_those_of_the_ledger(self, staged, view):
        expected = Counter(
            (row.shop, EVENT_TYPES[row.kind], row.happened_at.date())
            for row in view.subscription_events.itertuples(index=False)
        )
        found = query(
            staged,
            self.spec,
            "select account_id, event_type, cast(occurred_at as date), count(*)"
            " from staging.stg_recharge__subscription_events group by 1, 2, 3",
        )
        assert {row[:-1]: row[-1] for row in found} == expected

    def test_charges_add_up_to_the_ledger(self, staged, view):
        charges = view.subscription_charges
        expected = {
            (shop, status.lower()): (len(own), int(own["total"].sum()))
            for (shop, status), own in charges.groupby(["shop", "status"])
        }
        found = query(
            staged,
            self.spec,
            "select account_id, status, count(*), cast(sum(total_amount) * 100 as bigint)"
            " from staging.stg_recharge__charges group by 1, 2",
        )
        assert {row[:2]: row[2:] for row in found} == expected

    def test_a_version_that_recharge_does_not_know_is_one_clear_error(self, sandbox, tmp_path):
        with (
            told(sandbox, "recharge", RECHARGE__API_VERSION="2031-01") as section,
            pytest.raises(RequestRefusedError, match="2031-01 is not supported"),
        ):
            load(sandbox, duckdb_settings(tmp_path), self.spec, section)
