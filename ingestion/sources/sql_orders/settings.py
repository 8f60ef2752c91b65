"""The section of shops' own databases: `SQL_ORDERS__DATABASES__0__NAME` and so on."""

from __future__ import annotations

from pydantic import BaseModel, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from ingestion.settings import Numbered, SourceSettings


class DatabaseSettings(BaseModel):
    """One database, of one shop.

    Attributes:
        name: Your name of the shop; it stands in `_account_id` of every raw row.
        url: Where it is, as SQLAlchemy writes it: `postgresql://`, `mysql+pymysql://`,
            `mssql+pymssql://` or `sqlite:///`; a user that may only read is best.
        mapping: Name of a mapping that ships with the project, or the path of your own.
    """

    name: str
    url: SecretStr
    mapping: str

    @property
    def account_id(self) -> str:
        """The name of the shop."""
        return self.name

    @field_validator("url")
    @classmethod
    def _is_a_url(cls, value: SecretStr) -> SecretStr:
        if "://" not in value.get_secret_value():
            raise ValueError("give an address such as postgresql://user:password@host/database")
        return value


class SqlOrdersSettings(SourceSettings):
    """Shops' own databases.

    Attributes:
        databases: The databases to read.
    """

    model_config = SettingsConfigDict(env_prefix="SQL_ORDERS__")

    databases: Numbered[DatabaseSettings] = ()

    def accounts(self) -> tuple[DatabaseSettings, ...]:
        """The databases."""
        return self.databases
