"""Everything around the orders: e-mail, reviews, loyalty, surveys, posts, tickets, contacts.

Each part is drawn from the finished tables of the shops, and only in worlds with extras: where
purchases follow exact parameters or sizes, these tables are empty.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world import (
    contacts,
    loyalty,
    mail,
    referrals,
    reviews,
    social,
    surveys,
    tickets,
)
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.schema_advocacy import ADVOCACY_TABLES
from sandbox.world.schema_email import EMAIL_TABLES
from sandbox.world.served import Frames, served_orders

TABLES = {**EMAIL_TABLES, **ADVOCACY_TABLES}
PARTS = ("mail", "reviews", "tickets", "surveys", "loyalty", "referrals", "social", "contacts")


def build(rng: np.random.Generator, preset: Preset, shop: Frames) -> Frames:
    """The tables of marketing, advocacy and care, and the visits with what they change there.

    Args:
        rng: Random numbers; each part draws from a child of its own.
        preset: Size of the world.
        shop: The finished tables of the shops.
    """
    empty = {name: _empty(name) for name in TABLES}
    if not preset.has_extras:
        return empty
    own = dict(zip(PARTS, rng.spawn(len(PARTS)), strict=True))
    served = served_orders(shop)
    mails = mail.frames(own["mail"], preset, shop, served)
    care = tickets.frames(own["tickets"], preset, served)
    answers = surveys.frame(own["surveys"], preset, served, care["tickets"])
    return {
        **empty,
        **mails,
        **reviews.frames(own["reviews"], preset, shop, served),
        **care,
        "survey_responses": answers,
        **_advocacy(own, preset, {**shop, "visits": mails["visits"]}, served, answers),
        **social.frames(own["social"], preset),
        "crm_contacts": contacts.frame(own["contacts"], preset, shop),
    }


def _advocacy(
    rng: dict[str, np.random.Generator],
    preset: Preset,
    shop: Frames,
    served: pd.DataFrame,
    answers: pd.DataFrame,
) -> Frames:
    """Loyalty and referrals: a friend who buys earns the member points."""
    members = loyalty.members(rng["loyalty"], preset, shop)
    clicks = referrals.frame(rng["referrals"], shop, served, members, answers)
    orders = loyalty.orders_of(members, served)
    return {
        "loyalty_members": members,
        "loyalty_tiers": loyalty.tiers(preset, members, orders),
        "loyalty_entries": loyalty.entries(rng["loyalty"], preset, members, orders, clicks),
        "referral_clicks": clicks,
        "visits": referrals.with_tags(shop["visits"], clicks),
    }


def _empty(name: str) -> pd.DataFrame:
    return typed(name, {column: [] for column in TABLES[name].names})
