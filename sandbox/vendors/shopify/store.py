"""One shop as far as its API can see it: the ledger's tables, and the frames made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sandbox.vendors.shopify.columns import Bags, ints, texts
from sandbox.vendors.shopify.frames import NONE, Frame, Many, Rows, children, rows_of
from sandbox.vendors.shopify.tips import with_tip_line_ids, with_tip_lines
from sandbox.world.ledger import Ledger

_WITHOUT_THEIR_ORDER = ("checkouts", "web_events", "gift_cards")
"""Tables whose rows stay when their order is deleted."""

Builder = Callable[["Store"], Frame]


class Store:
    """The visible part of one shop; frames are built when they are first asked for.

    Attributes:
        ledger: The view of the world.
        handle: The shop's handle: ``<handle>.myshopify.com``.
        now: The moment of the view.
        currency: ISO code of its money.
    """

    def __init__(
        self, ledger: Ledger, handle: str, now: pd.Timestamp, builders: Mapping[str, Builder]
    ) -> None:
        """Take a shop of a ledger that is already cut to ``now``."""
        self.ledger, self.handle, self.now = ledger, handle, now
        self._builders = builders
        self._tables: dict[str, pd.DataFrame] = {}
        self._frames: dict[str, Frame] = {}
        self._made: dict[tuple[str, ...], Any] = {}
        stores = ledger.stores
        self.row = stores[stores["shop"] == handle].iloc[0]
        self.currency = str(self.row["currency"])
        self.taxes_included = bool(self.row["taxes_included"])

    def table(self, name: str) -> pd.DataFrame:
        """The shop's rows of a table, without deleted orders and what belongs to them."""
        if name not in self._tables:
            frame = getattr(self.ledger, name)
            frame = frame[(frame["shop"] == self.handle).to_numpy()]
            if name == "orders":
                frame = frame[frame["deleted_at"].isna()]
            elif "order_id" in frame and name not in _WITHOUT_THEIR_ORDER:
                ids = frame["order_id"].to_numpy(np.int64)
                frame = frame[self.order_rows(ids) != NONE]
            if name == "order_lines":
                frame = with_tip_lines(frame, self.table("orders"))
            elif name == "sales_entries":
                frame = with_tip_line_ids(frame)
            self._tables[name] = frame.reset_index(drop=True)
        return self._tables[name]

    def once(self, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
        """What ``make`` gives, made once for this view of the shop."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def frame(self, name: str) -> Frame:
        """All objects of a type."""
        if name not in self._frames:
            self._frames[name] = self._builders[name](self)
        return self._frames[name]

    def link(self, name: str) -> Callable[[], Frame]:
        """A frame that is built when it is needed."""
        return lambda: self.frame(name)

    def many(self, name: str, parents: Rows, count: int) -> Many:
        """A list or connection.

        Args:
            name: Frame of the children.
            parents: Row of the parent of each child.
            count: Number of parents.
        """
        return Many(self.link(name), *children(parents, count))

    def ids(self, table: str, column: str) -> Rows:
        """An id column of one of the shop's tables."""
        return ints(self.table(table), column)

    def rows(self, table: str, column: str, parent: str, parent_column: str) -> Rows:
        """The row of ``parent`` that each row of ``table`` points at."""
        return rows_of(self.ids(table, column), self.ids(parent, parent_column))

    def orders_of(self, table: str) -> Rows:
        """The row of the order that each row of ``table`` belongs to."""
        return self.order_rows(self.ids(table, "order_id"))

    def order_rows(self, ids: Rows) -> Rows:
        """The row of each order id; ``NONE`` for orders that are not there or deleted."""
        known, order = self._order_index
        if not known.size:
            return np.full(len(ids), NONE, np.int64)
        place = np.minimum(np.searchsorted(known, ids), known.size - 1)
        return np.where(known[place] == ids, order[place], NONE)

    @cached_property
    def _order_index(self) -> tuple[Rows, Rows]:
        ids = ints(self.table("orders"), "order_id")
        order = np.argsort(ids)
        return ids[order], order

    def bags(self, table: str | None = None) -> Bags:
        """Money in the shop's and the buyer's currency.

        Args:
            table: A table with an order on every row; ``None`` for the orders themselves.
        """
        orders = self.table("orders")
        return Bags(
            self.currency,
            texts(orders, "presentment_currency"),
            orders["presentment_rate"].to_numpy(np.float64),
            None if table is None else self.orders_of(table),
        )

    def own_bags(self, count: int) -> Bags:
        """Money where the buyer sees the shop's currency."""
        return Bags(self.currency, np.full(count, self.currency, object), np.ones(count))

    def sums(self, table: str, column: str, keep: NDArray[np.bool_] | None = None) -> Rows:
        """The sum of a column over an order's rows of ``table``, one per order."""
        return self.totals(self.orders_of(table), self.ids(table, column), keep)

    def totals(self, orders: Rows, values: Rows, keep: NDArray[np.bool_] | None = None) -> Rows:
        """The sum of ``values`` by order, one per order; only those to ``keep``."""
        if keep is not None:
            orders, values = orders[keep], values[keep]
        count = len(self.table("orders"))
        return np.bincount(orders, values, count).astype(np.int64)
