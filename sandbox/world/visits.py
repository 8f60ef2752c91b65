"""Visits: who comes when, from where, on which device, and how far they get."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.ad_plan import PLATFORMS, Ads, choose_ads
from sandbox.world.channels import (
    EMAIL,
    GOOGLE,
    MAIL_SHOPS,
    META,
    PINTEREST,
    TIKTOK,
    TRAFFIC,
)
from sandbox.world.drawing import (
    ABSENT,
    DAY,
    HOUR,
    NEVER,
    SECOND,
    Bools,
    Ints,
    between,
    pick,
    weighted,
)
from sandbox.world.fates import WEB, Fates
from sandbox.world.ledger import typed
from sandbox.world.people import Accounts, People
from sandbox.world.presets import Preset
from sandbox.world.purchases import Kind, Purchases
from sandbox.world.shops import SHOPS, handles, has_visits, place_weights
from sandbox.world.timeline import Rhythms, by_shop, even_times, micros, real_times
from sandbox.world.words import PLACES

BOUNCE, BROWSE, VIEW, CART, CHECKOUT, PURCHASE = range(6)
HOME, COLLECTION, PRODUCT = range(3)
DEVICES = ("mobile", "desktop", "tablet")
SYSTEMS = (("iOS", "Android"), ("Windows", "macOS"), ("iPadOS", "Android"))
BROWSERS = ("Safari", "Chrome", "Firefox", "Edge")


@dataclass(frozen=True)
class Visits:
    """Visits as arrays, in no order; times in microseconds.

    Attributes:
        person: Person number, -1 for strangers.
        shop: Shop number.
        order: Order number that the visit ends in or (earlier checkout) leads to, or -1.
        depth: How far it gets, ``BOUNCE`` to ``PURCHASE``.
        landing: Kind of the first page.
        start: First event; for purchases the moment of sale (the events end there).
        device: Device number; strangers after people.
        traffic: Row of ``channels.TRAFFIC``.
        ad: Number in the plan of the ad clicked, or -1.
        place: Place number of the visitor.
        logs_in: Logs in at the start.
    """

    person: Ints
    shop: Ints
    order: Ints
    depth: Ints
    landing: Ints
    start: Ints
    device: Ints
    traffic: Ints
    ad: Ints
    place: Ints
    logs_in: Bools


def build(
    rng: np.random.Generator,
    preset: Preset,
    people: People,
    purchases: Purchases,
    fates: Fates,
    rhythms: Rhythms,
    plan: Ads,
) -> Visits:
    """Draw all visits: of web orders, of checkouts recovered later, and without an order."""
    n_quiet = round(preset.quiet_visits * len(people) / preset.customers)
    columns = np.concatenate(
        [
            _order_visits(rng, preset, purchases, fates),
            _known_visits(rng, preset, people, purchases, rhythms, round(n_quiet * 0.35)),
            _strange_visits(rng, preset, people, rhythms, round(n_quiet * 0.65)),
        ],
        axis=1,
    )
    person, shop, order, depth, start, device = columns
    n = len(person)
    drawn = weighted(rng, [row.weight for row in TRAFFIC], n)
    ad, traffic = choose_ads(rng, plan, _without_mail(drawn, shop), shop, start)
    strange_place = by_shop(
        shop, lambda number, rows: weighted(rng, place_weights(SHOPS[number]), len(rows))
    )
    return Visits(
        person=person,
        shop=shop,
        order=order,
        depth=depth,
        landing=weighted(rng, (40, 25, 35), n),
        start=start,
        device=device,
        traffic=traffic,
        ad=ad,
        place=np.where(person >= 0, people.place[person], strange_place),
        logs_in=(person >= 0) & (rng.random(n) < 0.3),
    )


def _without_mail(traffic: Ints, shop: Ints) -> Ints:
    """Rows of ``TRAFFIC``; another one where it is e-mail of a shop that sends none."""
    needs = np.array([row.needs == EMAIL for row in TRAFFIC])[traffic]
    otherwise = np.array([row.otherwise for row in TRAFFIC])[traffic]
    return np.where(needs & ~np.isin(shop, MAIL_SHOPS), otherwise, traffic)


def _order_visits(
    rng: np.random.Generator, preset: Preset, purchases: Purchases, fates: Fates
) -> np.ndarray:
    """The visit of each web order, and for recovered checkouts the one that left it open."""
    web = (fates.source == WEB) & ~np.isin(purchases.kind, (Kind.TEST, Kind.FAILED))
    order = np.flatnonzero(web)
    recovered = order[pick(rng, np.isin(purchases.kind, (Kind.PURCHASE,)) & web, 0.05)[order]]
    early = purchases.time[recovered] - between(rng, 2 * HOUR, 10 * DAY, len(recovered))
    late_enough = early > micros(preset.start)
    recovered, early = recovered[late_enough], early[late_enough]
    orders = np.r_[order, recovered]
    person = purchases.person[orders]
    depth = np.r_[np.full(len(order), PURCHASE), np.full(len(recovered), CHECKOUT)]
    start = np.r_[purchases.time[order], early]
    return np.stack(
        [person, purchases.shop[orders], orders, depth, start, _own_device(rng, person)]
    )


def _own_device(rng: np.random.Generator, person: Ints) -> Ints:
    """Everyone has two devices and mostly uses the first."""
    return person * 2 + (rng.random(len(person)) < 0.2)


def _known_visits(
    rng: np.random.Generator,
    preset: Preset,
    people: People,
    purchases: Purchases,
    rhythms: Rhythms,
    n: int,
) -> np.ndarray:
    """Visits of people who buy at some time, from a month before until they drop out."""
    person = rng.integers(0, len(people), n)
    away = people.both[person] & (rng.random(n) < 0.3)
    shop = np.where(away, people.other[person], people.home[person])
    person, shop = person[has_visits(shop)], shop[has_visits(shop)]
    n = len(person)
    since = np.maximum(people.acquired[person] - 30 * DAY, micros(preset.start))
    until = np.minimum(np.maximum(purchases.dropped[person] + 20 * DAY, since + DAY),
                       micros(preset.end))  # fmt: skip
    start = _rhythmic(rng, rhythms, shop, since, until)
    depth = weighted(rng, (30, 13, 36, 13, 8), n)
    nothing = np.full(n, -1)
    return np.stack([person, shop, nothing, depth, start, _own_device(rng, person)])


def _strange_visits(
    rng: np.random.Generator, preset: Preset, people: People, rhythms: Rhythms, n: int
) -> np.ndarray:
    """Visits of strangers: most come once."""
    device = rng.integers(0, max(1, round(n * 0.8)), n)
    shares = np.array(preset.shares) * has_visits(np.arange(len(preset.shares)))
    edges = np.cumsum(shares) / shares.sum() * 1000
    shop = np.searchsorted(edges, device * 2654435761 % 1000, side="right")
    first, last = np.full(n, micros(preset.start)), np.full(n, micros(preset.end))
    start = _rhythmic(rng, rhythms, shop, first, last)
    depth = weighted(rng, (48, 15, 28, 7, 2), n)
    nothing = np.full(n, -1)
    return np.stack([nothing, shop, nothing, depth, start, 2 * len(people) + device])


def _rhythmic(
    rng: np.random.Generator,
    rhythms: Rhythms,
    shop: Ints,
    since: Ints,
    until: Ints,
) -> Ints:
    """Times between two limits, as dense as demand."""
    low, high = even_times(rhythms, shop, since), even_times(rhythms, shop, until)
    times = real_times(rhythms, shop, low + rng.random(len(since)) * (high - low))
    return times + between(rng, 0, 600 * SECOND, len(since))


def frame(
    rng: np.random.Generator,
    visits: Visits,
    accounts: Accounts,
    started: Ints,
    ended: Ints,
    checkout_at: Ints,
    landing_path: pd.Categorical,
) -> pd.DataFrame:
    """The table visits.

    Args:
        rng: Random numbers.
        visits: In the order of the table.
        accounts: For the user ids.
        started: First event of each visit.
        ended: Last event.
        checkout_at: Its begin_checkout, or ``NEVER``.
        landing_path: Path of its first page.
    """
    n = len(visits.person)
    consent = _by_device(rng, visits, 0.88)
    login, user_id = _logins(visits, accounts, started, checkout_at)
    return typed(
        "visits",
        {
            "visit_id": np.arange(n) + 1,
            "shop": handles(visits.shop),
            "person_id": np.where(visits.person >= 0, visits.person + 1, -1),
            "started_at": started,
            "ended_at": ended,
            "user_pseudo_id": np.where(consent, _cookies(visits), ""),
            "ga_session_id": started // SECOND,
            "ga_session_number": session_numbers(visits, visits.start),
            "user_id": user_id,
            "login_at": login,
            "has_consent": consent,
            **_origins(visits),
            "landing_path": landing_path,
            **_machines(visits),
            "country_code": _taken([p[0] for p in PLACES], visits.place),
            "city": _taken([p[3] for p in PLACES], visits.place),
        },
    )


def _origins(visits: Visits) -> dict[str, object]:
    """Where each visit comes from; the ad is filled in later."""
    n = len(visits.traffic)
    columns = {
        name: _taken([getattr(row, name) for row in TRAFFIC], visits.traffic)
        for name in ("channel", "source", "medium", "referrer")
    }
    return {
        **columns,
        "campaign": _taken([row.campaign if row.tags else "" for row in TRAFFIC], visits.traffic),
        "utm_content": np.full(n, "", object),
        "utm_id": np.full(n, "", object),
        **_click_ids(visits),
        "ad_id": np.full(n, ABSENT),
        "ad_platform": np.full(n, "", object),
    }


def with_ads(frame: pd.DataFrame, visits: Visits, plan: Ads) -> pd.DataFrame:
    """The visits with the ad that was clicked, and with its campaign where the address has it."""
    clicked = (visits.ad >= 0) & np.array([row.tags for row in TRAFFIC])[visits.traffic]
    filled = {
        "ad_id": pd.arrays.IntegerArray(plan.id_of(visits.ad), visits.ad < 0),
        "ad_platform": pd.Categorical(plan.platform_of(visits.ad), ["", *PLATFORMS]),
    }
    for column, source in (("campaign", "campaign_name"), ("utm_id", "campaign_id"),
                           ("utm_content", "ad_name")):  # fmt: skip
        words = plan.frame[source].astype(str).to_numpy(object)[visits.ad]
        filled[column] = pd.Categorical(np.where(clicked, words, frame[column].astype(object)))
    return frame.assign(**filled)


def _taken(words: list[str], codes: Ints) -> pd.Categorical:
    """Words by code, as a categorical."""
    unique = sorted(set(words))
    place = np.array([unique.index(word) for word in words])
    return pd.Categorical.from_codes(place[codes], unique)


def _by_device(rng: np.random.Generator, visits: Visits, chance: float) -> Bools:
    """A property that every visit of a device shares."""
    return (rng.random(int(visits.device.max()) + 1) < chance)[visits.device]


def _cookies(visits: Visits) -> np.ndarray:
    """GA4's cookie id: of a device in a shop."""
    unique, place = np.unique(visits.device * len(SHOPS) + visits.shop, return_inverse=True)
    left = pd.Series(1_000_000_000 + unique * 7_919 % 900_000_000).astype(str)
    right = pd.Series(1_650_000_000 + unique).astype(str)
    return (left + "." + right).to_numpy(object)[place]


def session_numbers(visits: Visits, started: Ints) -> Ints:
    """1-based number of each visit among those of its device and shop."""
    key = visits.device * len(SHOPS) + visits.shop
    by_time = np.lexsort((started, key))
    first = np.r_[True, np.diff(key[by_time]) != 0]
    place = np.arange(len(key))
    numbers = np.empty(len(key), np.int64)
    numbers[by_time] = place - place[first][np.cumsum(first) - 1] + 1
    return numbers


def _logins(
    visits: Visits, accounts: Accounts, started: Ints, checkout_at: Ints
) -> tuple[Ints, np.ndarray]:
    """When the account is known to the tag, and its id."""
    known = visits.person >= 0
    account = np.where(known, accounts.customer_id[visits.shop, visits.person], ABSENT)
    opened = accounts.created[visits.shop, visits.person]
    has_account = (account != ABSENT) & (opened <= started)
    buys = (account != ABSENT) & (visits.depth == PURCHASE)
    login = np.where(visits.logs_in & has_account, started, np.where(buys, checkout_at, NEVER))
    text = pd.Series(account).astype(str).to_numpy(object)
    return login, np.where(login != NEVER, text, "")


CLICK_IDS = {
    "gclid": (GOOGLE, "Cj0KCQ"),
    "fbclid": (META, "IwAR0"),
    "ttclid": (TIKTOK, "E.C.P."),
    "epik": (PINTEREST, "dj0yJn"),
}
"""Whose click id it is, and how it begins."""


def _click_ids(visits: Visits) -> dict[str, np.ndarray]:
    """The click id of each platform, empty where the visit is from elsewhere."""
    n = len(visits.ad)
    needs = np.array([row.needs for row in TRAFFIC], object)[visits.traffic]
    number = pd.Series(np.arange(n) * 48_271 % 2_147_483_647).astype(str).to_numpy(object)
    return {
        column: np.where(needs == platform, prefix + number, "")
        for column, (platform, prefix) in CLICK_IDS.items()
    }


def _machines(visits: Visits) -> dict[str, pd.Categorical]:
    kind = np.searchsorted([62, 94], visits.device * 40_503 % 100, side="right")
    system = [name for pair in SYSTEMS for name in pair]
    odd = visits.device * 30_323 // 7 % 2
    browser = np.where((kind == 0) & (odd == 0), 0, 1 + visits.device % 3)
    return {
        "device": _taken(list(DEVICES), kind),
        "os": _taken(system, kind * 2 + odd),
        "browser": _taken(list(BROWSERS), browser),
    }
