"""Google Ads' connector against its twin, into real engines."""

from typing import ClassVar

import pytest

from ingestion.errors import CredentialsError
from sandbox.vendors.google_ads.app import TOKEN_SECONDS
from tests.integration.ad_connector import AdConnectorTests, token_ends_in_the_middle
from tests.integration.connector import duckdb_settings, query, raw_rows, stage

pytestmark = pytest.mark.integration


class TestGoogleAds(AdConnectorTests):
    source = "google_ads"
    short: ClassVar = {"GOOGLE_ADS__HISTORY_MONTHS": "3"}
    whole_window: ClassVar = {"GOOGLE_ADS__RESTATEMENT_DAYS": "92"}
    reports = ("ad_performance", "ad_group_ad__ad__id", "metrics__cost_micros")
    day = "segments__date"
    wrong = (
        {"GOOGLE_ADS__REFRESH_TOKEN": "1//wrong"},
        CredentialsError,
        "invalid_grant.*GOOGLE_ADS__REFRESH_TOKEN",
    )

    @pytest.mark.pitfall(16)
    def test_ads_add_up_to_their_campaign_but_for_performance_max_which_has_none(self, clean):
        settings, *_ = clean
        stage(settings, self.source)
        sums = "sum(impressions), sum(clicks), sum(spend_amount), sum(conversion_value_amount)"
        levels = {
            level: query(
                settings,
                self.spec,
                f"select account_id, campaign_id, ad_date, {sums}"
                f" from staging.stg_google_ads__ad_performance where level = '{level}'"
                " and campaign_type != 'performance_max' group by 1, 2, 3 order by 1, 2, 3",
            )
            for level in ("campaign", "ad")
        }
        assert levels["campaign"] == levels["ad"]
        kinds = query(
            settings,
            self.spec,
            "select distinct level, attribution_window, account_timezone"
            " from staging.stg_google_ads__ad_performance"
            " where campaign_type = 'performance_max' and account_id = '2003'",
        )
        assert kinds == [("campaign", "90d_click,1d_view", "Europe/London")]

    def test_a_token_that_ends_in_the_middle_is_renewed(self, sandbox, clean, tmp_path):
        settings = duckdb_settings(tmp_path)
        assert token_ends_in_the_middle(self, sandbox, settings, TOKEN_SECONDS + 1) > 2
        assert raw_rows(settings, self.spec) == clean[1]

    def test_an_account_behind_a_manager_says_so(self, sandbox, tmp_path):
        more = {**self.short, "GOOGLE_ADS__ACCOUNTS__2__LOGIN_CUSTOMER_ID": ""}
        with pytest.raises(CredentialsError, match=r"USER_PERMISSION_DENIED.*LOGIN_CUSTOMER_ID"):
            self.load(sandbox, duckdb_settings(tmp_path), more)
