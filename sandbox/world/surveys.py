"""The question how likely one recommends the shop, two weeks after the parcel."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.drawing import ABSENT, DAY, NEVER, SECOND, between, pick, pick_words
from sandbox.world.identifiers import tokens
from sandbox.world.ledger import typed
from sandbox.world.phrases import DETRACTOR_COMMENTS, PASSIVE_COMMENTS, PROMOTER_COMMENTS
from sandbox.world.presets import Preset
from sandbox.world.served import MAIL_HANDLES
from sandbox.world.timeline import micros

FORMS = dict(zip(MAIL_HANDLES, ("nPsEu26a", "nPsUs26b"), strict=True))
ASKED_AFTER = 12 * DAY
ANSWERS = 0.16
PROMOTER, PASSIVE = 9, 7


def frame(
    rng: np.random.Generator, preset: Preset, served: pd.DataFrame, tickets: pd.DataFrame
) -> pd.DataFrame:
    """The table survey_responses; late parcels, returns and tickets lower the score."""
    came = (served["delivered"] != NEVER).to_numpy()
    rows = served[pick(rng, came, ANSWERS)].reset_index(drop=True)
    n = len(rows)
    landed = rows["delivered"].to_numpy() + ASKED_AFTER
    landed += rng.exponential(1.5 * DAY, n).astype(np.int64)
    submitted = landed + between(rng, 20 * SECOND, 400 * SECOND, n)
    mood = rng.standard_normal(int(served["person_id"].max()) + 1)
    wrote = rows["order_id"].isin(tickets["order_id"].dropna())
    score = 9.0 + 1.2 * mood[rows["person_id"]] + 0.7 * rng.standard_normal(n)
    score -= 2.6 * rows["is_late"] + 1.2 * (rows["returned"] != NEVER) + 1.0 * wrote
    score = score.round().clip(0, 10).to_numpy(np.int64)
    comment = np.select(
        [rng.random(n) < 0.5, score >= PROMOTER, score >= PASSIVE],
        ["", pick_words(rng, PROMOTER_COMMENTS, n), pick_words(rng, PASSIVE_COMMENTS, n)],
        pick_words(rng, DETRACTOR_COMMENTS, n),
    )
    frame = typed(
        "survey_responses",
        {
            "response_id": tokens(rng, 32, n),
            "shop": rows["shop"],
            "form_id": rows["shop"].map(FORMS),
            "email": rows["email"].mask(pick(rng, np.ones(n, bool), 0.06), ""),
            "person_id": rows["person_id"].to_numpy(),
            "order_id": np.where(rng.random(n) < 0.04, ABSENT, rows["order_id"]),
            "score": score,
            "comment": comment,
            "landed_at": landed,
            "submitted_at": submitted,
        },
    )
    within = (submitted < micros(preset.end)).nonzero()[0]
    return frame.iloc[within].sort_values(["submitted_at", "response_id"]).reset_index(drop=True)
