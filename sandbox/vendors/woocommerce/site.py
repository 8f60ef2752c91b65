"""One shop as its site shows it: the view's rows by shop, times, money, links."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sandbox.vendors.woocommerce.ids import Ids
from sandbox.world.ledger import Ledger

Object = dict[str, Any]
TRASH_DAYS = pd.Timedelta(days=30)
ITEM_RIGHTS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}


class Site:
    """The visible part of one shop.

    Attributes:
        view: The world as of the clock.
        shop: The shop's handle.
        ids: Its numbers.
        now: The clock.
        address: Where the site answers.
    """

    def __init__(
        self, view: Ledger, shop: str, *, ids: Ids, now: pd.Timestamp, address: str
    ) -> None:
        """Take a shop of a ledger that is already cut to ``now``."""
        self.view, self.shop, self.ids, self.now = view, shop, ids, now
        self.address = address
        stores = view.stores
        self.row = stores[stores["shop"] == shop].iloc[0]
        self.currency = str(self.row["currency"])
        self.zone = str(self.row["timezone"])
        self.taxes_included = bool(self.row["taxes_included"])

    @property
    def api(self) -> str:
        """Where the REST API starts."""
        return f"{self.address}/wp-json/wc/v3"

    def table(self, name: str) -> pd.DataFrame:
        """The shop's rows of a table."""
        frame: pd.DataFrame = getattr(self.view, name)
        return frame[(frame["shop"] == self.shop).to_numpy()]

    def records(self, name: str) -> list[Object]:
        """The shop's rows of a table, each by its columns."""
        return self.table(name).to_dict("records")

    def by_order(self, name: str) -> dict[int, list[Object]]:
        """The shop's rows of a table, by the order they belong to."""
        found: dict[int, list[Object]] = {}
        for row in self.records(name):
            found.setdefault(int(row["order_id"]), []).append(row)
        return found

    def times(self, name: str, moment: Any) -> Object:
        """A time in the site's zone and in GMT, both without an offset; null where there is none.

        Args:
            name: `date_` and this, in front of `_gmt`.
            moment: When, or NaT.
        """
        if moment is None or pd.isna(moment):
            return {f"date_{name}": None, f"date_{name}_gmt": None}
        return {
            f"date_{name}": f"{moment.tz_convert(self.zone):%Y-%m-%dT%H:%M:%S}",
            f"date_{name}_gmt": f"{moment:%Y-%m-%dT%H:%M:%S}",
        }

    def links(self, path: str, rights: tuple[str, ...] = ITEM_RIGHTS, **others: str) -> Object:
        """`_links` of an object.

        Args:
            path: Of the object below the API.
            rights: What may be done with it.
            **others: Further relations and their paths.
        """
        own = {"href": f"{self.api}/{path}", "targetHints": {"allow": list(rights)}}
        collection = {"href": f"{self.api}/{path.rpartition('/')[0]}"}
        more = {name: [{"href": f"{self.api}/{each}"}] for name, each in others.items()}
        return {"self": [own], "collection": [collection], **more}


def money(cents: int) -> str:
    """Cents as WordPress writes them."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def number(value: float) -> int | float:
    """A number as PHP's JSON has it: whole ones without a fraction."""
    return int(value) if float(value).is_integer() else float(value)


def meta(items: dict[str, Any], first: int = 1, *, shown: bool = False) -> list[Object]:
    """`meta_data`: pairs of key and value with numbers of their own.

    Args:
        items: The pairs.
        first: Number of the first.
        shown: Whether each says how it is displayed, as those of lines do.
    """
    found: list[Object] = []
    for place, (key, value) in enumerate(items.items()):
        pair: Object = {"id": first + place, "key": key, "value": value}
        found.append(pair | ({"display_key": key, "display_value": value} if shown else {}))
    return found


def several_variants(site: Site) -> set[int]:
    """Products that are sold in variations; the others are simple."""
    counts = site.table("variants").groupby("product_id").size()
    return set(counts[counts > 1].index)
