"""Postal addresses, made of their owner's columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sandbox.vendors.shopify.columns import gid, optional, same, texts
from sandbox.vendors.shopify.frames import Frame, Leaf, Rows, always

COUNTRIES = {
    "AT": "Austria", "AU": "Australia", "BE": "Belgium", "BG": "Bulgaria", "CA": "Canada",
    "CH": "Switzerland", "CY": "Cyprus", "CZ": "Czech Republic", "DE": "Germany",
    "DK": "Denmark", "EE": "Estonia", "ES": "Spain", "FI": "Finland", "FR": "France",
    "GB": "United Kingdom", "GR": "Greece", "HR": "Croatia", "HU": "Hungary", "IE": "Ireland",
    "IT": "Italy", "LT": "Lithuania", "LU": "Luxembourg", "LV": "Latvia", "MT": "Malta",
    "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand", "PL": "Poland", "PT": "Portugal",
    "RO": "Romania", "SE": "Sweden", "SI": "Slovenia", "SK": "Slovakia", "US": "United States",
}  # fmt: skip


def address_frame(
    table: pd.DataFrame, ids: Rows, prefix: str, names: tuple[NDArray[np.object_], Leaf, Leaf]
) -> Frame:
    """``MailingAddress`` of every row of ``table``.

    Args:
        table: The owners.
        ids: Their numeric ids.
        prefix: Put before the column names (``ship_``).
        names: Whole name, first name and last name.
    """
    whole, first, last = names
    codes = texts(table, f"{prefix}country_code")
    country = np.array([COUNTRIES.get(code, "") for code in codes.tolist()], object)
    fields = {
        name: optional(texts(table, prefix + column))
        for name, column in {
            "address1": "address1",
            "city": "city",
            "province": "province",
            "provinceCode": "province_code",
            "zip": "zip",
            "countryCodeV2": "country_code",
            "phone": "phone",
        }.items()
        if prefix + column in table
    }
    return Frame(
        always("MailingAddress"),
        ids,
        {
            "id": gid("MailingAddress", ids),
            "name": optional(whole),
            "firstName": first,
            "lastName": last,
            "company": same(None),
            "address2": same(None),
            "phone": same(None),
            "country": optional(country),
            **fields,
        },
    )


def split_name(whole: NDArray[np.object_]) -> tuple[Leaf, Leaf]:
    """First and last name of a receiver."""
    parts = [name.rpartition(" ") for name in whole.tolist()]
    first = np.array([part[0] for part in parts], object)
    last = np.array([part[2] for part in parts], object)
    return optional(first), optional(last)
