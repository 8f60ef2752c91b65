"""Everything around the orders: e-mail, reviews, loyalty, surveys, posts, tickets, contacts.

Each part is drawn from the finished tables of the shops, and only in worlds with a season: where
purchases follow exact parameters, these tables are empty.
"""

from __future__ import annotations

import pandas as pd

from sandbox.world.ledger import typed
from sandbox.world.schema_advocacy import ADVOCACY_TABLES
from sandbox.world.schema_email import EMAIL_TABLES

Frames = dict[str, pd.DataFrame]

TABLES = {**EMAIL_TABLES, **ADVOCACY_TABLES}


def build() -> Frames:
    """The tables of marketing, advocacy and care."""
    return {name: _empty(name) for name in TABLES}


def _empty(name: str) -> pd.DataFrame:
    return typed(name, {column: [] for column in TABLES[name].names})
