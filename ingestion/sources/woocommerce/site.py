"""What a store says about itself: its zone, money and prices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ingestion.sources.woocommerce.api import WooApi
from ingestion.sources.woocommerce.rows import Row
from ingestion.sources.woocommerce.settings import StoreSettings


def store_row(store: StoreSettings, api: WooApi, note: Callable[[str], None]) -> Row:
    """The store's own row.

    Args:
        store: Its settings.
        api: Its API.
        note: Is told where the zone of its days is a guess.
    """
    site = api.site()
    values = {
        each["id"]: each.get("value")
        for group in ("general", "tax")
        for each in api.get(f"settings/{group}")
    }
    zone, is_guess = zone_of(site.get("timezone_string"), site.get("gmt_offset"))
    if is_guess and not store.timezone:
        note(
            f"woocommerce {store.name}: WordPress knows no zone, {zone} is taken for its days."
            " Choose a city under Settings > General, or set …__TIMEZONE"
        )
    country = str(values.get("woocommerce_default_country") or "")
    return {
        "id": store.name,
        "name": site.get("name"),
        "url": site.get("home") or store.url,
        "timezone": store.timezone or zone,
        "currency": values.get("woocommerce_currency"),
        "country": country.split(":", maxsplit=1)[0] or None,
        "prices_include_tax": values.get("woocommerce_prices_include_tax") == "yes",
    }


def zone_of(name: Any, offset: Any) -> tuple[str, bool]:
    """The zone of a site, and whether it is a guess.

    Args:
        name: `timezone_string`: an IANA zone, or empty.
        offset: `gmt_offset`: hours.
    """
    if name:
        return str(name), False
    hours = float(offset or 0)
    if not hours.is_integer():
        return "UTC", True
    # POSIX turns the sign around: Etc/GMT-2 is two hours ahead.
    return (f"Etc/GMT{-int(hours):+d}" if hours else "UTC"), True
