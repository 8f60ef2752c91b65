"""What comes of each message: delivered, opened by people and machines, clicked, left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.drawing import (
    ABSENT,
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    SECOND,
    Bools,
    Ints,
    between,
    sigmoid,
)
from sandbox.world.identifiers import uuids
from sandbox.world.ledger import typed
from sandbox.world.mail_profiles import Profiles
from sandbox.world.mail_sendings import MESSAGE_BASE, Sendings
from sandbox.world.served import MAIL_HANDLES, Frames

KINDS = ("received", "bounced", "dropped", "opened", "clicked", "unsubscribed", "subscribed",
         "marked_spam")  # fmt: skip
RECEIVED, BOUNCED, DROPPED, OPENED, CLICKED, UNSUBSCRIBED, SUBSCRIBED, SPAM = range(8)
LEAVERS = 0.09
"""Part of the profiles that unsubscribe by a message."""
RETURNERS = 0.1
"""Part of those that come back by themselves; nothing is sent to them any more."""


@dataclass(frozen=True)
class _Row:
    """Events of one kind: sending or -1, profile, time, and what else there is."""

    kind: int
    sending: Ints
    profile: Ints
    at: Ints
    is_machine: bool = False
    visit_id: Ints | None = None
    path: np.ndarray | None = None


def frames(
    rng: np.random.Generator, profiles: Profiles, sendings: Sendings, end: int
) -> tuple[Frames, pd.Series]:
    """The tables email_messages and email_events, and the campaign or flow of each visit by mail.

    Returns:
        The tables, and names by visit_id.
    """
    left_at, leaving = _leavers(rng, profiles, sendings)
    kept = np.flatnonzero(sendings.at <= left_at[sendings.profile])
    fate = _fates(rng, sendings, leaving)
    rows = _events(rng, profiles, sendings, kept, fate)
    rows += _consents(rng, profiles, sendings, left_at, leaving, end)
    messages = _messages(profiles, sendings, kept)
    return {
        "email_messages": messages,
        "email_events": _frame(rng, profiles, rows),
    }, _names(sendings)


def _leavers(rng: np.random.Generator, profiles: Profiles, sendings: Sendings) -> tuple[Ints, Ints]:
    """When each profile unsubscribes (far away if never), and the sending by which, or -1.

    Nobody leaves before the last click that leads to a visit.
    """
    n = len(profiles.shop)
    last_click = np.full(n, -1)
    np.maximum.at(last_click, sendings.clicks["profile"], sendings.clicks["sending"])
    free = np.arange(len(sendings.at)) > last_click[sendings.profile]
    chosen = np.flatnonzero(free & (rng.random(n) < LEAVERS)[sendings.profile] & ~sendings.is_sms)
    chosen = rng.permutation(chosen)
    profile, first = np.unique(sendings.profile[chosen], return_index=True)
    leaving = np.full(n, -1)
    leaving[profile] = chosen[first]
    left_at = np.full(n, np.iinfo(np.int64).max)
    left_at[profile] = sendings.at[leaving[profile]] + between(rng, 2 * MINUTE, 6 * HOUR,
                                                               len(profile))  # fmt: skip
    return left_at, leaving


def _fates(rng: np.random.Generator, sendings: Sendings, leaving: Ints) -> Ints:
    """``RECEIVED``, ``BOUNCED`` or ``DROPPED`` by sending; what is clicked has been received."""
    draw = rng.random(len(sendings.at))
    fate = np.select([draw < 0.003, draw < 0.015], [DROPPED, BOUNCED], RECEIVED)
    fate[sendings.clicks["sending"]] = RECEIVED
    fate[leaving[leaving >= 0]] = RECEIVED
    return fate


def _events(
    rng: np.random.Generator, profiles: Profiles, sendings: Sendings, kept: Ints, fate: Ints
) -> list[_Row]:
    n = len(kept)
    profile, at = sendings.profile[kept], sendings.at[kept]
    came = at + between(rng, SECOND, 50 * SECOND, n)
    received = fate[kept] == RECEIVED
    by_mail = received & ~sendings.is_sms[kept]
    eager = sigmoid(rng.normal(-1.6, 1.0, len(profiles.shop)))[profile]
    opens = by_mail & (rng.random(n) < eager)
    opened = came + (rng.exponential(5 * HOUR, n)).astype(np.int64) + MINUTE
    again = opens & (rng.random(n) < 0.2)
    apple = (rng.random(len(profiles.shop)) < 0.27)[profile]
    proxied = by_mail & apple & (rng.random(n) < 0.9)
    lost = opens & (rng.random(n) < 0.04)
    scanned = by_mail & (rng.random(n) < 0.004)
    spam = opens & (rng.random(n) < 0.0015)
    soon = came + between(rng, SECOND, 30 * SECOND, n)

    def row(kind: int, chosen: Bools, when: Ints, **more: object) -> _Row:
        return _Row(kind, kept[chosen], profile[chosen], when[chosen], **more)

    return [
        row(RECEIVED, received, came),
        row(BOUNCED, fate[kept] == BOUNCED, came),
        row(DROPPED, fate[kept] == DROPPED, came),
        row(OPENED, opens, opened),
        row(OPENED, again, opened + between(rng, HOUR, 3 * DAY, n)),
        row(OPENED, proxied, came + between(rng, 10 * SECOND, 20 * MINUTE, n), is_machine=True),
        row(CLICKED, lost, opened + between(rng, 3 * SECOND, 90 * SECOND, n)),
        row(CLICKED, scanned, soon, is_machine=True),
        row(SPAM, spam, opened + MINUTE),
        *_visit_clicks(rng, sendings),
    ]


def _visit_clicks(rng: np.random.Generator, sendings: Sendings) -> list[_Row]:
    """Each visit by mail has its click seconds before, and that an opened mail before it."""
    clicks = sendings.clicks
    sending, profile = clicks["sending"].to_numpy(), clicks["profile"].to_numpy()
    at = clicks["at"].to_numpy() - between(rng, SECOND, 15 * SECOND, len(clicks))
    opened = at - between(rng, 3 * SECOND, 40 * SECOND, len(clicks))
    mails = ~sendings.is_sms[sending]
    return [
        _Row(OPENED, sending[mails], profile[mails], opened[mails]),
        _Row(
            CLICKED,
            sending,
            profile,
            at,
            visit_id=clicks["visit_id"].to_numpy(),
            path=clicks["path"].to_numpy(object),
        ),
    ]


def _consents(
    rng: np.random.Generator,
    profiles: Profiles,
    sendings: Sendings,
    left_at: Ints,
    leaving: Ints,
    end: int,
) -> list[_Row]:
    """Consent given, taken back by a message, and sometimes given again."""
    given = np.flatnonzero(profiles.consented != NEVER)
    left = np.flatnonzero((leaving >= 0) & (left_at < end))
    back = left[rng.random(len(left)) < RETURNERS]
    again = left_at[back] + between(rng, 5 * DAY, 90 * DAY, len(back))
    opened = np.maximum(sendings.at[leaving[left]] + MINUTE, left_at[left] - 30 * SECOND)
    return [
        _Row(SUBSCRIBED, np.full(len(given), ABSENT), given, profiles.consented[given]),
        _Row(OPENED, leaving[left], left, opened),
        _Row(UNSUBSCRIBED, leaving[left], left, left_at[left]),
        _Row(SUBSCRIBED, np.full(len(back), ABSENT), back, again),
    ]


def _messages(profiles: Profiles, sendings: Sendings, kept: Ints) -> pd.DataFrame:
    """The table email_messages."""
    source, profile = sendings.source[kept], sendings.profile[kept]
    campaign = source < sendings.campaigns
    campaigns = sendings.frames["email_campaigns"]
    steps = sendings.frames["email_flow_messages"]
    number, step = np.where(campaign, source, 0), np.where(campaign, 0, source - sendings.campaigns)
    by_campaign, by_step = campaigns.iloc[number], steps.iloc[step]
    frame = typed(
        "email_messages",
        {
            "email_message_id": MESSAGE_BASE + kept,
            "shop": np.array(MAIL_HANDLES, object)[profiles.shop[profile]],
            "profile_id": profiles.ids[profile],
            "campaign_id": np.where(campaign, by_campaign["campaign_id"], ""),
            "flow_id": np.where(campaign, "", by_step["flow_id"]),
            "message_id": np.where(campaign, by_campaign["message_id"], by_step["message_id"]),
            "channel": np.where(sendings.is_sms[kept], "sms", "email"),
            "sent_at": sendings.at[kept],
        },
    )
    return frame.sort_values(["sent_at", "email_message_id"]).reset_index(drop=True)


def _frame(rng: np.random.Generator, profiles: Profiles, rows: list[_Row]) -> pd.DataFrame:
    """The table email_events; some events are told hours later, consent at once."""
    sizes = [len(row.at) for row in rows]
    n = sum(sizes)
    kind = np.repeat([row.kind for row in rows], sizes)
    sending = np.concatenate([row.sending for row in rows])
    profile, at = (
        np.concatenate([getattr(row, name) for row in rows]) for name in ("profile", "at")
    )
    visit = np.concatenate(
        [np.full(len(row.at), ABSENT) if row.visit_id is None else row.visit_id for row in rows]
    )
    path = np.concatenate(
        [np.full(len(row.at), "/", object) if row.path is None else row.path for row in rows]
    )
    shop = np.array(MAIL_HANDLES, object)[profiles.shop[profile]]
    late = (rng.random(n) < 0.03) & ~np.isin(kind, (SUBSCRIBED, UNSUBSCRIBED))
    delay = np.where(late, between(rng, HOUR, 30 * HOUR, n), between(rng, SECOND, 20 * SECOND, n))
    delay = np.where(np.isin(kind, (SUBSCRIBED, UNSUBSCRIBED)), 0, delay)
    frame = typed(
        "email_events",
        {
            "event_id": uuids(rng, n),
            "shop": shop,
            "email_message_id": np.where(sending < 0, ABSENT, MESSAGE_BASE + sending),
            "profile_id": profiles.ids[profile],
            "kind": np.array(KINDS, object)[kind],
            "url": np.where(kind == CLICKED, "https://" + shop + ".example" + path, ""),
            "is_machine": np.repeat([row.is_machine for row in rows], sizes),
            "visit_id": visit,
            "happened_at": at,
            "arrived_at": at + delay,
        },
    )
    return frame.sort_values(["arrived_at", "event_id"]).reset_index(drop=True)


def _names(sendings: Sendings) -> pd.Series:
    """utm_campaign of each visit by mail: the name of its campaign or flow."""
    flows = sendings.frames["email_flows"].set_index("flow_id")["name"]
    steps = flows.reindex(sendings.frames["email_flow_messages"]["flow_id"]).to_numpy(object)
    campaigns = sendings.frames["email_campaigns"]["name"].to_numpy(object)[: sendings.campaigns]
    source = sendings.source[sendings.clicks["sending"]]
    return pd.Series(np.r_[campaigns, steps][source], sendings.clicks["visit_id"])
