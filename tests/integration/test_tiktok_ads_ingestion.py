"""TikTok's connector against its twin, into real engines."""

from typing import ClassVar

import pytest

from ingestion.errors import CredentialsError
from tests.integration.ad_connector import AdConnectorTests

pytestmark = pytest.mark.integration


class TestTikTokAds(AdConnectorTests):
    source = "tiktok_ads"
    short: ClassVar = {"TIKTOK_ADS__HISTORY_MONTHS": "3"}
    reports = ("ad_reports", "ad_id", "spend")
    day = "stat_time_day"
    wrong = (
        {"TIKTOK_ADS__ACCOUNTS__0__ACCESS_TOKEN": "wrong-tiktok-token"},
        CredentialsError,
        "token is not valid.*TIKTOK_ADS__ACCOUNTS__…__ACCESS_TOKEN",
    )
