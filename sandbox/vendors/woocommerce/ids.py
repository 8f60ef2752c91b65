"""Small numbers, as WordPress gives them: every site counts from one.

Posts share one count, and so do the items of orders. Numbers are ranks over the whole ledger, the
future included, so that none ever shifts; those of orders and customers are `sandbox.shown_ids`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.ledger import Ledger

Numbers = dict[int, int]
POSTS = (
    ("orders", "order_id"),
    ("refunds", "refund_id"),
    ("products", "product_id"),
    ("variants", "variant_id"),
    ("discount_codes", "discount_id"),
)
ITEMS = (
    ("order_lines", "line_id"),
    ("shipping_lines", "shipping_line_id"),
    ("refund_lines", "refund_line_id"),
    ("refund_shipping_lines", "refund_id"),
    ("discount_allocations", "allocation_id"),
)
USERS = (("customers", "customer_id"),)
TERMS = (("categories", "category_id"),)
UNCATEGORIZED = 15


class Ids:
    """The numbers of one shop.

    Args:
        ledger: The whole ledger.
        shop: The shop's handle.
    """

    def __init__(self, ledger: Ledger, shop: str) -> None:
        self._numbers: dict[str, Numbers] = {}
        self.last = 0
        spaces = ((POSTS, 1), (ITEMS, 1), (USERS, 1), (TERMS, UNCATEGORIZED + 1))
        for tables, first in spaces:
            for name, column in tables:
                self._numbers[name] = _ranks(getattr(ledger, name), column, shop, first)
                first += len(self._numbers[name])
            self.last = max(self.last, first)
        self.admin = len(self._numbers["customers"]) + 1

    def of(self, table: str, ledger_id: int) -> int:
        """The number of a row of the ledger."""
        return self._numbers[table][int(ledger_id)]


def _ranks(frame: pd.DataFrame, column: str, shop: str, first: int) -> Numbers:
    own = np.sort(frame.loc[(frame["shop"] == shop).to_numpy(), column].to_numpy(np.int64))
    return {int(number): first + place for place, number in enumerate(np.unique(own))}
