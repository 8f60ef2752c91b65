"""Yotpo's section of the settings: `YOTPO__STORES__0__NAME` and so on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings


class YotpoStoreSettings(BaseModel):
    """One store; its reviews, its loyalty programme, or both.

    Attributes:
        name: Your name of it; the seed `account_stores` maps it to a store.
        store_id: The store id (once called app key) of the reviews.
        secret: The secret of the reviews.
        loyalty_guid: The GUID of loyalty & referrals, a product of its own.
        loyalty_api_key: Its API key.
        base_url: Where the reviews' API answers.
        loyalty_url: Where the API of loyalty & referrals answers.
    """

    name: str
    store_id: str = ""
    secret: SecretStr = SecretStr("")
    loyalty_guid: str = ""
    loyalty_api_key: SecretStr = SecretStr("")
    base_url: str = "https://api.yotpo.com"
    loyalty_url: str = "https://loyalty.yotpo.com"

    @model_validator(mode="after")
    def _is_complete(self) -> YotpoStoreSettings:
        if bool(self.store_id) != bool(self.secret.get_secret_value()):
            raise ValueError("set both STORE_ID and SECRET")
        if bool(self.loyalty_guid) != bool(self.loyalty_api_key.get_secret_value()):
            raise ValueError("set both LOYALTY_GUID and LOYALTY_API_KEY")
        if not self.store_id and not self.loyalty_guid:
            raise ValueError("set STORE_ID and SECRET, or LOYALTY_GUID and LOYALTY_API_KEY")
        return self

    @property
    def account_id(self) -> str:
        """The name."""
        return self.name


class YotpoSettings(SourceSettings):
    """Yotpo.

    Attributes:
        stores: The stores to load (`YOTPO__STORES__0__…`).
        loyalty_requests_per_second: How often loyalty & referrals may be asked; Yotpo publishes no
            limit.
        details_every_days: The points and clicks of members whose summary did not change are read
            again so often: a click on a referral link changes nothing else.
    """

    model_config = SettingsConfigDict(env_prefix="YOTPO__", populate_by_name=True)

    stores: Numbered[YotpoStoreSettings] = ()
    loyalty_requests_per_second: Annotated[float, Field(gt=0)] = 10
    details_every_days: Annotated[int, Field(ge=1)] = 7

    def accounts(self) -> tuple[YotpoStoreSettings, ...]:
        """The stores."""
        return self.stores
