"""How a command begins: the settings, the log files, and the demo's settings where there are none.

`make demo` keeps its variables in `.data/demo.env`. As long as nobody wrote a `.env`, or says by a
variable which warehouse or sources are meant, they stand in for it: so Dagster, the docs and a
second run show the demo without any setting.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingestion.settings import Settings

DEMO_VARIABLE = "BASKETLINE_DEMO"
# Whoever sets one of these means a warehouse or sources of their own.
_OWN_CHOICE = ("WAREHOUSE", "DUCKDB_PATH", "POSTGRES_URL", "SOURCES")


def open_settings(**values: Any) -> Settings:
    """Reads the settings and starts logging.

    Args:
        **values: Fields of `Settings` that the command line gave; None is not given.

    Returns:
        The settings.

    Raises:
        SettingsError: Naming the variable that is wrong.
    """
    from ingestion.settings import load_settings
    from orchestration.lib.logs import configure_logging

    if uses_demo_settings():
        take_over(demo_file())
    given = {name: value for name, value in values.items() if value is not None}
    settings = load_settings(**given)
    configure_logging(settings.log_format)
    return settings


def data_dir() -> Path:
    """Where everything generated goes, before there are settings."""
    return Path(os.environ.get("DATA_DIR") or ".data")


def demo_file() -> Path:
    """Where the demo keeps its variables."""
    return data_dir() / "demo.env"


def uses_demo_settings() -> bool:
    """Whether the demo's variables stand in for a `.env` that is not there."""
    if os.environ.get(DEMO_VARIABLE):
        return True
    if Path(".env").exists() or any(os.environ.get(name) for name in _OWN_CHOICE):
        return False
    return demo_file().exists()


def take_over(file: Path, *, again: bool = False) -> None:
    """Puts the demo's variables into the environment, for this process and those it starts.

    Args:
        file: The demo's variables.
        again: Whether they replace what is there; else what the user set wins.
    """
    for line in file.read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith("#") and (again or name not in os.environ):
            os.environ[name] = value
    os.environ[DEMO_VARIABLE] = "1"
