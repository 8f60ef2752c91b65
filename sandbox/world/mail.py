"""E-mail and text messages: the tables, and the visits that clicks led to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world import mail_events, mail_predictions, mail_profiles, mail_sendings
from sandbox.world.presets import Preset
from sandbox.world.served import Frames
from sandbox.world.timeline import micros


def frames(rng: np.random.Generator, preset: Preset, shop: Frames, served: pd.DataFrame) -> Frames:
    """Every table of e-mail, and visits with the campaign or flow of the click as utm_campaign."""
    profiles = mail_profiles.build(rng, preset, shop, served)
    sendings = mail_sendings.build(rng, preset, profiles, shop, served)
    events, names = mail_events.frames(rng, profiles, sendings, micros(preset.end))
    visits = shop["visits"]
    campaign = names.reindex(visits["visit_id"]).reset_index(drop=True)
    campaign = campaign.fillna(visits["campaign"].astype("str"))
    return {
        **profiles.frames,
        **sendings.frames,
        **events,
        "profile_predictions": mail_predictions.frame(
            rng, preset, profiles, served, shop["people"]
        ),
        "visits": visits.assign(campaign=campaign.astype("category")),
    }
