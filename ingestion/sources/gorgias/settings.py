"""Gorgias' section of the settings: `GORGIAS__ACCOUNTS__0__DOMAIN` and so on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings


class GorgiasAccountSettings(BaseModel):
    """One Gorgias account.

    Attributes:
        domain: The part before `.gorgias.com`.
        email: The user that the key belongs to.
        api_key: The key of Settings > REST API.
        base_url: Where the account answers.
        order_meta_key: The key of a ticket's `meta` that holds the id of the order it is about.
    """

    domain: str
    email: str
    api_key: SecretStr
    base_url: str = "https://{domain}.gorgias.com"
    order_meta_key: str = "order_id"

    @field_validator("domain")
    @classmethod
    def _is_a_bare_name(cls, value: str) -> str:
        name = value.strip().removeprefix("https://").split("/")[0].removesuffix(".gorgias.com")
        if not name or "." in name:
            raise ValueError("use the part before .gorgias.com")
        return name

    @property
    def account_id(self) -> str:
        """The domain."""
        return self.domain

    @property
    def address(self) -> str:
        """Where the account answers."""
        return self.base_url.format(domain=self.domain)


class GorgiasSettings(SourceSettings):
    """Gorgias.

    Attributes:
        helpdesks: The accounts to load (`GORGIAS__ACCOUNTS__0__…`).
        requests_per_20_seconds: How often an account may be asked: 40 with an API key, twice as
            often on an enterprise plan.
    """

    model_config = SettingsConfigDict(env_prefix="GORGIAS__", populate_by_name=True)

    helpdesks: Annotated[
        Numbered[GorgiasAccountSettings], Field(validation_alias="GORGIAS__ACCOUNTS")
    ] = ()
    requests_per_20_seconds: Annotated[int, Field(ge=1)] = 40

    def accounts(self) -> tuple[GorgiasAccountSettings, ...]:
        """The accounts."""
        return self.helpdesks
