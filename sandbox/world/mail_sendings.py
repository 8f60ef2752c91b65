"""What is sent to whom: campaigns by the calendar, flows by what people do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sandbox.world import mail_flows
from sandbox.world.drawing import DAY, HOUR, MINUTE, NEVER, Bools, Ints, between, pick_words
from sandbox.world.identifiers import ulids
from sandbox.world.ledger import typed
from sandbox.world.mail_profiles import Profiles
from sandbox.world.phrases import SUBJECTS
from sandbox.world.presets import Preset
from sandbox.world.served import MAIL_HANDLES, Frames
from sandbox.world.timeline import micros

MESSAGE_BASE = 9_000_000
PER_PROFILE = 8
MOST_CAMPAIGN_MESSAGES = 300_000
CLICKED_WITHIN = 5 * DAY
"""A visit by mail within it goes back to a flow's message, else to the latest campaign."""
LONGEST_SENDING = 20 * MINUTE


class Campaign(NamedTuple):
    """A kind of campaign: its name, channel, weekday (Monday = 0), hour and part of the mails."""

    name: str
    channel: str
    weekday: int
    hour: int
    part: float


CALENDAR = (
    Campaign("new-arrivals", "email", 1, 8, 0.45),
    Campaign("weekend-letter", "email", 4, 14, 0.45),
    Campaign("drop", "sms", 2, 16, 0.1),
)
DRAFTS = 2
"""Campaigns of each shop that are never scheduled."""


@dataclass(frozen=True)
class Sendings:
    """Every message x recipient, by profile and time.

    Attributes:
        profile: Profile number.
        source: Campaign number, or campaigns + flow message number.
        at: Microseconds.
        is_sms: A text message.
        clicks: Rows of ``mail_visits`` with the sending that each goes back to: visit_id, sending.
        frames: Tables email_campaigns, email_flows, email_flow_messages.
        campaigns: How many campaigns there are.
    """

    profile: Ints
    source: Ints
    at: Ints
    is_sms: Bools
    clicks: pd.DataFrame
    frames: Frames
    campaigns: int


def build(
    rng: np.random.Generator,
    preset: Preset,
    profiles: Profiles,
    shop: Frames,
    served: pd.DataFrame,
) -> Sendings:
    """Plan the campaigns, let the flows run, and find what each visit by mail goes back to."""
    plan = _plan(rng, preset)
    flow_frames, flows = mail_flows.frames(rng, preset)
    triggered = mail_flows.messages(rng, profiles, shop, served, flows, micros(preset.end))
    triggered["source"] += len(plan)
    visits = profiles.mail_visits.sort_values("at").reset_index(drop=True)
    visits["source"] = _source_of(visits, triggered, plan, profiles)
    wanted = visits.loc[visits["source"] < len(plan), ["profile", "source"]]
    sent = pd.concat([wanted, _drawn(rng, plan, profiles)]).drop_duplicates()
    sent["at"] = plan["at"].to_numpy()[sent["source"]] + between(rng, 0, LONGEST_SENDING, len(sent))
    sent["is_sms"] = (plan["channel"] == "sms").to_numpy()[sent["source"]]
    rows = pd.concat([sent, triggered.assign(is_sms=False)])
    rows = rows.sort_values(["profile", "at", "source"]).reset_index(drop=True)
    found = _latest(rows, visits)
    return Sendings(
        profile=rows["profile"].to_numpy(np.int64),
        source=rows["source"].to_numpy(np.int64),
        at=rows["at"].to_numpy(np.int64),
        is_sms=rows["is_sms"].to_numpy(bool),
        clicks=visits.assign(sending=found)[["visit_id", "sending", "profile", "at", "path"]],
        frames={"email_campaigns": _campaigns(rng, preset, plan), **flow_frames},
        campaigns=len(plan),
    )


def _plan(rng: np.random.Generator, preset: Preset) -> pd.DataFrame:
    """One row per campaign: shop number, channel, name, time; by shop and time."""
    start, end = micros(preset.start) - 8 * DAY, micros(preset.end)
    days = np.arange(start, end, DAY)
    weekday = (days // DAY + 3) % 7
    blocks = []
    for number in range(len(MAIL_HANDLES)):
        for kind in CALENDAR:
            at = days[weekday == kind.weekday] + kind.hour * HOUR + number * 6 * HOUR
            date = pd.Series(at.view("M8[us]")).dt.strftime("%Y-%m-%d-")
            block = {"shop": number, "channel": kind.channel, "part": kind.part, "at": at}
            blocks.append(pd.DataFrame(block).assign(name=date + kind.name))
    plan = pd.concat(blocks).sort_values(["shop", "at"]).reset_index(drop=True)
    subject = pick_words(rng, SUBJECTS, len(plan))
    return plan.assign(subject=np.where(plan["channel"] == "sms", "", subject))


def _campaigns(rng: np.random.Generator, preset: Preset, plan: pd.DataFrame) -> pd.DataFrame:
    """The table email_campaigns; some drafts are never sent."""
    drafts = np.tile(np.arange(DRAFTS), len(MAIL_HANDLES))
    shop = np.r_[plan["shop"], np.repeat(np.arange(len(MAIL_HANDLES)), DRAFTS)]
    later = micros(preset.start) + (drafts + 1) * 60 * DAY
    made = np.r_[plan["at"] - 6 * DAY, later]
    n = len(made)
    names = np.r_[plan["name"], [f"idea-{number + 1}" for number in drafts]]
    frame = typed(
        "email_campaigns",
        {
            "campaign_id": ulids(rng, made),
            "shop": np.array(MAIL_HANDLES, object)[shop],
            "name": names,
            "channel": np.r_[plan["channel"], np.full(len(drafts), "email", object)],
            "subject": np.r_[plan["subject"], np.full(len(drafts), "To be written", object)],
            "message_id": ulids(rng, made),
            "status": np.full(n, "Draft", object),
            "created_at": made,
            "scheduled_at": np.r_[plan["at"] - 2 * DAY, np.full(len(drafts), NEVER)],
            "sent_at": np.r_[plan["at"], np.full(len(drafts), NEVER)],
            "updated_at": made,
        },
    )
    return frame


def _source_of(
    visits: pd.DataFrame, triggered: pd.DataFrame, plan: pd.DataFrame, profiles: Profiles
) -> Ints:
    """What each visit by mail goes back to: a flow's message of the last days, or a campaign."""
    left = visits[["profile", "at"]].assign(row=np.arange(len(visits)))
    right = triggered.sort_values("at")[["profile", "at", "source"]]
    found = pd.merge_asof(
        left.assign(at=left["at"] - 5 * MINUTE),
        right,
        on="at",
        by="profile",
        tolerance=CLICKED_WITHIN,
    )["source"].to_numpy()
    found = np.where(visits["channel"] == "sms", np.nan, found)
    shop = profiles.shop[visits["profile"]]
    latest = np.zeros(len(visits), np.int64)
    for number in range(len(MAIL_HANDLES)):
        for channel in ("email", "sms"):
            own = np.flatnonzero((plan["shop"] == number) & (plan["channel"] == channel))
            rows = np.flatnonzero((shop == number) & (visits["channel"] == channel))
            before = visits["at"].to_numpy()[rows] - LONGEST_SENDING - 5 * MINUTE
            latest[rows] = own[
                np.searchsorted(plan["at"].to_numpy()[own], before, side="right") - 1
            ]
    return np.where(np.isnan(found), latest, found).astype(np.int64)


def _drawn(rng: np.random.Generator, plan: pd.DataFrame, profiles: Profiles) -> pd.DataFrame:
    """The recipients of each campaign, at random among those who consented by then."""
    blocks, reach = [], _reach(plan, profiles)
    for number in range(len(MAIL_HANDLES)):
        for channel in ("email", "sms"):
            able = (profiles.shop == number) & (profiles.consented != NEVER)
            able &= profiles.has_phone if channel == "sms" else True
            profile = np.flatnonzero(able)
            profile = profile[np.argsort(profiles.consented[profile], kind="stable")]
            own = np.flatnonzero((plan["shop"] == number) & (plan["channel"] == channel))
            known = np.searchsorted(
                profiles.consented[profile], plan["at"].to_numpy()[own] - HOUR, side="right"
            )
            count = np.round(known * reach * plan["part"].to_numpy()[own]).astype(np.int64)
            source = np.repeat(own, count)
            place = (rng.random(len(source)) * np.repeat(known, count)).astype(np.int64)
            blocks.append(pd.DataFrame({"profile": profile[place], "source": source}))
    return pd.concat(blocks)


def _reach(plan: pd.DataFrame, profiles: Profiles) -> float:
    """Part of the consenting that makes the campaigns as large in all as they should be."""
    wanted = min(PER_PROFILE * len(profiles.shop), MOST_CAMPAIGN_MESSAGES)
    times = np.sort(profiles.consented[profiles.consented != NEVER])
    known = np.searchsorted(times, plan["at"].to_numpy()) / len(MAIL_HANDLES)
    return min(1.0, wanted / max(1.0, float((known * plan["part"]).sum())))


def _latest(rows: pd.DataFrame, visits: pd.DataFrame) -> Ints:
    """The sending (row number) of each visit's source to its profile, the last before it."""
    right = rows.assign(sending=np.arange(len(rows))).sort_values("at")
    found = pd.merge_asof(
        visits[["profile", "source", "at"]],
        right[["profile", "source", "at", "sending"]],
        on="at",
        by=["profile", "source"],
    )
    return found["sending"].to_numpy(np.int64)
