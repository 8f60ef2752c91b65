"""The settings that point the product at this sandbox."""

from __future__ import annotations

from pathlib import Path

from sandbox.feeds import feeds
from sandbox.vendors import vendors

SALT = "5a" * 32


def environment(port: int, state: Path) -> dict[str, str]:
    """Environment variables for every vendor and feed.

    Args:
        port: Where the sandbox listens.
        state: Its state folder.
    """
    told = {vendor.name: vendor.settings(_address(port, vendor.name)) for vendor in vendors()}
    told |= {feed.name: feed.settings(state.resolve()) for feed in feeds()}
    common = {"SOURCES": ",".join(told), "REPORTING_CURRENCY": "EUR", "PRIVACY_SALT": SALT}
    return common | {name: value for settings in told.values() for name, value in settings.items()}


def _address(port: int, vendor: str) -> str:
    return f"http://127.0.0.1:{port}/{vendor}"


def env_lines(settings: dict[str, str]) -> str:
    """The settings as lines of an ``.env`` file."""
    return "\n".join(f"{name}={value}" for name, value in settings.items())
