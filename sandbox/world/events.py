"""Web events: what the tag sends in each visit, and when it arrives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.baskets import Baskets
from sandbox.world.catalogue import Catalogue
from sandbox.world.drawing import ABSENT, HOUR, NEVER, SECOND, Bools, Ints, between, pick, ragged
from sandbox.world.ledger import typed
from sandbox.world.money import order_ids
from sandbox.world.purchases import Purchases
from sandbox.world.shops import HANDLES
from sandbox.world.visits import (
    BOUNCE,
    BROWSE,
    CART,
    CHECKOUT,
    PRODUCT,
    PURCHASE,
    VIEW,
    Visits,
    session_numbers,
)
from sandbox.world.words import CATEGORIES

EVENTS = (
    "session_start",
    "first_visit",
    "page_view",
    "view_item",
    "scroll",
    "add_to_wishlist",
    "add_to_cart",
    "begin_checkout",
    "sign_up",
    "purchase",
    "user_engagement",
)
(START, FIRST, PAGE, ITEM, SCROLL, WISH, ADD, BEGIN, SIGN_UP, BOUGHT, ENGAGED) = range(11)
EXTRA_PATHS = ("/", "/cart", "/checkouts", "/thank-you")
ITEM_STEP, END_STEP = 1_000, 1_000_000  # steps order the events within a visit
LATEST = 70 * HOUR


@dataclass(frozen=True)
class Items:
    """Product views, one row a visit x product.

    Attributes:
        visit: Visit number.
        place: 0-based place within the visit.
        variant: Variant number.
        quantity: Units if put into the cart, else 0.
    """

    visit: Ints
    place: Ints
    variant: Ints
    quantity: Ints


def items(
    rng: np.random.Generator,
    visits: Visits,
    purchases: Purchases,
    baskets: Baskets,
    catalogue: Catalogue,
) -> Items:
    """What is looked at: the ordered goods first, then others; carts of visits without order."""
    n_orders = len(purchases.time)
    placed = np.flatnonzero(~baskets.lines.by_edit)
    count = np.bincount(baskets.lines.order[placed], minlength=n_orders)
    starts = np.cumsum(count) - count
    ordered = np.where(visits.order >= 0, count[visits.order], 0)
    visit_a, place_a = ragged(ordered)
    line = placed[starts[visits.order[visit_a]] + place_a]
    more = np.select(
        [visits.depth == PURCHASE, visits.depth >= VIEW, visits.depth == BOUNCE],
        [
            rng.poisson(0.8, len(ordered)),
            1 + rng.poisson(0.9, len(ordered)),
            visits.landing == PRODUCT,
        ],
        0,
    )
    visit_b, place_b = ragged(np.where((visits.order >= 0) & (visits.depth == CHECKOUT), 0, more))
    fills = (visits.depth >= CART) & (visits.order < 0)
    in_cart = fills[visit_b] & (place_b < 1 + visits.device[visit_b] % 2)
    variant_b = _looked_at(rng, visits, catalogue, visit_b)
    visit = np.r_[visit_a, visit_b]
    by_visit = np.argsort(visit, kind="stable")
    return Items(
        visit=visit[by_visit],
        place=np.r_[place_a, ordered[visit_b] + place_b][by_visit],
        variant=np.r_[baskets.lines.variant[line], variant_b][by_visit],
        quantity=np.r_[baskets.lines.quantity[line], in_cart.astype(np.int64)][by_visit],
    )


def _looked_at(rng: np.random.Generator, visits: Visits, catalogue: Catalogue, visit: Ints) -> Ints:
    """Any article on sale at that time, cheap and dear alike."""
    article = rng.integers(0, len(catalogue.first_variant), len(visit))
    waits = catalogue.launched_at[article] > visits.start[visit]
    article = np.where(waits, catalogue.fallback[article], article)
    return catalogue.first_variant[article] + visit % catalogue.variant_count[article]


@dataclass(frozen=True)
class Timed:
    """All events in the order of visit and step.

    Attributes:
        visit: Visit number.
        name: Number in ``EVENTS``.
        path: Number of the path.
        variant: Variant number, or -1.
        quantity: Units, or -1.
        repeat: A purchase sent twice.
        time: Microseconds.
        engagement: Milliseconds since the event before, or -1.
        page_view: Number of the page view.
    """

    visit: Ints
    name: Ints
    path: Ints
    variant: Ints
    quantity: Ints
    repeat: Bools
    time: Ints
    engagement: Ints
    page_view: Ints

    def visit_times(self, visits: int) -> tuple[Ints, Ints, Ints]:
        """First event, last event and begin_checkout (or ``NEVER``) of each visit."""
        first = np.flatnonzero(np.r_[True, np.diff(self.visit) > 0])
        last = np.r_[first[1:], len(self.visit)] - 1
        begin = np.full(visits, NEVER, np.int64)
        begins = self.name == BEGIN
        begin[self.visit[begins]] = self.time[begins]
        return self.time[first], self.time[last], begin


def timed(rng: np.random.Generator, visits: Visits, looks: Items, catalogue: Catalogue) -> Timed:
    """Lay out every event and give it its time."""
    rows = _laid_out(rng, visits, looks, catalogue)
    by_step = np.lexsort((rows["step"], rows["visit"]))
    rows = {name: values[by_step] for name, values in rows.items()}
    visit, name = rows["visit"], rows["name"]
    opens_page = (name == PAGE) | (name == ENGAGED)
    gap = np.where(
        opens_page,
        (rng.exponential(24, len(visit)).clip(2, 500) * SECOND).astype(np.int64),
        between(rng, SECOND // 5, 5 * SECOND // 2, len(visit)),
    )
    first = np.r_[True, np.diff(visit) > 0]
    opening = (rows["step"] < 3) & ~first
    gap = np.where(first, 0, np.where(opening, SECOND // 100, gap))
    passed = np.cumsum(gap)
    passed -= passed[first][np.cumsum(first) - 1]
    bought = (visits.depth == PURCHASE)[visit]
    at_sale = np.zeros(len(visits.start), np.int64)
    ends = (rows["step"] == END_STEP + 20) & bought
    at_sale[visit[ends]] = passed[ends]
    engagement = np.where(opens_page & ~first & ~opening, gap * 8 // 10_000, ABSENT)
    views = np.cumsum(name == PAGE)
    return Timed(
        visit=visit,
        name=name,
        path=rows["path"],
        variant=rows["variant"],
        quantity=rows["quantity"],
        repeat=rows["repeat"] > 0,
        time=(visits.start - at_sale)[visit] + passed,
        engagement=engagement,
        page_view=np.maximum(1, views - views[first][np.cumsum(first) - 1]),
    )


Rows = dict[str, Ints]


def _rows(visit: Ints, step: Ints | int, name: int, path: Ints | int, **more: Ints | int) -> Rows:
    filled = {"variant": ABSENT, "quantity": ABSENT, "repeat": 0, **more}
    columns = {"visit": visit, "step": step, "name": name, "path": path, **filled}
    return {
        key: np.broadcast_to(np.asarray(value, np.int64), len(visit))
        for key, value in columns.items()
    }


def _laid_out(rng: np.random.Generator, visits: Visits, looks: Items, catalogue: Catalogue) -> Rows:
    """Every event of every visit, with a step that orders it."""
    everyone = np.arange(len(visits.start))
    landing = landing_paths(visits, looks, catalogue)
    new = everyone[session_numbers(visits, visits.start) == 1]
    blocks = [
        _rows(everyone, 0, START, landing),
        _rows(new, 1, FIRST, landing[new]),
        _rows(everyone, 2, PAGE, landing),
        *_browsing(rng, visits),
        *_item_events(rng, visits, looks, catalogue),
        *_endings(rng, visits),
    ]
    return {key: np.concatenate([block[key] for block in blocks]) for key in blocks[0]}


def _browsing(rng: np.random.Generator, visits: Visits) -> list[Rows]:
    """List pages, newsletter sign-ups, and the engagement that some bounces send."""
    n = len(visits.start)
    pages = np.where(visits.depth == BROWSE, 1 + rng.poisson(0.8, n), 0)
    pages += (visits.depth >= VIEW) & (rng.random(n) < 0.3)
    visit, place = ragged(pages)
    path = len(EXTRA_PATHS) + rng.integers(0, len(CATEGORIES), len(visit))
    signs = np.flatnonzero((visits.depth >= BROWSE) & (visits.order < 0) & (rng.random(n) < 0.02))
    stays = np.flatnonzero(
        np.where(visits.depth == BOUNCE, rng.random(n) < 0.35, rng.random(n) < 0.7)
    )
    return [
        _rows(visit, 10 + place, PAGE, path),
        _rows(signs, 900, SIGN_UP, 0),
        _rows(stays, END_STEP + 90, ENGAGED, 0),
    ]


def _item_events(
    rng: np.random.Generator, visits: Visits, looks: Items, catalogue: Catalogue
) -> list[Rows]:
    n = len(looks.visit)
    base = ITEM_STEP + looks.place * 10
    path = product_paths(catalogue, looks.variant)
    lands = (looks.place == 0) & (visits.landing[looks.visit] == PRODUCT)
    base = np.where(lands, 3, base)
    one = np.ones(n, np.int64)
    choices = (
        (~lands, 0, PAGE, ABSENT, ABSENT),
        (np.ones(n, bool), 1, ITEM, looks.variant, one),
        (rng.random(n) < 0.3, 2, SCROLL, ABSENT, ABSENT),
        (rng.random(n) < 0.04, 3, WISH, looks.variant, one),
        (looks.quantity > 0, 4, ADD, looks.variant, looks.quantity),
    )
    blocks = []
    for chosen, step, name, variant, quantity in choices:
        rows = np.flatnonzero(chosen)
        more = {} if variant is ABSENT else {"variant": variant[rows], "quantity": quantity[rows]}
        blocks.append(_rows(looks.visit[rows], base[rows] + step, name, path[rows], **more))
    return blocks


def _endings(rng: np.random.Generator, visits: Visits) -> list[Rows]:
    """Checkout and purchase; some purchases are never sent, some twice."""
    n = len(visits.start)
    begins = np.flatnonzero(visits.depth >= CHECKOUT)
    buys = visits.depth == PURCHASE
    bought = np.flatnonzero(buys)
    lost = pick(rng, buys, 0.03)
    sent = np.flatnonzero(buys & ~lost)
    twice = np.flatnonzero(pick(rng, buys & ~lost, 0.015))
    signs = np.flatnonzero(buys & (rng.random(n) < 0.15))
    checkout, thanks = EXTRA_PATHS.index("/checkouts"), EXTRA_PATHS.index("/thank-you")
    return [
        _rows(begins, END_STEP, PAGE, checkout),
        _rows(begins, END_STEP + 1, BEGIN, checkout),
        _rows(signs, END_STEP + 2, SIGN_UP, checkout),
        _rows(bought, END_STEP + 20, PAGE, thanks),
        _rows(sent, END_STEP + 21, BOUGHT, thanks),
        _rows(twice, END_STEP + 22, BOUGHT, thanks, repeat=1),
    ]


def paths(catalogue: Catalogue) -> list[str]:
    """Every path: special pages, categories, products."""
    products = catalogue.frames["products"]
    own = products.loc[products["shop"] == HANDLES[0], "handle"]
    names = [c[0].lower().replace(" ", "-").replace("&", "and") for c in CATEGORIES]
    return [*EXTRA_PATHS, *(f"/collections/{name}" for name in names), *("/products/" + own)]


def product_paths(catalogue: Catalogue, variant: Ints) -> Ints:
    """Path number of a variant's product page."""
    article = catalogue.article[variant]
    number = np.where(article < 0, len(catalogue.first_variant), article)
    return len(EXTRA_PATHS) + len(CATEGORIES) + number


def landing_paths(visits: Visits, looks: Items, catalogue: Catalogue) -> Ints:
    """Path number of each visit's first page; a product page is that of its first item."""
    n = len(visits.start)
    first = np.full(n, -1)
    opening = looks.place == 0
    first[looks.visit[opening]] = product_paths(catalogue, looks.variant[opening])
    lists = len(EXTRA_PATHS) + visits.device % len(CATEGORIES)
    plain = np.where(visits.landing == 0, 0, lists)
    return np.where((visits.landing == PRODUCT) & (first >= 0), first, plain)


def frame(
    rng: np.random.Generator,
    visits: Visits,
    happened: Timed,
    catalogue: Catalogue,
    visit_ids: Ints,
    checkout_ids: Ints,
    order_totals: Ints,
) -> pd.DataFrame:
    """The table web_events, sorted by time."""
    by_time = np.lexsort((happened.visit, happened.time))
    visit, name = happened.visit[by_time], happened.name[by_time]
    time, variant, quantity = (
        values[by_time] for values in (happened.time, happened.variant, happened.quantity)
    )
    shop = visits.shop[visit]
    has_item = variant != ABSENT
    price, _ = catalogue.price_at(shop, variant, time)
    order = visits.order[visit]
    late = rng.random(len(visit)) < 0.012
    delay = np.where(
        late, between(rng, HOUR, LATEST, len(visit)), between(rng, SECOND, 20 * SECOND, len(visit))
    )
    value = np.where(has_item, price * quantity, ABSENT)
    value = np.where(name == BOUGHT, order_totals[order], value)
    return typed(
        "web_events",
        {
            "event_id": np.arange(len(visit)) + 1,
            "visit_id": visit_ids[visit],
            "shop": pd.Categorical.from_codes(shop, list(HANDLES)),
            "event_name": pd.Categorical.from_codes(name, list(EVENTS)),
            "happened_at": time,
            "arrived_at": time + delay,
            "page_view_number": happened.page_view[by_time],
            "page_path": pd.Categorical.from_codes(happened.path[by_time], paths(catalogue)),
            "variant_id": np.where(has_item, catalogue.variant_id(shop, variant), ABSENT),
            "quantity": quantity,
            "order_id": np.where(name == BOUGHT, order_ids(order), ABSENT),
            "checkout_id": np.where(name == BEGIN, checkout_ids[visit], ABSENT),
            "value": value,
            "engagement_msec": happened.engagement[by_time],
            "percent_scrolled": np.where(name == SCROLL, 90, ABSENT),
            "is_repeat": happened.repeat[by_time],
        },
    )
