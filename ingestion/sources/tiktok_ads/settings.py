"""TikTok's section of the settings: `TIKTOK_ADS__ACCOUNTS__0__ACCOUNT_ID` and so on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings
from ingestion.windows import restated_days

API_VERSION = "v1.3"
RESTATEMENT_DAYS = restated_days(28)


class AdvertiserSettings(BaseModel):
    """One ad account; TikTok calls it an advertiser.

    Attributes:
        account_id: The advertiser's number.
        access_token: A long-term token of an app that the advertiser has authorised.
        conversion_metric: The one metric that counts as a conversion: payments that the pixel saw
            (`complete_payment`), or the optimisation goal of each ad group (`conversion`).
    """

    account_id: Annotated[str, Field(pattern=r"^\d+$")]
    access_token: SecretStr
    conversion_metric: Literal["complete_payment", "conversion"] = "complete_payment"


class TikTokAdsSettings(SourceSettings):
    """TikTok ads.

    Attributes:
        advertisers: The accounts to load (`TIKTOK_ADS__ACCOUNTS__0__…`).
        base_url: Where the API answers.
        api_version: The version of the API that is spoken.
        attribution_window: Windows set in TikTok's Attribution Manager, for the record: reports
            follow them, and the API does not tell them.
        restatement_days: So many days up to the newest are asked again by each run.
        history_months: How far back the first load goes.
    """

    model_config = SettingsConfigDict(env_prefix="TIKTOK_ADS__", populate_by_name=True)

    advertisers: Annotated[
        Numbered[AdvertiserSettings], Field(validation_alias="TIKTOK_ADS__ACCOUNTS")
    ] = ()
    base_url: str = "https://business-api.tiktok.com"
    api_version: Annotated[str, Field(pattern=r"^v\d+\.\d+$")] = API_VERSION
    attribution_window: str = "7d_click,1d_view"
    restatement_days: Annotated[int, Field(ge=1, le=90)] = RESTATEMENT_DAYS
    history_months: Annotated[int, Field(ge=1, le=60)] = 36

    def accounts(self) -> tuple[AdvertiserSettings, ...]:
        """The ad accounts."""
        return self.advertisers
