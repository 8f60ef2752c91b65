"""HubSpot's connector against its twin, and its staging against the ledger."""

from typing import ClassVar

import pytest

from ingestion.sources.hubspot import client
from tests.integration.connector import query, stage
from tests.integration.source_tests import SourceTests

pytestmark = pytest.mark.integration


class TestHubspot(SourceTests):
    source = "hubspot"
    wrong: ClassVar[dict[str, str]] = {"HUBSPOT__ACCOUNTS__0__ACCESS_TOKEN": "pat-wrong-token"}
    secret = "pat-wrong"
    following = '"after"'

    def make_pages_small(self, monkeypatch):
        monkeypatch.setattr(client, "SEARCH_ROWS", 5)

    def test_staged_customers_are_the_contacts_of_the_ledger(self, sandbox, clean):
        """Those that were archived before the first load are not told by a search."""
        stage(clean[0], "hubspot")
        contacts = sandbox.sandbox.world.view().crm_contacts
        expected = {
            (
                str(row.contact_id),
                row.email,
                row.last_name,
                row.country,
                row.marketing_consent,
                False,
                row.created_at.to_pydatetime().replace(tzinfo=None),
            )
            for row in contacts[contacts["archived_at"].isna()].itertuples(index=False)
        }
        found = query(
            clean[0],
            self.spec,
            "select customer_id, email, last_name, country_code, accepts_email_marketing,"
            " is_deleted, created_at from staging.stg_hubspot__customers",
        )
        assert len(found) == len(expected)
        assert set(found) == expected

    def check_versions(self, running, kept):
        """A contact that is archived between two runs is deleted; every version is kept."""
        stage(kept, "hubspot")
        contacts = running.sandbox.world.view().crm_contacts
        archived = {str(one) for one in contacts[contacts["archived_at"].notna()]["contact_id"]}
        told = query(
            kept,
            self.spec,
            "select customer_id, is_deleted from staging.stg_hubspot__customers",
        )
        seen_before = {one for one, _ in told}
        assert {one for one, is_deleted in told if is_deleted} == archived & seen_before
        versions = "select count(*) from staging.stg_hubspot__customer_versions"
        assert query(kept, self.spec, versions)[0][0] >= len(seen_before)
