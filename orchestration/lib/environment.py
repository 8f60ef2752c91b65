"""What dbt gets to know of the settings: it reads nothing but its environment."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import yaml

from ingestion.destinations import Warehouse
from ingestion.errors import SettingsError
from ingestion.settings import Settings

SALT_FILE = "privacy_salt"


def dbt_environment(settings: Settings) -> dict[str, str]:
    """The variables that `dbt_project/` and its profile read.

    Args:
        settings: The settings; PRIVACY_SALT is made and kept where a DuckDB has none yet.

    Returns:
        Names and values, secrets in clear: for a child process, never for a log.

    Raises:
        SettingsError: The warehouse cannot be told from the settings, or has no PRIVACY_SALT.
    """
    target = target_dir(settings)
    return Warehouse(settings).dbt_environment() | {
        "SCHEMA_PREFIX": Warehouse(settings).schema(""),
        "PRIVACY_SALT": privacy_salt(settings),
        "DBT_PROJECT_DIR": str(project_dir(settings)),
        "DBT_PROFILES_DIR": str(profiles_dir(settings)),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def project_dir(settings: Settings) -> Path:
    """The dbt project."""
    return (settings.project_dir / "dbt_project").resolve()


def variables(settings: Settings) -> dict[str, Any]:
    """The variables of the dbt project, by name."""
    content = yaml.safe_load((project_dir(settings) / "dbt_project.yml").read_text())
    return dict(content.get("vars") or {})


def profiles_dir(settings: Settings) -> Path:
    """The folder of `profiles.yml`.

    Raises:
        SettingsError: There is none.
    """
    folder = project_dir(settings)
    if not (folder / "profiles.yml").exists():
        raise SettingsError(
            "dbt_project/profiles.yml is not there",
            remedy="Run make setup, or: cp profiles.yml.example dbt_project/profiles.yml",
        )
    return folder


def target_dir(settings: Settings) -> Path:
    """Where dbt writes its artifacts; one folder a warehouse, so that two never mix."""
    return settings.data_dir.resolve() / "dbt" / Warehouse(settings).identity


def privacy_salt(settings: Settings) -> str:
    """The salt that keys of persons are made with, as 64 hexadecimal digits.

    A laptop's own warehouse gets one that is kept beside it; several people who share a database
    must share the salt too, so there it has to be set.

    Raises:
        SettingsError: It is not set and the warehouse is shared.
    """
    if settings.privacy_salt:
        return settings.privacy_salt.get_secret_value()
    if settings.warehouse != "duckdb":
        raise SettingsError(
            "PRIVACY_SALT is not set",
            remedy="Put PRIVACY_SALT= and 64 hexadecimal digits (openssl rand -hex 32) into .env, "
            "the same for everyone who builds in this database",
        )
    file = settings.data_dir / SALT_FILE
    if not file.exists() or not file.stat().st_size:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text().strip()
