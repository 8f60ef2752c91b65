"""The people: hidden propensities from planted mixtures, and their accounts in the shops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.drawing import (
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    Bools,
    Floats,
    Ints,
    between,
    pick,
    weighted,
)
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.shops import SHOPS, handles, place_weights
from sandbox.world.timeline import Rhythms, by_shop, even_times, micros, real_times
from sandbox.world.words import (
    CATEGORIES,
    FIRST_NAMES,
    LAST_NAMES,
    LOCALES,
    MAIL_HOSTS,
    PLACES,
    STREETS,
)

AS_IS, CAPITALS, ALL_CAPITALS, BLANKS = range(4)
CUSTOMER_BASE = 7_200_000_000_000
SEPARATION = 2.5
"""Distance of neighbouring mixture means in within-component standard deviations."""


@dataclass(frozen=True)
class Mixture:
    """A planted one-dimensional mixture of equal spreads and evenly spaced means.

    Attributes:
        lowest: Mean of the first component.
        spread: Standard deviation within a component.
        weights: One a component.
    """

    lowest: float
    spread: float
    weights: tuple[float, ...]

    def draw(self, rng: np.random.Generator, size: int) -> tuple[Ints, Floats]:
        """Draw components and values."""
        component = weighted(rng, self.weights, size)
        mean = self.lowest + SEPARATION * self.spread * component
        return component, mean + self.spread * rng.standard_normal(size)


VALUE = Mixture(-0.9, 0.24, (30, 35, 24, 11))  # log of the spend multiplier
PRICE = Mixture(-2.9, 0.7, (40, 40, 20))  # logit of the chance of a discounted order
CATEGORY = Mixture(-3.2, 0.7, (35, 40, 25))  # logit of the chance to leave the favourite
RETURN = Mixture(-4.4, 0.7, (62, 28, 10))  # logit of the chance that a line comes back
REPURCHASE = Mixture(-2.9, 0.7, (45, 35, 20))  # logit of the chance to buy a staple again


MIXTURES = {
    "value": VALUE,
    "price": PRICE,
    "category": CATEGORY,
    "return": RETURN,
    "repurchase": REPURCHASE,
}


@dataclass(frozen=True)
class People:
    """The people as arrays, indexed by person number (= ``person_id`` - 1).

    Attributes:
        home: Shop number of most purchases.
        both: Also buys in a second shop.
        other: Number of that shop.
        place: Number of the home address in ``words.PLACES``.
        acquired: Time of the first purchase, microseconds.
        rate: Purchases per (operational) day while alive.
        dropout: Chance to drop out after a purchase.
        value: Log of the spend multiplier.
        price: Logit of the chance of a discounted order.
        category: Logit of the chance that a line leaves the favourite category.
        returns: Logit of the chance that a line comes back.
        repurchase: Logit of the chance that a line is a staple.
        favourite: Favourite category.
        never_registers: Always buys as a guest.
        segments: Mixture component by axis.
        first: Given names.
        last: Family names.
        email: Lower-case addresses.
    """

    home: Ints
    both: Bools
    other: Ints
    place: Ints
    acquired: Ints
    rate: Floats
    dropout: Floats
    value: Floats
    price: Floats
    category: Floats
    returns: Floats
    repurchase: Floats
    favourite: Ints
    never_registers: Bools
    segments: dict[str, Ints]
    first: np.ndarray
    last: np.ndarray
    email: np.ndarray

    def __len__(self) -> int:
        """How many they are."""
        return len(self.home)


def build(rng: np.random.Generator, preset: Preset, rhythms: Rhythms) -> People:
    """Draw the people: ``preset.customers`` before ``now``, more until the end."""
    n = round(preset.customers * _days_ratio(preset))
    home = weighted(rng, preset.shares, n)
    segments, values = {}, {}
    for axis, mixture in MIXTURES.items():
        segments[axis], values[axis] = mixture.draw(rng, n)
    first = np.array(FIRST_NAMES, object)[rng.integers(0, len(FIRST_NAMES), n)]
    last = np.array(LAST_NAMES, object)[rng.integers(0, len(LAST_NAMES), n)]
    both = pick(rng, np.arange(n) < preset.customers, 0.06, at_least=16)
    number = (np.arange(n) + 1).astype(str).astype(object)
    host = np.array(MAIL_HOSTS, object)[rng.integers(0, len(MAIL_HOSTS), n)]
    return People(
        home=home,
        both=both,
        other=_second_shop(rng, preset, home),
        place=_places(rng, home),
        acquired=_acquired(rng, preset, home, rhythms),
        rate=rng.gamma(preset.rate_shape, 1 / preset.rate_scale, n),
        dropout=rng.beta(preset.dropout_a, preset.dropout_b, n),
        value=values["value"],
        price=values["price"],
        category=values["category"],
        returns=values["return"],
        repurchase=values["repurchase"],
        favourite=weighted(rng, [c[1] for c in CATEGORIES], n),
        never_registers=~both & (rng.random(n) < 0.18),
        segments=segments,
        first=first,
        last=last,
        email=pd.Series(first + "." + last + number + "@" + host).str.lower().to_numpy(object),
    )


def _days_ratio(preset: Preset) -> float:
    """Days to the end over days to ``now``."""
    return (preset.end - preset.start).days / (preset.now - preset.start).days


def _acquired(rng: np.random.Generator, preset: Preset, home: Ints, rhythms: Rhythms) -> Ints:
    """First purchases: exactly ``preset.customers`` of them before noon of ``now``."""
    n = len(home)
    early = np.arange(n) < preset.customers
    even_now = even_times(rhythms, home, np.full(n, micros(preset.now) + DAY // 2))
    draw = rng.random(n)
    if preset.has_season:  # demand doubles over the time before now
        draw = (np.sqrt(1 + 3 * draw) - 1).clip(0, 1)
    after = even_now + rng.random(n) * (rhythms[0].even[-1] - even_now)
    return real_times(rhythms, home, np.where(early, draw * even_now, after))


def _second_shop(rng: np.random.Generator, preset: Preset, home: Ints) -> Ints:
    """A shop other than that of most purchases."""
    drawn = weighted(rng, preset.shares, len(home))
    return np.where(drawn == home, (home + 1) % len(preset.shares), drawn)


def _places(rng: np.random.Generator, home: Ints) -> Ints:
    return by_shop(home, lambda shop, rows: weighted(rng, place_weights(SHOPS[shop]), len(rows)))


def people_frame(people: People, dropped: Ints) -> pd.DataFrame:
    """The hidden table ``people``; ``dropped`` is each person's end of the buying life."""
    axes = ("value", "price", "category", "return", "repurchase")
    draws = (people.value, people.price, people.category, people.returns, people.repurchase)
    categories = np.array([c[0] for c in CATEGORIES], object)
    return typed(
        "people",
        {
            "person_id": np.arange(len(people)) + 1,
            "email": people.email,
            "first_name": people.first,
            "last_name": people.last,
            "home_shop": handles(people.home),
            "in_both_shops": people.both,
            "country_code": np.array([p[0] for p in PLACES], object)[people.place],
            "acquired_at": people.acquired,
            "dropped_at": dropped,
            "purchase_rate": people.rate,
            "dropout": people.dropout,
            "favourite_category": categories[people.favourite],
            **{f"{axis}_segment": people.segments[axis] for axis in axes},
            **{f"{axis}_propensity": draw for axis, draw in zip(axes, draws, strict=True)},
        },
    )


def spelled(email: np.ndarray, first: np.ndarray, spelling: Ints) -> np.ndarray:
    """Addresses as people type them.

    Args:
        email: Lower-case addresses.
        first: Given names.
        spelling: ``AS_IS``, ``CAPITALS`` at the name, ``ALL_CAPITALS``, or ``BLANKS`` around.

    Returns:
        Strings that are equal to ``email`` once trimmed and lower-cased.
    """
    lower = pd.Series(email, dtype="str")
    rest = lower.str.split(".", n=1).str[1]
    typed_forms = [lower, pd.Series(first, dtype="str") + "." + rest, lower.str.upper()]
    typed_forms.append(" " + lower + " ")
    return np.choose(spelling, [form.to_numpy(object) for form in typed_forms])


@dataclass(frozen=True)
class Accounts:
    """Accounts by person and shop.

    Attributes:
        customer_id: ``[shop, person]``; ``ABSENT`` without an account.
        created: Likewise, microseconds; ``NEVER`` without.
        frame: Table customers.
    """

    customer_id: Ints
    created: Ints
    frame: pd.DataFrame


def accounts(rng: np.random.Generator, people: People, first_order: Ints) -> Accounts:
    """Open an account for everyone who registers, shortly before the first order in a shop.

    Args:
        rng: Random numbers.
        people: The people.
        first_order: ``[shop, person]`` time of the first order there, or ``NEVER``.
    """
    shop, person = np.nonzero((first_order != NEVER) & ~people.never_registers)
    created = first_order[shop, person] - between(rng, MINUTE, 10 * MINUTE, len(shop))
    order = np.lexsort((person, created))
    shop, person, created = shop[order], person[order], created[order]
    ids = CUSTOMER_BASE + np.arange(len(shop)) * 96
    customer_id = np.full(first_order.shape, -1, np.int64)
    customer_id[shop, person] = ids
    opened = np.full(first_order.shape, NEVER, np.int64)
    opened[shop, person] = created
    return Accounts(customer_id, opened, _customers(rng, people, shop, person, ids, created))


def _customers(
    rng: np.random.Generator, people: People, shop: Ints, person: Ints, ids: Ints, created: Ints
) -> pd.DataFrame:
    n = len(ids)
    abroad = shop != people.home[person]
    at_home = np.where(rng.random(n) < 0.04, BLANKS, AS_IS)
    spelling = np.where(abroad, np.where(rng.random(n) < 0.6, CAPITALS, ALL_CAPITALS), at_home)
    accepts = rng.random(n) < 0.55
    at_once = rng.random(n) < 0.7
    later = created + between(rng, HOUR, 60 * DAY, n)
    return typed(
        "customers",
        {
            "customer_id": ids,
            "shop": handles(shop),
            "person_id": person + 1,
            "email": spelled(people.email[person], people.first[person], spelling),
            "first_name": people.first[person],
            "last_name": people.last[person],
            "phone": phones(people, person),
            **addresses(people, person),
            "locale": pd.Series(people.place[person]).map(
                {number: LOCALES[place[0]] for number, place in enumerate(PLACES)}
            ),
            "state": np.where(rng.random(n) < 0.8, "ENABLED", "DISABLED"),
            "tags": np.where(rng.random(n) < 0.05, "vip, newsletter", ""),
            "accepts_marketing": accepts,
            "marketing_at": np.where(accepts, np.where(at_once, created, later), NEVER),
            "created_at": created,
            "updated_at": created,
        },
    )


def phones(people: People, person: Ints) -> np.ndarray:
    """A fictitious number for two of three people, else empty."""
    digits = pd.Series(person + 1).astype(str).str.zfill(6).to_numpy(object)
    prefix = np.array([shop.phone for shop in SHOPS], object)[people.home[person]]
    return np.where(person % 3 == 0, "", prefix + digits)


def addresses(people: People, person: Ints) -> dict[str, np.ndarray]:
    """Home addresses of persons, by column of the table customers."""
    place = people.place[person]
    country, region, code, city, postal = (
        np.array([p[field] for p in PLACES], object)[place] for field in range(5)
    )
    house = (person % 120 + 1).astype(str).astype(object)
    return {
        "address1": np.array(STREETS, object)[person % len(STREETS)] + " " + house,
        "city": city,
        "province": region,
        "province_code": code,
        "zip": postal,
        "country_code": country,
    }
