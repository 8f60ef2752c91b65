"""Generate a world: one seed, one size, one ledger."""

from __future__ import annotations

import zlib
from dataclasses import fields, replace

import numpy as np
import pandas as pd

from sandbox.world import (
    ad_plan,
    advertising,
    baskets,
    catalogue,
    checkouts,
    entries,
    events,
    fates,
    gift_cards,
    history,
    money,
    orders,
    parcels,
    payments,
    people,
    promotions,
    purchases,
    rates,
    refunds,
    relations,
    stock,
    subscriptions,
    visits,
)
from sandbox.world.drawing import ABSENT, Ints
from sandbox.world.ledger import Ledger
from sandbox.world.presets import PRESETS, Preset
from sandbox.world.timeline import Rhythms, rhythms_of

PARTS = ("catalogue", "people", "purchases", "baskets", "fates", "money", "payments", "orders",
         "rates", "visits", "items", "events", "ads", "accounts", "relations",
         "stock", "gift_cards", "subscriptions")  # fmt: skip


def generate(size: str, seed: int) -> Ledger:
    """Generate the whole ledger of a preset, the future included.

    All draws come from one generator seeded by size and seed, one child a part of the world.

    Args:
        size: Key of ``PRESETS``.
        seed: Any non-negative number; the same seed gives the same ledger.
    """
    preset = PRESETS[size]
    root = np.random.default_rng([seed, zlib.crc32(size.encode())])
    rng = dict(zip(PARTS, root.spawn(len(PARTS)), strict=True))
    shop = _shop(rng, preset)
    shop |= relations.build(rng["relations"], preset, shop)
    return Ledger(**{**shop, "changes": history.changes(shop)})


def _shop(rng: dict[str, np.random.Generator], preset: Preset) -> dict[str, pd.DataFrame]:
    rhythms = rhythms_of(preset)
    goods = catalogue.build(rng["catalogue"], preset)
    folk = people.build(rng["people"], preset, rhythms)
    bought = purchases.build(rng["purchases"], preset, folk, rhythms)
    regular = subscriptions.plan(rng["subscriptions"], preset, folk, bought, goods)
    bought, charged = subscriptions.with_orders(bought, regular)
    filled = baskets.build(rng["baskets"], preset, folk, bought, goods)
    totals = money.placed_totals(bought, filled)
    lives = fates.build(rng["fates"], folk, bought, filled, totals)
    cash = money.build(rng["money"], bought, filled, lives)
    accounts = people.accounts(rng["accounts"], folk, purchases.first_orders(bought, folk))
    fx = rates.build(rng["rates"], preset)
    web = _web(rng, preset, folk, bought, filled, lives, goods, accounts, rhythms, totals)
    seen = orders.presentment_currencies(bought, filled)
    rate = rates.presentment_rates(fx, bought.time, bought.shop, seen)
    visit_of_order = web.pop("visit_of_order")
    order_table = orders.orders_frame(
        rng["orders"], folk, bought, filled, lives, cash, accounts, visit_of_order, rate
    )
    tables = {
        **goods.frames,
        "people": people.people_frame(folk, bought.dropped),
        "customers": accounts.frame,
        **web,
        "orders": order_table,
        "order_lines": orders.lines_frame(bought, filled, lives, goods),
        "discount_allocations": orders.allocations_frame(bought, filled, lives),
        "shipping_lines": orders.shipping_frame(bought, filled, lives),
        "sales_entries": entries.sales_entries(bought, filled, lives, cash),
        **refunds.frames(bought, filled, lives, cash),
        "transactions": payments.transactions(rng["payments"], bought, filled, lives, cash),
        **parcels.frames(bought, filled, lives),
        "fx": fx,
        "discount_codes": promotions.frame(preset),
        **subscriptions.frames(regular, charged, totals, folk, accounts, goods),
    }
    kept = purchases.kept(bought)
    sold = money.order_ids(np.flatnonzero(kept & (bought.kind != purchases.Kind.CANCELLED)))
    moved = money.order_ids(np.flatnonzero(kept))
    tables["inventory_entries"] = stock.entries(rng["stock"], preset, tables, moved)
    return tables | gift_cards.frames(rng["gift_cards"], tables, sold)


def _web(
    rng: dict[str, np.random.Generator],
    preset: Preset,
    folk: people.People,
    bought: purchases.Purchases,
    filled: baskets.Baskets,
    lives: fates.Fates,
    goods: catalogue.Catalogue,
    accounts: people.Accounts,
    rhythms: Rhythms,
    totals: Ints,
) -> dict[str, object]:
    """Visits, events, checkouts and ads; and the visit of each order."""
    plan = ad_plan.ads(preset)
    seen = visits.build(rng["visits"], preset, folk, bought, lives, rhythms, plan)
    looks = events.items(rng["items"], seen, bought, filled, goods)
    happened = events.timed(rng["events"], seen, looks, goods)
    started, ended, begun = happened.visit_times(len(seen.start))
    order = np.argsort(started, kind="stable")
    visit_ids = np.empty(len(order), np.int64)
    visit_ids[order] = np.arange(len(order)) + 1
    opened = checkouts.build(seen, begun, len(bought.time))
    in_order = replace(seen, **{f.name: getattr(seen, f.name)[order] for f in fields(seen)})
    landing = events.landing_paths(seen, looks, goods)[order]
    landing_path = pd.Categorical.from_codes(landing, events.paths(goods))
    table = visits.frame(
        rng["visits"], in_order, accounts, started[order], ended[order], begun[order], landing_path
    )
    visit_of_order = np.full(len(bought.time), ABSENT)
    buying = seen.depth == visits.PURCHASE
    visit_of_order[seen.order[buying]] = visit_ids[buying]
    return {
        "visits": visits.with_ads(table, in_order, plan),
        "web_events": events.frame(
            rng["events"], seen, happened, goods, visit_ids, opened.of_visit, totals
        ),
        **checkouts.frames(
            opened, seen, visit_ids, looks, folk, bought, filled, goods, accounts, totals
        ),
        "ad_accounts": plan.accounts,
        "ads": plan.frame,
        "ad_entries": advertising.entries(rng["ads"], preset, plan, seen, started),
        "ad_conversions": advertising.conversions(
            rng["ads"], plan, seen, started, happened, bought, totals
        ),
        "visit_of_order": visit_of_order,
    }
