"""Instagram's section of the settings: `INSTAGRAM__ACCOUNTS__0__NAME` and so on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings

API_VERSION = "v26.0"
RESTATEMENT_DAYS = 3


class InstagramAccountSettings(BaseModel):
    """One professional account.

    Attributes:
        name: Your name of it, such as its handle; the seed `account_stores` maps it to a store.
        user_id: Instagram's number of it.
        access_token: A token with `instagram_basic` and `instagram_manage_insights`.
        base_url: Where the Graph API answers.
    """

    name: str
    user_id: Annotated[str, Field(pattern=r"^\d+$")]
    access_token: SecretStr
    base_url: str = "https://graph.facebook.com"

    @property
    def account_id(self) -> str:
        """The name."""
        return self.name


class InstagramSettings(SourceSettings):
    """Instagram.

    Attributes:
        profiles: The accounts to load (`INSTAGRAM__ACCOUNTS__0__…`).
        api_version: The version of the Graph API that is spoken.
        observe_days: Posts so young are observed by each run; the first load observes all.
        history_days: How far back the first load asks for the account's days; Meta keeps two
            years.
        restatement_days: Meta completes days up to 48 hours late: so many days up to the newest
            are asked again and replaced by each run.
        requests_per_second: How often an account may be asked.
    """

    model_config = SettingsConfigDict(env_prefix="INSTAGRAM__", populate_by_name=True)

    profiles: Annotated[
        Numbered[InstagramAccountSettings], Field(validation_alias="INSTAGRAM__ACCOUNTS")
    ] = ()
    api_version: Annotated[str, Field(pattern=r"^v\d+\.\d$")] = API_VERSION
    observe_days: Annotated[int, Field(ge=1)] = 90
    history_days: Annotated[int, Field(ge=1, le=730)] = 90
    restatement_days: Annotated[int, Field(ge=1, le=30)] = RESTATEMENT_DAYS
    requests_per_second: Annotated[float, Field(gt=0)] = 10

    def accounts(self) -> tuple[InstagramAccountSettings, ...]:
        """The accounts."""
        return self.profiles
