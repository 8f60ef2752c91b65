"""Pinterest's section of the settings: `PINTEREST_ADS__ACCOUNTS__0__ACCOUNT_ID` and so on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings
from ingestion.windows import restated_days

API_VERSION = "v5"
RESTATEMENT_DAYS = restated_days(30)
KEPT_DAYS = 914
WindowDays = Literal[0, 1, 7, 14, 30, 60]


class AdAccountSettings(BaseModel):
    """One ad account.

    Attributes:
        account_id: Its number.
    """

    account_id: Annotated[str, Field(pattern=r"^\d{1,18}$")]


class PinterestAdsSettings(SourceSettings):
    """Pinterest ads.

    Attributes:
        ad_accounts: The accounts to load (`PINTEREST_ADS__ACCOUNTS__0__…`).
        app_id: Of the app.
        app_secret: Of the app.
        refresh_token: Of a user who may see the accounts, with the scope `ads:read`.
        base_url: Where the API answers, without the version.
        api_version: The version of the API that is spoken.
        click_window_days: Conversions count so many days after a click,
        engagement_window_days: after another engagement,
        view_window_days: after a view.
        restatement_days: So many days up to the newest are asked again by each run.
        history_days: How far back the first load goes; Pinterest keeps 914 days.
    """

    model_config = SettingsConfigDict(env_prefix="PINTEREST_ADS__", populate_by_name=True)

    ad_accounts: Annotated[
        Numbered[AdAccountSettings], Field(validation_alias="PINTEREST_ADS__ACCOUNTS")
    ] = ()
    app_id: str = ""
    app_secret: SecretStr = SecretStr("")
    refresh_token: SecretStr = SecretStr("")
    base_url: str = "https://api.pinterest.com"
    api_version: Annotated[str, Field(pattern=r"^v\d+$")] = API_VERSION
    click_window_days: WindowDays = 30
    engagement_window_days: WindowDays = 30
    view_window_days: WindowDays = 1
    restatement_days: Annotated[int, Field(ge=1, le=90)] = RESTATEMENT_DAYS
    history_days: Annotated[int, Field(ge=1, le=KEPT_DAYS)] = KEPT_DAYS

    def accounts(self) -> tuple[AdAccountSettings, ...]:
        """The ad accounts."""
        return self.ad_accounts
