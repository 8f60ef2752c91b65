"""Shopify's section of the settings: `SHOPIFY__STORES__0__SHOP` and so on."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings

API_VERSION = "2026-10"
SUPPORTED_MONTHS = 12
COUNT_LIMIT = 10_000


def version_expires(version: str) -> dt.date:
    """The first day on which Shopify may stop speaking a quarterly version: a year after it came.

    Args:
        version: Such as `2026-10`.
    """
    year, month = (int(part) for part in version.split("-"))
    months = year * 12 + month - 1 + SUPPORTED_MONTHS
    return dt.date(months // 12, months % 12 + 1, 1)


class StoreSettings(BaseModel):
    """One store.

    Attributes:
        shop: Its handle: the part before `.myshopify.com`.
        access_token: An Admin API access token; or
        client_id: the id of an app of your own in the Dev Dashboard, with
        client_secret: its secret: tokens are then fetched and renewed.
        base_url: Where the shop answers.
    """

    shop: str
    access_token: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    base_url: str = "https://{shop}.myshopify.com"

    @property
    def account_id(self) -> str:
        """The handle; it stands in `_account_id` of every raw row."""
        return self.shop

    @property
    def url(self) -> str:
        """Where the shop answers, without a slash at the end."""
        return self.base_url.replace("{shop}", self.shop).rstrip("/")

    @field_validator("shop")
    @classmethod
    def _is_a_handle(cls, value: str) -> str:
        handle = value.strip().lower().removeprefix("https://").split(".myshopify.com")[0]
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", handle):
            raise ValueError("use the shop's handle, the part before .myshopify.com")
        return handle

    @model_validator(mode="after")
    def _has_credentials(self) -> StoreSettings:
        if not self.access_token and not (self.client_id and self.client_secret):
            raise ValueError("set ACCESS_TOKEN, or CLIENT_ID and CLIENT_SECRET, of this store")
        return self


class ShopifySettings(SourceSettings):
    """Shopify.

    Attributes:
        stores: The stores to load.
        api_version: The version of the Admin API that is spoken.
        bulk_from: From so many changed objects on, they come by one bulk operation, not by pages.
        bulk_timeout_minutes: How long a bulk operation may take.
        reconcile_days: Orders made in so many days are looked for, so that deleted ones are
            noticed; as far back as the app may see.
        reconcile_every_days: How often; 0 never.
    """

    model_config = SettingsConfigDict(env_prefix="SHOPIFY__")

    stores: Numbered[StoreSettings] = ()
    api_version: Annotated[str, Field(pattern=r"^20\d\d-(01|04|07|10)$")] = API_VERSION
    bulk_from: Annotated[int, Field(ge=1, le=COUNT_LIMIT)] = 250
    bulk_timeout_minutes: Annotated[int, Field(ge=1)] = 240
    reconcile_days: Annotated[int, Field(ge=1)] = 180
    reconcile_every_days: Annotated[int, Field(ge=0)] = 1

    def accounts(self) -> tuple[StoreSettings, ...]:
        """The stores."""
        return self.stores
