"""A small shop whose raw rows arrive late, change and vanish from one daily load to the next.

Who does what is drawn; what has to happen at least once, whatever is drawn, is written down: a late
event that joins two visits, a visitor robbed of an event, two persons who turn out to be one, a
campaign and a product that are known only after they were clicked, a store that moves to another
time zone.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

START = dt.datetime(2026, 3, 26, tzinfo=dt.UTC)
EVENTS = ("page_view", "view_item", "add_to_cart", "begin_checkout", "scroll", "login", "sign_up")
ITEM_EVENTS = ("view_item", "add_to_cart")
CAMPAIGNS = ("spring", "summer", None, None, None)
MAIL_EVENTS = ("sent", "delivered", "opened", "clicked", "bounced", "unsubscribed")
# Most visitors are left alone on most days: what a run does not renew has to be right too.
VISITORS, PRODUCTS, CUSTOMERS = 80, 6, 10

Row = dict[str, Any]


class ChangingShop:
    """The raw tables of the `files` source, by entity, and the days that pass over them.

    Args:
        seed: Of everything that is drawn.
    """

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._rows: dict[str, dict[str, Row]] = {}
        self._day = 0
        self._count = 0
        self.deleted = 0
        self.changed = 0
        store = {"store_id": "1", "timezone": "Europe/Berlin", "currency_code": "EUR"}
        self._put("stores", "1", store)

    @property
    def tables(self) -> dict[str, list[Row]]:
        """Every raw table as it is now."""
        return {entity: list(rows.values()) for entity, rows in self._rows.items()}

    def pass_day(self) -> None:
        """One more day: what happens on it, and what becomes known of the days before."""
        self._day += 1
        for _ in range(90 if self._day == 1 else 6):
            self._visit(self._draw.randint(0, self._day - 1 if self._day > 1 else 0))
        for _ in range(20):
            self._mail()
        if self._day > 1:
            for entity in ("web_events", "web_event_items", "email_events"):
                self._forget(entity, 3)
            for _ in range(6):
                self._change_event()
            self._change("web_event_items", 2, self._other_product)
            self._change("email_events", 3, self._other_address)
        self._steered()
        self._sell()

    def _put(self, entity: str, key: str, row: Row) -> None:
        loaded_at = START + dt.timedelta(days=self._day, hours=4)
        self._rows.setdefault(entity, {})[key] = {**row, "_loaded_at": loaded_at.isoformat()}

    def _at(self, days_ago: int, seconds: int) -> str:
        day = START + dt.timedelta(days=self._day - days_ago)
        return (day + dt.timedelta(seconds=seconds)).isoformat()

    def _visit(self, days_ago: int) -> None:
        """Some events of a visitor, minutes apart; some gaps end the session."""
        visitor = f"v{self._draw.randrange(VISITORS)}"
        second = self._draw.randrange(86_400)
        for _ in range(self._draw.randint(1, 6)):
            self._event(visitor, self._draw.choice(EVENTS), self._at(days_ago, second))
            second += self._draw.randint(1, 40 * 60)

    def _event(self, visitor: str | None, name: str, at: str, **columns: Any) -> str:
        self._count += 1
        key = f"e{self._count}"
        customer = f"c{self._draw.randrange(CUSTOMERS)}" if name == "login" else None
        row = {
            "event_id": key,
            "event_name": name,
            "visitor_id": visitor if self._draw.random() > 0.05 else None,
            "customer_id": customer,
            "page_url": f"https://shop.example/products/{self._draw.randrange(PRODUCTS)}",
            "utm_campaign": self._draw.choice(CAMPAIGNS),
            "occurred_at": at,
        }
        self._put("web_events", key, row | columns)
        if name in ITEM_EVENTS:
            self._put("web_event_items", key, self._other_product({"event_id": key}))
        return key

    def _other_product(self, row: Row) -> Row:
        return {**row, "item_index": 0, "sku": f"sku-{self._draw.randrange(PRODUCTS)}"}

    def _other_address(self, row: Row) -> Row:
        return {**row, "email": f"c{self._draw.randrange(CUSTOMERS)}@example.com"}

    def _mail(self) -> None:
        self._count += 1
        key = f"m{self._count}"
        row = {
            "event_id": key,
            "event_type": self._draw.choice(MAIL_EVENTS),
            "message_id": f"message-{self._draw.randrange(30)}",
            "campaign_id": "spring",
            "click_url": "https://shop.example/",
            "occurred_at": self._at(self._draw.randint(0, 2), self._draw.randrange(86_400)),
        }
        self._put("email_events", key, self._other_address(row))

    def _forget(self, entity: str, count: int) -> None:
        rows = self._rows[entity]
        for key in self._draw.sample(sorted(rows), count):
            del rows[key]
            self.deleted += 1

    def _change(self, entity: str, count: int, change: Callable[[Row], Row]) -> None:
        rows = self._rows[entity]
        for key in self._draw.sample(sorted(rows), count):
            self._put(entity, key, change(rows[key]))
            self.changed += 1

    def _change_event(self) -> None:
        """The event turns out to be somebody else's, of another time, another page, or denied."""
        changes: tuple[Row, ...] = (
            {"visitor_id": f"v{self._draw.randrange(VISITORS)}"},
            {"occurred_at": self._at(self._draw.randint(0, 4), self._draw.randrange(86_400))},
            {"page_url": "https://shop.example/cart", "event_name": "view_cart"},
            {"has_consent": False},
            {"user_agent": "Googlebot/2.1"},
            {"utm_campaign": "summer", "customer_id": f"c{self._draw.randrange(CUSTOMERS)}"},
        )
        change = self._draw.choice(changes)
        self._change("web_events", 1, lambda row: row | change)

    def _sell(self) -> None:
        """Orders and the events that report them: once or twice, one of an order unknown."""
        for number in range(3):
            order = f"o{self._day}-{number}"
            at = self._at(self._draw.randint(0, 1), self._draw.randrange(86_400))
            visitor = f"v{self._draw.randrange(VISITORS)}"
            self._event(visitor, "purchase", at, order_id=order)
            if self._draw.random() < 0.4:
                earlier = self._at(2, self._draw.randrange(86_400))
                other = f"v{self._draw.randrange(VISITORS)}"
                self._event(other, "purchase", earlier, order_id=order)
            if number:
                customer = f"c{self._draw.randrange(CUSTOMERS)}"
                row = {"order_id": order, "placed_at": at, "email": f"{customer}@example.com"}
                self._put("orders", order, row | {"total_amount": "20"})

    def _steered(self) -> None:
        """What is not left to the draw."""
        noon = 12 * 3600
        customers = range(CUSTOMERS) if self._day == 1 else ()
        for number in customers:
            key = f"c{number}"
            self._put("customers", key, {"customer_id": key, "email": f"{key}@example.com"})
        if self._day == 1:
            for minutes in (0, 50):
                self._event("gap", "page_view", self._at(0, noon + 60 * minutes))
        if self._day == 2:
            # All that was built is touched by this, so it comes before the rest.
            store = {"store_id": "1", "timezone": "America/New_York", "currency_code": "EUR"}
            self._put("stores", "1", store)
        if self._day == 3:
            self._put("web_events", "between", {
                "event_id": "between", "event_name": "page_view", "visitor_id": "gap",
                "occurred_at": self._at(2, noon + 25 * 60),
            })  # fmt: skip
            for number in range(PRODUCTS):
                row = {"product_id": f"p{number}", "variant_id": f"w{number}"}
                self._put("product_variants", f"w{number}", row | {"sku": f"sku-{number}"})
        if self._day == 4:
            row = {"campaign_id": "spring", "campaign_name": "Spring", "campaign_type": "campaign"}
            self._put("email_campaigns", "spring", row)
            # The first customer has been the second all along.
            self._put("customers", "c0", {"customer_id": "c0", "email": "c1@example.com"})
            del self._rows["product_variants"]["w0"]
            del self._rows["orders"]["o1-1"]
        if self._day == 5:
            del self._rows["web_events"]["between"]
            del self._rows["customers"]["c0"]
