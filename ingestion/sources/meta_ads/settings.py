"""Meta's section of the settings: `META_ADS__ACCOUNTS__0__ACCOUNT_ID` and so on."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings
from ingestion.windows import restated_days

API_VERSION = "v26.0"
# Meta dates the end only when it nears; a Marketing API version has lived a year or more.
# https://developers.facebook.com/docs/marketing-api/marketing-api-changelog/versions
KNOWN_EXPIRIES = {"v25.0": dt.date(2027, 2, 18), "v26.0": dt.date(2027, 7, 29)}
RESTATEMENT_DAYS = restated_days(28)


class AdAccountSettings(BaseModel):
    """One ad account.

    Attributes:
        account_id: Its number, without `act_`.
        access_token: A token with the permission `ads_read`.
        base_url: Where the Graph API answers.
        conversion_action_type: The one action type that counts as a conversion. Meta reports the
            same purchase under several (`omni_purchase`, `purchase`, pixel): they are never added.
        attribution_windows: Windows after click or view in which Meta claims conversions.
    """

    account_id: str
    access_token: SecretStr
    base_url: str = "https://graph.facebook.com"
    conversion_action_type: str = "purchase"
    attribution_windows: tuple[str, ...] = ("7d_click", "1d_view")

    @field_validator("account_id")
    @classmethod
    def _is_a_number(cls, value: str) -> str:
        number = value.strip().removeprefix("act_")
        if not re.fullmatch(r"\d+", number):
            raise ValueError("use the ad account's number, without act_")
        return number

    @field_validator("attribution_windows", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(word.strip() for word in value.split(",") if word.strip())
        return value


class MetaAdsSettings(SourceSettings):
    """Meta ads.

    Attributes:
        ad_accounts: The accounts to load (`META_ADS__ACCOUNTS__0__…`).
        api_version: The version of the API that is spoken.
        restatement_days: So many days up to the newest are asked again by each run.
        history_months: How far back the first load goes; Meta keeps 37 months.
        async_from_days: Reports of so many days or more are made in the background.
    """

    model_config = SettingsConfigDict(env_prefix="META_ADS__", populate_by_name=True)

    ad_accounts: Annotated[
        Numbered[AdAccountSettings], Field(validation_alias="META_ADS__ACCOUNTS")
    ] = ()
    api_version: Annotated[str, Field(pattern=r"^v\d+\.\d$")] = API_VERSION
    restatement_days: Annotated[int, Field(ge=1, le=90)] = RESTATEMENT_DAYS
    history_months: Annotated[int, Field(ge=1, le=37)] = 37
    async_from_days: Annotated[int, Field(ge=2)] = 32

    def accounts(self) -> tuple[AdAccountSettings, ...]:
        """The ad accounts."""
        return self.ad_accounts
