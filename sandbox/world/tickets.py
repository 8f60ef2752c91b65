"""The help desk: why people write, how fast they are answered, and what they think of it."""

from __future__ import annotations

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
    pick,
    pick_words,
    weighted,
)
from sandbox.world.ledger import typed
from sandbox.world.phrases import (
    AGENT_LINES,
    AGENT_SUBJECTS,
    AGENTS,
    AUTO_REPLY,
    BAD_HELP,
    CUSTOMER_LINES,
    GOOD_HELP,
    NOTES,
    SPAM_SUBJECTS,
    TICKET_SUBJECTS,
)
from sandbox.world.presets import Preset
from sandbox.world.served import MAIL_HANDLES, Frames
from sandbox.world.timeline import micros
from sandbox.world.words import FIRST_NAMES, LAST_NAMES

TICKET_BASE, MESSAGE_BASE, SURVEY_BASE = 41_000_000, 520_000_000, 7_300_000
CHANNELS = ("email", "chat", "phone", "instagram")
REASONS = ("late_parcel", "damaged", "wrong_item", "question", "return")
MOST_ROUNDS = 3


def frames(rng: np.random.Generator, preset: Preset, served: pd.DataFrame) -> Frames:
    """The tables tickets, ticket_messages and ticket_surveys."""
    opened = _opened(rng, preset, served)
    messages, last = _messages(rng, opened)
    done = last + between(rng, 10 * MINUTE, 2 * DAY, len(opened))
    closed = np.where(rng.random(len(opened)) < 0.93, done, NEVER)
    tickets = typed(
        "tickets",
        {
            "ticket_id": TICKET_BASE + np.arange(len(opened)),
            "shop": opened["shop"],
            "person_id": opened["person_id"].to_numpy(np.int64),
            "customer_email": opened["email"],
            "customer_name": opened["name"],
            "order_id": opened["order_id"].to_numpy(np.int64),
            "channel": opened["channel"],
            "subject": opened["subject"],
            "reason": opened["reason"],
            "priority": opened["priority"],
            "is_spam": opened["is_spam"].astype(bool),
            "opened_by_agent": opened["by_agent"].astype(bool),
            "created_at": opened["at"].to_numpy(np.int64),
            "closed_at": closed,
            "updated_at": opened["at"].to_numpy(np.int64),
            "status": np.full(len(opened), "open", object),
            "messages_count": np.zeros(len(opened), np.int64),
        },
    )
    return {
        "tickets": tickets,
        "ticket_messages": messages,
        "ticket_surveys": _surveys(rng, opened, closed),
    }


def _opened(rng: np.random.Generator, preset: Preset, served: pd.DataFrame) -> pd.DataFrame:
    """One row per ticket, by time: whose, why, how."""
    rows = pd.concat([_of_orders(rng, served), _of_strangers(rng, preset, len(served))])
    rows = rows[rows["at"] < micros(preset.end)]
    rows = rows.sort_values(["at", "order_id"]).reset_index(drop=True)
    n = len(rows)
    spam = rows["is_spam"].to_numpy(bool)
    by_agent = pick(rng, (rows["order_id"] != ABSENT).to_numpy(), 0.02)
    channel = np.array(CHANNELS, object)[weighted(rng, (60, 20, 10, 10), n)]
    channel = np.where(spam | by_agent, "email", channel)
    subject = np.full(n, "", object)
    for reason in REASONS:
        own = np.flatnonzero(rows["reason"] == reason)
        subject[own] = pick_words(rng, TICKET_SUBJECTS[reason], len(own))
    subject = np.where(spam, pick_words(rng, SPAM_SUBJECTS, n), subject)
    subject = np.where(by_agent, pick_words(rng, AGENT_SUBJECTS, n), subject)
    urgent = rows["reason"].isin(["late_parcel", "damaged"]) & (rng.random(n) < 0.3)
    loud = rng.random(n) < 0.05
    unknown = (channel == "phone") & (rng.random(n) < 0.3)
    email = np.where(loud, rows["email"].str.upper(), rows["email"])
    return rows.assign(
        channel=channel,
        subject=subject,
        by_agent=by_agent,
        priority=np.where(urgent, "high", "normal"),
        email=np.where(unknown, "", email),
    )


def _of_orders(rng: np.random.Generator, served: pd.DataFrame) -> pd.DataFrame:
    """Tickets about orders: late parcels and returns make far more of them."""
    n = len(served)
    at, delivered = served["created"].to_numpy(), served["delivered"].to_numpy()
    late, came = served["is_late"].to_numpy(), delivered != NEVER
    returned = served["returned"].to_numpy()
    later = delivered + between(rng, 2 * HOUR, 5 * DAY, n)
    choices = (
        ("late_parcel", late, 0.24, delivered - between(rng, 0, 12 * HOUR, n)),
        ("damaged", came, 0.02, later),
        ("wrong_item", came, 0.012, later),
        ("question", np.ones(n, bool), 0.03, at + between(rng, HOUR, 2 * DAY, n)),
        ("return", returned != NEVER, 0.4, returned - between(rng, DAY, 3 * DAY, n)),
    )
    columns = ["shop", "person_id", "order_id", "email", "name"]
    blocks = []
    for reason, able, chance, when in choices:
        chosen = pick(rng, able & (when > at), chance)
        block = served.loc[chosen, columns]
        blocks.append(block.assign(reason=reason, at=when[chosen], is_spam=False))
    return pd.concat(blocks)


def _of_strangers(rng: np.random.Generator, preset: Preset, orders: int) -> pd.DataFrame:
    """Questions of people who never buy, and spam."""
    n = max(8, round(0.05 * orders))
    first, last = pick_words(rng, FIRST_NAMES, n), pick_words(rng, LAST_NAMES, n)
    number = np.arange(n).astype(str).astype(object)
    name = pd.Series(first + " " + last)
    return pd.DataFrame(
        {
            "shop": pick_words(rng, MAIL_HANDLES, n),
            "person_id": -1,
            "order_id": ABSENT,
            "email": name.str.lower().str.replace(" ", ".") + ".q" + number + "@mail.example",
            "name": name,
            "reason": "question",
            "at": between(rng, micros(preset.start) + DAY, micros(preset.end), n),
            "is_spam": np.arange(n) % 3 == 2,
        }
    )


def _messages(rng: np.random.Generator, opened: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """The table ticket_messages, and the time of the last message of each ticket."""
    n = len(opened)
    at, spam = opened["at"].to_numpy(), opened["is_spam"].to_numpy(bool)
    by_agent = opened["by_agent"].to_numpy(bool)
    talks = opened["channel"].isin(["chat", "phone"]).to_numpy()
    wait = np.where(talks, 6 * MINUTE, 4 * HOUR) * np.exp(0.9 * rng.standard_normal(n))
    first = at + wait.astype(np.int64) + MINUTE
    answered = ~spam & ~by_agent & (rng.random(n) > 0.03)
    automatic = ~by_agent & (opened["channel"] == "email").to_numpy() & (rng.random(n) < 0.3)
    noted = answered & (rng.random(n) < 0.2)
    nobody = np.zeros(n, bool)
    customer, agent = ~by_agent, by_agent
    blocks = [
        _block(np.ones(n, bool), at, agent, nobody, is_public=True),
        _block(automatic, at + 30 * SECOND, ~nobody, ~nobody, is_public=True),
        _block(noted, first - 20 * SECOND, ~nobody, nobody, is_public=False),
        _block(answered, first, ~nobody, nobody, is_public=True),
    ]
    more = answered | by_agent
    now = np.where(answered, first, at)
    for _ in range(MOST_ROUNDS):
        more = more & (rng.random(n) < 0.45)
        now = np.where(more, now + between(rng, 5 * MINUTE, 18 * HOUR, n), now)
        blocks.append(_block(more, now, nobody, nobody, is_public=True))
        more = more & (rng.random(n) < 0.9)
        now = np.where(more, now + (wait * rng.uniform(0.3, 1.5, n)).astype(np.int64), now)
        blocks.append(_block(more & (customer | agent), now, ~nobody, nobody, is_public=True))
    rows = pd.concat(blocks).sort_values(["at", "ticket"], kind="stable").reset_index(drop=True)
    return _messages_frame(rng, opened, rows), np.maximum(now, at + 30 * SECOND)


def _block(
    chosen: Bools, at: Ints, from_agent: Bools, is_automated: Bools, *, is_public: bool
) -> pd.DataFrame:
    rows = np.flatnonzero(chosen)
    return pd.DataFrame(
        {
            "ticket": rows,
            "at": at[rows],
            "from_agent": from_agent[rows],
            "is_automated": is_automated[rows],
            "is_public": is_public,
        }
    )


def _messages_frame(
    rng: np.random.Generator, opened: pd.DataFrame, rows: pd.DataFrame
) -> pd.DataFrame:
    n, ticket = len(rows), rows["ticket"].to_numpy()
    by_person = (rows["from_agent"] & ~rows["is_automated"]).to_numpy()
    agent = weighted(rng, np.ones(len(AGENTS)), len(opened))[ticket]
    names, mails = (np.array(column, object)[agent] for column in zip(*AGENTS, strict=True))
    body = np.where(by_person, pick_words(rng, AGENT_LINES, n), pick_words(rng, CUSTOMER_LINES, n))
    body = np.where(rows["is_public"], body, pick_words(rng, NOTES, n))
    return typed(
        "ticket_messages",
        {
            "message_id": MESSAGE_BASE + np.arange(n),
            "ticket_id": TICKET_BASE + ticket,
            "shop": opened["shop"].to_numpy(object)[ticket],
            "from_agent": rows["from_agent"].to_numpy(),
            "is_public": rows["is_public"].to_numpy(),
            "is_automated": rows["is_automated"].to_numpy(),
            "agent_name": np.where(by_person, names, ""),
            "agent_email": np.where(by_person, mails, ""),
            "body": np.where(rows["is_automated"], AUTO_REPLY, body),
            "sent_at": rows["at"].to_numpy(),
        },
    )


def _surveys(rng: np.random.Generator, opened: pd.DataFrame, closed: Ints) -> pd.DataFrame:
    """The table ticket_surveys: asked an hour after closing; not everybody answers."""
    real = (closed != NEVER) & ~opened["is_spam"].to_numpy(bool)
    ticket = np.flatnonzero(pick(rng, real, 0.7))
    ticket = ticket[np.argsort(closed[ticket], kind="stable")]
    n = len(ticket)
    sent = closed[ticket] + HOUR
    late = (opened["reason"] == "late_parcel").to_numpy()[ticket]
    score = np.round(4.6 - 1.3 * late + 0.9 * rng.standard_normal(n)).clip(1, 5).astype(np.int64)
    scored = pick(rng, np.ones(n, bool), 0.45)
    comment = np.where(score >= 4, pick_words(rng, GOOD_HELP, n), pick_words(rng, BAD_HELP, n))
    return typed(
        "ticket_surveys",
        {
            "survey_id": SURVEY_BASE + np.arange(n),
            "ticket_id": TICKET_BASE + ticket,
            "shop": opened["shop"].to_numpy(object)[ticket],
            "score": np.where(scored, score, ABSENT),
            "comment": np.where(scored, comment, ""),
            "sent_at": sent,
            "scored_at": np.where(scored, sent + between(rng, MINUTE, 5 * DAY, n), NEVER),
        },
    )
