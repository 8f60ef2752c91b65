"""Typeform's section of the settings: `TYPEFORM__ACCOUNTS__0__NAME` and so on."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]


class TypeformAccountSettings(BaseModel):
    """One token.

    Attributes:
        name: Your name of it; the seed `account_stores` maps it to a store.
        token: A personal token that may read forms and responses.
        forms: Ids of the forms to load; none loads all that the token sees.
        email_field: The hidden field that carries the person's address.
        customer_field: The hidden field that carries the shop's id of the customer.
        order_field: The hidden field that carries the order's id.
        nps_refs: Refs of the questions that count for the net promoter score; none takes every
            opinion scale from 0 to 10.
        csat_refs: Refs of the questions that ask how satisfied somebody is.
        base_url: Where the API answers.
    """

    name: str
    token: SecretStr
    forms: Words = ()
    email_field: str = "email"
    customer_field: str = "customer_id"
    order_field: str = "order_id"
    nps_refs: Words = ()
    csat_refs: Words = ()
    base_url: str = "https://api.typeform.com"

    @property
    def account_id(self) -> str:
        """The name."""
        return self.name


class TypeformSettings(SourceSettings):
    """Typeform.

    Attributes:
        tokens: The accounts to load (`TYPEFORM__ACCOUNTS__0__…`).
    """

    model_config = SettingsConfigDict(env_prefix="TYPEFORM__", populate_by_name=True)

    tokens: Annotated[
        Numbered[TypeformAccountSettings], Field(validation_alias="TYPEFORM__ACCOUNTS")
    ] = ()

    def accounts(self) -> tuple[TypeformAccountSettings, ...]:
        """The accounts."""
        return self.tokens
