"""The shop itself, and its one location."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.vendors.shopify.addresses import COUNTRIES
from sandbox.vendors.shopify.columns import Times, gid, itself, moment, same, text, unsigned
from sandbox.vendors.shopify.frames import Frame, Leaf, One, always
from sandbox.vendors.shopify.stock import levels_by
from sandbox.vendors.shopify.store import Store

_CITIES = {"DE": ("Berlin", "10115"), "US": ("New York", "10001")}


def shops(store: Store) -> Frame:
    """One row: the shop."""
    ids = np.array([int(store.row["shop_id"])])
    since = opened(store)
    plan = Frame(
        always("ShopPlan"),
        np.empty(0, np.int64),
        {
            "publicDisplayName": same("Shopify Plus"),
            "partnerDevelopment": same(False),
            "shopifyPlus": same(True),
        },
    )
    address = Frame(
        always("ShopAddress"),
        ids,
        {"id": gid("ShopAddress", ids), "countryCodeV2": same(str(store.row["country"]))},
    )
    return Frame(
        always("Shop"),
        ids,
        {
            "id": gid("Shop", ids),
            "name": same(str(store.row["name"])),
            "myshopifyDomain": same(f"{store.handle}.myshopify.com"),
            "url": same(f"https://{store.handle}.myshopify.com"),
            "email": same(str(store.row["email"])),
            "contactEmail": same(str(store.row["email"])),
            "currencyCode": same(store.currency),
            "enabledPresentmentCurrencies": Leaf(
                lambda rows: [_currencies(store)] * len(rows), "list"
            ),
            "ianaTimezone": same(str(store.row["timezone"])),
            "taxesIncluded": same(store.taxes_included),
            "taxShipping": same(True),
            "createdAt": moment(since),
            "updatedAt": moment(since),
            "plan": One(lambda: plan, itself()),
            "shopAddress": One(lambda: address, itself()),
        },
    )


def locations(store: Store) -> Frame:
    """One row: the warehouse."""
    ids = np.array([int(store.row["shop_id"]) * 10 + 1])
    code = str(store.row["country"])
    city, postcode = _CITIES.get(code, ("", ""))
    since = opened(store)
    address = Frame(
        always("LocationAddress"),
        np.empty(0, np.int64),
        {
            "address1": same("1 Market Street"),
            "city": same(city),
            "zip": same(postcode),
            "country": same(COUNTRIES[code]),
            "countryCode": same(code),
            "provinceCode": same(None),
        },
    )
    return Frame(
        always("Location"),
        ids,
        {
            "id": gid("Location", ids),
            "legacyResourceId": unsigned(ids),
            "name": text(np.array(["Warehouse"], object)),
            "isActive": same(True),
            "fulfillsOnlineOrders": same(True),
            "shipsInventory": same(True),
            "createdAt": moment(since),
            "updatedAt": moment(since),
            "address": One(lambda: address, itself()),
            "inventoryLevels": levels_by(store, "location_id", ids),
        },
    )


def opened(store: Store) -> Times:
    """When the shop was opened, as a column of one row."""
    created = pd.Timestamp(store.row["created_at"]).tz_convert(None)
    return np.array([created.to_datetime64()], "datetime64[s]")


def _currencies(store: Store) -> list[str]:
    return sorted({store.currency, *store.table("orders")["presentment_currency"].unique()})
