"""What becomes of each order: payment, edits, cancellation, parcels, returns; and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sandbox.world.baskets import Baskets, per_order
from sandbox.world.drawing import (
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    Bools,
    Ints,
    between,
    pick,
    sigmoid,
    weighted,
)
from sandbox.world.people import People
from sandbox.world.purchases import Kind, Purchases
from sandbox.world.shops import SHOPS, can, pick_each
from sandbox.world.timeline import by_shop

WEB, POS, DRAFT, CONTRACT = range(4)
SOURCES = ("web", "pos", "shopify_draft_order", "subscription_contract")
WALK_IN_RETURNS = 0.04
"""Chance that a line comes back to the till from a person nobody knows."""


class Pay(IntEnum):
    """How an order is paid."""

    AT_ONCE = 0
    ON_SHIPPING = 1  # authorised, captured with the parcel
    TWO = 2  # part by gift card, the rest by card
    SECOND_TRY = 3  # the first try fails
    LATER = 4  # bank transfer, days later
    NEVER = 5  # bank transfer that does not come
    NOTHING = 6  # nothing to pay
    FAILED = 7  # the only try fails
    OPEN = 8  # left at the payment page


class Stage(IntEnum):
    """The events of an order that move money, in their order of time."""

    ORDER = 0
    EDIT = 1
    PARTIAL_CANCEL = 2
    CANCEL = 3
    RETURN = 4
    SECOND_RETURN = 5
    GOODWILL = 6


@dataclass(frozen=True)
class Fates:
    """The life of every order, by order number; times in microseconds or ``NEVER``.

    Attributes:
        source: Number in ``SOURCES``.
        created: When the platform has it: the moment of sale, or days later if imported.
        pay: A ``Pay``.
        paid: Bank transfer arrived.
        edit_adds: An edit adds a line.
        edit_reduces: An edit takes a unit away.
        shipped: First parcel.
        shipped_again: Second parcel.
        delivered: Last parcel delivered.
        stage_at: ``[stage, order]`` time of each event.
        deleted: Deletion.
        tagged: A tag is added, long after.
        closed: Archived.
        units: ``[stage, line]`` units that the event takes off a line.
    """

    source: Ints
    created: Ints
    pay: Ints
    paid: Ints
    edit_adds: Bools
    edit_reduces: Bools
    shipped: Ints
    shipped_again: Ints
    delivered: Ints
    stage_at: Ints
    deleted: Ints
    tagged: Ints
    closed: Ints
    units: Ints


def build(
    rng: np.random.Generator, people: People, purchases: Purchases, baskets: Baskets, totals: Ints
) -> Fates:
    """Draw the fates; ``totals`` is what each order costs as placed, cents."""
    n, time, kind = len(purchases.time), purchases.time, purchases.kind
    ordinary = np.isin(kind, (Kind.PURCHASE, Kind.SAME_DAY))
    source = _source(rng, purchases, baskets.edit_adds)
    imported = pick(rng, ordinary & (source == POS) & can(purchases.shop, "ships"), 0.2)
    created = time + np.where(imported, between(rng, DAY, 3 * DAY, n), 0)
    changes = _changes(rng, purchases, baskets, source)
    pay = _pay(rng, purchases, source, changes.any, totals)
    paid = np.where(pay == Pay.LATER, time + between(rng, 2 * DAY, 5 * DAY, n), NEVER)
    stage_at = _early_stages(rng, purchases, changes, pay)
    parcels = _parcels(rng, purchases, baskets, changes, source, created, paid)
    units = _units(baskets, changes)
    _returns(rng, people, purchases, baskets, parcels.delivered, stage_at, units)
    content = ordinary & (source == WEB) & (totals > 1500) & can(purchases.shop, "has_goodwill")
    content &= _untouched(stage_at, parcels.delivered)
    goodwill = pick_each(rng, content, 0.012, purchases.shop)
    sorry_at = parcels.delivered + between(rng, 2 * DAY, 20 * DAY, n)
    stage_at[Stage.GOODWILL, goodwill] = sorry_at[goodwill]
    _take_rest(baskets, kind == Kind.CANCELLED, units)
    done = np.where(parcels.delivered != NEVER, parcels.delivered, stage_at[Stage.CANCEL])
    deleted_at = time + between(rng, 2 * DAY, 20 * DAY, n)
    tagged = pick_each(rng, ordinary & can(purchases.shop, "ships"), 0.01, purchases.shop)
    return Fates(
        source=source,
        created=created,
        pay=pay,
        paid=paid,
        edit_adds=changes.adds,
        edit_reduces=changes.reduces,
        shipped=parcels.shipped,
        shipped_again=parcels.again,
        delivered=parcels.delivered,
        stage_at=stage_at,
        deleted=np.where(kind == Kind.DELETED, deleted_at, NEVER),
        tagged=np.where(tagged, time + between(rng, 20 * DAY, 300 * DAY, n), NEVER),
        closed=np.where((done != NEVER) & can(purchases.shop, "has_archive"), done + DAY, NEVER),
        units=units,
    )


@dataclass(frozen=True)
class _Changes:
    """Which orders change before they are sent, by order number.

    Attributes:
        adds: An edit adds a line.
        reduces: An edit takes a unit off the first line.
        partial: The last placed line is cancelled.
        several: More than one line was placed.
        first: First line of each order, as line number.
        last: Last placed line.
    """

    adds: Bools
    reduces: Bools
    partial: Bools
    several: Bools
    first: Ints
    last: Ints

    @property
    def any(self) -> Bools:
        """Orders with any change."""
        return self.adds | self.reduces | self.partial


def _changes(
    rng: np.random.Generator, purchases: Purchases, baskets: Baskets, source: Ints
) -> _Changes:
    first, last = _edge_lines(baskets)
    several = per_order(baskets.lines, ~baskets.lines.by_edit, len(purchases.time)) >= 2
    kinds = np.isin(purchases.kind, (Kind.PURCHASE, Kind.SAME_DAY, Kind.CANCELLED))
    able = kinds & (source == WEB) & several & ~baskets.edit_adds
    edits, stops = (can(purchases.shop, what) for what in ("has_edits", "has_partial_cancels"))
    reduces = pick(rng, able & edits & ~baskets.lines.gift[first], 0.015)
    partial = pick_each(rng, able & stops & ~baskets.lines.gift[last], 0.018, purchases.shop)
    return _Changes(baskets.edit_adds, reduces, partial, several, first, last)


def _early_stages(
    rng: np.random.Generator, purchases: Purchases, changes: _Changes, pay: Ints
) -> Ints:
    """``[stage, order]`` times up to the cancellation; the later stages are still ``NEVER``."""
    time, n = purchases.time, len(purchases.time)
    stage_at = np.full((len(Stage), n), NEVER, np.int64)
    stage_at[Stage.ORDER] = time
    chosen = (
        (Stage.EDIT, changes.adds | changes.reduces, time + between(rng, 2 * HOUR, 20 * HOUR, n)),
        (Stage.PARTIAL_CANCEL, changes.partial, time + between(rng, 21 * HOUR, 40 * HOUR, n)),
        (
            Stage.CANCEL,
            purchases.kind == Kind.CANCELLED,
            _cancel_times(rng, purchases, changes.any, pay),
        ),
    )
    for stage, rows, when in chosen:
        stage_at[stage, rows] = when[rows]
    return stage_at


@dataclass(frozen=True)
class _Parcels:
    """First parcel, second parcel, and when all are delivered, by order."""

    shipped: Ints
    again: Ints
    delivered: Ints


def _parcels(
    rng: np.random.Generator,
    purchases: Purchases,
    baskets: Baskets,
    changes: _Changes,
    source: Ints,
    created: Ints,
    paid: Ints,
) -> _Parcels:
    n = len(source)
    never_sent = np.isin(purchases.kind, (Kind.CANCELLED, Kind.DELETED, Kind.TEST, Kind.FAILED))
    ships = ~never_sent & (baskets.shipping.method >= 0)
    shipped = _ship_times(rng, purchases.time, created, paid, changes.any, source)
    shipped = np.where(ships | (~never_sent & (source == POS)), shipped, NEVER)
    two = pick_each(rng, ships & changes.several & (source == WEB), 0.07, purchases.shop)
    again = np.where(two, shipped + between(rng, DAY, 2 * DAY, n), NEVER)
    return _Parcels(shipped, again, _delivered(rng, shipped, again, source))


def _source(rng: np.random.Generator, purchases: Purchases, edit_adds: Bools) -> Ints:
    weights = np.cumsum([shop.platform.sources for shop in SHOPS], axis=1)
    edges = (weights / weights[:, -1:])[purchases.shop]
    drawn = (rng.random(len(edges))[:, None] >= edges).sum(axis=1)
    ordinary = np.isin(purchases.kind, (Kind.PURCHASE, Kind.SAME_DAY)) & ~edit_adds
    at_till = (purchases.kind == Kind.WALK_IN) | ~can(purchases.shop, "ships")
    source = np.where(at_till, POS, np.where(ordinary, drawn, WEB))
    return np.where(purchases.kind == Kind.SUBSCRIPTION, CONTRACT, source)


def _edge_lines(baskets: Baskets) -> tuple[Ints, Ints]:
    """First line and last placed line of every order, as line numbers."""
    placed = np.flatnonzero(~baskets.lines.by_edit)
    order = baskets.lines.order[placed]
    starts = np.flatnonzero(np.r_[True, order[1:] != order[:-1]])
    ends = np.r_[starts[1:], len(order)] - 1
    return placed[starts], placed[ends]


def _pay(
    rng: np.random.Generator, purchases: Purchases, source: Ints, changed: Bools, totals: Ints
) -> Ints:
    kind, n = purchases.kind, len(purchases.kind)
    plans = (Pay.AT_ONCE, Pay.ON_SHIPPING, Pay.TWO, Pay.SECOND_TRY, Pay.LATER)
    pay = np.array(plans)[weighted(rng, (68, 17, 5, 4, 6), n)]
    failing = np.array((Pay.AT_ONCE, Pay.AT_ONCE, Pay.NEVER, Pay.ON_SHIPPING))
    failing = failing[_turn(purchases, Kind.CANCELLED) % 4]
    pay = np.where(kind == Kind.CANCELLED, failing, pay)
    pay = np.where(kind == Kind.DELETED, Pay.NEVER, pay)
    simple = changed | (source != WEB) | np.isin(kind, (Kind.TEST, Kind.GIFT_CARDS))
    pay = np.where(simple | ((pay == Pay.TWO) & (totals < 1000)), Pay.AT_ONCE, pay)
    for plan, need in _NEEDS.items():
        pay = np.where((pay == plan) & ~can(purchases.shop, need), Pay.AT_ONCE, pay)
    is_open = can(purchases.shop, "has_open_payments") & (_turn(purchases, Kind.FAILED) % 2 == 0)
    pay = np.where(kind == Kind.FAILED, np.where(is_open, Pay.OPEN, Pay.FAILED), pay)
    return np.where(totals == 0, Pay.NOTHING, pay)


def _turn(purchases: Purchases, kind: Kind) -> Ints:
    """Number of each order of a kind within its shop."""
    return by_shop(purchases.shop, lambda _, rows: np.cumsum(purchases.kind[rows] == kind))


_NEEDS = {
    Pay.ON_SHIPPING: "has_authorisations",
    Pay.TWO: "has_gift_cards",
    Pay.LATER: "has_transfers",
    Pay.NEVER: "has_transfers",
}


def _cancel_times(
    rng: np.random.Generator, purchases: Purchases, changed: Bools, pay: Ints
) -> Ints:
    n = len(purchases.time)
    soon = between(rng, HOUR, 30 * HOUR, n)
    after_change = between(rng, 41 * HOUR, 60 * HOUR, n)
    unpaid = between(rng, 7 * DAY, 10 * DAY, n)
    after = np.where(pay == Pay.NEVER, unpaid, np.where(changed, after_change, soon))
    at_till = between(rng, 3 * MINUTE, 15 * MINUTE, n)
    return purchases.time + np.where(can(purchases.shop, "ships"), after, at_till)


def _ship_times(
    rng: np.random.Generator, time: Ints, created: Ints, paid: Ints, changed: Bools, source: Ints
) -> Ints:
    n = len(time)
    ready = np.where(changed, time + 42 * HOUR, time + 18 * HOUR)
    ready = np.where(paid != NEVER, np.maximum(paid, ready), ready)
    shipped = ready + between(rng, 0, 40 * HOUR, n)
    return np.where(source == POS, created, shipped)


def _delivered(rng: np.random.Generator, shipped: Ints, again: Ints, source: Ints) -> Ints:
    n = len(shipped)
    last = np.maximum(shipped, again)
    delivered = np.where(source == POS, shipped, last + between(rng, DAY, 5 * DAY, n))
    unknown = rng.random(n) < 0.02
    return np.where((shipped == NEVER) | unknown, NEVER, delivered)


def _units(baskets: Baskets, changes: _Changes) -> Ints:
    """``[stage, line]`` units taken off by edits (one of the first line) and partial cancels."""
    units = np.zeros((len(Stage), len(baskets.lines.order)), np.int64)
    units[Stage.EDIT, changes.first[changes.reduces]] = 1
    last = changes.last[changes.partial]
    units[Stage.PARTIAL_CANCEL, last] = baskets.lines.quantity[last]
    return units


def _returns(
    rng: np.random.Generator,
    people: People,
    purchases: Purchases,
    baskets: Baskets,
    delivered: Ints,
    stage_at: Ints,
    units: Ints,
) -> None:
    """Send goods back, in one or two parcels; fills ``stage_at`` and ``units``."""
    lines, n = baskets.lines, len(purchases.time)
    person = purchases.person[lines.order]
    left = lines.quantity - units.sum(axis=0)
    at_till = ~can(purchases.shop[lines.order], "ships")
    able = (person >= 0) | at_till
    able &= (delivered[lines.order] != NEVER) & ~lines.gift & ~lines.by_edit
    chance = np.where(person >= 0, sigmoid(people.returns[person]), WALK_IN_RETURNS)
    able &= left > 0
    back = able & (rng.random(len(left)) < chance)
    back |= pick_each(rng, able, 0.0, purchases.shop[lines.order])
    whole = pick_each(rng, per_order(lines, back, n) > 0, 0.0, purchases.shop, at_least=2)
    whole = able & whole[lines.order]
    count = np.where(back, np.where(rng.random(len(left)) < 0.7, left, 1), 0)
    count = np.where(whole, left, count)
    second = ~whole & (rng.random(len(left)) < 0.15)
    units[Stage.RETURN] = np.where(second, 0, count)
    units[Stage.SECOND_RETURN] = np.where(second, count, 0)
    first_at = delivered + between(rng, 3 * DAY, 25 * DAY, n)
    times = (first_at, first_at + between(rng, 5 * DAY, 12 * DAY, n))
    for stage, when in zip((Stage.RETURN, Stage.SECOND_RETURN), times, strict=True):
        has = per_order(lines, units[stage], n) > 0
        stage_at[stage, has] = when[has]


def _untouched(stage_at: Ints, delivered: Ints) -> Bools:
    returned = (stage_at[[Stage.RETURN, Stage.SECOND_RETURN]] != NEVER).any(axis=0)
    return (delivered != NEVER) & ~returned


def _take_rest(baskets: Baskets, cancelled: Bools, units: Ints) -> None:
    """A full cancellation takes whatever is still open."""
    left = baskets.lines.quantity - units.sum(axis=0)
    units[Stage.CANCEL] = np.where(cancelled[baskets.lines.order], left, 0)
