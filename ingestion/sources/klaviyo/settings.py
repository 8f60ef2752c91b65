"""Klaviyo's section of the settings: `KLAVIYO__ACCOUNTS__0__NAME` and so on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings

REVISION = "2026-07-15"
EVENT_OVERLAP_HOURS = 72


class KlaviyoAccountSettings(BaseModel):
    """One Klaviyo account.

    Attributes:
        name: Your name of the account; the seed `account_stores` maps it to a store.
        api_key: A private key with read scopes; it starts with `pk_`.
        base_url: Where the API answers.
    """

    name: Annotated[str, Field(min_length=1)]
    api_key: SecretStr
    base_url: str = "https://a.klaviyo.com"

    @property
    def account_id(self) -> str:
        """What stands in `_account_id`; a private key does not tell the account's name."""
        return self.name


class KlaviyoSettings(SourceSettings):
    """Klaviyo.

    Attributes:
        klaviyo_accounts: The accounts to load (`KLAVIYO__ACCOUNTS__0__…`).
        revision: The revision of the API that is spoken.
        event_overlap_hours: Events arrive late with the time they happened: so far behind the
            newest one seen is asked again.
        predictions_every_days: Predictions change without a trace in a profile's `updated`: every
            so many days all profiles are read for them.
    """

    model_config = SettingsConfigDict(env_prefix="KLAVIYO__", populate_by_name=True)

    klaviyo_accounts: Annotated[
        Numbered[KlaviyoAccountSettings], Field(validation_alias="KLAVIYO__ACCOUNTS")
    ] = ()
    revision: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] = REVISION
    event_overlap_hours: Annotated[int, Field(ge=1)] = EVENT_OVERLAP_HOURS
    predictions_every_days: Annotated[int, Field(ge=1)] = 1

    def accounts(self) -> tuple[KlaviyoAccountSettings, ...]:
        """The accounts."""
        return self.klaviyo_accounts
