"""Every switch and every secret: the one place that reads the environment and `.env`.

A source brings its own section as a subclass of `SourceSettings` beside its spec; several accounts
of one vendor are numbered from 0 (`SHOPIFY__STORES__0__SHOP`, `SHOPIFY__STORES__1__SHOP`).
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ingestion.errors import SettingsError

Engine = Literal["duckdb", "postgres", "snowflake"]
ItemT = TypeVar("ItemT")
SectionT = TypeVar("SectionT", bound="SourceSettings")


def _numbered_to_list(value: Any) -> Any:
    """`{"0": a, "1": b}`, as the environment gives it, becomes `[a, b]`."""
    if isinstance(value, dict) and all(str(key).isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value


Numbered = Annotated[tuple[ItemT, ...], BeforeValidator(_numbered_to_list)]
"""A list that the environment spells with numbers: `FILES__FEEDS__0__PATH`."""


def _blank_to_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _split_commas(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


class Account(Protocol):
    """One account of a vendor: what every source's settings list."""

    @property
    def account_id(self) -> str:
        """The vendor's own name of the account; it stands in `_account_id` of every raw row."""
        ...


class SourceSettings(BaseSettings):
    """Base of a source's section. Subclasses set `env_prefix` (`SHOPIFY__`) in `model_config`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_nested_delimiter="__", extra="ignore", hide_input_in_errors=True
    )

    def accounts(self) -> tuple[Account, ...]:
        """The accounts to load, in the order of the settings."""
        raise NotImplementedError


class SnowflakeSettings(BaseModel):
    """How to reach Snowflake."""

    account: str = ""
    user: str = ""
    password: SecretStr = SecretStr("")
    role: str = ""
    database: str = ""
    warehouse: str = ""
    host: str = ""
    port: int = 443
    protocol: str = "https"


class Settings(BaseSettings):
    """What is not one source's own.

    Attributes:
        warehouse: Where the data goes.
        duckdb_path: The file, where the warehouse is DuckDB.
        postgres_url: `postgresql://user:password@host:5432/database`; a unix socket's folder goes
            into `?host=`.
        warehouse_env: Prefix of every schema, so that several people share one database.
        sources: The sources that are switched on.
        loads_at_once: How many sources load side by side in a daily run.
        reporting_currency: ISO 4217 code of the currency that marts report in.
        privacy_salt: 64 hexadecimal digits; keys of persons are made with it.
        as_of: The day that reports look back from; unset, the newest complete day in the data.
        schedule_cron: When the daily run starts.
        alert_webhook_url: Where failures are told; its address is a secret.
        dagster_url: Where Dagster's pages are, for the links in alerts.
        s3_endpoint: Where exports to s3:// go, if not to Amazon: http://host:port.
        log_format: `text` or `json`.
        data_dir: Where everything generated goes.
        project_dir: The folder that has `dbt_project/`.
    """

    model_config = SettingsConfigDict(
        env_file=".env", env_nested_delimiter="__", extra="ignore", hide_input_in_errors=True
    )

    warehouse: Engine = "duckdb"
    duckdb_path: Path = Path(".data/warehouse.duckdb")
    postgres_url: SecretStr = SecretStr("postgresql://postgres@localhost:5432/postgres")
    snowflake: SnowflakeSettings = SnowflakeSettings()
    warehouse_env: str = ""
    sources: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)] = ("files",)
    loads_at_once: Annotated[int, Field(ge=1)] = 2
    reporting_currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    privacy_salt: Annotated[SecretStr | None, BeforeValidator(_blank_to_none)] = None
    as_of: Annotated[dt.date | None, BeforeValidator(_blank_to_none)] = None
    schedule_cron: str = "0 2 * * *"
    alert_webhook_url: Annotated[SecretStr | None, BeforeValidator(_blank_to_none)] = None
    dagster_url: str = "http://127.0.0.1:3000"
    s3_endpoint: str = ""
    log_format: Literal["text", "json"] = "text"
    data_dir: Path = Path(".data")
    project_dir: Path = Path(__file__).parent.parent

    @field_validator("warehouse_env")
    @classmethod
    def _fits_a_schema_name(cls, value: str) -> str:
        if value and not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", value):
            raise ValueError("use lower-case letters, digits and _, starting with a letter")
        return value

    @field_validator("privacy_salt")
    @classmethod
    def _is_a_salt(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[0-9a-fA-F]{64}", value.get_secret_value()):
            raise ValueError("use 64 hexadecimal digits, for example from `openssl rand -hex 32`")
        return value


def load_settings(*, env_file: Path | str | None = ".env", **values: Any) -> Settings:
    """Reads the settings; given values win over the environment, that over `.env`.

    Args:
        env_file: The file of variables; None reads none.
        **values: Fields of `Settings`, as from a command line.

    Returns:
        The settings.

    Raises:
        SettingsError: Naming the variable that is wrong.
    """
    try:
        return Settings(_env_file=env_file, **values)
    except ValidationError as error:
        raise _settings_error(error, Settings) from None


def load_section(
    section: type[SectionT], *, env_file: Path | str | None = ".env", **values: Any
) -> SectionT:
    """Reads one source's section.

    Args:
        section: The source's settings class.
        env_file: The file of variables; None reads none.
        **values: Fields of the section, as from a command line.

    Returns:
        The section.

    Raises:
        SettingsError: Naming the variable that is wrong.
    """
    try:
        return section(_env_file=env_file, **values)
    except ValidationError as error:
        raise _settings_error(error, section) from None


def _settings_error(error: ValidationError, section: type[BaseSettings]) -> SettingsError:
    """The first thing that is wrong, by the name of its variable and never its value."""
    first = error.errors(include_input=False, include_url=False)[0]
    name, *rest = (str(part) for part in first["loc"])
    field = section.model_fields.get(name)
    alias = field.validation_alias if field else None
    prefix = section.model_config.get("env_prefix", "")
    head = alias if isinstance(alias, str) else prefix + name
    variable = "__".join((head, *rest)).upper()
    reason = first["msg"].removeprefix("Value error, ")
    return SettingsError(
        f"{variable} is not usable: {reason[0].lower()}{reason[1:]}",
        remedy=f"Set {variable} in .env (see .env.example)",
    )
