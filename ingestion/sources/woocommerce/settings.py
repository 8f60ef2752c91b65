"""WooCommerce's section of the settings: `WOOCOMMERCE__STORES__0__URL` and so on."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings

API_VERSION = "wc/v3"
Auth = Literal["auto", "basic", "query", "oauth"]


def _blank_to_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


class StoreSettings(BaseModel):
    """One store.

    Attributes:
        name: Your name of it; it stands in `_account_id` of every raw row.
        url: Its address, with the folder where WordPress is in one.
        consumer_key: A REST API key with the right to read: `ck_…`.
        consumer_secret: Its secret: `cs_…`.
        auth: How the key is shown. `auto`: signed (OAuth 1.0a) over plain HTTP, where WooCommerce
            takes nothing else, and as user and password over HTTPS; `query`: in the address, for
            hosts that keep the Authorization header to themselves.
        timezone: IANA zone of the store's days, where WordPress only knows an offset.
    """

    name: str
    url: str
    consumer_key: SecretStr
    consumer_secret: SecretStr
    auth: Auth = "auto"
    timezone: Annotated[str | None, BeforeValidator(_blank_to_none)] = None

    @property
    def account_id(self) -> str:
        """The name; it stands in `_account_id` of every raw row."""
        return self.name

    @property
    def auth_method(self) -> Auth:
        """How the key is shown, decided."""
        if self.auth != "auto":
            return self.auth
        return "basic" if self.url.startswith("https://") else "oauth"

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        address = value.strip().rstrip("/").removesuffix("/wp-json")
        if not re.fullmatch(r"https?://[^\s?#]+", address):
            raise ValueError("use the store's address, such as https://shop.example")
        return address

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str | None) -> str | None:
        if value and value not in available_timezones():
            raise ValueError("use an IANA zone, such as Europe/London")
        return ZoneInfo(value).key if value else None


class WooCommerceSettings(SourceSettings):
    """WooCommerce.

    Attributes:
        stores: The stores to load.
        requests_per_second: How often one store is asked at most; WooCommerce has no limit of its
            own, the machines it runs on do.
        variations_every_days: How often every product is asked for changed variations; those of
            changed products come with each run.
        reconcile_days: Orders made in so many days are looked for, so that deleted ones are
            noticed.
        reconcile_every_days: How often; 0 never.
    """

    model_config = SettingsConfigDict(env_prefix="WOOCOMMERCE__")

    stores: Numbered[StoreSettings] = ()
    requests_per_second: Annotated[float, Field(gt=0)] = 3.0
    variations_every_days: Annotated[int, Field(ge=1)] = 1
    reconcile_days: Annotated[int, Field(ge=1)] = 180
    reconcile_every_days: Annotated[int, Field(ge=0)] = 1

    def accounts(self) -> tuple[StoreSettings, ...]:
        """The stores."""
        return self.stores
