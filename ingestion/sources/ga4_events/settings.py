"""GA4's section of the settings: `GA4_EVENTS__STREAMS__0__NAME` and so on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings

# GA4 completes a day for up to three days after it; the others are for exports that come late.
RESTATEMENT_DAYS = 7


class StreamSettings(BaseModel):
    """One export: the data of one stream, or of a property whose streams belong to one store.

    Attributes:
        name: Your name of it; it stands in `_account_id` of every raw row.
        path: The folder that has `events_YYYYMMDD*` and `events_intraday_YYYYMMDD*`; a local path,
            or an address that fsspec knows (`s3://…`, `gs://…`).
    """

    name: str
    path: str

    @property
    def account_id(self) -> str:
        """The name of the stream."""
        return self.name

    @field_validator("name", "path")
    @classmethod
    def _is_filled(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be empty")
        return value.strip()


class Ga4EventsSettings(SourceSettings):
    """GA4 event export.

    Attributes:
        streams: The exports to load.
        restatement_days: So many days up to the newest are read again by each run.
    """

    model_config = SettingsConfigDict(env_prefix="GA4_EVENTS__")

    streams: Numbered[StreamSettings] = ()
    restatement_days: Annotated[int, Field(ge=1, le=90)] = RESTATEMENT_DAYS

    def accounts(self) -> tuple[StreamSettings, ...]:
        """The streams."""
        return self.streams
