"""The settings that point the product at this sandbox."""

from __future__ import annotations

from pathlib import Path

from sandbox.vendors.meta_ads import META_TOKEN
from sandbox.vendors.shopify.access import admin_token
from sandbox.world.catalogue import SHOPS
from sandbox.world.channels import ACCOUNTS

SALT = "5a" * 32


def environment(port: int, state: Path) -> dict[str, str]:
    """Environment variables for the two shops, ad accounts, streams and the files.

    Args:
        port: Where the sandbox listens.
        state: Its state folder.
    """
    here = f"http://127.0.0.1:{port}"
    folder = state.resolve()
    settings = {"SOURCES": "shopify,meta_ads,ga4_events,files", "REPORTING_CURRENCY": "EUR",
                "PRIVACY_SALT": SALT}  # fmt: skip
    for number, shop in enumerate(SHOPS):
        prefix = f"SHOPIFY__STORES__{number}__"
        settings[f"{prefix}SHOP"] = shop
        settings[f"{prefix}ACCESS_TOKEN"] = admin_token(shop)
        settings[f"{prefix}BASE_URL"] = f"{here}/shopify/{shop}"
    for number, (account, *_) in enumerate(ACCOUNTS):
        prefix = f"META_ADS__ACCOUNTS__{number}__"
        settings[f"{prefix}ACCOUNT_ID"] = account
        settings[f"{prefix}ACCESS_TOKEN"] = META_TOKEN
        settings[f"{prefix}BASE_URL"] = f"{here}/meta_ads"
    for number, shop in enumerate(SHOPS):
        prefix = f"GA4_EVENTS__STREAMS__{number}__"
        settings[f"{prefix}NAME"] = shop
        settings[f"{prefix}PATH"] = str(folder / "ga4_events" / shop)
    settings["FILES__FEEDS__0__MAPPING"] = "demo_shop"
    settings["FILES__FEEDS__0__PATH"] = str(folder / "files")
    return settings


def env_lines(settings: dict[str, str]) -> str:
    """The settings as lines of an ``.env`` file."""
    return "\n".join(f"{name}={value}" for name, value in settings.items())
