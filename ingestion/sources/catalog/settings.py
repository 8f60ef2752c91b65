"""The section of product catalogues: `CATALOG__FEEDS__0__NAME` and so on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings

Format = Literal["json", "jsonl", "csv", "tsv"]


def _blank_to_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


class CatalogFeed(BaseModel):
    """One catalogue.

    Attributes:
        name: Your name of it; the seed `account_stores` maps it to a store.
        url: An `https://` address, a path, or any address that fsspec knows.
        token: Sent as a bearer token, where the address asks for one.
        format: How it is written; unset, told by the address or by what is sent.
        currency: Of prices that name none.
    """

    name: str
    url: str
    token: Annotated[SecretStr | None, BeforeValidator(_blank_to_none)] = None
    format: Annotated[Format | None, BeforeValidator(_blank_to_none)] = None
    currency: Annotated[str | None, BeforeValidator(_blank_to_none)] = None

    @property
    def account_id(self) -> str:
        """The name of the catalogue."""
        return self.name

    @property
    def is_http(self) -> bool:
        """Whether it is asked for over HTTP."""
        return self.url.startswith(("http://", "https://"))

    @field_validator("name", "url")
    @classmethod
    def _is_filled(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be empty")
        return value.strip()


class CatalogSettings(SourceSettings):
    """Product catalogues.

    Attributes:
        feeds: The catalogues to read.
    """

    model_config = SettingsConfigDict(env_prefix="CATALOG__")

    feeds: Numbered[CatalogFeed] = ()

    def accounts(self) -> tuple[CatalogFeed, ...]:
        """The catalogues."""
        return self.feeds
