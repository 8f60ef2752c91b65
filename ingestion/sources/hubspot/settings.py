"""HubSpot's section of the settings: `HUBSPOT__ACCOUNTS__0__NAME` and so on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings


class HubspotAccountSettings(BaseModel):
    """One portal.

    Attributes:
        name: Your name of it.
        access_token: Token of a private app that may read contacts.
        base_url: Where the API answers.
    """

    name: Annotated[str, Field(min_length=1)]
    access_token: SecretStr
    base_url: str = "https://api.hubapi.com"

    @property
    def account_id(self) -> str:
        """What stands in `_account_id`."""
        return self.name


class HubspotSettings(SourceSettings):
    """HubSpot.

    Attributes:
        hubspot_accounts: The portals to load (`HUBSPOT__ACCOUNTS__0__…`).
    """

    model_config = SettingsConfigDict(env_prefix="HUBSPOT__", populate_by_name=True)

    hubspot_accounts: Annotated[
        Numbered[HubspotAccountSettings], Field(validation_alias="HUBSPOT__ACCOUNTS")
    ] = ()

    def accounts(self) -> tuple[HubspotAccountSettings, ...]:
        """The portals."""
        return self.hubspot_accounts
