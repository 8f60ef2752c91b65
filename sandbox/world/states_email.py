"""States of e-mail that follow from what is visible."""

from __future__ import annotations

import numpy as np
import pandas as pd

Frames = dict[str, pd.DataFrame]

CONSENTS = {"subscribed": "SUBSCRIBED", "unsubscribed": "UNSUBSCRIBED"}


def profile_states(frames: Frames) -> pd.DataFrame:
    """Profiles with consent by their newest event, and links only to what is there already."""
    profiles, events = frames["email_profiles"], frames["email_events"]
    customers = frames["customers"].set_index("customer_id")["created_at"]
    consents = events[events["kind"].isin(CONSENTS)].sort_values("happened_at", kind="stable")
    newest = consents.drop_duplicates("profile_id", keep="last").set_index("profile_id")
    newest = newest.reindex(profiles["profile_id"]).reset_index(drop=True)
    opened = customers.reindex(profiles["customer_id"]).reset_index(drop=True)
    times = pd.concat([profiles["created_at"], newest["happened_at"], opened], axis=1)
    return profiles.assign(
        customer_id=profiles["customer_id"].where(opened.notna()),
        sign_up_visit_id=profiles["sign_up_visit_id"].where(
            profiles["sign_up_visit_id"].isin(frames["visits"]["visit_id"])
        ),
        consent=newest["kind"].map(CONSENTS).fillna("NEVER_SUBSCRIBED").astype("str"),
        updated_at=times.max(axis=1),
    )


def campaign_states(campaigns: pd.DataFrame) -> pd.DataFrame:
    """Campaigns with their status: drafts until scheduled, scheduled until sent."""
    status = np.select(
        [campaigns["sent_at"].notna(), campaigns["scheduled_at"].notna()],
        ["Sent", "Scheduled"],
        default="Draft",
    )
    times = campaigns[["created_at", "scheduled_at", "sent_at"]]
    return campaigns.assign(status=pd.Series(status, dtype="str"), updated_at=times.max(axis=1))
