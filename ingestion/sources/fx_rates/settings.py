"""The section of the exchange rates: `FX_RATES__BASE_URL`."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import SourceSettings

PUBLISHER = "ecb"
BASE_URL = "https://www.ecb.europa.eu/stats/eurofxref"


@dataclass(frozen=True)
class Publisher:
    """Who publishes the rates: the one account of this source.

    Attributes:
        base_url: Where its files lie.
    """

    base_url: str

    @property
    def account_id(self) -> str:
        """Stands in `_account_id`."""
        return PUBLISHER


class FxRatesSettings(SourceSettings):
    """Exchange rates.

    Attributes:
        base_url: The folder of the files.
    """

    model_config = SettingsConfigDict(env_prefix="FX_RATES__")

    base_url: str = BASE_URL

    def accounts(self) -> tuple[Publisher, ...]:
        """The European Central Bank, and no other."""
        return (Publisher(self.base_url),)

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("give the address of the files' folder")
        return value.rstrip("/")
