"""Recharge's section of the settings: `RECHARGE__ACCOUNTS__0__NAME` and so on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings

API_VERSION = "2021-11"


class RechargeAccountSettings(BaseModel):
    """One Recharge store.

    Attributes:
        name: Your name of it; the seed `account_stores` maps it to a store.
        access_token: An API token with read scopes.
        base_url: Where the API answers.
    """

    name: Annotated[str, Field(min_length=1)]
    access_token: SecretStr
    base_url: str = "https://api.rechargeapps.com"

    @property
    def account_id(self) -> str:
        """What stands in `_account_id`."""
        return self.name


class RechargeSettings(SourceSettings):
    """Recharge.

    Attributes:
        recharge_accounts: The stores to load (`RECHARGE__ACCOUNTS__0__…`).
        api_version: The version of the API that is spoken.
    """

    model_config = SettingsConfigDict(env_prefix="RECHARGE__", populate_by_name=True)

    recharge_accounts: Annotated[
        Numbered[RechargeAccountSettings], Field(validation_alias="RECHARGE__ACCOUNTS")
    ] = ()
    api_version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")] = API_VERSION

    def accounts(self) -> tuple[RechargeAccountSettings, ...]:
        """The stores."""
        return self.recharge_accounts
