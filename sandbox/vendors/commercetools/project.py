"""One project as its API shows it: the view's rows, ids, times and money."""

from __future__ import annotations

import uuid
from typing import Any

import pandas as pd

from sandbox.shown_ids import NAMESPACE
from sandbox.world.ledger import Ledger

Object = dict[str, Any]


def identity(kind: str, ledger_id: Any) -> str:
    """The UUID of something; the same for ever, and the same as in the shop's own events."""
    return str(uuid.uuid5(NAMESPACE, f"{kind} {ledger_id}"))


class Project:
    """The visible part of one shop.

    Attributes:
        view: The world as of the clock.
        shop: The shop's handle, the project's key.
        now: The clock.
    """

    def __init__(self, view: Ledger, shop: str, now: pd.Timestamp) -> None:
        """Take a shop of a ledger that is already cut to ``now``."""
        self.view, self.shop, self.now = view, shop, now
        self.row = view.stores[view.stores["shop"] == shop].iloc[0]
        self.currency = str(self.row["currency"])
        self.country = str(self.row["country"])

    def records(self, name: str) -> list[Object]:
        """The shop's rows of a table, each by its columns."""
        frame: pd.DataFrame = getattr(self.view, name)
        return frame[(frame["shop"] == self.shop).to_numpy()].to_dict("records")

    def grouped(self, name: str, column: str) -> dict[int, list[Object]]:
        """The shop's rows of a table, by what they belong to."""
        found: dict[int, list[Object]] = {}
        for row in self.records(name):
            if not pd.isna(row[column]):
                found.setdefault(int(row[column]), []).append(row)
        return found

    def money(self, cents: int) -> Object:
        """Money of the project."""
        return {
            "type": "centPrecision",
            "currencyCode": self.currency,
            "centAmount": int(cents),
            "fractionDigits": 2,
        }

    def taxed(self, net: int, tax: int, portions: dict[int, int]) -> Object:
        """A price after tax.

        Args:
            net: Cents without tax.
            tax: Cents.
            portions: From a rate in basis points to the tax at it.
        """
        return {
            "totalNet": self.money(net),
            "totalGross": self.money(net + tax),
            "totalTax": self.money(tax),
            "taxPortions": [
                {"rate": rate / 10_000, "name": "VAT", "amount": self.money(part)}
                for rate, part in sorted(portions.items())
            ],
        }

    def tax_rate(self, basis_points: int) -> Object:
        """A tax rate; prices do not contain it."""
        return {
            "name": "VAT",
            "amount": basis_points / 10_000,
            "includedInPrice": bool(self.row["taxes_included"]),
            "country": self.country,
            "subRates": [],
        }

    def resource(self, kind: str, ledger_id: Any, created: Any, modified: Any) -> Object:
        """What every resource has."""
        by = {"clientId": "shop-frontend", "isPlatformClient": False}
        return {
            "id": identity(kind, ledger_id),
            "version": 1,
            "createdAt": moment(created),
            "lastModifiedAt": moment(modified),
            "createdBy": by,
            "lastModifiedBy": by,
        }


def moment(at: Any) -> str:
    """A time as commercetools writes it: to the millisecond."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def reference(kind: str, number: str) -> Object:
    """A reference to another resource."""
    return {"typeId": kind, "id": number}


def address(row: Object, prefix: str, *, key: str) -> Object:
    """An address of an order or customer.

    Args:
        row: The ledger's row.
        prefix: Of its columns.
        key: What the address is called within its owner.
    """
    found = {
        "id": key,
        "streetName": row[f"{prefix}address1"],
        "postalCode": row[f"{prefix}zip"],
        "city": row[f"{prefix}city"],
        "region": row[f"{prefix}province"],
        "country": row[f"{prefix}country_code"],
        "phone": row["phone"],
    }
    return {name: value for name, value in found.items() if value}
