"""commercetools' section of the settings: `COMMERCETOOLS__PROJECTS__0__PROJECT_KEY` and so on."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings


class ProjectSettings(BaseModel):
    """One project.

    Attributes:
        project_key: The project's key; it stands in `_account_id` of every raw row.
        client_id: Id of an API client of the project.
        client_secret: Its secret.
        region: Where the project is hosted.
        timezone: IANA zone of the store's days; a project has none.
        api_url: Where the API answers.
        auth_url: Where tokens are given.
    """

    project_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    client_id: str
    client_secret: SecretStr
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.(gcp|aws)$")] = "europe-west1.gcp"
    timezone: str = "UTC"
    api_url: str = "https://api.{region}.commercetools.com"
    auth_url: str = "https://auth.{region}.commercetools.com"

    @property
    def account_id(self) -> str:
        """The project's key."""
        return self.project_key

    def api_address(self) -> str:
        """Where the API answers."""
        return self.api_url.replace("{region}", self.region).rstrip("/")

    def auth_address(self) -> str:
        """Where tokens are given."""
        return self.auth_url.replace("{region}", self.region).rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("use an IANA zone, such as Europe/Berlin")
        return value


class CommercetoolsSettings(SourceSettings):
    """commercetools.

    Attributes:
        projects: The projects to load.
        requests_per_second: How often one project is asked at most; no limit is published.
    """

    model_config = SettingsConfigDict(env_prefix="COMMERCETOOLS__")

    projects: Numbered[ProjectSettings] = ()
    requests_per_second: Annotated[float, Field(gt=0)] = 5.0

    def accounts(self) -> tuple[ProjectSettings, ...]:
        """The projects."""
        return self.projects
