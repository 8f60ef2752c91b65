"""Visits to try a sessioniser on: cases by hand with what has to come out, and drawn ones.

All in Segment's messages, of a shop in London, where the clocks go forward at 01:00 UTC on
2026-03-29 and back at 01:00 UTC on 2025-10-26.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

ZONE = "Europe/London"
SHOP = "https://basketline-uk.example"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko Firefox/126.0"
NIGHTS = ("2025-10-25T22:00:00", "2026-03-28T22:00:00", "2026-02-10T22:00:00")
GAPS = (1, 20, 600, 1799, 1799.999999, 1800, 1800.000001, 1801, 5400, 86400)
"""Seconds between two events; a gap of 1800 is no longer one."""

Message = dict[str, Any]
Visit = tuple[str, str, int, str, int, str]


def message(visitor: str, number: int, at: str, kind: str = "page", **more: Any) -> Message:
    """One message.

    Args:
        visitor: Whose.
        number: Within the visitor's.
        at: When, UTC.
        kind: `page`, or the name of what was tracked.
        **more: `campaign`, `referrer`, `path`, `properties`, `agent`, `consent`.
    """
    moment = at if at.endswith("Z") else f"{at}Z"
    context = {
        "page": {"url": SHOP + more.get("path", "/"), "referrer": more.get("referrer", "")},
        "userAgent": more.get("agent", AGENT),
        "consent": {"categoryPreferences": {"Analytics": more.get("consent", True)}},
    }
    if "campaign" in more:
        context["campaign"] = more["campaign"]
    return {
        "type": "page" if kind == "page" else "track",
        **({} if kind == "page" else {"event": kind}),
        "messageId": f"{visitor}-{number:04d}",
        "anonymousId": visitor,
        "context": context,
        "properties": more.get("properties", {}),
        **dict.fromkeys(("originalTimestamp", "sentAt", "receivedAt"), moment),
    }


@dataclass(frozen=True)
class Case:
    """What a visitor does, and the sessions that have to come out.

    Attributes:
        name: Also of the visitor.
        messages: What the collector got.
        visits: (start, end, events, source, orders, day) of each.
    """

    name: str
    messages: tuple[Message, ...]
    visits: tuple[Visit, ...]


def _case(name: str, events: list[tuple[Any, ...]], visits: list[Visit]) -> Case:
    messages = (
        message(name, number, at, kind, **(more[0] if more else {}))
        for number, (at, kind, *more) in enumerate(events)
    )
    return Case(name, tuple(messages), tuple(visits))


NEWS = {"campaign": {"source": "newsletter", "medium": "email", "name": "march"}}
ADS = {"campaign": {"source": "google", "medium": "cpc", "name": "brand"}}
ORDER = {"properties": {"order_id": "edge-1"}}

CASES = (
    _case(
        "across midnight",
        [("2026-02-03T23:50:00", "page"), ("2026-02-04T00:10:00", "page"),
         ("2026-02-04T00:20:00", "Checkout Started")],
        [("2026-02-03T23:50:00", "2026-02-04T00:20:00", 3, "(direct)", 0, "2026-02-03")],
    ),
    _case(
        "two campaigns in one visit",
        [("2026-02-03T10:00:00", "page"), ("2026-02-03T10:05:00", "page", NEWS),
         ("2026-02-03T10:10:00", "page", ADS)],
        [("2026-02-03T10:00:00", "2026-02-03T10:10:00", 3, "newsletter", 0, "2026-02-03")],
    ),
    _case(
        "a gap of 29:59",
        [("2026-02-03T10:00:00", "page"), ("2026-02-03T10:29:59", "page")],
        [("2026-02-03T10:00:00", "2026-02-03T10:29:59", 2, "(direct)", 0, "2026-02-03")],
    ),
    _case(
        "a gap of 30:01",
        [("2026-02-03T10:00:00", "page", ADS), ("2026-02-03T10:30:01", "page")],
        [("2026-02-03T10:00:00", "2026-02-03T10:00:00", 1, "google", 0, "2026-02-03"),
         ("2026-02-03T10:30:01", "2026-02-03T10:30:01", 1, "(direct)", 0, "2026-02-03")],
    ),
    _case(
        # 00:50 is 00:50, and twenty minutes later it is 02:10.
        "the night of the clocks going forward",
        [("2026-03-29T00:50:00", "page"), ("2026-03-29T01:10:00", "page"),
         ("2026-03-29T22:55:00", "page"), ("2026-03-29T23:05:00", "page")],
        [("2026-03-29T00:50:00", "2026-03-29T01:10:00", 2, "(direct)", 0, "2026-03-29"),
         ("2026-03-29T22:55:00", "2026-03-29T23:05:00", 2, "(direct)", 0, "2026-03-29")],
    ),
    _case(
        # 01:50 is followed by 01:10, an hour and twenty minutes later; midnight was at 23:00 UTC.
        "the night of the clocks going back",
        [("2025-10-25T23:00:00", "page"), ("2025-10-26T00:50:00", "page"),
         ("2025-10-26T01:10:00", "page"), ("2025-10-26T01:45:00", "page")],
        [("2025-10-25T23:00:00", "2025-10-25T23:00:00", 1, "(direct)", 0, "2025-10-26"),
         ("2025-10-26T00:50:00", "2025-10-26T01:10:00", 2, "(direct)", 0, "2025-10-26"),
         ("2025-10-26T01:45:00", "2025-10-26T01:45:00", 1, "(direct)", 0, "2025-10-26")],
    ),
    _case(
        "an order that is told twice",
        [("2026-02-03T10:00:00", "page"), ("2026-02-03T10:01:00", "Order Completed", ORDER),
         ("2026-02-05T10:00:00", "page"), ("2026-02-05T10:01:00", "Order Completed", ORDER)],
        [("2026-02-03T10:00:00", "2026-02-03T10:01:00", 2, "(direct)", 1, "2026-02-03"),
         ("2026-02-05T10:00:00", "2026-02-05T10:01:00", 2, "(direct)", 0, "2026-02-05")],
    ),
    _case(
        "back from the payment page",
        [("2026-02-03T10:00:00", "page"),
         ("2026-02-03T10:02:00", "page", {"referrer": "https://www.paypal.com/pay"}),
         ("2026-02-03T10:03:00", "page", {"referrer": "https://www.google.co.uk/"})],
        [("2026-02-03T10:00:00", "2026-02-03T10:03:00", 3, "google.co.uk", 0, "2026-02-03")],
    ),
    _case(
        "from one page of the shop to the next",
        [("2026-02-03T10:00:00", "page", {"referrer": "https://blog.example/best-mugs"}),
         ("2026-02-03T10:02:00", "page", {"referrer": SHOP + "/"})],
        [("2026-02-03T10:00:00", "2026-02-03T10:02:00", 2, "blog.example", 0, "2026-02-03")],
    ),
    _case(
        "a click id without a tag",
        [("2026-02-03T10:00:00", "page", {"path": "/products/mug?fbclid=x&gclid=y"})],
        [("2026-02-03T10:00:00", "2026-02-03T10:00:00", 1, "google", 0, "2026-02-03")],
    ),
    _case("a robot", [("2026-02-03T10:00:00", "page", {"agent": "Googlebot/2.1"})], []),
    _case("no consent", [("2026-02-03T10:00:00", "page", {"consent": False})], []),
    _case(
        "consent that is withdrawn",
        [("2026-02-03T10:00:00", "page"), ("2026-02-03T10:20:00", "page", {"consent": False}),
         ("2026-02-03T10:40:00", "page")],
        [("2026-02-03T10:00:00", "2026-02-03T10:00:00", 1, "(direct)", 0, "2026-02-03"),
         ("2026-02-03T10:40:00", "2026-02-03T10:40:00", 1, "(direct)", 0, "2026-02-03")],
    ),
)  # fmt: skip
"""What a visitor does -> sessions."""


def drawn(seed: int, visitors: int) -> Iterator[Message]:
    """Visits around nights of the clocks, their gaps on both sides of half an hour."""
    rng = np.random.default_rng(seed)
    kinds = ("page", "Product Viewed", "Product Added", "Checkout Started", "Order Completed")
    for number in range(visitors):
        at = dt.datetime.fromisoformat(str(rng.choice(NIGHTS)))
        for event in range(rng.integers(1, 15)):
            at += dt.timedelta(seconds=float(rng.choice(GAPS)))
            kind = str(rng.choice(kinds, p=(0.6, 0.15, 0.1, 0.1, 0.05)))
            more: dict[str, Any] = {"path": f"/products/{rng.integers(9)}"}
            if rng.random() < 0.2:
                more |= (NEWS, ADS)[rng.integers(2)]
            if kind == "Order Completed":
                more["properties"] = {"order_id": f"drawn-{rng.integers(visitors)}"}
            yield message(f"drawn-{number}", event, at.isoformat(), kind, **more)
