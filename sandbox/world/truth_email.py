"""The truth of e-mail: what was sent on a day and what came of it, as far as it is known.

Everything counts on the local day on which its message was *sent*. Opens and clicks are unique by
message and recipient; those of machines stand apart.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sandbox.world.ledger import Ledger
from sandbox.world.truth_web import with_dates

HUMAN = {"opens": "opened", "clicks": "clicked"}
ONCE = {
    "delivered": "received",
    "bounced": "bounced",
    "dropped": "dropped",
    "unsubscribed": "unsubscribed",
    "spam_complaints": "marked_spam",
}


def email_messages(view: Ledger) -> pd.DataFrame:
    """One row per message x recipient: its day, its source, and whether each thing happened.

    ``identity`` is text that is the same for all messages to one person.
    """
    events = view.email_events.dropna(subset="email_message_id")
    events = events.astype({"email_message_id": "int64"})
    rows = view.email_messages
    flags = {}
    for name, kind in ONCE.items():
        flags[name] = events.loc[events["kind"] == kind, "email_message_id"]
    for name, kind in HUMAN.items():
        own = events["kind"] == kind
        flags[name] = events.loc[own & ~events["is_machine"], "email_message_id"]
        flags[f"machine_{name}"] = events.loc[own & events["is_machine"], "email_message_id"]
    marks = {name: rows["email_message_id"].isin(ids).array for name, ids in flags.items()}
    clicks = events[(events["kind"] == "clicked") & ~events["is_machine"]]
    total = clicks.groupby("email_message_id").size().reindex(rows["email_message_id"])
    marks["total_clicks"] = total.fillna(0).astype("int64").array
    marks["identity"] = profile_identities(view).reindex(rows["profile_id"]).array
    marks["purpose"] = _purposes(view, rows)
    return with_dates(view, rows.assign(**marks), "sent_at")


def _purposes(view: Ledger, messages: pd.DataFrame) -> pd.Series:
    """Of each message's flow; empty of a campaign's."""
    purposes = view.email_flows.set_index("flow_id")["purpose"]
    return purposes.reindex(messages["flow_id"]).fillna("").array


def profile_identities(view: Ledger) -> pd.Series:
    """Profile -> text that is the same for all profiles of a person; strangers by address."""
    profiles = view.email_profiles.set_index("profile_id")
    person = "person:" + profiles["person_id"].astype(str)
    return person.where(profiles["person_id"] > 0, "address:" + profiles["email"])


def email_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop, local day of sending, channel and campaign or flow."""
    messages = email_messages(view)
    campaigns = view.email_campaigns.set_index("campaign_id")["name"]
    flows = view.email_flows.set_index("flow_id")["name"]
    by_campaign = (messages["campaign_id"] != "").to_numpy()
    name = np.where(
        by_campaign,
        campaigns.reindex(messages["campaign_id"]),
        flows.reindex(messages["flow_id"]),
    )
    keys = ["shop", "date", "channel", "campaign_id", "flow_id", "name", "purpose"]
    measures = [*ONCE, *HUMAN, *(f"machine_{part}" for part in HUMAN), "total_clicks"]
    rows = messages.assign(name=name)
    return rows.groupby(keys, as_index=False).agg(
        sent=("email_message_id", "size"), **{part: (part, "sum") for part in measures}
    )


def email_consents_daily(view: Ledger) -> pd.DataFrame:
    """One row per shop and local day with consent given or taken back."""
    events = view.email_events
    events = events[events["kind"].isin(["subscribed", "unsubscribed"])]
    rows = events.assign(
        subscribed=events["kind"] == "subscribed", unsubscribed=events["kind"] == "unsubscribed"
    )
    days = with_dates(view, rows, "happened_at").groupby(["shop", "date"], as_index=False)
    return days[["subscribed", "unsubscribed"]].sum()
