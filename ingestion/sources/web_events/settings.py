"""The section of the first-party events: `WEB_EVENTS__STREAMS__0__NAME` and so on."""

from __future__ import annotations

from pydantic import BaseModel, field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings

ANALYTICS_CATEGORY = "analytics"


class StreamSettings(BaseModel):
    """One stream: what one shop's collector writes.

    Attributes:
        name: Your name of it; it stands in `_account_id` of every raw row.
        path: The folder of its files; local, or any address that fsspec knows.
        consent_category: The category of `context.consent.categoryPreferences` that has to be
            granted; in lower case.
    """

    name: str
    path: str
    consent_category: str = ANALYTICS_CATEGORY

    @property
    def account_id(self) -> str:
        """The name of the stream."""
        return self.name

    @field_validator("name", "path", "consent_category")
    @classmethod
    def _is_filled(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be empty")
        return value.strip()


class WebEventsSettings(SourceSettings):
    """First-party events.

    Attributes:
        streams: The streams to load.
    """

    model_config = SettingsConfigDict(env_prefix="WEB_EVENTS__")

    streams: Numbered[StreamSettings] = ()

    def accounts(self) -> tuple[StreamSettings, ...]:
        """The streams."""
        return self.streams
