"""Contacts of the one CRM portal: business customers, some others, and leads who never bought."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.drawing import DAY, HOUR, NEVER, between, pick, pick_words, weighted
from sandbox.world.ledger import typed
from sandbox.world.phrases import COMPANIES
from sandbox.world.presets import Preset
from sandbox.world.served import Frames, micros_of
from sandbox.world.shops import COMMERCETOOLS, handles_of
from sandbox.world.timeline import micros
from sandbox.world.words import FIRST_NAMES, LAST_NAMES

CONTACT_BASE = 51_000_001
STAGES = ("subscriber", "lead", "opportunity")
OTHERS = 0.1
"""Part of the other shops' accounts that are contacts too."""


def frame(rng: np.random.Generator, preset: Preset, shop: Frames) -> pd.DataFrame:
    """The table crm_contacts."""
    rows = pd.concat([_customers(rng, shop), _leads(rng, preset, len(shop["customers"]) // 20)])
    rows = rows[rows["at"] < micros(preset.end)]
    rows = rows.sort_values(["at", "email"]).reset_index(drop=True)
    n, at = len(rows), rows["at"].to_numpy(np.int64)
    archived = pick(rng, np.ones(n, bool), 0.02)
    return typed(
        "crm_contacts",
        {
            "contact_id": CONTACT_BASE + np.arange(n) * 50,
            **{
                name: rows[name]
                for name in ("email", "phone", "first_name", "last_name", "company", "country",
                             "city")
            },
            "lifecycle_stage": np.array(STAGES, object)[weighted(rng, (30, 50, 20), n)],
            "marketing_consent": rng.random(n) < 0.5,
            "created_at": at,
            "updated_at": at,
            "archived_at": np.where(archived, at + between(rng, 10 * DAY, 300 * DAY, n), NEVER),
        },
    )  # fmt: skip


def _customers(rng: np.random.Generator, shop: Frames) -> pd.DataFrame:
    """Accounts of the business shop, and some of others; a part was a contact long before."""
    accounts = shop["customers"]
    business = accounts["shop"].isin(handles_of(COMMERCETOOLS)).to_numpy()
    chosen = business | pick(rng, ~business, OTHERS)
    rows = accounts.assign(is_business=business)[chosen]
    rows = rows.sort_values("is_business", ascending=False).drop_duplicates("person_id")
    n = len(rows)
    early = rows["is_business"].to_numpy() & (rng.random(n) < 0.4)
    apart = np.where(early, -between(rng, DAY, 40 * DAY, n), between(rng, HOUR, 2 * DAY, n))
    company = np.where(rows["is_business"], pick_words(rng, COMPANIES, n), "")
    return rows.assign(
        at=micros_of(rows["created_at"]) + apart, company=company, country=rows["country_code"]
    )


def _leads(rng: np.random.Generator, preset: Preset, n: int) -> pd.DataFrame:
    first, last = pick_words(rng, FIRST_NAMES, n), pick_words(rng, LAST_NAMES, n)
    number = np.arange(n).astype(str).astype(object)
    return pd.DataFrame(
        {
            "email": pd.Series(first + "." + last + ".l" + number + "@post.example").str.lower(),
            "phone": "",
            "first_name": first,
            "last_name": last,
            "company": pick_words(rng, COMPANIES, n),
            "country": pick_words(rng, ("DE", "FR", "GB", "US"), n),
            "city": "",
            "at": between(rng, micros(preset.start), micros(preset.end), n),
        }
    )
