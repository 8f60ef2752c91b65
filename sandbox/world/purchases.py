"""Who orders when: the hidden purchase process, and the odd orders beside it.

Ordinary orders are the MBG/NBD process itself: a first purchase, then exponential gaps while the
person is alive, and a chance to drop out after every purchase, the first included. Orders that
are cancelled, deleted, tests, or gift cards only come *beside* the process, so that what counts
as a purchase stays exactly as planted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sandbox.world.drawing import (
    ABSENT,
    DAY,
    MINUTE,
    NEVER,
    Bools,
    Ints,
    between,
    ragged,
)
from sandbox.world.people import People
from sandbox.world.presets import Preset
from sandbox.world.shops import SHOPS, ZONES, can, pick_each
from sandbox.world.timeline import Rhythms, by_shop, even_times, is_closed, micros, real_times

ALIVE_BEYOND = 400 * DAY
"""Added to the end for people who outlive the world: when exactly, nobody will know."""


class Kind(IntEnum):
    """Why there is an order."""

    PURCHASE = 0  # of the hidden process
    SAME_DAY = 1  # a second purchase within the hour
    CANCELLED = 2  # will be cancelled in full
    DELETED = 3  # will be deleted
    TEST = 4  # placed by the shop's staff
    GIFT_CARDS = 5  # nothing but gift cards
    WALK_IN = 6  # at the till, nobody knows by whom
    FAILED = 7  # never paid: the payment fails or is left open
    SUBSCRIPTION = 8  # made by a subscription's charge


@dataclass(frozen=True)
class Purchases:
    """Orders to be made, sorted by time.

    Attributes:
        person: Person number, -1 for tests and walk-ins.
        shop: Shop number.
        time: Moment of the sale, microseconds.
        kind: A ``Kind``.
        dropped: End of the buying life by person, microseconds.
        variant: Variant number that a subscription has fixed, or -1.
        quantity: Likewise units.
        price: Likewise cents of a unit.
    """

    person: Ints
    shop: Ints
    time: Ints
    kind: Ints
    dropped: Ints
    variant: Ints
    quantity: Ints
    price: Ints


def build(rng: np.random.Generator, preset: Preset, people: People, rhythms: Rhythms) -> Purchases:
    """Run the process to the end of the world and add the odd orders."""
    person, time, dropped = _process(rng, preset, people, rhythms)
    away = people.both[person] & (_places(person) % 2 == 1)
    shop = np.where(away, people.other[person], people.home[person])
    columns = [np.stack([person, shop, time, np.full(len(person), Kind.PURCHASE)])]
    columns += [_beside(rng, kind, *columns[0][:3]) for kind in _SHARES]
    columns += _strangers(rng, preset, len(person))
    rows = np.concatenate(columns, axis=1)
    start, end = micros(preset.start), micros(preset.end)
    rows = rows[:, (rows[2] >= start) & (rows[2] < end)]
    if preset.has_season:
        closed = by_shop(rows[1], lambda shop, own: is_closed(rows[2, own], ZONES[shop]))
        rows = rows[:, ~closed]
    rows = rows[:, np.lexsort((rows[3], rows[0], rows[2]))]
    if preset.orders:
        rows = _trimmed(rng, preset, rows)
    by_taste = np.full(rows.shape[1], ABSENT)
    return Purchases(*rows, dropped, by_taste, by_taste, by_taste)


_SHARES = {
    Kind.SAME_DAY: 0.015,
    Kind.CANCELLED: 0.03,
    Kind.DELETED: 0.005,
    Kind.GIFT_CARDS: 0.008,
    Kind.FAILED: 0.04,
}
_NEEDS = {
    Kind.DELETED: "has_deletions",
    Kind.GIFT_CARDS: "has_gift_cards",
    Kind.FAILED: "has_failures",
    Kind.TEST: "has_tests",
}
TESTS = 1 / 500
"""Test orders of a shop per purchase of all shops."""


def _process(
    rng: np.random.Generator, preset: Preset, people: People, rhythms: Rhythms
) -> tuple[Ints, Ints, Ints]:
    """Purchases of the hidden process: person and time, and when each person drops out."""
    home = people.home
    began = even_times(rhythms, home, people.acquired)
    left = rhythms[0].even[-1] - began
    lives = rng.geometric(people.dropout.clip(1e-9, 1))  # purchases in a whole life
    most = np.ceil(people.rate * left + 6 * np.sqrt(people.rate * left) + 10)
    count = np.minimum(lives, most).astype(np.int64)
    person, place = ragged(count)
    gaps = np.where(place == 0, 0.0, rng.exponential(1.0, len(person)) / people.rate[person])
    run = np.cumsum(gaps)
    first = np.cumsum(count) - count
    even = began[person] + run - run[first][person]
    time = real_times(rhythms, home[person], even)
    last = even[first + count - 1]
    over = (lives <= most) & (last < rhythms[0].even[-1])
    end = micros(preset.end)
    dropped = np.where(over, time[first + count - 1], end + ALIVE_BEYOND)
    seen = even < rhythms[0].even[-1]
    return person[seen], time[seen], dropped


def _places(person: Ints) -> Ints:
    """Place of each purchase among those of its person; rows are sorted by person."""
    first = np.r_[True, np.diff(person) > 0]
    place = np.arange(len(person))
    return place - place[first][np.cumsum(first) - 1]


def _beside(
    rng: np.random.Generator, kind: Kind, person: Ints, shop: Ints, time: Ints
) -> np.ndarray:
    """Odd orders near ordinary ones of the same people."""
    able = can(shop, _NEEDS[kind]) if kind in _NEEDS else np.ones(len(person), bool)
    chosen = pick_each(rng, able, _SHARES[kind], shop, at_least=5)
    n = int(chosen.sum())
    apart = {
        Kind.SAME_DAY: between(rng, 4 * MINUTE, 50 * MINUTE, n),
        Kind.CANCELLED: -np.where(
            rng.random(n) < 0.4,
            between(rng, 3 * MINUTE, 20 * MINUTE, n),
            between(rng, 0, 4 * DAY, n),
        ),
        Kind.DELETED: -between(rng, 5 * MINUTE, 2 * DAY, n),
        Kind.GIFT_CARDS: between(rng, DAY, 30 * DAY, n),
        Kind.FAILED: -between(rng, 3 * MINUTE, 2 * DAY, n),
    }[kind]
    return np.stack([person[chosen], shop[chosen], time[chosen] + apart, np.full(n, kind)])


def _strangers(rng: np.random.Generator, preset: Preset, purchases: int) -> list[np.ndarray]:
    """Tests, and sales at the till to people nobody knows, shop by shop."""
    blocks = []
    for number, shop in enumerate(SHOPS[: len(preset.shares)]):
        shares = {Kind.TEST: TESTS * shop.platform.has_tests, Kind.WALK_IN: shop.walk_ins}
        for kind, part in shares.items():
            n = max(4, round(part * purchases)) if part else 0
            time = between(rng, micros(preset.start), micros(preset.end), n)
            blocks.append(np.stack([np.full(n, -1), np.full(n, number), time, np.full(n, kind)]))
    return blocks


def _trimmed(rng: np.random.Generator, preset: Preset, rows: np.ndarray) -> np.ndarray:
    """Drop repeat purchases at random until exactly ``preset.orders`` lie before ``now``."""
    now = micros(preset.now) + DAY // 2
    first = np.zeros(rows.shape[1], bool)
    bought = np.flatnonzero(rows[3] == Kind.PURCHASE)
    first[bought[np.unique(rows[0, bought], return_index=True)[1]]] = True
    free = np.flatnonzero((rows[2] <= now) & (rows[3] == Kind.PURCHASE) & ~first)
    surplus = int((rows[2] <= now).sum()) - int(preset.orders or 0)
    if not 0 <= surplus <= len(free):
        raise ValueError(f"{preset.orders} orders cannot be reached: {surplus} too many drawn")
    keep = np.ones(rows.shape[1], bool)
    keep[rng.choice(free, surplus, replace=False)] = False
    return rows[:, keep]


def kept(purchases: Purchases) -> Bools:
    """Orders that take goods off the shelf: no tests, none deleted or never paid."""
    return ~np.isin(purchases.kind, (Kind.TEST, Kind.DELETED, Kind.FAILED))


def first_orders(purchases: Purchases, people: People) -> Ints:
    """``[shop, person]`` time of the first order there, or ``NEVER``."""
    first = np.full((len(SHOPS), len(people)), NEVER, np.int64)
    known = np.flatnonzero(purchases.person >= 0)[::-1]  # later ones are written over
    first[purchases.shop[known], purchases.person[known]] = purchases.time[known]
    return first
