"""The sizes of the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Preset:
    """What distinguishes one size of the world from another.

    Attributes:
        customers: People with a first purchase before ``now``.
        start: First day of the world.
        now: Default day of the clock; the world goes on for ``future_days`` after it.
        articles: Different articles; each is a product of every shop.
        lines_per_order: Mean number of goods lines drawn for an order.
        quiet_visits: Visits without an order before ``now``.
        shares: Share of the people by home shop; as many shops as there are shares.
        rate_shape: r of purchase rates ~ Gamma(r, alpha), per day.
        rate_scale: alpha, in days.
        dropout_a: a of the chance to drop out after a purchase ~ Beta(a, b).
        dropout_b: b.
        has_season: Season, growth, weekdays and hours; without them time runs evenly, and
            purchases are exactly MBG/NBD.
        orders: Exact number of orders with a time before ``now``; ``None``: as drawn.
        has_extras: Stock moves, there are subscriptions, and all that stands around the orders.
        future_days: Days that the clock can be advanced.
    """

    customers: int
    start: date
    now: date
    articles: int
    lines_per_order: float
    quiet_visits: int
    rate_shape: float
    rate_scale: float
    dropout_a: float
    dropout_b: float
    shares: tuple[float, ...] = (38, 24, 14, 10, 8, 6)
    has_season: bool = True
    orders: int | None = None
    has_extras: bool = True
    future_days: int = 60

    @property
    def end(self) -> date:
        """The day on which the world ends."""
        return self.now + timedelta(days=self.future_days)


_TWO_SHOPS = (65, 35)
"""Where exact parameters or sizes matter: the two shops on Shopify, and nothing else."""

_MODELS = {
    "shares": _TWO_SHOPS,
    "start": date(2023, 7, 1),
    "now": date(2026, 6, 30),
    # As many as in `bench`: in a small catalogue, who never buys a thing again does so by chance.
    "articles": 11_158,
    "lines_per_order": 2.4,
    "rate_shape": 1.1,
    "rate_scale": 60.0,
    "dropout_a": 0.9,
    "dropout_b": 4.0,
    "has_season": False,
    "has_extras": False,
}

PRESETS = {
    "tests": Preset(
        customers=200,
        shares=(36, 24, 13, 10, 11, 6),  # enough orders on every platform
        start=date(2025, 1, 1),
        now=date(2026, 6, 30),
        articles=48,
        lines_per_order=2.2,
        quiet_visits=3_000,
        rate_shape=1.1,
        rate_scale=60.0,
        dropout_a=0.9,
        dropout_b=4.0,
    ),
    "models": Preset(customers=20_000, quiet_visits=150_000, **_MODELS),
    "models_small": Preset(customers=3_000, quiet_visits=20_000, **_MODELS),
    "demo": Preset(
        customers=5_000,
        start=date(2024, 7, 1),
        now=date(2026, 6, 30),
        articles=240,
        lines_per_order=2.2,
        quiet_visits=98_000,
        rate_shape=1.1,
        rate_scale=75.0,
        dropout_a=1.1,
        dropout_b=4.0,
    ),
    "bench": Preset(
        customers=93_564,
        shares=_TWO_SHOPS,
        start=date(2024, 7, 1),
        now=date(2026, 6, 30),
        articles=11_158,
        lines_per_order=6.55,
        quiet_visits=800_000,
        rate_shape=1.1,
        rate_scale=60.0,
        dropout_a=0.9,
        dropout_b=4.0,
        orders=200_729,
        has_extras=False,
    ),
}
