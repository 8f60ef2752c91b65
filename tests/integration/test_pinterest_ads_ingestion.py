"""Pinterest's connector against its twin, into real engines."""

from typing import ClassVar

import pytest

from ingestion.errors import CredentialsError
from sandbox.vendors.pinterest_ads.app import TOKEN_SECONDS
from tests.integration.ad_connector import AdConnectorTests, token_ends_in_the_middle
from tests.integration.connector import duckdb_settings, raw_rows

pytestmark = pytest.mark.integration


class TestPinterestAds(AdConnectorTests):
    source = "pinterest_ads"
    short: ClassVar = {"PINTEREST_ADS__HISTORY_DAYS": "120"}
    reports = ("ad_analytics", "ad_id", "spend_in_micro_dollar")
    day = "date"
    wrong = (
        {"PINTEREST_ADS__REFRESH_TOKEN": "pinr.wrong"},
        CredentialsError,
        "refresh token is invalid or expired.*PINTEREST_ADS__REFRESH_TOKEN",
    )

    def test_a_token_that_ends_in_the_middle_is_renewed(self, sandbox, clean, tmp_path):
        settings = duckdb_settings(tmp_path)
        assert token_ends_in_the_middle(self, sandbox, settings, TOKEN_SECONDS + 1) > 2
        assert raw_rows(settings, self.spec) == clean[1]
