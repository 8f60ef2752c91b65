"""Single cells of rows: ids, money, addresses, lists.

Names are Shopify's in snake case, `__` for nesting. A money bag gives its shop money and loses the
`Set` of its name; amounts stay the text that Shopify sends until they become decimals. Ids lose
`gid://shopify/<Type>/`; those of lines that are no line items say what they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

Object = Mapping[str, Any]
Row = dict[str, Any]

NOTHING: Object = {}


def plain_id(gid: str) -> str:
    """`gid://shopify/Order/5?key=1` is `5`."""
    tail = gid[gid.rfind("/") + 1 :]
    return tail.split("?", 1)[0] if "?" in tail else tail


def optional_id(value: Object | None) -> str | None:
    """The id of an object that may be absent."""
    return plain_id(value["id"]) if value else None


def kind_id(kind: str, gid: str) -> str:
    """An id that says of what it is, where ids of several kinds share a column."""
    return f"{kind}_{plain_id(gid)}"


def address(prefix: str, value: Object | None) -> Row:
    """The columns of an address that may be absent."""
    found = value or NOTHING
    return {
        f"{prefix}__country_code": found.get("countryCodeV2"),
        f"{prefix}__province_code": found.get("provinceCode"),
        f"{prefix}__province": found.get("province"),
        f"{prefix}__city": found.get("city"),
        f"{prefix}__zip": found.get("zip"),
    }


def money(bag: Object | None) -> str | None:
    """The shop money of a bag."""
    return bag["shopMoney"]["amount"] if bag else None


def sum_of(amounts: Iterable[str | None]) -> str:
    """The exact sum of amounts that are text; one amount is itself."""
    found = [amount for amount in amounts if amount is not None]
    if len(found) <= 1:
        return found[0] if found else "0"
    return str(sum(map(Decimal, found)))


def joined(words: Sequence[str]) -> str | None:
    """Words in one text; null where there is none."""
    return ",".join(words) or None


def as_json(values: Sequence[Any]) -> str | None:
    """A list as JSON; null where it is empty."""
    return orjson.dumps(values).decode() if values else None
