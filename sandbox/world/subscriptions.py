"""Subscriptions: who takes one, how it goes on, what it charges, and the orders that it makes.

They stand beside the hidden purchase process, like the other odd orders, and only in worlds whose
purchases need not follow exact parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sandbox.world.catalogue import Catalogue
from sandbox.world.drawing import ABSENT, DAY, HOUR, MINUTE, NEVER, Ints, between, pick, weighted
from sandbox.world.ledger import typed
from sandbox.world.money import order_ids
from sandbox.world.people import Accounts, People
from sandbox.world.presets import Preset
from sandbox.world.purchases import Kind, Purchases
from sandbox.world.shops import ZONES, can, handles
from sandbox.world.timeline import by_shop, is_closed, micros
from sandbox.world.words import CATEGORIES

SUBSCRIPTION_BASE = 420_000_000
EVENT_BASE = 5_300_000_000
CHARGE_BASE = 730_000_000
CHANCE, AT_LEAST = 0.1, 18
CONSUMABLES = ("Bath", "Candles", "Tea & Coffee")
INTERVALS = (30, 60)
STATUSES = ("SUCCESS", "ERROR", "SKIPPED")
SUCCESS, ERROR, SKIPPED = range(3)
LIVES = ("reactivated", "resumed", "cancelled", "paused", "expired", "stays", "stays", "stays")
"""Dealt out in turn, from the earliest subscription on."""
REASONS = ("Too much product", "Too expensive", "Moving away", "No longer needed")
LAST_CHARGE = 6
"""Charges of a subscription that expires."""


@dataclass(frozen=True)
class Plan:
    """All subscriptions, as arrays by subscription number, and what happens to them.

    Attributes:
        person: Person number.
        shop: Shop number.
        variant: Variant number.
        quantity: Units of each order.
        price: Of a unit, cents.
        interval: Days between charges.
        created: Microseconds.
        events: Rows of number, kind and time.
        charges: Number, status, planned and actual time of each charge, in columns.
    """

    person: Ints
    shop: Ints
    variant: Ints
    quantity: Ints
    price: Ints
    interval: Ints
    created: Ints
    events: list[tuple[int, str, int]]
    charges: np.ndarray


def plan(
    rng: np.random.Generator,
    preset: Preset,
    people: People,
    purchases: Purchases,
    catalogue: Catalogue,
) -> Plan:
    """Draw who subscribes to what, and how each subscription goes on."""
    first = _subscribers(rng, preset, people, purchases)
    person, shop = purchases.person[first], purchases.shop[first]
    n = len(first)
    created = purchases.time[first] + between(rng, HOUR, 20 * DAY, n)
    variant = _consumable(rng, catalogue, created)
    price, _ = catalogue.price_at(shop, variant, created)
    interval = np.array(INTERVALS)[weighted(rng, (70, 30), n)]
    events: list[tuple[int, str, int]] = []
    charges: list[tuple[int, int, int, int]] = []
    end = micros(preset.end)
    for number in range(n):
        life = LIVES[number % len(LIVES)]
        own = list(_life(rng, life, int(created[number]), int(interval[number]) * DAY))
        events += [(number, kind, time) for kind, time in own if time < end]
        made = _charges(rng, own, int(created[number]), int(interval[number]) * DAY, end)
        charges += [(number, *charge) for charge in made]
    rows = np.array(charges, np.int64).reshape(-1, 4)
    rows[:, 3] = _when_open(rows[:, 3], shop[rows[:, 0]])
    return Plan(
        person=person,
        shop=shop,
        variant=variant,
        quantity=1 + weighted(rng, (75, 25), n),
        price=price * 9 // 10,
        interval=interval,
        created=created,
        events=events,
        charges=rows[rows[:, 3] < end],
    )


def _subscribers(
    rng: np.random.Generator, preset: Preset, people: People, purchases: Purchases
) -> Ints:
    """First purchases, in a shop with subscriptions, of people with an account who take one."""
    if not preset.has_extras:
        return np.zeros(0, np.int64)
    able = (purchases.kind == Kind.PURCHASE) & can(purchases.shop, "has_subscriptions")
    able &= ~people.never_registers[purchases.person]
    able &= purchases.time < micros(preset.end) - 30 * DAY
    rows = np.flatnonzero(able)
    rows = rows[np.sort(np.unique(purchases.person[rows], return_index=True)[1])]
    return rows[pick(rng, np.ones(len(rows), bool), CHANCE, at_least=AT_LEAST)]


def _consumable(rng: np.random.Generator, catalogue: Catalogue, times: Ints) -> Ints:
    names = [category[0] for category in CATEGORIES]
    category = np.array([names.index(name) for name in CONSUMABLES])
    category = category[rng.integers(0, len(category), len(times))]
    start, end = catalogue.category_start[category], catalogue.category_start[category + 1]
    article = start + (rng.random(len(times)) * (end - start)).astype(np.int64)
    waits = catalogue.launched_at[article] > times
    return catalogue.first_variant[np.where(waits, catalogue.fallback[article], article)]


def _life(
    rng: np.random.Generator, life: str, created: int, interval: int
) -> Iterator[tuple[str, int]]:
    """What happens to one subscription, in order of time."""
    yield "created", created
    charges = 1 + int(rng.poisson(3))
    stops = created + charges * interval - int(rng.integers(2 * DAY, interval - 2 * DAY))
    again = stops + int(rng.integers(20 * DAY, 80 * DAY))
    if life in ("paused", "resumed"):
        yield "paused", stops
    if life == "resumed":
        yield "resumed", again
    if life in ("cancelled", "reactivated"):
        yield "cancelled", stops
    if life == "reactivated":
        yield "reactivated", again
    if life == "expired":
        yield "expired", created + (LAST_CHARGE - 1) * interval + 6 * HOUR


def _charges(
    rng: np.random.Generator, life: list[tuple[str, int]], created: int, interval: int, end: int
) -> Iterator[tuple[int, int, int]]:
    """Status, planned and actual time of the charges while it is active."""
    times = [time for _, time in life] + [end]
    active = [(times[place], times[place + 1]) for place in range(0, len(life), 2)]
    for scheduled in range(created, end, interval):
        status = int(rng.choice(3, p=(0.92, 0.05, 0.03))) if scheduled > created else SUCCESS
        if status == SKIPPED:
            processed = scheduled - int(rng.integers(6 * HOUR, 2 * DAY))
        else:
            processed = scheduled + int(rng.integers(MINUTE, 3 * HOUR))
        if any(since <= min(scheduled, processed) and processed < to for since, to in active):
            yield status, scheduled, processed


def _when_open(times: Ints, shop: Ints) -> Ints:
    """The times, a day later where the shop takes no orders."""
    closed = by_shop(shop, lambda number, rows: is_closed(times[rows], ZONES[number]))
    return np.where(closed, times + DAY, times)


def with_orders(purchases: Purchases, plan: Plan) -> tuple[Purchases, Ints]:
    """The purchases with the orders of the charges that went well among them.

    Returns:
        All purchases, sorted by time again, and the order number of each charge, or -1.
    """
    paid = np.flatnonzero(plan.charges[:, 1] == SUCCESS)
    number, time = plan.charges[paid, 0], plan.charges[paid, 3]
    old = len(purchases.time)
    added = {
        "person": plan.person[number],
        "shop": plan.shop[number],
        "time": time,
        "kind": np.full(len(paid), Kind.SUBSCRIPTION),
        "variant": plan.variant[number],
        "quantity": plan.quantity[number],
        "price": plan.price[number],
    }
    rows = {name: np.r_[getattr(purchases, name), values] for name, values in added.items()}
    by_time = np.lexsort((rows["kind"], rows["person"], rows["time"]))
    order = np.full(len(plan.charges), -1)
    place = np.empty(len(by_time), np.int64)
    place[by_time] = np.arange(len(by_time))
    order[paid] = place[old:]
    sorted_rows = {name: values[by_time] for name, values in rows.items()}
    return replace(purchases, **sorted_rows), order


def frames(
    plan: Plan,
    order: Ints,
    totals: Ints,
    people: People,
    accounts: Accounts,
    catalogue: Catalogue,
) -> dict[str, pd.DataFrame]:
    """The tables subscriptions, subscription_events and subscription_charges.

    Args:
        plan: The subscriptions.
        order: Order number of each charge, or -1.
        totals: What each order costs, cents.
        people: The people.
        accounts: Their accounts.
        catalogue: What is sold.
    """
    n = len(plan.person)
    subscriptions = typed(
        "subscriptions",
        {
            "subscription_id": _ids(np.arange(n)),
            "shop": handles(plan.shop),
            "customer_id": accounts.customer_id[plan.shop, plan.person],
            "person_id": plan.person + 1,
            "email": people.email[plan.person],
            "product_id": catalogue.product_id(plan.shop, plan.variant),
            "variant_id": catalogue.variant_id(plan.shop, plan.variant),
            "quantity": plan.quantity,
            "price": plan.price,
            "interval_days": plan.interval,
            "created_at": plan.created,
            "status": np.full(n, "ACTIVE", object),
            "cancelled_at": np.full(n, NEVER),
            "cancellation_reason": np.array(REASONS, object)[np.arange(n) % len(REASONS)],
            "next_charge_at": plan.created,
            "updated_at": plan.created,
        },
    )
    return {
        "subscriptions": subscriptions.sort_values(["created_at", "subscription_id"]).reset_index(
            drop=True
        ),
        "subscription_events": _events_frame(plan),
        "subscription_charges": _charges_frame(plan, order, totals),
    }


def _ids(number: Ints) -> Ints:
    return SUBSCRIPTION_BASE + number * 3


def _events_frame(plan: Plan) -> pd.DataFrame:
    rows = sorted(plan.events, key=lambda row: (row[2], row[0]))
    number = np.array([row[0] for row in rows], np.int64)
    return typed(
        "subscription_events",
        {
            "event_id": EVENT_BASE + np.arange(len(rows)) * 7,
            "subscription_id": _ids(number),
            "shop": handles(plan.shop[number]),
            "kind": [row[1] for row in rows],
            "happened_at": np.array([row[2] for row in rows], np.int64),
        },
    )


def _charges_frame(plan: Plan, order: Ints, totals: Ints) -> pd.DataFrame:
    by_time = np.lexsort((plan.charges[:, 0], plan.charges[:, 3]))
    number, status, scheduled, processed = plan.charges[by_time].T
    order = order[by_time]
    asked = (plan.price * plan.quantity)[number]
    return typed(
        "subscription_charges",
        {
            "charge_id": CHARGE_BASE + np.arange(len(by_time)) * 3,
            "subscription_id": _ids(number),
            "shop": handles(plan.shop[number]),
            "order_id": np.where(order < 0, ABSENT, order_ids(order)),
            "status": np.array(STATUSES, object)[status],
            "total": np.where(order < 0, asked, totals[order]) if len(order) else asked,
            "scheduled_at": scheduled,
            "processed_at": processed,
        },
    )
