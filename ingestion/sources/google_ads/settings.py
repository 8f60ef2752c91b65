"""Google Ads' section of the settings: `GOOGLE_ADS__ACCOUNTS__0__ACCOUNT_ID` and so on."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings
from ingestion.windows import restated_days

API_VERSION = "v26"
# Google tells the month beforehand and the day some weeks before; the first of it is the safe side.
# https://developers.google.com/google-ads/api/docs/sunset-dates
KNOWN_EXPIRIES = {"v25": dt.date(2027, 8, 1), "v26": dt.date(2027, 11, 1)}
RESTATEMENT_DAYS = restated_days(30)
# The next Sunday is up to six days away.
WEEKLY_RESTATEMENT_DAYS = restated_days(90) + 6
KEPT_MONTHS = 37


def _digits(value: str) -> str:
    number = value.replace("-", "").strip()
    if not re.fullmatch(r"\d+", number):
        raise ValueError("use the number shown at the top of Google Ads, as 123-456-7890")
    return number


class CustomerSettings(BaseModel):
    """One account; Google calls it a customer.

    Attributes:
        account_id: Its number, with or without dashes.
        login_customer_id: The manager account through which this one is reached; empty where the
            user has access to the account itself.
    """

    account_id: str
    login_customer_id: str = ""

    @field_validator("account_id")
    @classmethod
    def _is_a_number(cls, value: str) -> str:
        return _digits(value)

    @field_validator("login_customer_id")
    @classmethod
    def _is_empty_or_a_number(cls, value: str) -> str:
        return _digits(value) if value.strip() else ""


class GoogleAdsSettings(SourceSettings):
    """Google Ads.

    Attributes:
        customers: The accounts to load (`GOOGLE_ADS__ACCOUNTS__0__…`).
        developer_token: The token of the manager account's API centre.
        client_id: Of the OAuth client.
        client_secret: Of the OAuth client.
        refresh_token: Of a user who may see the accounts, with the scope `adwords`.
        base_url: Where the API answers.
        token_url: Where access tokens come from.
        api_version: The version of the API that is spoken.
        restatement_days: So many days up to the newest are asked again by each run.
        weekly_restatement_days: So many on Sundays.
        history_months: How far back the first load goes; Google keeps days for 37 months.
    """

    model_config = SettingsConfigDict(env_prefix="GOOGLE_ADS__", populate_by_name=True)

    customers: Annotated[
        Numbered[CustomerSettings], Field(validation_alias="GOOGLE_ADS__ACCOUNTS")
    ] = ()
    developer_token: SecretStr = SecretStr("")
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    refresh_token: SecretStr = SecretStr("")
    base_url: str = "https://googleads.googleapis.com"
    token_url: str = "https://oauth2.googleapis.com/token"
    api_version: Annotated[str, Field(pattern=r"^v\d+$")] = API_VERSION
    restatement_days: Annotated[int, Field(ge=1, le=365)] = RESTATEMENT_DAYS
    weekly_restatement_days: Annotated[int, Field(ge=0, le=365)] = WEEKLY_RESTATEMENT_DAYS
    history_months: Annotated[int, Field(ge=1, le=KEPT_MONTHS)] = KEPT_MONTHS

    def accounts(self) -> tuple[CustomerSettings, ...]:
        """The accounts."""
        return self.customers
